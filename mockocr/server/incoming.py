"""One HTTP request while it arrives, and until it is answered."""

from collections.abc import Mapping

from mockocr.protocol.wire import LongBody
from mockocr.server.uvicorn_parts import AsgiExchange

LONG_BODY_BYTES = 64 * 1024
"""A longer body is hashed piece by piece. As much as uvicorn keeps of a body that nobody reads."""


class Incoming:
    """Its head is complete. The body is added to `body`, or read by the ASGI application."""

    __slots__ = (
        "asgi",
        "body",
        "complete",
        "headers",
        "keep_alive",
        "length",
        "method",
        "path",
        "query",
        "texts",
    )

    def __init__(
        self,
        method: str,
        path: bytes,
        query: bytes,
        headers: list[tuple[bytes, bytes]],
        texts: Mapping[str, str],
        keep_alive: bool,
    ) -> None:
        self.method, self.path, self.query = method, path, query
        self.headers = headers
        """As they were sent."""
        self.texts = texts
        self.keep_alive = keep_alive
        self.length = int(texts.get("content-length", 0))
        self.body: list[bytes] | LongBody = LongBody() if self.length > LONG_BODY_BYTES else []
        self.complete = False
        self.asgi: AsgiExchange | None = None
        """Set when an ASGI application answers it."""

    def whole_body(self) -> bytes | LongBody:
        body = self.body
        if isinstance(body, LongBody):
            return body
        return body[0] if len(body) == 1 else b"".join(body)
