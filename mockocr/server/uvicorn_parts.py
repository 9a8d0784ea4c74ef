"""Everything that mockocr uses of uvicorn: an ASGI application answers one request. These names are
not part of uvicorn's public API; `tests/server/test_uvicorn_parts.py` lists them."""

import asyncio
import logging
from collections.abc import Callable

from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from mockocr.server.flow import Flow

__all__ = ["STATUS_LINE", "AsgiExchange"]

_logger = logging.getLogger("uvicorn.error")


class AsgiExchange(RequestResponseCycle):
    """One request and its response, between a connection and an ASGI application."""

    def __init__(
        self,
        scope: Scope,
        transport: asyncio.Transport,
        flow: Flow,
        default_headers: list[tuple[bytes, bytes]],
        *,
        expects_continue: bool,
        keep_alive: bool,
        on_response: Callable[[], None],
    ) -> None:
        super().__init__(
            scope=scope,  # type: ignore[arg-type]
            transport=transport,
            flow=flow,  # type: ignore[arg-type]
            logger=_logger,
            access_logger=_logger,
            access_log=False,
            default_headers=default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=expects_continue,
            keep_alive=keep_alive,
            on_response=on_response,
        )

    def run(self, app: ASGIApp) -> "asyncio.Task[None]":
        return asyncio.get_running_loop().create_task(self.run_asgi(app))  # type: ignore[arg-type]

    @property
    def is_stream(self) -> bool:
        """Whether the response has no known length."""
        return bool(self.chunked_encoding)

    def add_body(self, piece: bytes) -> int:
        """Adds a piece of the body. Returns how many bytes the application has not read; 0 if it
        has answered already."""
        if self.response_complete:
            return 0
        self.body += piece
        self.message_event.set()
        return len(self.body)

    def end_body(self) -> None:
        self.more_body = False
        self.message_event.set()

    def lose_client(self) -> None:
        """The client has left: informs the application, and sends nothing more."""
        self.disconnected = True
        self.message_event.set()

    def complete(self) -> None:
        """Called when the response was sent directly, without this object."""
        self.response_started = self.response_complete = True
        self.message_event.set()
