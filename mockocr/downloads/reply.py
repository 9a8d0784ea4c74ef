"""Parses the reply to a download: from bytes to a picture or a redirect. No I/O.

httptools parses HTTP, as in the server. It refuses messages that parsers read differently (two
lengths, a length with chunks, bare line ends).
"""

from dataclasses import dataclass

import httptools

from mockocr.downloads import hints
from mockocr.downloads.fetched import FetchError, TooLargeError
from mockocr.downloads.urls import Url
from mockocr.version import __version__

MAX_HEAD_BYTES = 64 * 1024
"""For status lines and headers together, including those of interim replies (1xx). Also for
everything else that is not body (chunk extensions, trailers) between two pieces of the body."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Redirect:
    location: bytes
    """The value of the Location header."""


def request(url: Url) -> bytes:
    """The request for a URL. It contains the version of mockocr, and nothing about the
    environment."""
    return (
        f"GET {url.target} HTTP/1.1\r\n"
        f"Host: {url.authority}\r\n"
        f"User-Agent: mockocr/{__version__}\r\n"
        "Accept: */*\r\n"
        "Accept-Encoding: identity\r\n"
        "Connection: close\r\n"
        "\r\n"
    ).encode("ascii")


class Reply:
    """Parses received bytes until `found` is set; ignores the rest."""

    def __init__(self, most_bytes: int) -> None:
        self.found: bytes | Redirect | None = None
        self._most_bytes = most_bytes
        self._parser = httptools.HttpResponseParser(self)
        self._status = 0
        self._headers: dict[str, list[bytes]] = {}
        self._bytes_beside_body = 0
        """Since the last piece of the body."""
        self._in_body = False
        self._body = bytearray()
        self._complete = False

    def feed(self, content: bytes) -> None:
        """Raises FetchError if the reply has no picture, TooLargeError if the picture is too
        large."""
        was_in_body, body_bytes = self._in_body, len(self._body)
        try:
            self._parser.feed_data(content)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # Bytes after the complete reply are ignored.
            if not self._complete:
                raise FetchError("the reply is not HTTP/1.1") from None
        self._bytes_beside_body += len(content)
        if self._in_body and not was_in_body:
            self._read_head()
            self._bytes_beside_body = 0
        elif len(self._body) > body_bytes:
            self._bytes_beside_body = 0
        elif self._bytes_beside_body > MAX_HEAD_BYTES:
            kind = "trailers" if self._in_body else "headers"
            raise FetchError(f"expected {kind} of at most {MAX_HEAD_BYTES} bytes, got more")
        if self.found is None:
            if len(self._body) > self._most_bytes:
                raise TooLargeError(self._most_bytes)
            if self._complete:
                self.found = bytes(self._body)

    def end(self) -> None:
        """The server has closed the connection. Raises FetchError if the reply is incomplete."""
        ends_by_closing = not {"content-length", "transfer-encoding"} & self._headers.keys()
        if not (self._in_body and ends_by_closing):
            raise FetchError("the connection ended before the reply was complete")
        self.found = bytes(self._body)

    def _read_head(self) -> None:
        if self._status in _REDIRECTS:
            self.found = self._redirect()
            return
        if self._status != 200:
            raise FetchError(f"expected the status 200, got {self._status}", hints.STATUS)
        if self._value("content-encoding") not in ("", "identity"):
            raise FetchError("the reply is compressed, though the request did not allow it")
        if self._value("transfer-encoding") not in ("", "chunked"):
            raise FetchError("the reply has a transfer encoding other than chunked")
        length = self._value("content-length")
        # httptools has checked that it is a number below 2**64.
        if length and int(length) > self._most_bytes:
            raise TooLargeError(self._most_bytes)

    def _redirect(self) -> Redirect:
        locations = self._headers.get("location", [])
        if len(locations) != 1:
            raise FetchError(f"expected a redirect with one Location header, got {len(locations)}")
        return Redirect(locations[0])

    def _value(self, name: str) -> str:
        return ", ".join(value.decode("latin-1") for value in self._headers.get(name, [])).lower()

    # Called by httptools, which would replace exceptions from these by its own.

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_body:  # Otherwise it is a trailer.
            self._headers.setdefault(name.decode("latin-1").lower(), []).append(value)

    def on_headers_complete(self) -> None:
        if not self._complete:
            self._status = self._parser.get_status_code()
            self._in_body = self._status >= 200

    def on_body(self, content: bytes) -> None:
        if not self._complete:
            self._body += content

    def on_message_complete(self) -> None:
        if self._in_body:
            self._complete = True
        else:
            self._headers.clear()
