"""What a server answers to the one request that is made: bytes in, a picture out. No I/O.

httptools reads the framing, as it does at the door; it refuses what readers of HTTP differ about
(two lengths, a length with chunks, bare line ends).
"""

from dataclasses import dataclass

import httptools

from mockocr.downloads.fetched import FetchError, TooLargeError
from mockocr.downloads.urls import Url
from mockocr.version import __version__

MAX_HEAD_BYTES = 64 * 1024
"""Status lines and headers together, those of interim answers (1xx) too."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Redirect:
    location: bytes
    """The value of the Location header."""


def request(url: Url) -> bytes:
    """Nothing in it tells who asks but the version, and nothing of the environment is in it."""
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
    """Fed with what is received until `found` is there; after that nothing is read any more."""

    def __init__(self, most_bytes: int) -> None:
        self.found: bytes | Redirect | None = None
        self._most_bytes = most_bytes
        self._parser = httptools.HttpResponseParser(self)
        self._status = 0
        self._headers: dict[str, list[bytes]] = {}
        self._head_bytes = 0
        self._in_body = False
        self._body = bytearray()
        self._complete = False

    def feed(self, content: bytes) -> None:
        """FetchError: this is no answer with a picture in it. TooLargeError."""
        was_in_body = self._in_body
        try:
            self._parser.feed_data(content)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # What comes after a whole answer is nobody's.
            if not self._complete:
                raise FetchError("the answer is not HTTP/1.1") from None
        if not was_in_body:
            self._head_bytes += len(content)
            if self._in_body:
                self._read_head()
            elif self._head_bytes > MAX_HEAD_BYTES:
                raise FetchError(f"the headers have more than {MAX_HEAD_BYTES} bytes")
        if self.found is None:
            if len(self._body) > self._most_bytes:
                raise TooLargeError(self._most_bytes)
            if self._complete:
                self.found = bytes(self._body)

    def end(self) -> None:
        """The server has closed the connection. FetchError: too early."""
        ends_so = not {"content-length", "transfer-encoding"} & self._headers.keys()
        if not (self._in_body and ends_so):
            raise FetchError("the connection ended before the answer did")
        self.found = bytes(self._body)

    def _read_head(self) -> None:
        if self._status in _REDIRECTS:
            self.found = self._redirect()
            return
        if self._status != 200:
            raise FetchError(f"the answer has the status {self._status}")
        if self._value("content-encoding") not in ("", "identity"):
            raise FetchError("the answer is compressed, which was not asked for")
        if self._value("transfer-encoding") not in ("", "chunked"):
            raise FetchError("the answer has a transfer coding other than chunked")
        length = self._value("content-length")
        # Digits, and less than 2**64: httptools has seen to that.
        if length and int(length) > self._most_bytes:
            raise TooLargeError(self._most_bytes)

    def _redirect(self) -> Redirect:
        locations = self._headers.get("location", [])
        if len(locations) != 1:
            raise FetchError(f"the answer is a redirect to {len(locations)} places")
        return Redirect(locations[0])

    def _value(self, name: str) -> str:
        return ", ".join(value.decode("latin-1") for value in self._headers.get(name, [])).lower()

    # Called by httptools. What these raise would arrive as an error of its own.

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_body:  # else a trailer
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
