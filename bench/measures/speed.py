"""Requests a second and their p99, by size of the body and number of connections."""

from collections.abc import Iterator, Sequence
from functools import partial

from bench import own_client
from bench.calls import Call, noise, small
from bench.figure import Figure, alternate
from bench.length import SHORT_LOAD_SECONDS, WARM_UP_SECONDS, Length
from bench.load import drive
from bench.servers import BASELINE, FLOOR, Server, mockocr, running

SIZES = ("240 B", "200 KB", "1 MB", "5 MB")
CONNECTIONS = (1, 32)
Cell = tuple[str, int]
SMALL: Cell = ("240 B", 32)
WITH_GOALS: Sequence[Cell] = (SMALL, ("200 KB", 1), ("1 MB", 1), ("5 MB", 1))

WITH_RULES, WITH_LOG = "mockocr, rules", "mockocr, default log"
VARIANTS = (
    mockocr("--scenarios", "documented", name=WITH_RULES),
    mockocr(level="info", name=WITH_LOG),
)
"""Other settings of mockocr for small calls. The usual ones have no rules and log only warnings."""
CELLS: Sequence[Cell] = [(size, connections) for size in SIZES for connections in CONNECTIONS]


def rate_of(cell: Cell) -> str:
    return f"requests/s, {_words(cell)}"


def rate_by_own_client(cell: Cell) -> str:
    return f"{rate_of(cell)}, own client"


def p99_of(cell: Cell) -> str:
    return f"p99, {_words(cell)}"


def _words(cell: Cell) -> str:
    size, connections = cell
    return f"{size}, {connections} connection{'s' if connections > 1 else ''}"


def speed(length: Length, peers: Sequence[Server]) -> Iterator[Figure]:
    calls = dict(zip(SIZES, (small(), *map(noise, (200_000, 1_000_000, 5_000_000))), strict=True))
    for cell in CELLS:
        size, connections = cell
        figures = Figure(rate_of(cell), "/s"), Figure(p99_of(cell), " ms")
        has_goal = cell in WITH_GOALS
        rounds = length.rounds if has_goal else length.other_rounds
        peer_rounds = length.peer_rounds if has_goal else 1
        seconds = length.load_seconds if has_goal else SHORT_LOAD_SECONDS
        find = partial(_rate_and_p99, calls[size], connections, seconds)
        servers = (mockocr(), *(VARIANTS if cell == SMALL else ()), BASELINE, FLOOR)
        alternate(figures, find, rounds, servers, peers, peer_rounds)
        yield from figures
        if has_goal:
            again = Figure(rate_by_own_client(cell), "/s")
            find_again = partial(_rate_by_own_client, calls[size], connections, seconds)
            alternate((again,), find_again, rounds, servers)
            yield again


def _rate_and_p99(
    call: Call, connections: int, seconds: int, server: Server
) -> tuple[float, float]:
    with running(server, call) as started:
        drive(started, [call], connections, WARM_UP_SECONDS)
        load = drive(started, [call], connections, seconds)
        return load.rate, load.p99_milliseconds


def _rate_by_own_client(call: Call, connections: int, seconds: int, server: Server) -> tuple[float]:
    with running(server, call) as started:
        own_client.rate(started, call, connections, WARM_UP_SECONDS)
        return (own_client.rate(started, call, connections, seconds),)
