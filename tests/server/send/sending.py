"""Replies that leave late, slowly, broken or not at all, and how raw sockets see them.

The timeouts of clients here are their act; the server waits for an hour, or for next to nothing.
"""

import asyncio
import gc
import socket
import ssl
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import BadStatusLine, HTTPResponse, IncompleteRead, RemoteDisconnected
from queue import SimpleQueue
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from mockocr.protocol.wire import Fault, WireReply
from mockocr.server.ports import Listener
from mockocr.server.send import send_reply

SECONDS = 10
"""After which a server that says nothing hangs."""

HOUR = 3600
"""Nobody here waits so long."""

IMPATIENCE_SECONDS = 0.2
"""After which a client here gives up."""

OK = WireReply(b'{"Response": {}}', headers=(("X-TC-TraceId", "trace"),))

NOISE = b"\x8f\x01 no HTTP \xff\r\n\r\n\xfe"


class Departing:
    """An application whose replies are known by their path."""

    def __init__(self, replies: dict[str, WireReply], listener: Listener) -> None:
        self.replies = {"/": OK, **replies}
        self.listener = listener
        self.begun: SimpleQueue[str] = SimpleQueue()
        self.ended: SimpleQueue[str] = SimpleQueue()
        self.may_depart = threading.Event()
        self.may_depart.set()
        self.freed = threading.Event()
        self._door: weakref.ref[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        door = scope["extensions"]["mockocr.connection"]
        self._door = weakref.ref(door, lambda _: self.freed.set())
        self.begun.put(scope["path"])
        if not self.may_depart.is_set():
            await asyncio.to_thread(self.may_depart.wait)
        await send_reply(self.replies[scope["path"]], scope, receive, send, faithful_headers=False)
        self.ended.put(scope["path"])


@contextmanager
def no_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


Start = Callable[..., Departing]
"""Serves an application until the test ends: `start({"/late": WireReply(...)}, connections=1)`."""

Connect = Callable[[Departing], socket.socket]


def get(*paths: str) -> bytes:
    return b"".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths)


def read(connection: socket.socket) -> tuple[int, bytes]:
    """One reply. Raises what http.client raises."""
    with HTTPResponse(connection) as response:
        response.begin()
        return response.status, response.read()


def ask(connection: socket.socket, path: str) -> tuple[int, bytes]:
    connection.sendall(get(path))
    return read(connection)


def all_of(connection: socket.socket) -> tuple[bytes, Exception | None]:
    """What comes until the connection ends, and what it ends with, where that is no orderly end."""
    received = bytearray()
    try:
        while part := connection.recv(65536):
            received += part
    except OSError as error:
        return bytes(received), error
    return bytes(received), None


def raw(connection: socket.socket) -> socket.socket:
    """The TCP connection below, to read what TLS would not tell apart: Python's ssl has a reset for
    an end without close_notify, and that, unless it is asked, for an end."""
    if not isinstance(connection, ssl.SSLSocket):
        return connection
    below = socket.socket(fileno=connection.detach())
    below.settimeout(SECONDS)
    return below


CLOSING = [
    (WireReply(b"", fault=Fault.CONNECTION_RESET_BY_PEER), ConnectionResetError),
    (WireReply(b"", fault=Fault.EMPTY_RESPONSE), RemoteDisconnected),
    (WireReply(NOISE, fault=Fault.MALFORMED_RESPONSE_CHUNK), IncompleteRead),
    (WireReply(NOISE, fault=Fault.RANDOM_DATA_THEN_CLOSE), BadStatusLine),
    (WireReply(b"0123456789", fault=Fault.TRUNCATED_BODY), IncompleteRead),
]

every_closing_fault = pytest.mark.parametrize(
    ("reply", "seen"), CLOSING, ids=[str(reply.fault) for reply, _ in CLOSING]
)
