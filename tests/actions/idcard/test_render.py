from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockocr.people import number
from tests.actions.idcard.documented import DOCUMENTED_CODES
from tests.actions.idcard.test_query import DOCUMENTED_FLAGS
from tests.builders import FRONT_OF_LI_MING, advanced_info, an_answer, answered, config

MEMBERS = {
    "Name",
    "Sex",
    "Nation",
    "Birth",
    "Address",
    "IdNum",
    "Authority",
    "ValidDate",
    "AdvancedInfo",
    "ReflectDetailInfos",
}
"""API page §3, without RequestId."""
FRONT = ["Name", "Sex", "Nation", "Birth", "Address", "IdNum"]
BACK = ["Authority", "ValidDate"]

FLAG_OF_WARNING = {
    "invalid_date": "InvalidDateWarn",
    "border": "BorderCheckWarn",
    "copy": "CopyWarn",
    "reshoot": "ReshootWarn",
    "temporary_id": "TempIdWarn",
    "occlusion": "BorderCheckWarn",
    "tampered": "DetectPsWarn",
    "reflection": "ReflectWarn",
}
WARN_FLAGS = set(FLAG_OF_WARNING.values())
LI_MING = FRONT_OF_LI_MING | {"Authority": "赵县公安局", "ValidDate": "2010.07.21-2020.07.21"}

flags = st.sets(st.sampled_from(DOCUMENTED_FLAGS))
sides = st.sampled_from(["FRONT", "BACK", None])
warnings = st.lists(st.sampled_from(list(DOCUMENTED_CODES)))


def filled(response: Any) -> list[str]:
    return [member for member in FRONT + BACK if response[member]]


@given(sides, flags, warnings)
@settings(deadline=None, max_examples=40)
def test_a_response_always_has_all_members(
    side: str | None, requested: set[str], warned: list[str]
) -> None:
    parameters = {"CardSide": side, "Config": config(*requested)}

    response = answered(parameters, an_answer(warnings=warned))

    assert response.keys() == MEMBERS
    assert response["ReflectDetailInfos"] == []
    assert all(isinstance(response[member], str) for member in MEMBERS - {"ReflectDetailInfos"})


@pytest.mark.parametrize(("side", "members"), [("FRONT", FRONT), ("BACK", BACK), (None, FRONT)])
def test_the_fields_of_the_requested_side_are_filled(side: str | None, members: list[str]) -> None:
    response = answered({"CardSide": side})

    assert filled(response) == members


def test_a_back_field_is_blank_for_the_front() -> None:
    response = answered({"CardSide": "FRONT"}, an_answer(card=LI_MING))

    assert response == {
        **LI_MING,
        "Authority": "",
        "ValidDate": "",
        "AdvancedInfo": "{}",
        "ReflectDetailInfos": [],
    }


def test_multi_card_detect_fills_both_sides_if_a_rule_gives_both() -> None:
    response = answered({"Config": config("MultiCardDetect")}, an_answer(card=LI_MING))

    assert {member: response[member] for member in LI_MING} == LI_MING


@pytest.mark.parametrize("card", [{"Name": "李明"}, {"Authority": "赵县公安局"}, "invented"])
def test_multi_card_detect_fills_one_side_if_a_rule_gives_one(card: Any) -> None:
    response = answered({"Config": config("MultiCardDetect")}, an_answer(card=card))

    assert filled(response) == FRONT


def test_advanced_info_is_an_empty_object_if_nothing_is_requested() -> None:
    response = answered()

    assert response["AdvancedInfo"] == "{}"


def keys_for(requested: set[str]) -> set[str]:
    own = {"CropIdCard": "IdCard", "CropPortrait": "Portrait", "Quality": "Quality"}
    keys = {key for flag, key in own.items() if flag in requested}
    keys |= {"BorderCodeValue"} if "BorderCheckWarn" in requested else set()
    return keys | ({"WarnInfos"} if requested & WARN_FLAGS else set())


@pytest.mark.parametrize("flag", DOCUMENTED_FLAGS)
def test_one_flag_adds_its_own_member_and_nothing_else(flag: str) -> None:
    info = advanced_info(answered({"Config": config(flag)}))

    assert info.keys() == keys_for({flag})


@given(flags, sides)
@settings(deadline=None, max_examples=60)
def test_advanced_info_has_exactly_what_was_requested(
    requested: set[str], side: str | None
) -> None:
    info = advanced_info(answered({"Config": config(*requested), "CardSide": side}))

    assert info.keys() == keys_for(requested)


@given(flags.map(lambda requested: requested - {"CropIdCard", "CropPortrait"}), warnings)
def test_requested_warnings_that_hold_are_in_the_order_of_their_codes(
    requested: set[str], warned: list[str]
) -> None:
    response = answered({"Config": config(*requested)}, an_answer(warnings=warned))

    expected = [
        DOCUMENTED_CODES[name]
        for name in DOCUMENTED_CODES
        if name in warned and FLAG_OF_WARNING[name] in requested
    ]
    assert advanced_info(response).get("WarnInfos", []) == expected


def test_a_picture_that_is_not_a_specimen_has_no_warnings() -> None:
    info = advanced_info(answered({"Config": config(*WARN_FLAGS)}))

    assert info["WarnInfos"] == []


def test_a_temporary_card_is_blank_if_its_warning_was_requested() -> None:
    response = answered(
        {"Config": config("TempIdWarn")}, an_answer(card="invented", warnings=["temporary_id"])
    )

    assert filled(response) == []
    assert advanced_info(response) == {"WarnInfos": [-9104]}


def test_a_temporary_card_is_read_if_its_warning_was_not_requested() -> None:
    response = answered({}, an_answer(card="invented", warnings=["temporary_id"]))

    assert filled(response) == FRONT


def test_a_temporary_card_has_the_fields_that_its_rule_gives() -> None:
    answer = an_answer(card={"Name": "李明", "IdNum": "1"}, warnings=["temporary_id"])

    response = answered({"Config": config("TempIdWarn")}, answer)

    assert filled(response) == ["Name", "IdNum"]


@pytest.mark.parametrize(
    ("validity", "valid"),
    [
        ("2020.01.01-2025.01.01", True),
        ("2010.07.21-2020.07.21", True),
        ("2010.07.21-2030.07.21", True),
        ("2010.07.21-长期", True),
        ("2024.02.29-2034.03.01", True),
        ("1999.01.01-2004.01.01", True),
        ("2010.07.21-2013.07.21", False),
        ("2010.07.21-2020.07.20", False),
        ("2010.07.21-2010.13.41", False),
        ("2010.02.30-2020.02.30", False),
        ("2010.07.21", False),
        ("长期", False),
        ("", True),
    ],
)
def test_an_invalid_date_is_a_validity_of_undocumented_length(validity: str, valid: bool) -> None:
    sent = {"CardSide": "BACK", "Config": config("InvalidDateWarn")}

    response = answered(sent, an_answer(card={"ValidDate": validity}))

    assert response["ValidDate"] == validity
    assert advanced_info(response)["WarnInfos"] == ([] if valid else [-9100])


def test_a_generated_card_has_a_valid_date() -> None:
    response = answered({"CardSide": "BACK", "Config": config("InvalidDateWarn")})

    assert advanced_info(response)["WarnInfos"] == []


def test_the_front_shows_no_date_that_could_be_invalid() -> None:
    card = {"ValidDate": "2010.07.21-2013.07.21"}

    response = answered({"Config": config("InvalidDateWarn")}, an_answer(card=card))

    assert advanced_info(response)["WarnInfos"] == []


TAMPERED = {"Sex": "女", "Birth": "1990/12/31", "IdNum": "440524198701010014"}


def test_sex_and_birth_follow_from_the_number() -> None:
    response = answered({}, an_answer(card=TAMPERED))

    assert (response["Sex"], response["Birth"]) == ("男", "1987/1/1")


def test_sex_and_birth_are_those_of_the_card_without_rectification() -> None:
    response = answered({"EnableRecognitionRectify": False}, an_answer(card=TAMPERED))

    assert {member: response[member] for member in TAMPERED} == TAMPERED


def test_an_unreadable_number_changes_no_other_field() -> None:
    card = {**TAMPERED, "IdNum": "no number"}

    response = answered({}, an_answer(card=card))

    assert {member: response[member] for member in card} == card


@pytest.mark.parametrize("birth", ["1990/12/31", "1990.12.31", "1990-12-31"])
def test_generated_fields_agree_with_given_ones(birth: str) -> None:
    response = answered({}, an_answer(card={"Birth": birth, "Sex": "女"}))

    facts = number.read(response["IdNum"])
    assert facts is not None
    assert (f"{facts.birth:%Y%m%d}", facts.sex) == ("19901231", "女")


@pytest.mark.parametrize("birth", ["1990/2/30", "yesterday"])
def test_an_impossible_birth_is_returned_unchanged_without_rectification(birth: str) -> None:
    response = answered({"EnableRecognitionRectify": False}, an_answer(card={"Birth": birth}))

    assert response["Birth"] == birth


OVERRIDES: dict[str, Any] = {
    **dict.fromkeys(FRONT + BACK, "literally"),
    "AdvancedInfo": "no JSON",
    "ReflectDetailInfos": [{"Position": "Portrait"}],
}


@pytest.mark.parametrize("member", OVERRIDES)
@pytest.mark.parametrize("side", ["FRONT", "BACK"])
def test_a_member_of_a_rule_is_returned_literally(member: str, side: str) -> None:
    sent = {"CardSide": side, "Config": config("TempIdWarn")}
    words = {"card": LI_MING, "warnings": ["temporary_id"]}

    response = answered(sent, an_answer(**words, **{member: OVERRIDES[member]}))

    assert response == {**answered(sent, an_answer(**words)), member: OVERRIDES[member]}
