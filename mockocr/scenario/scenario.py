"""A scenario, compiled from its spec."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from mockocr.accounts.call_settings import NO_OVERRIDES, Overrides
from mockocr.actions.action import AnyAction
from mockocr.scenario.outcomes import DelayOnly, Step, Timing
from mockocr.scenario.rule import Rule
from mockocr.settings import API_PAGE

if TYPE_CHECKING:
    from mockocr.documents.document import Problem

_editions = count(1)


class Chance(NamedTuple):
    """Applies to each call with this probability."""

    probability: float


class OutageWindow(NamedTuple):
    """Applies to the calls after the first `after_calls`: some calls, some seconds, or, if both are
    None, all later ones."""

    after_calls: int
    calls: int | None = None
    seconds: float | None = None
    """The duration by the account's clock, from the first call that it affects."""


class ChaosEntry(NamedTuple):
    """An entry of `chaos`."""

    name: str
    when: Chance | OutageWindow
    step: Step | DelayOnly
    timing: Timing
    action: AnyAction | None
    """The action to whose calls it applies; None: every action."""


class Expectation(NamedTuple):
    """How many calls a rule must match."""

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
    """A path, or `inline`."""
    rules: Sequence[Rule] = ()
    chaos: Sequence[ChaosEntry] = ()
    expect: Sequence[Expectation] = ()
    overrides: Overrides = NO_OVERRIDES
    document: Mapping[str, Any] = field(default_factory=dict)
    """The data of the scenario as it was written."""
    text: str | None = None
    """Its YAML as it was written, with comments; None if it was data."""
    warnings: "Sequence[Problem]" = ()
    """Warnings: values that are answered differently than written, and rules that are never
    reached."""
    checked_for: date = API_PAGE
    """The contract that it was checked for, if it sets none."""
    edition: int = field(default_factory=lambda: next(_editions))
    """Unique in the process."""

    def chaos_names(self) -> list[str]:
        return [entry.name for entry in self.chaos]
