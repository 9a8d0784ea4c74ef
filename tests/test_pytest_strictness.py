"""What the pytest plugin reports about a test: strict mode, failures, and bugs in mockocr."""

import re

import pytest

from tests.plugin_runs import SIDES, Runs, text
from tests.plugin_runs import runs as runs


def test_a_strict_test_fails_for_unused_rules_and_unmatched_calls(runs: Runs) -> None:
    result = runs(
        SIDES
        + """
@pytest.mark.mockocr(scenario=SIDES)
def test_unused(mockocr):
    call(mockocr, CardSide="FRONT")

@pytest.mark.mockocr(scenario=SIDES, strict=False)
def test_stray(mockocr):
    other = mockocr.account(scenarios=[SIDES])

@pytest.mark.mockocr(scenario=SIDES)
def test_near_miss(mockocr):
    call(mockocr, CardSide="FRONT")
    call(mockocr, CardSide="BACK", Config='{"TempIdWarn": true}')
    call(mockocr, CardSide="BACK")

def test_another_account(mockocr):
    mockocr.account(scenarios=["error-image-blur"])

def test_respond(mockocr):
    mockocr.respond(error="FailedOperation.ImageBlur")
"""
    )

    result.assert_outcomes(passed=5, errors=4)
    output = text(result)
    assert "mockocr: rule 'temporary back' of scenario 'sides' was never used" in output
    near = "rule 'temporary back' of scenario 'sides': expected Config.TempIdWarn True, got False"
    assert re.search(rf"call [0-9a-f-]{{36}} matched no rule; the nearest is {near}", output)
    assert "of scenario 'error-image-blur' was never used" in output
    assert "mockocr: rule 'respond 1' was never used" in output
    assert output.count("(to turn this off: strict=False in the marker, or") == 4
    assert "calls of 'test_it.py::test_near_miss': 3" in output


def test_what_is_no_business_of_strictness(runs: Runs, pytester: pytest.Pytester) -> None:
    pytester.makefile(
        ".yaml",
        global_scenario="name: e\nrules:\n  - {name: never, when: {CardSide: "
        "BACK}, then: {card: invented}}\n",
    )
    source = (
        SIDES
        + """
USED_UP = {"name": "once", "rules": [
    {"name": "r", "when": {"CardSide": "FRONT"}, "after": "fall_through",
     "then": {"error": "FailedOperation.OcrFailed"}}]}

def test_calls_without_a_scenario_of_its_own(mockocr):
    call(mockocr, CardSide="FRONT")

@pytest.mark.mockocr(scenario={"name": "poor", "account": {"state": "arrears"}})
def test_a_scenario_without_rules(mockocr):
    assert outcome(mockocr) == "ResourceUnavailable.InArrears"

@pytest.mark.mockocr(scenario=USED_UP)
def test_a_rule_that_lets_calls_fall_through(mockocr):
    codes = [outcome(mockocr, CardSide="FRONT") for _ in range(2)]
    assert codes == ["FailedOperation.OcrFailed", "ok"]

@pytest.mark.mockocr(scenario="error-image-blur")
def test_calls_that_are_refused_before_the_rules(mockocr):
    assert outcome(mockocr, key="worn") == "AuthFailure.SignatureFailure"
    assert outcome(mockocr) == "FailedOperation.ImageBlur"

@pytest.mark.mockocr(scenario=SIDES)
def test_that_is_skipped(mockocr):
    pytest.skip("not today")

@pytest.mark.xfail
@pytest.mark.mockocr(scenario=SIDES)
def test_that_is_expected_to_fail(mockocr):
    assert not mockocr

@pytest.mark.mockocr(scenario=SIDES)
def test_that_fails_already(mockocr):
    assert not mockocr
"""
    )

    strict = runs(source, ini="mockocr_scenarios = global_scenario.yaml")
    lenient = runs(
        SIDES + "@pytest.mark.mockocr(scenario=SIDES)\ndef test_it(mockocr):\n    pass\n",
        ini="mockocr_strict = false",
    )

    strict.assert_outcomes(passed=4, skipped=1, xfailed=1, failed=1)
    lenient.assert_outcomes(passed=1)


def test_the_report_of_a_failing_test_has_its_calls_and_why_they_were_refused(runs: Runs) -> None:
    result = runs("""
def test_worn_key(mockocr):
    call(mockocr, ImageUrl="https://xx/a.jpg?token=swordfish", CardSide="FRONT")
    outcome(mockocr, key="worn-key")
    outcome(mockocr, CardSide="SIDE")
    outcome(mockocr, secret_id="AKIDnobody")
    mockocr.respond(error="FailedOperation.ImageBlur")
    call(mockocr)

def test_fine(mockocr):
    outcome(mockocr, key="worn-key")

def test_without_calls(mockocr):
    assert not mockocr

def test_with_many(mockocr):
    for _ in range(53):
        outcome(mockocr)
    assert not mockocr

def test_near_miss(mockocr):
    mockocr.respond(when={"CardSide": "BACK"}, error="FailedOperation.ImageBlur")
    call(mockocr, CardSide="FRONT")
    assert not mockocr

def test_without_mockocr():
    assert not 1
""")

    result.assert_outcomes(passed=1, failed=5)
    result.stdout.fnmatch_lines(
        [
            "*- mockocr -*",
            "calls of 'test_it.py::test_worn_key': 4",
            "RequestId * action * outcome * rule * ms * cause",
            "* IDCardOCR  ok * -",
            "* IDCardOCR  AuthFailure.SignatureFailure * wrong_secret_key",
            "* IDCardOCR  InvalidParameterValue.InvalidParameterValueLimit * -",
            "* IDCardOCR  FailedOperation.ImageBlur * respond 1 * -",
            "*: wrong_secret_key (likely, not proven): No known mistake reproduces *",
            "*: InvalidParameterValue.InvalidParameterValueLimit: *",
            "calls of unknown accounts while the test ran: 1",
            "* IDCardOCR  AuthFailure.SecretIdNotFound * unknown_secret_id",
            "*: unknown_secret_id (proven): No account has this SecretId *",
        ],
        consecutive=False,
    )
    output = text(result)
    assert (
        "calls of 'test_it.py::test_without_calls': none\nDoes the client call the real" in output
    )
    assert "matched no rule; the nearest is rule 'respond 1': expected CardSide BACK, got" in output
    assert "calls of 'test_it.py::test_with_many': 53\nthe last 50 of them:" in output
    assert output.count("- mockocr -") == 4
    section = output.partition("- mockocr -")[2].partition("____")[0]
    assert "swordfish" not in section
    assert "worn-key" not in section


def test_where_the_calls_cannot_be_told_it_is_said(runs: Runs) -> None:
    result = runs("""
def test_it(mockocr):
    mockocr.server.admin.ask("DELETE", "accounts", mockocr.name)
    assert not mockocr
""")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["cannot list the calls of this test: unknown account *"])


def test_a_bug_of_mockocr_is_raised_in_the_test_that_met_it(
    runs: Runs, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest("""
from dataclasses import replace
from mockocr.actions import catalogue

def render(*_):
    raise ZeroDivisionError("the bug")

catalogue._ACTIONS = (replace(catalogue._ACTIONS[0], render=render),)
""")
    result = runs(
        """
def test_it(mockocr):
    assert outcome(mockocr) == "InternalError"

def test_that_met_none(mockocr):
    assert mockocr.requests == []
""",
        "-p",
        "no:randomly",
    )

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["E * ZeroDivisionError: the bug", "E * This is a bug in mockocr. The call *"]
    )
