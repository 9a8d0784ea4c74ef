"""Servers of replies that depart as they please, over http and https, and connections to them."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockocr.protocol.wire import WireReply
from mockocr.server.limits import Limits
from mockocr.server.ports import Listener, bind
from mockocr.server.server import Server, serve_in_thread
from mockocr.tls import ca_path, server_tls
from tests.server.send.sending import SECONDS, Connect, Departing, Start


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def departing(scheme: str, state_dir: Path) -> Iterator[Callable[..., tuple[Departing, Server]]]:
    with ExitStack() as stack:

        def make(replies: dict[str, WireReply], **limits: Any) -> tuple[Departing, Server]:
            tls = server_tls(state_dir).context if scheme == "https" else None
            bound = stack.enter_context(bind("127.0.0.1", 0))
            app = Departing(replies, Listener(bound, tls))
            return app, Server(app, [app.listener], Limits(**limits))

        yield make


@pytest.fixture
def start(departing: Callable[..., tuple[Departing, Server]]) -> Iterator[Start]:
    with ExitStack() as stack:

        def start_one(replies: dict[str, WireReply], **limits: Any) -> Departing:
            app, server = departing(replies, **limits)
            stack.enter_context(serve_in_thread(server))
            return app

        yield start_one


@pytest.fixture
def connect(scheme: str, state_dir: Path) -> Iterator[Connect]:
    with ExitStack() as stack:

        def connect_one(app: Departing) -> socket.socket:
            address = app.listener.socket.getsockname()
            plain = stack.enter_context(socket.create_connection(address, timeout=SECONDS))
            if scheme == "http":
                return plain
            trust = ssl.create_default_context(cafile=ca_path(state_dir))
            return stack.enter_context(trust.wrap_socket(plain, server_hostname="localhost"))

        yield connect_one
