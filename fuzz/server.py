"""A server in its own process, observed from outside."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fuzz.answers import answers_in, outcome_of
from fuzz.target import FoundError

WAIT_SECONDS = 20
"""A server that is silent for longer hangs."""


_LIMIT = '"event": "limit reached: '


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[bytes]
    log: Path
    ports: dict[str, int]
    """The ports of http, and of https if it is on."""

    def files(self) -> int:
        """The number of open files, including sockets."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.ports["http"]), WAIT_SECONDS)

    def exchanged(self, sent: bytes) -> bytes:
        """All bytes of the reply, on a new connection. Raises FoundError if the server hangs."""
        received = bytearray()
        try:
            with self.connected() as connection:
                with contextlib.suppress(ConnectionError, OSError):
                    # Refused before all was sent: what is said of it can still be read.
                    connection.sendall(sent)
                    connection.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionResetError):
                    while part := connection.recv(65536):
                        received += part
        except TimeoutError:
            raise FoundError(f"no answer within {WAIT_SECONDS} seconds") from None
        except ConnectionRefusedError:
            raise FoundError(f"the server has ended: {self.log_text()}") from None
        return bytes(received)

    def insist_on(self, sent: bytes) -> None:
        """Checks that a good call is answered, and that nothing was logged. Raises FoundError."""
        outcomes = [outcome_of(answer) for answer in answers_in(self.exchanged(sent))]
        if outcomes != ["ok"]:
            raise FoundError(f"a good call was answered {outcomes}")
        self.insist_on_silence()

    def insist_on_silence(self) -> None:
        """Checks that only reached limits were logged. Only warnings and errors are logged at
        all."""
        if self.log.stat().st_size and any(
            _LIMIT not in each for each in self.log_text().splitlines()
        ):
            raise FoundError(f"the log says: {self.log_text()}")

    def log_text(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-50:])


@contextlib.contextmanager
def serving(*flags: str, files: dict[str, str] | None = None) -> Iterator[Server]:
    """A server on free ports, with these files in its folder, until the block ends. Then it must
    stop with its exit code. Raises FoundError."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MOCKOCR_")}
    with tempfile.TemporaryDirectory(prefix="mockocr-fuzz-") as name:
        folder = Path(name)
        for file, text in (files or {}).items():
            (folder / file).write_text(text, encoding="utf-8")
        port_file, log = folder / "ports.json", folder / "log"
        chosen = ("--port=0", f"--port-file={port_file}", f"--state-dir={folder}", *flags)
        command = (sys.executable, "-m", "mockocr", "serve", "--log-level=warning", *chosen)
        root = str(Path(__file__).parents[1])
        path = os.pathsep.join([root, *filter(None, [ours.get("PYTHONPATH")])])
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                command, cwd=folder, env={**ours, "PYTHONPATH": path}, stderr=stderr
            )
        with process:
            try:
                ports = _ports(process, port_file, log)
                yield Server(process, log, ports)
                process.send_signal(signal.SIGTERM)
                code = process.wait(WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                raise FoundError(f"the server does not stop: {log.read_text()[:5000]}") from None
            finally:
                process.kill()
        if code != 128 + signal.SIGTERM:
            raise FoundError(f"the server ended with {code}: {log.read_text()[:5000]}")


def _ports(process: subprocess.Popen[bytes], port_file: Path, log: Path) -> dict[str, int]:
    end = time.monotonic() + WAIT_SECONDS
    while not port_file.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise FoundError(f"the server does not start: {log.read_text()[:5000]}")
        time.sleep(0.005)
    result = json.loads(port_file.read_text())
    return {
        name: int(url.rpartition(":")[2]) for name, url in result.items() if isinstance(url, str)
    }
