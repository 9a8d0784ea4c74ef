"""The number of rounds, and the time for each measurement."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Length:
    rounds: int
    """Rounds of figures with a goal."""
    other_rounds: int
    """Rounds of figures without a goal."""
    peer_rounds: int
    """Rounds of peers for figures with a goal; figures without a goal have one."""
    load_seconds: int
    """The time under load for figures with a goal; for others it is `SHORT_LOAD_SECONDS`."""
    starts: int
    memory_rounds: int
    pictures: int
    """New pictures of each kind."""


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
