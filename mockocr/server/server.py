"""Serves an application on its ports, http and https in one event loop; in the foreground, or in a
thread.

uvicorn's own Server is not used: two of them take 350 ms to stop, and hang if a TLS connection is
open.
"""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.server.app import App
from mockocr.server.batch import Batch
from mockocr.server.connection import Connection, PlainConnection
from mockocr.server.handshakes import Handshakes
from mockocr.server.limits import DEFAULT_LIMITS, Limits, affordable
from mockocr.server.port_file import PortFile
from mockocr.server.ports import Listener
from mockocr.server.state import ServerState

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

STOP_GRACE_SECONDS = 0.3
"""How long the current answers may take when the server stops. It ends within half a second."""

CANCEL_SECONDS = 0.1
"""How long cancelled answers may take to end. What runs in a thread cannot be cancelled."""

WATCH_SECONDS = 1

TRIM_SECONDS = 1
"""How often freed memory is returned to the system; after each call would take too long."""


class Server:
    """Serves one application on several listeners, in the event loop that runs `serve`."""

    def __init__(
        self,
        app: ASGIApp | App,
        listeners: Sequence[Listener],
        limits: Limits = DEFAULT_LIMITS,
        port_file: PortFile | None = None,
    ) -> None:
        self._app = app
        self._listeners = listeners
        self._limits = affordable(limits)
        self._port_file = port_file

    @property
    def urls(self) -> dict[str, str]:
        """By scheme."""
        return {"https" if each.tls else "http": each.url for each in self._listeners}

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Serves until `stop` is set. Then waits for the current answers, for at most
        STOP_GRACE_SECONDS. Writes the port file, and calls `ready`, when connections are accepted.
        """
        loop = asyncio.get_running_loop()
        state = ServerState(_quiet_when_cancelled(self._app), self._limits)
        batch: Batch | None = None
        if isinstance(self._app, App):
            batch = Batch(self._app.api, loop, state.connections)
            state.is_direct, state.answer_at_once = True, batch.add

        servers = []
        accepting: set[asyncio.Task[None]] = set()

        def start(work: Coroutine[Any, Any, None]) -> None:
            accepting.add(loop.create_task(work))

        try:
            for listener in self._listeners:
                listener.socket.setblocking(False)
                if listener.tls:
                    tls_connection = partial(Connection, state, loop)
                    start(Handshakes(listener, state, tls_connection).accept())
                else:
                    plain = partial(PlainConnection, state, loop)
                    servers.append(await loop.create_server(plain, sock=listener.socket))
            start(_watch(state))
            if self._port_file:
                self._port_file.write(self.urls)
            ready()
            await stop.wait()
        finally:
            for task in accepting:
                task.cancel()
            for server in servers:
                server.close()
            if batch:
                batch.finish()
            await _end_connections(state)


async def _watch(state: ServerState) -> None:
    """Once a second: updates the Date header, ends connections that are too slow, and logs which
    limits were reached."""
    loop = asyncio.get_running_loop()
    while True:
        state.refresh_date()
        for connection in list(state.connections):
            connection.close_if_late(loop.time())
        state.limit_log.write()
        await asyncio.sleep(WATCH_SECONDS)


async def _end_connections(state: ServerState) -> None:
    connections = list(state.connections)
    for connection in connections:
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(state.tasks, timeout=STOP_GRACE_SECONDS)
    # The event loop sends the last output in this turn.
    await asyncio.sleep(0)
    for connection in list(state.connections):
        # Not close(): over TLS, that would wait for the client's close_notify.
        connection.abort()
    await asyncio.sleep(0)
    for task in list(state.tasks):
        task.cancel()
    if state.tasks:
        await asyncio.wait(state.tasks, timeout=CANCEL_SECONDS)
    state.limit_log.write()


def _quiet_when_cancelled(app: ASGIApp) -> ASGIApp:
    """A call that ends because the server stops is not an error; uvicorn would log it as one."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await app(scope, receive, send)

    return quiet


def _stop_signals() -> list[signal.Signals]:
    signals = [signal.SIGINT, signal.SIGTERM]
    # nohup starts a process that ignores SIGHUP. Windows has none.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    return signals


def serve_in_foreground(
    server: Server, ready: Callable[[], None], stop_with_stdin: bool = False
) -> int:
    """Serves until SIGINT, SIGTERM or SIGHUP, or until the end of stdin if it is to stop with it.
    Returns the exit code for the signal, or 0."""
    _keep_freed_memory()
    caught: list[int] = []

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def on_signal(number: int, frame: object = None) -> None:
            if not caught:
                loop.call_soon_threadsafe(stop.set)
            caught.append(number)

        for number in _stop_signals():
            # Not loop.add_signal_handler, which does not exist on Windows.
            signal.signal(number, on_signal)
        if stop_with_stdin:
            # A daemon, because its read may never return.
            threading.Thread(
                target=_at_end_of_stdin,
                args=(lambda: loop.call_soon_threadsafe(stop.set),),
                daemon=True,
            ).start()
        trimming = loop.create_task(_return_freed_memory())
        await server.serve(stop, ready)
        trimming.cancel()

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
    # Otherwise Python examines all objects several times at its end, which takes up to a second.
    gc.freeze()
    return 128 + caught[0] if caught else 0


def _at_end_of_stdin(stop: Callable[[], object]) -> None:
    # Not sys.stdin: its lock would be held when Python ends.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    # RuntimeError: the loop is closed, because a signal was faster.
    with contextlib.suppress(RuntimeError):
        stop()


def _keep_freed_memory() -> None:
    """Makes glibc keep the memory of large bodies. Otherwise it returns the memory to the system
    after each call, and most of the time of such calls is page faults
    (docs/fidelity.md#server-allocator). Does nothing on systems without glibc."""
    m_trim_threshold, m_mmap_threshold, m_arena_max = -1, -3, -8
    with contextlib.suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(m_trim_threshold, 64 << 20)
        libc.mallopt(m_mmap_threshold, 32 << 20)
        # Each arena keeps its freed memory, and every thread would get one.
        libc.mallopt(m_arena_max, 2)


async def _return_freed_memory() -> None:
    while True:
        await asyncio.sleep(TRIM_SECONDS)
        _trim()


def _trim() -> None:
    """Returns freed memory between pieces in use to the system, which glibc never does by itself.
    Under attack, this was 150 MB. Does nothing on systems without glibc."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextlib.contextmanager
def serve_in_thread(server: Server) -> Iterator[None]:
    """Serves while the block runs. Raises the error if the server cannot start."""
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
    try:
        # Inside, because an interrupt may arrive while the thread starts.
        thread.start()
        started.result()
        yield
    finally:
        # If the start failed, the loop is closed already.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)
        if thread.ident is not None:
            thread.join()
