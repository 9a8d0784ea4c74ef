"""Whether rules took as many calls as they are expected to (docs/scenarios.md, `expect`). Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mockocr.scenario.scenario import Expectation, Scenario
from mockocr.suggestions import unknown

Taken = Mapping[tuple[str, str], int]
"""How many calls each rule took, by scenario and rule."""


class UnknownRuleError(Exception):
    """A rule that is expected to take calls, and that there is not; says what there is."""


class Checked(NamedTuple):
    expected: Expectation
    found: int
    scenario: str | None
    """Whose rule it is; None where several have one of that name."""

    @property
    def ok(self) -> bool:
        return self.expected.is_met(self.found)


def check(scenarios: Iterable[Scenario], taken: Taken) -> list[Checked]:
    """What scenarios expect themselves."""
    return [
        Checked(expected, taken.get((scenario.name, expected.rule), 0), scenario.name)
        for scenario in scenarios
        for expected in scenario.expect
    ]


def check_these(
    expected: Iterable[Expectation], scenarios: Sequence[Scenario], taken: Taken
) -> list[Checked]:
    """What somebody expects of rules by name, whichever scenario they are of.

    Raises UnknownRuleError for a rule that neither plays nor took a call.
    """
    found: Counter[str] = Counter()
    owners: dict[str, set[str]] = {}
    for scenario in scenarios:
        for rule in (*(it.name for it in scenario.rules), *scenario.strikes()):
            owners.setdefault(rule, set()).add(scenario.name)
    for (owner, rule), calls in taken.items():
        owners.setdefault(rule, set()).add(owner)
        found[rule] += calls
    checked = []
    for each in expected:
        names = owners.get(each.rule)
        if names is None:
            raise UnknownRuleError(unknown("rule", each.rule, sorted(owners)))
        checked.append(Checked(each, found[each.rule], names.pop() if len(names) == 1 else None))
    return checked
