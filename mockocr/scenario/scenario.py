"""A scenario, compiled: what a file says, ready to be played."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from mockocr.accounts.call_settings import NO_OVERRIDES, Overrides
from mockocr.actions.action import AnyAction
from mockocr.scenario.outcomes import DelayOnly, Step, Timing
from mockocr.scenario.rule import Rule

_editions = count(1)


class Chance(NamedTuple):
    """Strikes any call, so probably."""

    probability: float


class OutageWindow(NamedTuple):
    """Strikes every call from one on, for some calls or some time; neither: for ever."""

    after_calls: int
    calls: int | None = None
    seconds: float | None = None
    """Of the account's clock, from the first call that it strikes."""


class ChaosEntry(NamedTuple):
    """An entry of `chaos`."""

    name: str
    when: Chance | OutageWindow
    step: Step | DelayOnly
    timing: Timing
    action: AnyAction | None
    """The only action whose calls it strikes; None: those of every action."""


class Expectation(NamedTuple):
    """How many calls a rule is to take."""

    rule: str
    at_least: int
    at_most: int | None
    """None: any number."""

    def is_met(self, calls: int) -> bool:
        return self.at_least <= calls and (self.at_most is None or calls <= self.at_most)


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    name: str
    description: str = ""
    source: str = ""
    """Where it came from: a path, or `inline`."""
    rules: Sequence[Rule] = ()
    chaos: Sequence[ChaosEntry] = ()
    expect: Sequence[Expectation] = ()
    overrides: Overrides = NO_OVERRIDES
    edition: int = field(default_factory=lambda: next(_editions))
    """No two scenarios of a process have the same."""

    def strikes(self) -> list[str]:
        return [strike.name for strike in self.chaos]
