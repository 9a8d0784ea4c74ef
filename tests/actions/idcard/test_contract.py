from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest

from mockocr.actions.idcard.conditions import IDCardConditions
from mockocr.actions.idcard.contract import (
    CHANGES,
    WARNING_OF_CODE,
    contract_changes,
    contract_on,
    newer_parameters,
)
from mockocr.actions.idcard.query import read_config
from mockocr.images.image import ImageAtUrl
from mockocr.protocol.errors import ApiError
from mockocr.settings import API_PAGE, FIRST_CONTRACT
from mockocr.specimens.card_data import WarningName
from tests.actions.idcard.documented import DOCUMENTED_CODES
from tests.builders import URL, advanced_info, an_answer, answered, asked_for, config, refusal_of

NEWEST = CHANGES[-1].day
DAY = timedelta(days=1)
BEFORE = date(2024, 12, 5)
"""The day before the first newer parameter."""
ALL_WARNINGS = list(get_args(WarningName))


def warned(day: date, *flags: str, **sent: str) -> list[int]:
    """WarnInfos if every warning applies."""
    parameters = {"Config": config(*flags), **sent}
    answer = an_answer(card={"ValidDate": "2010.07.21-2013.07.21"}, warnings=ALL_WARNINGS)
    codes = advanced_info(answered(parameters, answer, contract=day))["WarnInfos"]
    return [int(code) for code in codes]


def test_changes_are_in_the_order_of_their_days() -> None:
    assert all(before.day < after.day for before, after in pairwise(CHANGES))


def test_the_first_contract_is_the_earliest_that_can_be_requested() -> None:
    assert CHANGES[0].day == FIRST_CONTRACT


def test_the_api_page_is_the_contract_of_its_day() -> None:
    page = contract_on(API_PAGE)

    assert page is contract_on(FIRST_CONTRACT)
    assert {name: each.code for name, each in page.warnings.items()} == DOCUMENTED_CODES
    assert page.base64_characters == 7 * 1_048_576
    assert set(page.default_info.values()) == {"{}"}


@pytest.mark.parametrize(("before", "after"), list(pairwise(CHANGES)))
def test_a_change_applies_from_its_day_until_the_next(before: Any, after: Any) -> None:
    assert contract_on(after.day - DAY) is contract_on(before.day)
    assert list(contract_changes(after.day - DAY, after.day))


def test_the_newest_contract_has_no_end() -> None:
    assert contract_on(date.max) is contract_on(NEWEST)


def test_there_is_no_contract_before_the_first_one() -> None:
    with pytest.raises(ValueError, match="the first contract is that of 2023-11-15"):
        contract_on(FIRST_CONTRACT - DAY)


def test_every_warning_has_a_flag_of_its_contract() -> None:
    newest = contract_on(NEWEST)

    assert {warning.flag for warning in newest.warnings.values()} <= newest.flags.keys()


def test_a_rule_may_have_a_condition_on_every_parameter() -> None:
    asked_about = {field.alias for field in IDCardConditions.model_fields.values()}

    assert asked_about == contract_on(NEWEST).parameters.keys()


def test_every_warning_is_in_the_newest_contract_and_no_code_had_two_meanings() -> None:
    assert sorted(contract_on(NEWEST).warnings) == sorted(ALL_WARNINGS)
    for change in CHANGES:
        for name, warning in change.warnings.items():
            assert WARNING_OF_CODE[warning.code] == name


@pytest.mark.parametrize(
    ("name", "value"), [("EnableDateVerify", False), ("CardWarnType", "Advanced")]
)
def test_a_newer_parameter_is_unknown_until_its_day(name: str, value: Any) -> None:
    since = newer_parameters(BEFORE)[name]
    parameters: dict[str, Any] = {"ImageUrl": URL, name: value}

    refused = refusal_of(since - DAY, **parameters)

    assert refused.code == "UnknownParameter"
    assert refused.message("en-US") == f"The parameter `{name}` is not recognized."
    assert isinstance(asked_for(since, **parameters).image, ImageAtUrl)


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"Other": 1, "CardWarnType": "Basic"}, "Other"),
        ({"CardWarnType": "Basic", "Other": 1}, "CardWarnType"),
        ({"CardSide": 5, "CardWarnType": "Basic"}, "CardWarnType"),
    ],
)
def test_a_newer_parameter_is_refused_like_any_unknown_one(
    parameters: dict[str, Any], name: str
) -> None:
    refused = refusal_of(BEFORE, **parameters)

    assert refused.code == "UnknownParameter"
    assert refused.values == {"name": name}


def test_the_newest_contract_has_no_newer_parameters() -> None:
    assert newer_parameters(NEWEST) == {}


def test_enable_date_verify_changes_no_answer() -> None:
    sent = {"CardSide": "BACK", "Config": config("InvalidDateWarn")}
    answer = an_answer(card={"ValidDate": "2010.07.21-2013.07.21"})

    answers = [
        answered({**sent, "EnableDateVerify": verify}, answer, contract=NEWEST)
        for verify in (True, False, None)
    ]

    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("kind", ["advanced", "Advanced ", "None", " "])
def test_an_unknown_card_warn_type_is_a_wrong_value(kind: str) -> None:
    refused = refusal_of(NEWEST, ImageUrl=URL, CardWarnType=kind)

    assert refused.code == "InvalidParameterValue.InvalidParameterValueLimit"


@pytest.mark.parametrize("nothing", ["", None])
def test_the_default_card_warn_type_is_basic(nothing: str | None) -> None:
    query = asked_for(NEWEST, CardWarnType=nothing)

    assert query.card_warn_type == "Basic"


def test_a_wrong_card_warn_type_is_reported_before_a_wrong_config() -> None:
    refused = refusal_of(NEWEST, CardWarnType="x", Config="{")

    assert refused.code == "InvalidParameterValue.InvalidParameterValueLimit"


@pytest.mark.parametrize("value", ["true", "1", '"yes"', "null"])
def test_a_flag_newer_than_the_contract_is_ignored_with_any_value(value: str) -> None:
    text = f'{{"KeyCheck": {value}, "Quality": true}}'

    flags, _ = read_config(text, contract_on(NEWEST - DAY))

    assert flags == {"Quality"}


def test_a_flag_of_the_contract_must_be_a_bool() -> None:
    with pytest.raises(ApiError) as refused:
        read_config('{"KeyCheck": 1}', contract_on(NEWEST))

    assert refused.value.code == "InvalidParameter.ConfigFormatError"


@pytest.mark.parametrize(
    ("warning", "valid"),
    [("copy", True), ("reflection", False), ("occlusion", False), ("border", False)],
)
def test_names_and_values_are_valid_if_nothing_covers_them(warning: str, valid: bool) -> None:
    sent = {"Config": config("KeyCheck", "ValueCheck")}

    response = answered(sent, an_answer(warnings=[warning]), contract=NEWEST)

    assert advanced_info(response) == {"IsKeyValid": valid, "IsValueValid": valid}


def test_each_of_the_two_checks_adds_its_own_member() -> None:
    key, value = (
        advanced_info(answered({"Config": config(flag)}, contract=NEWEST))
        for flag in ("KeyCheck", "ValueCheck")
    )

    assert (key, value) == ({"IsKeyValid": True}, {"IsValueValid": True})


@pytest.mark.parametrize("advanced", [{}, {"CardWarnType": "Basic"}, {"CardWarnType": "Advanced"}])
def test_electronic_cards_and_watermarks_are_warned_of_with_advanced_only(
    advanced: dict[str, str],
) -> None:
    codes = warned(NEWEST, "DetectPsWarn", **advanced)

    assert codes == ([-9106, -9110, -9111] if "Advanced" in advanced.values() else [-9106])


def test_one_flag_requests_both_kinds_of_copy_warnings() -> None:
    assert warned(NEWEST, "CopyWarn") == [-9102, -9108]
    assert warned(API_PAGE, "CopyWarn") == [-9102]


def test_warnings_are_in_the_order_of_their_codes_of_that_day() -> None:
    flags = ("InvalidDateWarn", "CopyWarn", "ReflectWarn")

    assert warned(date(2026, 3, 12), *flags) == [-9100, -9102, -9107, -9108]
    assert warned(date(2026, 3, 13), *flags) == [-9102, -9107, -9108, -9109]


def test_a_warning_that_left_the_page_for_a_while_kept_its_code() -> None:
    gone, back = date(2025, 5, 9), date(2026, 2, 5)

    assert not contract_on(gone).warnings["invalid_date"].on_page
    assert contract_on(back).warnings["invalid_date"].on_page
    for day in (gone - DAY, gone, back - DAY, back):
        assert warned(day, "InvalidDateWarn") == [-9100]


def test_a_validity_of_undocumented_length_has_the_warning_code_of_the_day() -> None:
    sent = {"CardSide": "BACK", "Config": config("InvalidDateWarn")}
    answer = an_answer(card={"ValidDate": "2010.07.21-2013.07.21"})

    codes = [
        advanced_info(answered(sent, answer, contract=day))["WarnInfos"]
        for day in (date(2026, 3, 12), date(2026, 3, 13))
    ]

    assert codes == [[-9100], [-9109]]


@pytest.mark.parametrize("code", [-9100, -9109])
def test_a_code_in_a_scenario_means_the_warning_that_had_it_at_any_time(code: int) -> None:
    answer = an_answer(warnings=[code])
    sent = {"Config": config("InvalidDateWarn")}

    codes = [
        advanced_info(answered(sent, answer, contract=day))["WarnInfos"]
        for day in (API_PAGE, NEWEST)
    ]

    assert codes == [[-9100], [-9109]]


@pytest.mark.parametrize("side", ["FRONT", "BACK", None])
def test_requested_members_replace_the_default_of_advanced_info(side: str | None) -> None:
    sent = {"CardSide": side, "Config": config("Quality")}

    info = advanced_info(answered(sent, contract=NEWEST))

    assert info.keys() == {"Quality"}


@pytest.mark.parametrize(
    ("side", "day"),
    [("FRONT", date(2024, 11, 21)), (None, date(2024, 11, 21)), ("BACK", date(2024, 12, 26))],
)
def test_advanced_info_of_a_side_is_the_default_of_the_day(side: str | None, day: date) -> None:
    texts = [
        answered({"CardSide": side}, contract=each)["AdvancedInfo"]
        for each in (day - DAY, day, NEWEST)
    ]

    assert texts == ["{}", '{"WarnInfos":[]}', '{"WarnInfos":[]}']


def test_differences_are_reversed_in_the_other_direction() -> None:
    old, new = API_PAGE, NEWEST
    undone = {"added": "removed", "removed": "added", "changed": "changed"}

    there = {what: change for change, what, _ in contract_changes(old, new)}
    back = {what: undone[change] for change, what, _ in contract_changes(new, old)}

    assert there == back
    assert set(there.values()) == {"added", "changed"}


def test_a_contract_does_not_differ_from_itself() -> None:
    assert not list(contract_changes(NEWEST, NEWEST))
