"""Servers with small limits, over http and https, and connections to them."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockocr.server.app import create_app
from mockocr.settings import Settings
from mockocr.tls import ca_path, server_tls
from tests.server.sockets import SECONDS, Connect, served


@pytest.fixture(params=["http", "https"])
def connect(request: pytest.FixtureRequest, state_dir: Path) -> Iterator[Connect]:
    """`connect(headers=5)`: to a server with that limit; the same one for the same limits."""
    with ExitStack() as stack:
        addresses: dict[str, tuple[str, int]] = {}

        def start(**limits: Any) -> socket.socket:
            key = repr(limits)
            if key not in addresses:
                tls = server_tls(state_dir).context if request.param == "https" else None
                app = create_app(Settings(rate=0))
                addresses[key] = stack.enter_context(served(app, tls, **limits))
            plain = stack.enter_context(socket.create_connection(addresses[key], timeout=SECONDS))
            if request.param == "http":
                return plain
            trust = ssl.create_default_context(cafile=ca_path(state_dir))
            return stack.enter_context(trust.wrap_socket(plain, server_hostname="localhost"))

        yield start
