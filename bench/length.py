"""How long everything takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Length:
    rounds: int
    """Of what has a goal."""
    other_rounds: int
    """Of what has none."""
    peer_rounds: int
    """Of what has a goal; of what has none, one."""
    load_seconds: int
    """Of what has a goal; of what has none, `SHORT_LOAD_SECONDS`."""
    starts: int
    memory_rounds: int
    pictures: int
    """Never seen, of each kind."""


FULL = Length(
    rounds=5,
    other_rounds=2,
    peer_rounds=2,
    load_seconds=2,
    starts=11,
    memory_rounds=2,
    pictures=20,
)
QUICK = Length(
    rounds=2,
    other_rounds=1,
    peer_rounds=1,
    load_seconds=1,
    starts=5,
    memory_rounds=1,
    pictures=5,
)
WARM_UP_SECONDS = SHORT_LOAD_SECONDS = 1
