"""The shipped scenarios: complete, regular, and each file does what its name says."""

import re
from collections.abc import Iterable
from datetime import date
from typing import get_args

import pytest

from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import CHANGES
from mockocr.people import number
from mockocr.protocol.wire import Fault
from mockocr.scenario.library import SHIPPED
from mockocr.scenario.load import load_file
from mockocr.scenario.outcomes import FaultOutcome, GatewayError, Outcome, Recognized
from mockocr.scenario.scenario import Scenario
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import WarningName
from tests.clients.test_error_scenarios import kebab

NAMES = sorted(file.stem for file in SHIPPED.glob("*.yaml"))
NEWEST = CHANGES[-1].day


def shipped(name: str) -> Scenario:
    return load_file(SHIPPED / f"{name}.yaml")


def first_outcome(name: str) -> str:
    """The first outcome of a scenario, in a word or two."""
    outcome: Outcome = shipped(name).rules[0].steps[0].choices[0].outcome
    match outcome:
        case FaultOutcome(fault):
            return fault
        case GatewayError(status):
            return str(status)
        case Recognized(IDCardAnswer(warnings=tuple(warnings))):
            return ", ".join(warnings)
    raise TypeError(outcome)


def named(beginning: str) -> Iterable[str]:
    return (name for name in NAMES if name.startswith(beginning))


def test_each_warning_has_one_file() -> None:
    answers = {name: first_outcome(name) for name in named("warning-")}

    assert answers == {f"warning-{kebab(each)}": each for each in get_args(WarningName)}


def test_each_fault_on_the_wire_has_one_file() -> None:
    answers = {name: first_outcome(name) for name in named("fault-")}

    assert answers == {f"fault-{kebab(each.lower())}": each for each in Fault}


def test_files_named_for_a_status_answer_with_it() -> None:
    answers = {name: first_outcome(name) for name in named("gateway-")}

    assert answers == {f"gateway-{status}": status for status in ("502", "503", "504")}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("day", [API_PAGE, NEWEST], ids=str)
def test_a_file_loads_by_the_first_contract_and_the_newest(name: str, day: date) -> None:
    assert load_file(SHIPPED / f"{name}.yaml", day).name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_described_in_one_sentence(name: str) -> None:
    description = shipped(name).description

    assert re.fullmatch(r"[A-Z].*[^.]\.", description)
    assert not re.search(r"[.!?] ", description)


def test_numbers_are_valid_and_belong_to_no_real_person() -> None:
    texts = [(SHIPPED / f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES]
    numbers = {each for text in texts for each in re.findall(r"\b[0-9]{17}[0-9X]\b", text)}

    assert all(map(number.is_valid, numbers))
    # A division ending in 00 is no county's (`people/number.py`).
    assert {each for each in numbers if each[4:6] != "00"} == {"440524198701010014"}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_names_the_schema_in_its_first_line(name: str) -> None:
    first = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8").partition("\n")[0]

    assert first == "# yaml-language-server: $schema=scenario.schema.json"


def test_there_is_nothing_else_but_the_schema_beside_the_scenarios() -> None:
    others = {file.name for file in SHIPPED.iterdir()} - {f"{name}.yaml" for name in NAMES}

    assert others <= {"scenario.schema.json"}
