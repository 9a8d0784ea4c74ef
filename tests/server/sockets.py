"""Raw sockets to a server, and what comes back on them."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp

from mockocr.server.limits import Limits
from mockocr.server.ports import Listener, bind
from mockocr.server.server import Server, serve_in_thread

SECONDS = 10
"""After which a server that says nothing hangs."""

Connect = Callable[..., socket.socket]

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@contextmanager
def served(
    app: ASGIApp, tls: ssl.SSLContext | None = None, **limits: Any
) -> Iterator[tuple[str, int]]:
    """Serves any application while the block runs: its address."""
    with bind("127.0.0.1", 0) as bound:
        host, port = bound.getsockname()
        with serve_in_thread(Server(app, [Listener(bound, tls)], Limits(**limits))):
            yield host, port


def all_of(connection: socket.socket) -> bytes:
    """What comes until the server closes."""
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except (ConnectionResetError, ssl.SSLEOFError):
        pass
    return received


def answer(connection: socket.socket) -> bytes:
    """One answer of a connection that stays open."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return head + body


def status_and_words(received: bytes) -> tuple[int, str]:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert b"content-type: application/json" in lines
    assert b"connection: close" in lines
    return int(head.split()[1]), json.loads(body)["error"]
