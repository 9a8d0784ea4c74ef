"""From the bytes of one connection to its requests: httptools, and the limits that it has not.

What is no HTTP, or too much of it, raises RefusalError, and never becomes a request.
"""

import json
from collections.abc import Mapping
from typing import Protocol

import httptools

from mockocr.server.incoming import Incoming
from mockocr.server.limits import Limits
from mockocr.server.request import header_texts, texts
from mockocr.server.uvicorn_parts import STATUS_LINE

PIECE_BYTES = 2048
"""So much is parsed at once of what may hold several requests: httptools cannot stop in a piece, so
that this bounds how many wait behind one that is not answered yet."""

_OFFER_HEADERS = frozenset({b"upgrade", b"connection", b"http2-settings"})


class RefusalError(Exception):
    """A request that is not read further: the status and words of its answer."""

    def __init__(self, status: int, words: str, limit: str | None = None) -> None:
        super().__init__(status, words)
        self.status, self.words = status, words
        self.limit = limit
        """What the log says of the limit that was hit."""

    def answer(self, date_line: bytes) -> bytes:
        body = json.dumps({"error": self.words}).encode()
        length = b"content-length: %d\r\nconnection: close" % len(body)
        head = b"%b%bcontent-type: application/json" % (STATUS_LINE[self.status], date_line)
        return b"%b\r\n%b\r\n\r\n%b" % (head, length, body)


class StoppedError(Exception):
    """Nothing more is to be read."""


class Receiver(Protocol):
    """What a reader tells of, and asks."""

    dead: bool
    """Whether nothing more is to be read."""

    def is_busy(self) -> bool:
        """Whether a request that was read is not answered yet: then the next one waits."""

    def on_head(self, incoming: Incoming) -> None: ...

    def on_piece(self, incoming: Incoming, piece: bytes) -> None: ...

    def on_request(self, incoming: Incoming) -> None: ...


class Reader:
    __slots__ = (
        "_body_bytes_left",
        "_has_completed",
        "_headers",
        "_incoming",
        "_limits",
        "_parser",
        "_piece_bytes",
        "_productive",
        "_receiver",
        "_request_bytes",
        "_target",
        "_unproductive_bytes",
        "_without_offer",
        "in_head",
        "in_request",
    )

    def __init__(self, receiver: Receiver, limits: Limits) -> None:
        self._receiver = receiver
        self._limits = limits
        self.in_request = self.in_head = False
        """Whether a request has begun that is not complete, and whether its head is not."""
        self._without_offer = b""
        """The head of a request that offers another protocol, without the offer."""
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._incoming: Incoming | None = None
        self._body_bytes_left = 0
        """By Content-Length."""
        self._piece_bytes = 0
        self._has_completed = False
        """Whether a request has ended in what is being read."""
        self._productive = False
        """Whether the piece has some of a body in it, or the end of a request."""
        self._request_bytes = 0
        """Of the request, in earlier pieces."""
        self._unproductive_bytes = 0
        """Those of them since a productive piece."""
        self._parser = self._new_parser()

    def _new_parser(self) -> httptools.HttpRequestParser:
        parser = httptools.HttpRequestParser(self)
        # Else what is behind a request with `Connection: close` would be an error.
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def feed(self, data: bytes) -> bytes:
        """Gives back what was not read: because a request waits, or because it is the turn of
        others after a piece in which one ended. Raises RefusalError."""
        at = 0
        self._has_completed = False
        while at < len(data) and not self._receiver.dead:
            if self._has_completed or self._receiver.is_busy():
                return data[at:]
            piece = data[at : at + max(PIECE_BYTES, self._body_bytes_left)]
            self._piece_bytes, self._productive = len(piece), False
            try:
                self._parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                # There is only HTTP/1.1 here, and a client that offers more (Java's own HttpClient
                # offers h2c) must not lose its body: the request is read again without the offer.
                data, at = self._without_offer + data[at + upgrade.args[0] :], 0
                self._without_offer, self.in_request = b"", False
                self._parser = self._new_parser()
                continue
            except httptools.HttpParserCallbackError as error:
                if isinstance(error.__context__, StoppedError):
                    break
                # A refusal, or a bug of ours.
                raise error.__context__ or error from None
            except httptools.HttpParserError as error:
                raise RefusalError(400, f"expected HTTP/1.1: {error}") from None
            at += len(piece)
            if self.in_request:
                self._count_piece()
        return b""

    def _count_piece(self) -> None:
        limits = self._limits
        self._request_bytes += self._piece_bytes
        if self._productive:
            # What is behind the body, or behind an earlier request, begins somewhere in the piece:
            # the limits are exact but for one piece.
            self._unproductive_bytes = 0
        else:
            self._unproductive_bytes += self._piece_bytes
        if self._unproductive_bytes > limits.head_bytes:
            raise self._head_too_long()
        if len(self._headers) > limits.headers:
            raise self._too_many_headers()
        if self._request_bytes > limits.request_bytes:
            size = f"the request has more than {limits.request_bytes} bytes"
            raise RefusalError(413, size, size)

    def close(self) -> None:
        """The parser and the receiver lead to here, and back: it would all stay until a collection.
        Nothing is fed any more."""
        del self._parser, self._receiver
        self._incoming = None

    # What the parser calls

    def on_message_begin(self) -> None:
        if self._receiver.dead:
            raise StoppedError
        self.in_request = self.in_head = True
        self._target, self._headers = b"", []
        self._request_bytes = self._unproductive_bytes = 0

    def on_url(self, target: bytes) -> None:
        self._target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.in_head = False
        # What is added from now on are trailers. They count, but never become headers.
        headers, self._headers = self._headers, []
        named = header_texts(headers)
        self._check_head(headers, named)
        if self._parser.should_upgrade():
            self._without_offer = self._head_without_offer(headers)
            return
        keep_alive = self._parser.should_keep_alive()
        if keep_alive and "connection" in named:
            # HTTP/1.0 has it only with an answer that says so.
            keep_alive = self._parser.get_http_version() != "1.0"
        path, query = (b"/", b"") if self._target == b"/" else parse_target(self._target)
        method = texts[self._parser.get_method()]
        self._incoming = Incoming(method, path, query, headers, named, keep_alive)
        self._body_bytes_left = self._incoming.length
        self._receiver.on_head(self._incoming)

    def on_body(self, piece: bytes) -> None:
        assert self._incoming is not None  # noqa: S101 - the head came first
        self._body_bytes_left -= len(piece)
        self._productive = True
        self._receiver.on_piece(self._incoming, piece)

    def on_message_complete(self) -> None:
        if self._without_offer:
            return
        incoming, self._incoming = self._incoming, None
        assert incoming is not None  # noqa: S101 - the head came first
        self.in_request, self._productive, self._body_bytes_left = False, True, 0
        self._has_completed = True
        incoming.complete = True
        self._receiver.on_request(incoming)

    # Heads

    def _check_head(self, headers: list[tuple[bytes, bytes]], named: Mapping[str, str]) -> None:
        limits, target = self._limits, self._target
        if len(target) > limits.target_bytes:
            size = f"the request target has more than {limits.target_bytes} bytes"
            raise RefusalError(414, size, size)
        if self._request_bytes + self._piece_bytes > limits.head_bytes:
            size_bytes = len(target) + sum(len(name) + len(value) for name, value in headers)
            if size_bytes > limits.head_bytes:
                raise self._head_too_long()
        if len(headers) > limits.headers:
            raise self._too_many_headers()
        if len(named) < len(headers) and sum(name.lower() == b"host" for name, _ in headers) > 1:
            raise RefusalError(400, "expected one Host header, got two")
        if self._parser.get_method() == b"CONNECT":
            raise RefusalError(400, "CONNECT is not supported: mockocr is not a proxy")

    def _head_too_long(self) -> RefusalError:
        words = f"the request line and headers have more than {self._limits.head_bytes} bytes"
        return RefusalError(431, words, words)

    def _too_many_headers(self) -> RefusalError:
        words = f"more than {self._limits.headers} headers"
        return RefusalError(431, words, words)

    def _head_without_offer(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        kept = [
            name + b": " + value for name, value in headers if name.lower() not in _OFFER_HEADERS
        ]
        first = self._parser.get_method() + b" " + self._target + b" HTTP/1.1"
        return b"\r\n".join([first, *kept, b"", b""])


def parse_target(target: bytes) -> tuple[bytes, bytes]:
    """Path and query. Raises RefusalError."""
    if target.startswith(b"/?") and b"#" not in target:
        return b"/", target[2:]
    try:
        url = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        url = None
    # The path of `http://host` is None, whatever the types of httptools say.
    if url is None or not (url.path or b"\xff").isascii():
        raise RefusalError(400, "the request target is invalid")
    return url.path, url.query or b""
