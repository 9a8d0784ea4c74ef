"""Servers with small limits, over http and https, and connections to them."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockocr.server.app import create_app, create_state
from mockocr.server.limits import Limits
from mockocr.server.ports import Listener, bind
from mockocr.server.server import Server, serve_in_thread
from mockocr.settings import Settings
from mockocr.tls import ca_path, server_tls
from tests.server.sockets import SECONDS, Connect


@pytest.fixture(params=["http", "https"])
def connect(request: pytest.FixtureRequest, state_dir: Path) -> Iterator[Connect]:
    """`connect(headers=5)`: to a server with that limit; the same one for the same limits."""
    with ExitStack() as stack:
        listeners: dict[str, Listener] = {}

        def start(**limits: Any) -> socket.socket:
            key = repr(limits)
            if key not in listeners:
                tls = server_tls(state_dir).context if request.param == "https" else None
                settings = Settings(port=0, tls_port=0, rate=0)
                listeners[key] = Listener(bind("127.0.0.1", 0), tls)
                app = create_app(create_state(settings), settings)
                server = Server(app, [listeners[key]], Limits(**limits))
                stack.enter_context(serve_in_thread(server))
            address = listeners[key].socket.getsockname()
            plain = stack.enter_context(socket.create_connection(address, timeout=SECONDS))
            if request.param == "http":
                return plain
            trust = ssl.create_default_context(cafile=ca_path(state_dir))
            return stack.enter_context(trust.wrap_socket(plain, server_hostname="localhost"))

        yield start
