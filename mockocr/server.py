"""The application on its ports, http and https in one loop; in the foreground or in a thread.

Why not uvicorn's own Server: two of them take 350 ms to stop, and hang with a kept TLS connection
(docs/fidelity.md#server-stop). Its protocol, which does the work, is used as it is.
"""

import asyncio
import contextlib
import ctypes
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from email.utils import formatdate

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from mockocr.door import DEFAULT_LIMITS, Door, Limits

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    import resource

    from uvloop import new_event_loop

KEEP_ALIVE_SECONDS = 75
"""nginx's default: clients that reuse a connection seldom meet one that is just being closed."""

STOP_GRACE_SECONDS = 0.5
"""How long answers under way may take once the server is to stop."""

WATCH_SECONDS = 1

SPARE_FILES = 64
"""That connections leave to everything else: the log, files that are read, downloads, modules."""

BACKLOG = 2048


class ListenError(Exception):
    """A port that cannot be had; says which, why, and what would do."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket, and TLS where it is to speak https."""

    socket: socket.socket
    tls: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        port: int = self.socket.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """How this machine reaches it."""
        host, port = self.socket.getsockname()[:2]
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared
        shown = f"[{local}]" if ":" in local else local
        return f"{'https' if self.tls else 'http'}://{shown}:{port}"


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 is any free one. Raises ListenError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ListenError(f"{host!r} is no address to listen on: {error.strerror}") from None
    try:
        if sys.platform == "win32":
            # There, SO_REUSEADDR would let two servers share a port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise ListenError(f"port {port} of {host} cannot be had: {error.strerror}") from None
    return bound


class Server:
    """Serves one application on several listeners, in the loop of whoever runs `serve`."""

    def __init__(
        self, app: ASGIApp, listeners: Sequence[Listener], limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._listeners = listeners
        self._limits = _affordable(limits)
        self._state = ServerState()
        self._config = Config(
            _quiet_when_cancelled(app),
            lifespan="off",
            ws="none",
            interface="asgi3",
            http=Door,
            proxy_headers=False,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Until `stop` is set; then answers under way get their grace, and no client is waited
        for. `ready` is called when connections are accepted."""
        self._config.load()
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(
                self._door,
                sock=listener.socket,
                ssl=listener.tls,
                ssl_handshake_timeout=self._limits.head_seconds if listener.tls else None,
            )
            for listener in self._listeners
        ]
        watching = asyncio.create_task(self._watch())
        try:
            ready()
            await stop.wait()
        finally:
            watching.cancel()
            for server in servers:
                server.close()
            await self._end_connections()

    def _door(self) -> Door:
        return Door(self._config, self._state, self._limits)

    async def _watch(self) -> None:
        """Keeps the Date header right, and ends connections that keep the server waiting."""
        loop = asyncio.get_running_loop()
        while True:
            self._state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
            for connection in list(self._state.connections):
                if isinstance(connection, Door):
                    connection.close_if_late(loop.time())
            await asyncio.sleep(WATCH_SECONDS)

    async def _end_connections(self) -> None:
        connections = list(self._state.connections)
        for connection in connections:
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=STOP_GRACE_SECONDS)
        for connection in connections:
            # Not close(): over TLS that would wait for the client's close_notify.
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)
        for task in list(self._state.tasks):
            task.cancel()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=STOP_GRACE_SECONDS)


def _affordable(limits: Limits) -> Limits:
    """With no more connections than this process may have files open (macOS: 256): one too many is
    refused in words then, and what has to be read can be."""
    if sys.platform == "win32":
        return limits
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return limits
    return replace(limits, connections=min(limits.connections, max(1, files - SPARE_FILES)))


def _quiet_when_cancelled(app: ASGIApp) -> ASGIApp:
    """A call that the stop cuts off is no error; uvicorn would log its CancelledError as one."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await app(scope, receive, send)

    return quiet


def serve_in_foreground(server: Server, ready: Callable[[], None]) -> int:
    """Until SIGINT or SIGTERM; gives the exit code that belongs to the signal."""
    _keep_freed_memory()
    caught: list[int] = []

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def on_signal(number: int, frame: object = None) -> None:
            if not caught:
                loop.call_soon_threadsafe(stop.set)
            caught.append(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            # Not loop.add_signal_handler: Windows has none.
            signal.signal(number, on_signal)
        await server.serve(stop, ready)

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
    return 128 + caught[0]


def _keep_freed_memory() -> None:
    """Tells glibc not to give memory back after every large body, only to fetch it anew for the
    next: most of the time of such calls goes into page faults (docs/fidelity.md#server-allocator).
    Elsewhere, nothing.
    """
    m_trim_threshold, m_mmap_threshold = -1, -3
    with contextlib.suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(m_trim_threshold, 64 << 20)
        libc.mallopt(m_mmap_threshold, 32 << 20)


@contextlib.contextmanager
def serve_in_thread(server: Server) -> Iterator[None]:
    """Serves while the block runs. Raises what keeps the server from starting."""
    loop = new_event_loop()
    stop = asyncio.Event()
    started: Future[None] = Future()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(server.serve(stop, lambda: started.set_result(None)))
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, name="mockocr", daemon=True)
    thread.start()
    started.result()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
