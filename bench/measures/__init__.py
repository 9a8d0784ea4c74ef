"""All measurements, in their order."""

from collections.abc import Iterator, Sequence

from bench.figure import Figure
from bench.length import Length
from bench.measures.growth import growth
from bench.measures.memory import memory
from bench.measures.pictures import pictures
from bench.measures.sessions import sessions
from bench.measures.speed import speed
from bench.measures.starts import starts
from bench.measures.steadiness import steadiness
from bench.servers import Server


def measure(length: Length, peers: Sequence[Server]) -> Iterator[Figure]:
    """Raises WrongAnswerError if one of our own servers gives a wrong answer."""
    yield from starts(length, peers)
    yield from speed(length, peers)
    yield from steadiness(length, peers)
    yield from memory(length, peers)
    yield from pictures(length)
    yield from growth(length)
    yield from sessions(length)
