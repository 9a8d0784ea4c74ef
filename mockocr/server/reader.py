"""Parses the bytes of one connection into requests: httptools, and the limits that it lacks.

Input that is not HTTP/1.1, or is beyond a limit, raises RefusalError and never becomes a request.
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
"""The size of a piece that may hold several requests. httptools cannot stop within a piece, so this
limits how many requests are parsed behind one that is not answered yet."""

_OFFER_HEADERS = frozenset({b"upgrade", b"connection", b"http2-settings"})


class RefusalError(Exception):
    """A request that is not read further: the status and message of its answer."""

    def __init__(self, status: int, message: str, limit: str | None = None) -> None:
        super().__init__(status, message)
        self.status, self.message = status, message
        self.limit = limit
        """The name of the limit that was reached, as in the log; None if the request broke no
        limit."""

    def answer(self, date_line: bytes) -> bytes:
        body = json.dumps({"error": self.message}).encode()
        length = b"content-length: %d\r\nconnection: close" % len(body)
        head = b"%b%bcontent-type: application/json" % (STATUS_LINE[self.status], date_line)
        return b"%b\r\n%b\r\n\r\n%b" % (head, length, body)


class StoppedError(Exception):
    """The receiver has stopped reading."""


class Receiver(Protocol):
    """Receives the requests of a reader."""

    stopped_reading: bool
    """Whether the rest of the input is dropped."""

    def on_head(self, incoming: Incoming) -> None:
        """The head of a request is complete."""

    def on_piece(self, incoming: Incoming, piece: bytes) -> None:
        """A piece of its body was received."""

    def on_request(self, incoming: Incoming) -> None:
        """The request is complete."""


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
        """Whether a request has begun and is not complete, and whether its head is not complete."""
        self._without_offer = b""
        """The head of a request that offers another protocol, without that offer."""
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._incoming: Incoming | None = None
        self._body_bytes_left = 0
        """The rest of the body, according to Content-Length."""
        self._piece_bytes = 0
        self._has_completed = False
        """Whether a request was completed since `feed` was called."""
        self._productive = False
        """Whether the current piece contains a part of a body, or the end of a request."""
        self._request_bytes = 0
        """The size of the earlier pieces of the request."""
        self._unproductive_bytes = 0
        """The size of the pieces since the last productive one."""
        self._parser = self._new_parser()

    def _new_parser(self) -> httptools.HttpRequestParser:
        parser = httptools.HttpRequestParser(self)
        # Otherwise, bytes behind a request with `Connection: close` would be an error.
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def feed(self, data: bytes | memoryview) -> bytes:
        """Parses input while no complete request waits for an answer. Returns the bytes behind the
        piece in which a request ended: then it is the turn of other connections. Raises
        RefusalError."""
        at = 0
        self._has_completed = False
        while at < len(data) and not self._receiver.stopped_reading:
            if self._has_completed:
                return bytes(data[at:])
            piece = data[at : at + max(PIECE_BYTES, self._body_bytes_left)]
            self._piece_bytes, self._productive = len(piece), False
            try:
                self._parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                # httptools stops at an offer of another protocol, such as h2c from Java's own
                # HttpClient. The request is parsed again without the offer, as HTTP/1.1.
                data, at = self._without_offer + data[at + upgrade.args[0] :], 0
                self._without_offer, self.in_request = b"", False
                self._parser = self._new_parser()
                continue
            except httptools.HttpParserCallbackError as error:
                if isinstance(error.__context__, StoppedError):
                    break
                # A refusal, or a bug in mockocr.
                raise error.__context__ or error from None
            except httptools.HttpParserError as error:
                raise RefusalError(400, f"expected HTTP/1.1: {error}") from None
            at += self._piece_bytes
            if self.in_request:
                self._count_piece()
        return b""

    def _count_piece(self) -> None:
        limits = self._limits
        self._request_bytes += self._piece_bytes
        if self._productive:
            # Unproductive bytes may begin within this piece. They are not counted, so the limits
            # are exact except for one piece.
            self._unproductive_bytes = 0
        else:
            self._unproductive_bytes += self._piece_bytes
        if self._unproductive_bytes > limits.head_bytes:
            raise self._head_too_long()
        if len(self._headers) > limits.headers:
            raise self._too_many_headers()
        if self._request_bytes > limits.request_bytes:
            message = f"the request has more than {limits.request_bytes} bytes"
            raise RefusalError(413, message, message)

    def close(self) -> None:
        """Breaks the reference cycles with the parser and the receiver, which only a garbage
        collection would free. `feed` must not be called any more."""
        del self._parser, self._receiver
        self._incoming = None

    # Called by the parser

    def on_message_begin(self) -> None:
        if self._receiver.stopped_reading:
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
        # Trailers are added from now on. They are counted, but never become headers.
        headers, self._headers = self._headers, []
        method, texts_by_name = self._parser.get_method(), header_texts(headers)
        self._check_head(method, headers, texts_by_name)
        if self._parser.should_upgrade():
            self._without_offer = self._head_without_offer(headers)
            return
        keep_alive = self._parser.should_keep_alive()
        if keep_alive and "connection" in texts_by_name:
            # A client of HTTP/1.0 expects it only if the answer says so.
            keep_alive = self._parser.get_http_version() != "1.0"
        path, query = (b"/", b"") if self._target == b"/" else parse_target(self._target)
        incoming = Incoming(
            texts[method],
            path,
            query,
            headers,
            texts_by_name,
            keep_alive,
            self._request_bytes + self._piece_bytes,
        )
        self._incoming, self._body_bytes_left = incoming, incoming.length
        self._receiver.on_head(incoming)

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

    def _check_head(
        self, method: bytes, headers: list[tuple[bytes, bytes]], texts_by_name: Mapping[str, str]
    ) -> None:
        limits, target = self._limits, self._target
        if len(target) > limits.target_bytes:
            message = f"the request target has more than {limits.target_bytes} bytes"
            raise RefusalError(414, message, message)
        if self._request_bytes + self._piece_bytes > limits.head_bytes:
            size_bytes = len(target) + sum(len(name) + len(value) for name, value in headers)
            if size_bytes > limits.head_bytes:
                raise self._head_too_long()
        count = len(headers)
        if count > limits.headers:
            raise self._too_many_headers()
        has_duplicates = len(texts_by_name) < count
        if has_duplicates and sum(name.lower() == b"host" for name, _ in headers) > 1:
            raise RefusalError(400, "expected one Host header, got two")
        if method == b"CONNECT":
            raise RefusalError(400, "CONNECT is not supported: mockocr is not a proxy")

    def _head_too_long(self) -> RefusalError:
        message = f"the request line and headers have more than {self._limits.head_bytes} bytes"
        return RefusalError(431, message, message)

    def _too_many_headers(self) -> RefusalError:
        message = f"more than {self._limits.headers} headers"
        return RefusalError(431, message, message)

    def _head_without_offer(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        lines = [
            name + b": " + value for name, value in headers if name.lower() not in _OFFER_HEADERS
        ]
        first = self._parser.get_method() + b" " + self._target + b" HTTP/1.1"
        return b"\r\n".join([first, *lines, b"", b""])


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
