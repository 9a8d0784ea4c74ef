"""The check reports each alteration of a second mockocr, and nothing of an unaltered one."""

from collections.abc import Sequence
from datetime import date

import pytest

from mockocr.contract_check.cases import Case, chosen_cases
from mockocr.contract_check.run import Check, Result, Status
from mockocr.protocol import call
from mockocr.settings import API_PAGE, Settings
from tests.contract_check.altered import ALTERATIONS, altered_server
from tests.contract_check.conftest import ALL, NEWEST, Altered


def run(
    altered: Altered, cases: Sequence[Case], contract: date = API_PAGE, spend: int = ALL
) -> list[Result]:
    return list(Check(altered.server(), contract, spend).results(cases))


def differing(results: Sequence[Result]) -> dict[str, set[str]]:
    """Where the replies differ, by case. Only a case after one of these may not have run."""
    reasons = {result.reason for result in results if result.status is not Status.DIFFERS}
    assert reasons <= {"", "the set-up failed: legacy-nonce: differs"}
    return {
        result.case.id: {difference.where for difference in result.differences}
        for result in results
        if result.status is Status.DIFFERS
    }


def test_nothing_is_reported_of_an_unaltered_server(altered: Altered, cases: list[Case]) -> None:
    results = run(altered, cases)

    assert differing(results) == {}
    assert len(results) > 100


def test_nothing_is_reported_of_a_server_with_the_newest_contract(cases: list[Case]) -> None:
    dated = [case for case in cases if case.spec.since or not case.spec.request.picture]
    with altered_server(Settings(rate=0, contract=NEWEST, journal_calls=1)) as (app, url):
        results = run(Altered(app, url), dated, NEWEST)

    assert differing(results) == {}
    assert "warning-watermark" in {result.case.id for result in results}


ANSWER = {"AdvancedInfo", "Angle", "Birth", "ReflectDetailInfos"}
"""Where only answers are altered."""


def concerned(cases: Sequence[Case], where: str) -> list[Case]:
    """Those with a picture if only answers are altered, otherwise those without, to save time."""
    altered = where.partition(".")[0] in ANSWER
    return [case for case in cases if (case.spec.request.picture is not None) is altered]


@pytest.mark.parametrize(("name", "where"), ALTERATIONS)
def test_an_alteration_is_reported(
    altered: Altered, cases: list[Case], name: str, where: str
) -> None:
    altered.app.alteration = ALTERATIONS[name, where]

    found = differing(run(altered, concerned(cases, where)))

    assert where in set().union(*found.values())


def test_there_are_at_least_twenty_alterations() -> None:
    assert len(ALTERATIONS) >= 20


@pytest.mark.parametrize(
    ("seconds", "reported"),
    [
        (600, {"signed-too-early", "signed-too-late", "expiry-before-secret-id"}),
        (200, {"signed-early", "signed-late"}),
    ],
)
def test_another_limit_of_the_clock_is_reported(
    altered: Altered,
    cases: list[Case],
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    reported: set[str],
) -> None:
    monkeypatch.setattr(call, "MAX_CLOCK_SKEW_SECONDS", seconds)
    timed = [case.id for case in cases if case.spec.request.signed_at]

    assert set(differing(run(altered, chosen_cases(cases, timed)))) == reported


def test_a_server_of_another_contract_differs_by_its_changes(
    altered: Altered, cases: list[Case]
) -> None:
    """The server answers as in 2024."""
    dated = [case for case in cases if case.spec.since]

    found = differing(run(altered, dated, NEWEST))

    assert {"card-warn-type-empty", "warning-watermark", "front-advanced-info"} <= found.keys()
    assert "warning-electronic-id-basic" not in found
