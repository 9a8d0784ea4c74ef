"""The memory of a server: idle, after many calls with a picture, and at its peak."""

import time
from collections.abc import Iterator, Sequence

from bench.calls import noise, small
from bench.figure import Figure, alternate
from bench.length import Length
from bench.load import drive
from bench.servers import BASELINE, Server, mockocr, running

IDLE, AFTER, PEAK = "memory, idle", "memory, after 200 KB calls", "memory, at most"
CALLS = "200 KB calls made"
MOST_CALLS = 10_000
MOST_SECONDS = 10
"""The time for peers, which are too slow for all calls; `CALLS` has the number that they
answered."""
SETTLE_SECONDS = 1
"""Until the server has finished the work after its first answer."""


def memory(length: Length, peers: Sequence[Server]) -> Iterator[Figure]:
    picture = noise(200_000)
    figures = [Figure(IDLE, " MB"), Figure(AFTER, " MB"), Figure(PEAK, " MB"), Figure(CALLS)]

    def find(server: Server) -> tuple[float, ...]:
        with running(server, small()) as started:
            time.sleep(SETTLE_SECONDS)
            idle = started.memory_bytes()
            calls, until = 0, time.monotonic() + MOST_SECONDS
            while calls < MOST_CALLS and (server not in peers or time.monotonic() < until):
                calls += drive(started, [picture], 1, 1).requests
            after, peak = started.memory_bytes(), started.peak_memory_bytes()
            return idle / 1e6, after / 1e6, peak / 1e6, calls

    alternate(figures, find, length.memory_rounds, (mockocr(), BASELINE), peers)
    yield from figures
