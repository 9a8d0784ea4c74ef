from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockocr.actions.facts import Facts
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.outcomes import Recognized, Refused, ResolvedOutcome
from mockocr.scenario.rule import Difference
from mockocr.scenario.rulebook import Caller, Decision, Rulebook
from tests.builders import NOW, URL, config
from tests.scenario.scripts import a_book, decided

NOBODY = Decision(ResolvedOutcome(Recognized(IDCardAnswer())))
"""No rule matched the call: the picture decides."""


def a_rule(when: str, name: str = "it") -> str:
    return f"  - {{name: {name}, when: {when}, then: {{card: invented}}}}\n"


def matched(rulebook: Rulebook, parameters: dict[str, Any], region: str = "") -> str | None:
    return decided(rulebook, parameters, region).rule


def test_the_first_matching_rule_decides(tmp_path: Path) -> None:
    rulebook = a_book(
        tmp_path,
        a_rule("{CardSide: BACK}", "back") + a_rule("{}", "first") + a_rule("{}", "second"),
    )

    assert matched(rulebook, {"CardSide": "FRONT"}) == "first"
    assert matched(rulebook, {"CardSide": "BACK"}) == "back"


def test_the_picture_decides_if_no_rule_matches(tmp_path: Path) -> None:
    rulebook = a_book(tmp_path, a_rule("{CardSide: BACK}"))

    assert decided(rulebook, {}) == decided(Rulebook(), {}) == NOBODY


def test_rules_of_another_action_do_not_match(tmp_path: Path) -> None:
    rulebook = a_book(tmp_path, a_rule("{}"))

    caller = Caller("alice", 0, NOW, str)
    decision = rulebook.decide(replace(ID_CARD_OCR), Facts({}, {}), caller, CallCounters())

    assert decision == NOBODY


@pytest.mark.parametrize(
    ("when", "parameters", "matches"),
    [
        ("{}", {}, True),
        ("{CardSide: FRONT}", {"CardSide": "FRONT"}, True),
        ("{CardSide: FRONT}", {"CardSide": "BACK"}, False),
        ("{CardSide: FRONT}", {}, False),
        ("{CardSide: [FRONT, BACK]}", {"CardSide": "BACK"}, True),
        ("{CardSide: [FRONT, BACK]}", {}, False),
        ("{ImageUrl: https://xx/a.jpg}", {"ImageUrl": URL}, True),
        ("{ImageUrl: https://xx/a.jpg}", {"ImageUrl": f"{URL}?x"}, False),
        ("{ImageUrl: https://xx/a.jpg}", {"ImageBase64": "QUJD"}, False),
        ("{ImageUrl: [https://xx/b.jpg, https://xx/a.jpg]}", {"ImageUrl": URL}, True),
        ("{Config: {}}", {}, True),
        ("{Config: {TempIdWarn: true}}", {"Config": config("TempIdWarn")}, True),
        ("{Config: {TempIdWarn: true}}", {"Config": config("TempIdWarn", "Quality")}, True),
        ("{Config: {TempIdWarn: true}}", {}, False),
        ("{Config: {TempIdWarn: false}}", {}, True),
        ("{Config: {TempIdWarn: false}}", {"Config": '{"TempIdWarn": false}'}, True),
        ("{Config: {TempIdWarn: false}}", {"Config": config("TempIdWarn")}, False),
        ("{Config: {TempIdWarn: true, Quality: true}}", {"Config": config("TempIdWarn")}, False),
        ("{EnableRecognitionRectify: true}", {}, True),
        ("{EnableRecognitionRectify: true}", {"EnableRecognitionRectify": False}, False),
        ("{EnableReflectDetail: true}", {}, False),
        ("{EnableReflectDetail: true}", {"EnableReflectDetail": True}, True),
        ("{CardSide: BACK, Config: {Quality: true}}", {"CardSide": "BACK"}, False),
    ],
)
def test_a_rule_matches_if_all_its_conditions_hold(
    tmp_path: Path, when: str, parameters: dict[str, Any], matches: bool
) -> None:
    rulebook = a_book(tmp_path, a_rule(when))

    assert (matched(rulebook, parameters) == "it") is matches


@pytest.mark.parametrize(
    ("when", "region", "matches"),
    [
        ("{Region: ap-guangzhou}", "ap-guangzhou", True),
        ("{Region: ap-guangzhou}", "ap-beijing", False),
        ("{Region: ap-guangzhou}", "", False),
        ("{Region: [ap-guangzhou, ap-beijing]}", "ap-beijing", True),
    ],
)
def test_a_rule_can_have_a_condition_on_the_region(
    tmp_path: Path, when: str, region: str, matches: bool
) -> None:
    rulebook = a_book(tmp_path, a_rule(when))

    assert (matched(rulebook, {}, region) == "it") is matches


@pytest.mark.parametrize("code", [*ID_CARD_OCR.refusals, *COMMON_ERRORS])
def test_a_scripted_error_has_the_message_of_its_code_in_both_languages(
    tmp_path: Path, code: str
) -> None:
    rulebook = a_book(tmp_path, f"  - {{name: it, then: {{error: {code}}}}}\n")

    outcome = decided(rulebook, {}).resolved.outcome

    assert isinstance(outcome, Refused)
    error, documented = outcome.refusal.error(), {**COMMON_ERRORS, **ID_CARD_OCR.refusals}[code]
    assert error.code == code
    assert (error.message("zh-CN"), error.message("en-US")) == (documented.zh, documented.en)
    assert "{" not in error.message("zh-CN") + error.message("en-US")


def test_near_misses_list_every_condition_that_differs(tmp_path: Path) -> None:
    rulebook = a_book(
        tmp_path,
        a_rule("{CardSide: BACK, Region: ap-beijing}", "back")
        + a_rule("{CardSide: [FRONT], EnableReflectDetail: true}", "reflected")
        + a_rule("{CardSide: FRONT}", "front")
        + a_rule("{CardSide: BACK}", "never tried"),
    )
    facts = Facts({"CardSide": "FRONT", "Region": "", "EnableReflectDetail": False}, {})

    near_misses = {
        rule.name: found
        for _, rule, found in rulebook.near_misses(ID_CARD_OCR, facts, "front", "a scenario")
    }

    assert near_misses == {
        "back": [
            Difference("CardSide", ["BACK"], "FRONT", "CardSide"),
            Difference("Region", ["ap-beijing"], "", "Region"),
        ],
        "reflected": [Difference("EnableReflectDetail", [True], False, "EnableReflectDetail")],
    }


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{not: {CardSide: FRONT}}", [("not CardSide", ["FRONT"], "FRONT")]),
        (
            "{not: {any: [{CardSide: BACK}, {CardSide: FRONT}]}}",
            [("not CardSide", ["FRONT"], "FRONT")],
        ),
        (
            "{not: {CardSide: FRONT, Config: {CopyWarn: true}}}",
            [("not CardSide", ["FRONT"], "FRONT"), ("not Config.CopyWarn", [True], True)],
        ),
        (
            "{any: [{CardSide: BACK}, {CardSide: FRONT, Region: ap-beijing}]}",
            [("any[0].CardSide", ["BACK"], "FRONT"), ("any[1].Region", ["ap-beijing"], "")],
        ),
        (
            "{any: [{CardSide: BACK}, {not: {CardSide: FRONT}}]}",
            [
                ("any[0].CardSide", ["BACK"], "FRONT"),
                ("any[1].not CardSide", ["FRONT"], "FRONT"),
            ],
        ),
        ('{between: ["22:00", "06:00"]}', [("between", "22:00 and 06:00", "12:30:00")]),
    ],
)
def test_the_parts_of_a_condition_that_differ_are_near_misses(
    tmp_path: Path, when: str, expected: list[tuple[str, Any, Any]]
) -> None:
    rulebook = a_book(tmp_path, a_rule(when))
    values = {"CardSide": "FRONT", "Region": "", "Config.CopyWarn": True}
    facts = Facts({**values, "clock.time": "12:30:00"}, {})

    ((_, _, differences),) = rulebook.near_misses(ID_CARD_OCR, facts, None, None)

    assert [each[:3] for each in differences] == expected


@pytest.mark.parametrize(
    "when",
    [
        "{any: [{CardSide: BACK}, {picture: {min_width: 9}}]}",
        "{not: {CardSide: FRONT, picture: {min_width: 9}}}",
    ],
)
def test_a_condition_on_facts_that_are_gone_is_not_a_difference(tmp_path: Path, when: str) -> None:
    rulebook = a_book(tmp_path, a_rule(when))

    facts = Facts({"CardSide": "FRONT"}, {})
    ((_, _, differences),) = rulebook.near_misses(ID_CARD_OCR, facts, None, None)

    assert differences == []


def test_a_rule_without_a_name_is_named_by_its_position(tmp_path: Path) -> None:
    rules = "  - {when: {CardSide: BACK}, then: {http: 502}}\n  - {then: {http: 503}}\n"

    assert matched(a_book(tmp_path, rules), {}) == "rules[1]"


def test_all_rules_are_near_misses_if_none_matches(tmp_path: Path) -> None:
    rulebook = a_book(tmp_path, a_rule("{CardSide: BACK}"))

    facts = Facts({"CardSide": "FRONT"}, {})
    assert [rule.name for _, rule, _ in rulebook.near_misses(ID_CARD_OCR, facts, None, None)] == [
        "it"
    ]
    assert not list(rulebook.near_misses(replace(ID_CARD_OCR), facts, None, None))
