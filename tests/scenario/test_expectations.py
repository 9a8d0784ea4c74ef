"""Whether rules matched the expected number of calls."""

import pytest

from mockocr.scenario.expectations import Checked, UnknownRuleError, check, check_rules
from mockocr.scenario.scenario import Expectation
from tests.scenario.scripts import a_scenario

TEXT = """\
name: {name}
rules:
  - {{name: flaky, then: {{error: InternalError}}}}
  - {{name: solid, then: {{card: invented}}}}
expect: {{flaky: 3, solid: {{at_least: 1}}}}
"""
ONE, OTHER = (a_scenario(TEXT.format(name=name)) for name in ("one", "other"))
FLAKY, SOLID = ONE.expect


def test_each_scenario_is_checked_by_its_own_calls() -> None:
    counts = {("one", "flaky"): 3, ("other", "solid"): 2, ("third", "flaky"): 9}

    results = [
        (result.scenario, result.expected.rule, result.found, result.ok)
        for result in check([ONE, OTHER], counts)
    ]

    assert results == [
        ("one", "flaky", 3, True),
        ("one", "solid", 0, False),
        ("other", "flaky", 0, False),
        ("other", "solid", 2, True),
    ]


def test_expectations_of_a_request_count_all_rules_of_that_name() -> None:
    counts = {("one", "flaky"): 1, ("gone", "flaky"): 2, ("gone", "other"): 5}

    assert check_rules([FLAKY], [ONE], counts) == [Checked(FLAKY, 3, None)]
    assert check_rules([SOLID], [ONE], counts) == [Checked(SOLID, 0, "one")]
    assert check_rules([Expectation("other", 5, 5)], [ONE], counts)[0].scenario == "gone"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("flakey", "unknown rule 'flakey'; did you mean 'flaky'?"),
        ("zzz", "unknown rule 'zzz'; expected one of flaky, solid"),
    ],
)
def test_an_unknown_rule_is_reported_with_a_suggestion(rule: str, message: str) -> None:
    with pytest.raises(UnknownRuleError, match="^" + message.replace("?", r"\?")):
        check_rules([Expectation(rule, 0, 0)], [ONE], {})


def test_no_rule_is_known_without_an_active_scenario() -> None:
    with pytest.raises(UnknownRuleError, match="there are none"):
        check_rules([FLAKY], [], {})
