"""The p99 of large calls at a steady rate, as a client of a running suite sees it."""

from collections.abc import Iterator, Sequence

from bench.calls import noise
from bench.figure import Figure, alternate
from bench.length import WARM_UP_SECONDS, Length
from bench.load import drive
from bench.servers import BASELINE, FLOOR, Server, mockocr, running
from bench.steady import p99_milliseconds

RATE = 200
P99_AT_RATE = f"p99, 1 MB, {RATE} requests/s"


def steadiness(length: Length, peers: Sequence[Server]) -> Iterator[Figure]:
    call = noise(1_000_000)
    figure = Figure(P99_AT_RATE, " ms")

    def find(server: Server) -> tuple[float]:
        with running(server, call) as started:
            drive(started, [call], 1, WARM_UP_SECONDS)
            return (p99_milliseconds(started, call, RATE, 2 * length.load_seconds),)

    alternate((figure,), find, length.rounds, (mockocr(), BASELINE, FLOOR), peers)
    yield figure
