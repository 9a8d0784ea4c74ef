"""The denominator: every outcome that calls can have, and no other."""

import re
from collections import Counter
from datetime import date
from typing import get_args

import pytest

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.idcard.contract import CHANGES, contract_on
from mockocr.actions.idcard.refusals import REFUSALS
from mockocr.coverage.denominator import GATEWAY_STATUSES, RETRYABLE_ERRORS, denominator
from mockocr.coverage.error_scenarios import error_scenario
from mockocr.coverage.report import CoverageRow, Group
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.wire import Fault
from mockocr.scenario.library import SHIPPED, Library
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import WarningName
from tests.actions.toy import ECHO_OCR

NEWEST = CHANGES[-1].day


def rows(group: Group, day: date = NEWEST) -> list[CoverageRow]:
    return [row for row in denominator([ID_CARD_OCR], day) if row.group == group]


def names(group: Group) -> list[str]:
    return [row.id.partition(":")[2] for row in rows(group)]


def test_it_has_every_documented_error_each_fault_and_each_gateway_status() -> None:
    assert names("business") == list(REFUSALS)
    assert names("gateway") == sorted(COMMON_ERRORS)
    assert names("fault") == [fault.value for fault in Fault]
    assert names("http") == [str(status) for status in GATEWAY_STATUSES]
    assert names("recovery") == ["error", "http", "fault"]


def test_it_has_every_warning_flag_and_side_of_the_contract() -> None:
    assert sorted(names("warning")) == sorted(get_args(WarningName))
    assert names("flag") == list(contract_on(NEWEST).flags)
    assert names("side") == ["FRONT", "BACK", "none"]
    assert len(names("shape")) == 8


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.day))
def test_what_the_contract_of_a_day_does_not_have_is_impossible(change: object) -> None:
    day = change.day  # type: ignore[attr-defined]
    contract = contract_on(day)
    possible = {row.id for row in denominator([ID_CARD_OCR], day) if row.possible}
    impossible = {row.id for row in denominator([ID_CARD_OCR], day)} - possible

    assert impossible == {
        *(f"warning:{name}" for name in get_args(WarningName) if name not in contract.warnings),
        *(f"flag:{flag}" for flag in contract_on(NEWEST).flags if flag not in contract.flags),
    }


def test_a_warning_has_the_code_of_the_day() -> None:
    def detail(day: date) -> str:
        (row,) = (row for row in rows("warning", day) if row.id == "warning:invalid_date")
        return row.detail.zh

    assert [detail(API_PAGE), detail(NEWEST)] == ["-9100", "-9109"]


def test_an_action_without_rows_of_its_own_has_its_errors() -> None:
    own = [row.id for row in denominator([ECHO_OCR], API_PAGE) if row.action == "EchoOCR"]

    assert own == [f"error:{code}" for code in ECHO_OCR.refusals]


def test_with_several_actions_their_rows_have_their_names() -> None:
    both = denominator([ID_CARD_OCR, ECHO_OCR], API_PAGE)
    ids = Counter(row.id for row in both)

    assert max(ids.values()) == 1
    assert "EchoOCR/error:FailedOperation.NoEcho" in ids
    assert "IDCardOCR/side:FRONT" in ids
    assert "error:InternalError" in ids
    assert [row.scenario for row in both if row.action == "EchoOCR"] == [None] * len(
        ECHO_OCR.refusals
    )


def test_the_ids_of_rows_can_be_written_in_an_ini_file() -> None:
    assert [
        row.id for row in denominator([ID_CARD_OCR], NEWEST) if re.search(r"\s|\*", row.id)
    ] == []


def test_the_statuses_are_those_of_the_ready_made_scenarios() -> None:
    shipped = sorted(file.stem for file in SHIPPED.glob("gateway-*.yaml"))

    assert [f"gateway-{status}" for status in GATEWAY_STATUSES] == shipped


def test_an_error_is_retryable_if_its_scenario_says_that_the_client_should_try_again() -> None:
    descriptions = {entry.name: entry.description for entry in Library().entries()}
    codes = [*REFUSALS, *COMMON_ERRORS]
    advice = {code: descriptions[str(error_scenario(code))] for code in codes}
    coverage = ID_CARD_OCR.coverage
    assert coverage is not None

    assert {
        code for code, text in advice.items() if re.search("try again|a few tries", text)
    } == RETRYABLE_ERRORS | coverage.retryable_errors
