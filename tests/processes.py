"""Servers in their own processes, and raw requests to them."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DEADLINE_SECONDS = 30
"""A timeout against hangs; nothing here takes a second."""


class Process:
    """A server in its own process."""

    def __init__(
        self,
        folder: Path,
        state_dir: Path,
        *flags: str,
        within: Sequence[str] = (),
        stdin: int = subprocess.DEVNULL,
        **variables: str,
    ) -> None:
        """`within`: a command that runs the server, like `nice`."""
        self.port_file = folder / "ports.json"
        self.state_dir = state_dir
        chosen = ["--port=0", "--tls-port=0", f"--port-file={self.port_file}", *flags]
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith("MOCKOCR_")
        }
        self.popen = subprocess.Popen(
            [*within, sys.executable, "-m", "mockocr", "serve", *chosen],
            cwd=folder,
            env={**clean, "MOCKOCR_STATE_DIR": str(state_dir), **variables},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        """The lines that were read from stderr."""

    def line(self, wanted: str) -> str:
        """The next line of stderr with this text."""
        assert self.popen.stderr is not None
        for line in self.popen.stderr:
            self.lines.append(line)
            if wanted in line:
                return line
        raise AssertionError(f"no {wanted!r} in stderr: {''.join(self.lines)}")

    def ready(self) -> dict[str, Any]:
        """Waits for the port-file and reads it."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self.port_file.exists():
            assert self.popen.poll() is None, self.ended()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return dict(json.loads(self.port_file.read_text()))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """The exit code and the whole stderr."""
        self.popen.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """The same, for a server that ends by itself. A pipe to its stdin is closed."""
        out, err = self.popen.communicate(timeout=DEADLINE_SECONDS)
        assert out == ""
        return self.popen.returncode, "".join(self.lines) + err


Start = Callable[..., Process]


def address(url: str) -> tuple[str, int]:
    host, _, port = url.rpartition("://")[2].rpartition(":")
    return host.strip("[]"), int(port)


@contextmanager
def connection(url: str) -> Iterator[socket.socket]:
    """A socket to http or https (without verification), with a deadline against hangs."""
    with socket.create_connection(address(url), DEADLINE_SECONDS) as plain:
        if url.startswith("http:"):
            yield plain
            return
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(plain) as wrapped:
            yield wrapped


class Reply:
    """One HTTP reply, read from a socket's file."""

    def __init__(self, file: Any) -> None:
        status_line = file.readline().decode("latin-1")
        self.status = int(status_line.split()[1])
        self.headers: dict[str, str] = {}
        while (line := file.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.body: bytes = file.read(int(self.headers.get("content-length", "0")))

    @property
    def response(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["Response"])

    @property
    def code(self) -> str:
        return str(self.response["Error"]["Code"])


def request(
    method: str = "POST", target: str = "/", body: bytes = b"", version: str = "1.1", **more: str
) -> bytes:
    """A call that is refused with MissingParameter, unless headers or method change it."""
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json", "X-TC-Action": "IDCardOCR"}
    headers["Content-Length"] = str(len(body))
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"{method} {target} HTTP/{version}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(url: str, sent: bytes) -> Reply:
    with connection(url) as wire, wire.makefile("rb") as file:
        wire.sendall(sent)
        return Reply(file)


def healthy(url: str) -> bool:
    return ask(url, request("GET", "/healthz")).status == 200


def children(pid: int | str = "self") -> set[int]:
    """The processes that a process (default: this one) has started, zombies among them."""
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for file in files for child in file.read_text().split()}
