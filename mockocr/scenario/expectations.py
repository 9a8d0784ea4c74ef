"""Compares the calls of rules with `expect` (docs/scenarios.md). Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mockocr.scenario.scenario import Expectation, Scenario
from mockocr.suggestions import unknown

CallCounts = Mapping[tuple[str, str], int]
"""The number of calls that each rule matched, by scenario and rule."""


class UnknownRuleError(Exception):
    """An expectation names a rule that does not exist."""


class Checked(NamedTuple):
    expected: Expectation
    found: int
    scenario: str | None
    """The scenario of the rule; None if several have a rule of this name."""

    @property
    def ok(self) -> bool:
        return self.expected.is_met(self.found)


def check(scenarios: Iterable[Scenario], counts: CallCounts) -> list[Checked]:
    """Checks the expectations in the scenarios."""
    return [
        Checked(expected, counts.get((scenario.name, expected.rule), 0), scenario.name)
        for scenario in scenarios
        for expected in scenario.expect
    ]


def check_rules(
    expectations: Iterable[Expectation], scenarios: Sequence[Scenario], counts: CallCounts
) -> list[Checked]:
    """Checks expectations of rules by name, in whichever scenarios they are.

    Raises UnknownRuleError for a rule that is in no scenario and matched no call.
    """
    found: Counter[str] = Counter()
    owners: dict[str, set[str]] = {}
    for scenario in scenarios:
        for rule in (*(rule.name for rule in scenario.rules), *scenario.chaos_names()):
            owners.setdefault(rule, set()).add(scenario.name)
    for (owner, rule), calls in counts.items():
        owners.setdefault(rule, set()).add(owner)
        found[rule] += calls
    checked = []
    for expected in expectations:
        names = owners.get(expected.rule)
        if names is None:
            raise UnknownRuleError(unknown("rule", expected.rule, sorted(owners)))
        scenario_name = names.pop() if len(names) == 1 else None
        checked.append(Checked(expected, found[expected.rule], scenario_name))
    return checked
