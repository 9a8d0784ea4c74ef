"""The servers that are measured: each started on a core of its own, asked once, and stopped."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.calls import Call

SERVER_CORE, CLIENT_CORE = 0, 1
START_SECONDS = 20


class WrongAnswerError(Exception):
    """A server that does not do its work: its speed would mean nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    arguments: tuple[str, ...]
    """Of Python; the port comes behind them."""
    reads_calls: bool = False
    """Whether it answers by what is asked, or always alike."""


BASELINE = Server("baseline", ("-m", "bench.baseline"))
FLOOR = Server("floor", ("-m", "bench.floor"))


def mockocr(*more: str) -> Server:
    arguments = ("-m", "mockocr", "serve", "--log-level", "warning", "--tls-port", "off", *more)
    return Server("mockocr", (*arguments, *_no_rate(), "--port"), reads_calls=True)


def _no_rate() -> tuple[str, ...]:
    """Nothing for versions that do not limit the rate of calls yet."""
    command = (sys.executable, "-m", "mockocr", "serve", "--help")
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return ("--rate", "0") if "--rate" in words else ()


@dataclass(frozen=True, slots=True)
class Running:
    server: Server
    pid: int
    port: int
    start_seconds: float
    """From before the process to its first answer."""

    def memory_bytes(self) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", status)
        return int(kilobytes) * 1024

    def ask(self, call: Call) -> None:
        """Raises WrongAnswerError for any answer but the right one."""
        _check(self.server, call, _answer(self.port, call.body, call.signed_headers()))


@contextlib.contextmanager
def running(server: Server, call: Call) -> Iterator[Running]:
    """The server from its first answer on, which is to this call."""
    port = _free_port()
    headers = call.signed_headers()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MOCKOCR_")}
    begun = time.perf_counter()
    process = subprocess.Popen((sys.executable, *server.arguments, str(port)), env=ours)
    pin(process.pid, SERVER_CORE)
    try:
        while True:
            try:
                answer = _answer(port, call.body, headers)
                break
            except ConnectionRefusedError:
                if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                    raise WrongAnswerError(f"{server.name} does not start") from None
                time.sleep(0.0005)
        seconds = time.perf_counter() - begun
        _check(server, call, answer)
        yield Running(server, process.pid, port, seconds)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def pin(pid: int, core: int) -> bool:
    """What `taskset` does, without its own start; False where there is no such core."""
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


def _answer(port: int, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    with contextlib.closing(connection):
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        return response.status, response.read()


def _check(server: Server, call: Call, answer: tuple[int, bytes]) -> None:
    status, body = answer
    said = json.loads(body)["Response"] if status == 200 else {}
    wanted = call.outcome if server.reads_calls else "ok"
    outcome = said.get("Error", {"Code": "ok"})["Code"]
    if not said.get("RequestId") or outcome != wanted:
        raise WrongAnswerError(f"{server.name}: {wanted} is wanted, found {status} {body!r:.300}")
