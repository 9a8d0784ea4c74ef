"""The start-up sequence: however a start ends, what it opened is released."""

import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mockocr.server.app import create_app
from mockocr.server.bootstrap import START_ERRORS, open_server
from mockocr.server.port_file import PortFile
from mockocr.server.ports import Listener, bind
from mockocr.server.server import Server, serve_in_thread
from mockocr.settings import Settings
from tests.searches import finish_searches
from tests.server.sockets import SECONDS


@pytest.fixture
def free_port() -> int:
    with bind("127.0.0.1", 0) as bound:
        return int(bound.getsockname()[1])


@pytest.mark.parametrize(
    "flaw", ["a taken port", "a damaged CA", "a folder as port file", "a port file in no folder"]
)
def test_a_start_that_fails_closes_its_ports_and_ends_its_threads(
    free_port: int, state_dir: Path, tmp_path: Path, flaw: str
) -> None:
    (tmp_path / "ca").mkdir(mode=0o700)
    finish_searches()
    threads = threading.enumerate()
    with bind("127.0.0.1", 0) as taken:
        flaws: dict[str, dict[str, Any]] = {
            "a taken port": {"tls_port": taken.getsockname()[1]},
            "a damaged CA": {"state_dir": tmp_path},
            "a folder as port file": {"port_file": tmp_path},
            "a port file in no folder": {"port_file": tmp_path / "none" / "ports.json"},
        }
        settings = {"tls_port": 0, "state_dir": state_dir, "scenarios": ("documented",)}
        app = create_app(Settings(port=free_port, **{**settings, **flaws[flaw]}))

        with pytest.raises(START_ERRORS), open_server(app) as server, serve_in_thread(server):
            pass

    bind("127.0.0.1", free_port).close()
    assert threading.enumerate() == threads


def test_an_interrupt_during_a_start_ends_the_server(tmp_path: Path) -> None:
    interrupted = threading.Event()

    def interrupt(*_: Any) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    class InterruptingPortFile(PortFile):
        def write(self, urls: Mapping[str, str]) -> None:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            assert interrupted.wait(SECONDS)

    threads = threading.enumerate()
    handler = signal.signal(signal.SIGINT, interrupt)
    try:
        with bind("127.0.0.1", 0) as bound:
            port_file = InterruptingPortFile(tmp_path / "ports.json")
            server = Server(create_app(Settings()), [Listener(bound)], port_file=port_file)

            with pytest.raises(KeyboardInterrupt), serve_in_thread(server):
                pass
    finally:
        signal.signal(signal.SIGINT, handler)

    assert threading.enumerate() == threads
