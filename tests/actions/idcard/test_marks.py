"""The marks of an answer: what it shows, by the query and the members."""

import json
from datetime import date
from typing import Any

import pytest

from mockocr.actions.idcard.contract import CHANGES
from mockocr.actions.idcard.marks import marks
from mockocr.settings import API_PAGE
from tests.builders import an_answer, answered, asked_for, config

NEWEST = CHANGES[-1].day
WRITTEN = {"Name": "", "AdvancedInfo": "{}", "ReflectDetailInfos": []}


def found(parameters: dict[str, Any] | None = None, day: date = API_PAGE, **words: Any) -> set[str]:
    """The marks of the answer to a call, but those that follow from the query alone."""
    asked = parameters or {}
    members = answered(asked, an_answer(**words), contract=day)
    own = set(marks(asked_for(day, **asked), members, day))
    return {mark for mark in own if mark.startswith(("shape:", "warning:"))}


def of_query(day: date = API_PAGE, **parameters: Any) -> set[str]:
    own = marks(asked_for(day, **parameters), WRITTEN, day)
    return {mark for mark in own if not mark.startswith("shape:")}


@pytest.mark.parametrize(
    ("side", "mark"), [("FRONT", "side:FRONT"), ("BACK", "side:BACK"), (None, "side:none")]
)
def test_the_side_is_the_one_that_was_asked_for(side: str | None, mark: str) -> None:
    assert of_query(CardSide=side) == {mark}


def test_a_flag_asks_for_its_warnings() -> None:
    assert of_query(Config=config("BorderCheckWarn", "Quality")) == {
        "side:none",
        "flag:BorderCheckWarn",
        "flag:Quality",
        "asked:warning:border",
        "asked:warning:occlusion",
    }


def test_an_advanced_warning_is_asked_for_with_the_type_only() -> None:
    basic = of_query(NEWEST, Config=config("DetectPsWarn"))
    advanced = of_query(NEWEST, Config=config("DetectPsWarn"), CardWarnType="Advanced")

    assert advanced - basic == {"asked:warning:electronic_id", "asked:warning:watermark"}


@pytest.mark.parametrize(
    ("parameters", "words", "mark"),
    [
        ({"Config": config("CropIdCard")}, {}, "shape:crops"),
        ({"Config": config("CropPortrait")}, {}, "shape:crops"),
        (
            {"Config": config("ReflectWarn"), "EnableReflectDetail": True},
            {"card": "invented", "reflections": ["Portrait"]},
            "shape:reflections",
        ),
        (
            {"Config": config("MultiCardDetect")},
            {"card": {"Name": "李明", "Authority": "赵县公安局"}},
            "shape:both_sides",
        ),
        (
            {"Config": config("TempIdWarn")},
            {"card": "invented", "warnings": ["temporary_id"]},
            "shape:temporary_card",
        ),
        ({"CardSide": "BACK"}, {"card": {"ValidDate": "2010.07.21-长期"}}, "shape:long_term"),
        ({}, {"card": {"IdNum": "44050019920308003X"}}, "shape:x_check_digit"),
        ({}, {"card": {"Name": "阿依努尔·买买提"}}, "shape:minority_name"),
        ({}, {}, "shape:no_advanced_info"),
    ],
)
def test_each_shape_is_marked(parameters: dict[str, Any], words: dict[str, Any], mark: str) -> None:
    plain = found({"Config": config("Quality")}, card={"IdNum": "440524198701010014"})

    assert mark in found(parameters, **words)
    assert plain == set()


@pytest.mark.parametrize("day", [API_PAGE, NEWEST])
def test_an_answer_has_no_info_if_no_flag_is_set(day: date) -> None:
    assert "shape:no_advanced_info" in found(day=day)


def test_a_warning_is_marked_if_its_flag_is_set() -> None:
    words: dict[str, Any] = {"card": "invented", "warnings": ["copy", "border"]}

    assert found({"Config": config("CopyWarn")}, **words) == {"warning:copy"}
    assert found({"Config": config("BorderCheckWarn")}, **words) == {"warning:border"}


def test_a_warning_that_a_rule_writes_is_not_marked_without_its_flag() -> None:
    info = '{"WarnInfos":[-9102]}'

    assert found(card="invented", AdvancedInfo=info) == set()
    assert found({"Config": config("CopyWarn")}, card="invented", AdvancedInfo=info) == {
        "warning:copy"
    }


@pytest.mark.parametrize(
    "info",
    ["", "not JSON", "[1]", "1", '{"WarnInfos": 1}', '{"WarnInfos": [{}, "x", 0]}', "[" * 9999],
)
def test_an_advanced_info_of_any_text_is_accepted(info: str) -> None:
    assert found({"Config": config("CopyWarn")}, card="invented", AdvancedInfo=info) == set()


def test_marks_have_no_personal_data() -> None:
    person = {"Name": "阿依努尔·买买提", "IdNum": "44050019920308003X"}
    members = answered({}, an_answer(card=person))

    text = json.dumps(marks(asked_for(), members, API_PAGE), ensure_ascii=False)

    assert [value for value in person.values() if value in text] == []
