"""Guards against unwanted connections, and servers to download from."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockocr.tls import ServerTls, server_tls
from tests.downloads.servers import Host, ok, saying, serving


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The addresses that sockets connected to."""
    targets: list[tuple[str, int]] = []

    def refuse(_: socket.socket, target: tuple[str, int]) -> None:
        targets.append(target)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return targets


@pytest.fixture(scope="module")
def tls(state_dir: Path) -> ServerTls:
    return server_tls(state_dir, ["cards.test"])


@pytest.fixture
def other() -> Iterator[Host]:
    with serving(saying(ok(b"other"))) as host:
        yield host
