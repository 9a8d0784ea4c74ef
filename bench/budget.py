"""`python -m bench.budget`: the cost of a small call, in instructions and in function calls.

valgrind's cachegrind counts instructions, and the figure is the difference between a short and a
long run. So start and stop do not count, and other processes do not matter. Whole servers are
called on 32 connections at once. Stages of the pipeline run in a loop, on a call that was answered
before.
"""

import argparse
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from bench.calls import small
from bench.report import number, table
from bench.servers import BASELINE, FLOOR, Server, mockocr, running
from bench.steady import message_of
from mockocr.accounts.identity import identify
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest
from mockocr.server.app import App, create_app
from mockocr.server.bootstrap import open_server
from mockocr.server.server import serve_in_thread
from mockocr.settings import Settings

CONNECTIONS = 32
SHORT, LONG = 20, 60
"""The rounds of a short and a long run. In each round, every connection makes one call."""
SERVERS = (
    ("mockocr", mockocr()),
    ("mockocr, with rules", mockocr("--scenarios", "documented")),
    ("mockocr, with rules and the default log", mockocr("--scenarios", "documented", level="info")),
    ("baseline", BASELINE),
    ("hashing floor", FLOOR),
)

Run = Callable[[], object]


class NoValgrindError(Exception):
    """valgrind is not installed."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.budget")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.stage:
        _repeat(args.stage, args.rounds)
        return 0
    if shutil.which("valgrind") is None:
        message = "bench.budget: valgrind counts instructions and is not installed: "
        print(message + "apt-get install valgrind", file=sys.stderr)
        return 2
    print(_report())
    return 0


def _report() -> str:
    servers = [(name, number(_instructions_of(server) / 1000)) for name, server in SERVERS]
    stages = [(name, number(_instructions_of_stage(name) / 1000)) for name in STAGES]
    calls = [(name, *map(str, calls_of(rules))) for name, rules in RULES.items()]
    return "\n\n".join(
        (
            table(("a call of 240 B, 32 connections", "1,000 instructions"), servers),
            table(("of it, alone in a loop", "1,000 instructions"), stages),
            table(("in the server's thread", "Python calls", "C calls"), calls),
        )
    )


RULES: Mapping[str, Sequence[str]] = {"no rules": (), "with rules": ("documented",)}


# Instructions


def _under_valgrind(output: str, command: Sequence[str]) -> tuple[str, ...]:
    tool = ("valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={output}")
    return (*tool, *command)


def _total(output: Path) -> int:
    [total] = re.findall(r"^summary: (\d+)", output.read_text(), re.MULTILINE)
    return int(total)


def _instructions_of(server: Server) -> float:
    """The instructions of one call, with everything in the server's process."""
    short, long = (_instructions_of_run(server, rounds) for rounds in (SHORT, LONG))
    return (long - short) / (LONG - SHORT) / CONNECTIONS


def _instructions_of_run(server: Server, rounds: int) -> int:
    with tempfile.NamedTemporaryFile() as output:
        charge = replace(server, command=_under_valgrind(output.name, server.command))
        with running(charge, small()) as started:
            ask_in_rounds(started.port, message_of(server.request(small())), rounds)
        return _total(Path(output.name))


def _instructions_of_stage(stage: str) -> float:
    short, long = (_instructions_of_repeating(stage, rounds) for rounds in (SHORT, LONG))
    return (long - short) / (LONG - SHORT) / CONNECTIONS


def _instructions_of_repeating(stage: str, rounds: int) -> int:
    repeating = (sys.executable, "-m", "bench.budget", "--stage", stage, "--rounds", str(rounds))
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run(_under_valgrind(output.name, repeating), check=True, capture_output=True)
        return _total(Path(output.name))


def ask_in_rounds(port: int, message: bytes, rounds: int) -> None:
    """Makes one call on each connection in each round. All are sent before an answer is read."""
    with ExitStack() as opened:
        connections = [
            opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            for _ in range(CONNECTIONS)
        ]
        for _ in range(rounds):
            for connection in connections:
                connection.sendall(message)
            for connection in connections:
                _read_answer(connection)


def _read_answer(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    [length] = re.findall(rb"content-length: (\d+)", head)
    missing = int(length) - len(body)
    while missing > 0:
        missing -= len(connection.recv(missing))


# Stages


def _app(rules: Sequence[str] = ()) -> App:
    return create_app(Settings(port=0, tls_port=None, rate=0, scenarios=tuple(rules)))


def _request() -> WireRequest:
    request = small().signed()
    headers = {name.lower(): value for name, value in request.headers.items()}
    return WireRequest("", datetime.now(UTC), "POST", "/", "", headers, request.body)


def _reading() -> Run:
    request = _request()
    return lambda: read_call(request)


def _identifying() -> Run:
    state, request = _app().state, _request()
    call = read_call(request)
    return lambda: identify(request, call, state.accounts, state.clock_of)


def _answering(rules: Sequence[str] = ()) -> Run:
    pipeline, request = _app(rules).api.pipeline, _request()
    return lambda: pipeline.answer(request)


STAGES: Mapping[str, Callable[[], Run]] = {
    "common parameters": _reading,
    "who calls: claim, canonical request, HMAC": _identifying,
    "the pipeline and its record": _answering,
    "the same, with rules": lambda: _answering(("documented",)),
}


def _repeat(stage: str, rounds: int) -> None:
    run = STAGES[stage]()
    for _ in range(rounds * CONNECTIONS):
        run()


# Calls of functions


def calls_of(rules: Sequence[str] = ()) -> tuple[int, int]:
    """The calls of Python and C functions, for one call in the thread of a warm server."""
    charge: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        charge[event] += 1

    threading.setprofile(count)
    try:
        with open_server(_app(rules)) as server, serve_in_thread(server):
            port = urlsplit(server.urls["http"]).port or 0
            message = message_of(small().signed())
            totals = []
            for rounds in (SHORT, SHORT, LONG):
                before = charge.copy()
                ask_in_rounds(port, message, rounds)
                totals.append(charge - before)
    finally:
        threading.setprofile(None)
    _, short, long = totals
    more = (LONG - SHORT) * CONNECTIONS
    return round((long["call"] - short["call"]) / more), round(
        (long["c_call"] - short["c_call"]) / more
    )


if __name__ == "__main__":
    sys.exit(main())
