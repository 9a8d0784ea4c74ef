"""One HTTP request, from its complete head until it is answered."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mockocr.protocol.wire import MAX_BODY_BYTES, LongBody
from mockocr.server.body_memory import Reservation
from mockocr.server.uvicorn_parts import AsgiExchange

LONG_BODY_BYTES = 64 * 1024
"""A longer body is hashed piece by piece. uvicorn buffers the same size of a body that is not
read."""


class Incoming:
    """A request whose head is complete. Its body is collected in `body`, or passed to the ASGI
    application."""

    __slots__ = (
        "asgi",
        "body",
        "complete",
        "head_bytes",
        "headers",
        "is_whole_call",
        "keep_alive",
        "length",
        "method",
        "path",
        "query",
        "reservation",
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
        head_bytes: int,
    ) -> None:
        """`head_bytes`: at most how long the request line and the headers were."""
        self.method, self.path, self.query = method, path, query
        self.headers = headers
        """Names and values, as the client sent them."""
        self.texts = texts
        self.keep_alive = keep_alive
        self.head_bytes = head_bytes
        self.length = int(texts.get("content-length", 0))
        self.body: list[bytes] | LongBody = LongBody() if self.length > LONG_BODY_BYTES else []
        self.is_whole_call = (
            path == b"/"
            and self.length <= MAX_BODY_BYTES
            and "transfer-encoding" not in texts
            and "expect" not in texts
            and "origin" not in texts
            and "sec-fetch-site" not in texts
        )
        """Whether the request is for the API, its body can be collected whole, and no browser sent
        it: App may refuse a page's request."""
        self.reservation: Reservation | None = None
        """The memory of a long body, until another object has the body."""
        self.complete = False
        self.asgi: AsgiExchange | None = None
        """Set if an ASGI application answers the request."""

    @property
    def reserved_bytes(self) -> int:
        """How much memory to reserve for the body, in bytes; 0 for a short body."""
        if "transfer-encoding" in self.texts:
            return MAX_BODY_BYTES
        # A body that is too long is dropped while it is read.
        return min(self.length, MAX_BODY_BYTES) if self.length > LONG_BODY_BYTES else 0

    def whole_body(self) -> bytes | LongBody:
        body = self.body
        if isinstance(body, LongBody):
            return body
        return body[0] if len(body) == 1 else b"".join(body)


def scope_of(incoming: Incoming, transport: asyncio.Transport, is_tls: bool) -> dict[str, Any]:
    """The ASGI scope of the request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": _address(transport.get_extra_info("sockname")),
        "client": _address(transport.get_extra_info("peername")),
        "scheme": "https" if is_tls else "http",
        "root_path": "",
        "method": incoming.method,
        "path": unquote(incoming.path.decode("ascii")),
        "raw_path": incoming.path,
        "query_string": incoming.query,
        "headers": [(name.lower(), value) for name, value in incoming.headers],
        "state": {},
    }


def _address(address: Any) -> tuple[str, int] | None:
    """Host and port; None for a client that has left already."""
    return (address[0], address[1]) if address else None
