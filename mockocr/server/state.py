"""What the connections of one server share."""

import asyncio
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, Protocol

from starlette.types import ASGIApp

from mockocr.server.body_memory import BodyMemory
from mockocr.server.limits import LimitLog, Limits

RECEIVED_BYTES = 256 * 1024
"""The most bytes of one read. All reads use the same memory, so that long bodies replace less of
what is in the processor's caches."""


class Served(Protocol):
    """A connection, as the server uses it."""

    def close_if_late(self, now: float) -> None: ...

    def shutdown(self) -> None: ...

    def abort(self) -> None: ...


class ServerState:
    """The state of a server while it serves, made in its event loop."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits
        self.limit_log = LimitLog()
        self.body_memory = BodyMemory(asyncio.get_running_loop(), limits.long_bodies_bytes)
        self.is_direct = False
        """Whether complete requests for the API are answered without ASGI, by `answer_at_once`."""
        self.answer_at_once: Callable[[Any], None]
        self.received = memoryview(bytearray(RECEIVED_BYTES))
        """What the last read of any connection has received. Everything that is kept is copied."""
        self.connections: set[Served] = set()
        self.tasks: set[asyncio.Task[Any]] = set()
        """The running ASGI applications and TLS handshakes."""
        self.handshakes = 0
        """TLS handshakes under way."""
        self.default_headers: list[tuple[bytes, bytes]] = []
        self.date_line = b""
        self.refresh_date()

    def refresh_date(self) -> None:
        """Called once a second."""
        date = formatdate(usegmt=True).encode()
        self.default_headers = [(b"date", date)]
        self.date_line = b"date: %b\r\n" % date

    def sockets(self) -> int:
        """How many accepted sockets are open."""
        return len(self.connections) + self.handshakes

    def start(self, task: "asyncio.Task[Any]") -> None:
        """Keeps a task until it ends."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
