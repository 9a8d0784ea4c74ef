"""The time from before the process exists to its first answer, and from SIGTERM to its end."""

import time
from collections.abc import Iterator, Sequence

from bench.calls import refused, small
from bench.figure import Figure, alternate
from bench.length import Length
from bench.servers import BASELINE, Server, mockocr, running

START, START_TO_REFUSAL = "start to the first answer", "start to a verified refusal"
START_WITH_RULES = "start with --scenarios to the first answer"
STOP = "stop"
SETTLE_SECONDS = 0.5
"""Until the server has finished the work after its first answer."""


def starts(length: Length, peers: Sequence[Server]) -> Iterator[Figure]:
    start, stop = Figure(START, " ms"), Figure(STOP, " ms")
    servers = (mockocr(), BASELINE)
    alternate((start, stop), _start_and_stop, length.starts, servers, peers, length.peer_rounds)
    yield start
    yield stop
    to_refusal = Figure(START_TO_REFUSAL, " ms")
    alternate((to_refusal,), _to_refusal, length.starts, servers)
    yield to_refusal
    with_rules = Figure(START_WITH_RULES, " ms")
    servers = (mockocr("--scenarios", "documented"), BASELINE)
    alternate((with_rules,), _to_first_answer, length.starts, servers)
    yield with_rules


def _to_refusal(server: Server) -> tuple[float]:
    with running(server, refused()) as started:
        return (1000 * started.start_seconds,)


def _to_first_answer(server: Server) -> tuple[float]:
    with running(server, small()) as started:
        return (1000 * started.start_seconds,)


def _start_and_stop(server: Server) -> tuple[float, float]:
    with running(server, small()) as started:
        time.sleep(SETTLE_SECONDS)
        return 1000 * started.start_seconds, 1000 * started.stop()
