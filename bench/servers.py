"""The servers that are measured: each is started on its own core, called once, and stopped."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

from bench.answer import ANSWER
from bench.calls import Call, Request

SERVER_CORE, CLIENT_CORE = 0, 1
START_SECONDS = 180
"""A start under valgrind takes long."""
STOP_SECONDS = 60


class WrongAnswerError(Exception):
    """A server gave a wrong answer: its speed would mean nothing."""


def always_the_same(call: Call, body: bytes) -> bool:
    """Whether this is the answer of the baseline and of configured peers."""
    return bool(json.loads(body) == json.loads(ANSWER))


def as_asked(call: Call, body: bytes) -> bool:
    """Whether this is an answer of mockocr."""
    message = json.loads(body)["Response"]
    return (
        bool(message["RequestId"]) and message.get("Error", {"Code": "ok"})["Code"] == call.outcome
    )


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    command: tuple[str, ...]
    """The command; {port} is replaced by the port, which is also in the environment as PORT, and
    {other_port} by another free port."""
    folder: Path | None = None
    """The working directory; None: the current one."""
    request: Callable[[Call], Request] = Call.signed
    """Changes a call into one for this server."""
    is_right: Callable[[Call, bytes], bool] = always_the_same
    """Whether a body answers a call. May raise ValueError, KeyError or TypeError instead."""


BASELINE = Server("baseline", (sys.executable, "-m", "bench.baseline", "{port}"))
FLOOR = Server("hashing floor", (sys.executable, "-m", "bench.floor", "{port}"))


def mockocr(*more: str, level: str = "warning", name: str = "mockocr") -> Server:
    serve = ("-m", "mockocr", "serve", "--log-level", level, "--tls-port", "off", "--rate", "0")
    command = (sys.executable, *serve, *more, "--port", "{port}")
    return Server(name, command, is_right=as_asked)


@dataclass(frozen=True, slots=True)
class Running:
    server: Server
    process: subprocess.Popen[bytes]
    port: int
    start_seconds: float
    """The time from before the process exists to its first answer."""

    def memory_bytes(self) -> int:
        """The present resident memory."""
        return self._status_bytes("VmRSS")

    def peak_memory_bytes(self) -> int:
        """The peak of the resident memory."""
        return self._status_bytes("VmHWM")

    def _status_bytes(self, name: str) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [kilobytes] = re.findall(rf"{name}:\s+(\d+) kB", status)
        return int(kilobytes) * 1024

    def cpu_seconds(self) -> float:
        """The CPU time that all its threads have used."""
        behind_name = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(behind_name[11]) + int(behind_name[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def ask(self, call: Call) -> None:
        """Raises WrongAnswerError for a wrong answer."""
        self.check(call, *post(self.port, self.server.request(call)))

    def check(self, call: Call, status: int, body: bytes) -> None:
        right = False
        if status == 200:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                right = self.server.is_right(call, body)
        if not right:
            message = body.decode(errors="replace")
            raise WrongAnswerError(f"{self.server.name} answers {status} {message:.300}")

    def stop(self) -> float:
        """The seconds from SIGTERM to the end of the process, which is killed if it takes too
        long."""
        begun = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        kill = threading.Timer(STOP_SECONDS, self.process.kill)
        kill.start()
        # Without a timeout: with one, subprocess polls.
        self.process.wait()
        kill.cancel()
        return time.perf_counter() - begun


@contextlib.contextmanager
def running(server: Server, call: Call) -> Iterator[Running]:
    """Runs a server, from its answer to this first call."""
    port = _free_port()
    request = server.request(call)
    # Without .pyc files every start would compile mockocr anew, and nothing else.
    without = ("MOCKOCR_", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    ports = {"{port}": str(port), "{other_port}": str(_free_port())}
    command = [ports.get(word, word) for word in server.command]
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                cwd=server.folder,
                env={**clean, "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        except OSError as error:
            raise WrongAnswerError(f"{server.name} cannot be started: {error}") from None
        pin(process.pid, SERVER_CORE)
        try:
            while (answer := _first_answer(port, request)) is None:
                if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                    raise WrongAnswerError(f"{server.name} does not start: {_last_line(output)}")
                time.sleep(0.0005)
            started = Running(server, process, port, time.perf_counter() - begun)
            started.check(call, *answer)
            yield started
        finally:
            Running(server, process, port, 0.0).stop()


def _first_answer(port: int, request: Request) -> tuple[int, bytes] | None:
    try:
        return post(port, request)
    except ConnectionError:
        return None


def _last_line(output: IO[bytes]) -> str:
    output.seek(0)
    return (output.read().decode(errors="replace").strip().splitlines() or ["without a word"])[-1]


def pin(pid: int, core: int) -> bool:
    """Sets the core of a process like `taskset`, but without starting it. False if there is no
    such core."""
    if sys.platform != "linux":
        return False
    try:
        os.sched_setaffinity(pid, {core})
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def post(port: int, request: Request, path: str = "/", method: str = "POST") -> tuple[int, bytes]:
    """Status and body. Raises ConnectionError if nothing answers, WrongAnswerError if the answer
    is not HTTP or is too late."""
    connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    with contextlib.closing(connection):
        try:
            connection.request(method, path, request.body, dict(request.headers))
            response = connection.getresponse()
            return response.status, response.read()
        except (HTTPException, TimeoutError) as error:
            if isinstance(error, ConnectionError):
                raise
            raise WrongAnswerError(f"no answer that can be read: {error!r}") from None
