import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.query import (
    facts,
    read_config,
)
from mockocr.images.image import Base64Image, ImageAtUrl
from mockocr.protocol.parameters import LongText, read_parameters
from mockocr.settings import API_PAGE
from tests.builders import URL, a_picture, asked_for, base64, config, refusal_of

DOCUMENTED_PARAMETERS: dict[str, tuple[type, Any]] = {
    "ImageBase64": (str, None),
    "ImageUrl": (str, None),
    "CardSide": (str, None),
    "Config": (str, None),
    "EnableRecognitionRectify": (bool, True),
    "EnableReflectDetail": (bool, False),
}
"""API page §2, with the documented defaults."""

TYPES = {str: "string", bool: "bool"}

DOCUMENTED_FLAGS = [
    "CropIdCard",
    "CropPortrait",
    "CopyWarn",
    "BorderCheckWarn",
    "ReshootWarn",
    "DetectPsWarn",
    "TempIdWarn",
    "InvalidDateWarn",
    "Quality",
    "MultiCardDetect",
    "ReflectWarn",
]
"""API page §2, under Config: "以下可选字段均为bool 类型,默认false"."""
LATER_FLAGS = ["KeyCheck", "ValueCheck"]

MAX_BASE64_CHARACTERS = 7 * 1_048_576
"""要求图片经Base64编码后不超过 7M (API page §2)."""

ON_PAGE = contract_on(API_PAGE)

EMPTY = "FailedOperation.EmptyImageError"
SIDE = "InvalidParameterValue.InvalidParameterValueLimit"
FORMAT = "InvalidParameter.ConfigFormatError"
TOO_LARGE = "LimitExceeded.TooLargeFileError"


def test_the_parameters_are_the_documented_ones() -> None:
    assert ON_PAGE.parameters == {
        name: TYPES[wanted] for name, (wanted, _) in DOCUMENTED_PARAMETERS.items()
    }


def test_missing_parameters_have_the_documented_defaults() -> None:
    query = asked_for()

    assert (query.card_side, query.flags) == (None, frozenset())
    assert query.rectify is DOCUMENTED_PARAMETERS["EnableRecognitionRectify"][1]
    assert query.reflect_detail is DOCUMENTED_PARAMETERS["EnableReflectDetail"][1]


@pytest.mark.parametrize("name", DOCUMENTED_PARAMETERS)
def test_a_parameter_accepts_a_value_of_its_documented_type(name: str) -> None:
    value = DOCUMENTED_PARAMETERS[name][0]("FRONT")

    assert read_parameters(ON_PAGE.parameters, {name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, (wanted, _) in DOCUMENTED_PARAMETERS.items()
        for value in ("true", True, 1, 0.5, ["FRONT"], {"CropIdCard": True})
        if type(value) is not wanted
    ],
)
def test_a_parameter_refuses_a_value_of_another_type(name: str, value: Any) -> None:
    wanted = DOCUMENTED_PARAMETERS[name][0]
    refused = refusal_of(**{name: value})

    assert refused.code == "InvalidParameter"
    message = f"`{name}` is not valid, input type should be `{TYPES[wanted]}`"
    assert message in refused.message("en-US")


def test_the_flags_are_the_documented_ones_and_those_of_later_contracts() -> None:
    assert list(ON_PAGE.flags) == DOCUMENTED_FLAGS
    assert list(contract_on(date.max).flags) == [*DOCUMENTED_FLAGS, *LATER_FLAGS]


@pytest.mark.parametrize("flag", DOCUMENTED_FLAGS)
def test_each_flag_is_set_by_its_documented_name_alone(flag: str) -> None:
    assert read_config(config(flag), ON_PAGE) == (frozenset({flag}), ())


def test_an_unknown_parameter_is_refused_in_the_observed_words() -> None:
    refused = refusal_of(ImageUrl=URL, Image="x")

    assert refused.code == "UnknownParameter"
    assert refused.message("en-US") == "The parameter `Image` is not recognized."
    assert refused.message("zh-CN") == "未定义参数 Image"


@pytest.mark.parametrize("name", ["image_url", "imageUrl", "IMAGEURL", "flags", ""])
def test_a_parameter_is_known_only_as_the_page_spells_it(name: str) -> None:
    parameters: dict[str, Any] = {name: URL}
    refused = refusal_of(**parameters)

    assert refused.code == "UnknownParameter"


def test_a_config_that_is_an_object_is_refused_in_the_observed_words() -> None:
    refused = refusal_of(ImageUrl=URL, Config={"CropIdCard": True})

    assert refused.code == "InvalidParameter"
    assert refused.message("en-US") == (
        "The value type of parameter `Config` is not valid, input type should be `string`"
    )
    assert refused.message("zh-CN") == "参数 `Config` 取值类型错误。参数类型应为 `string`"


def test_an_unknown_parameter_is_refused_before_a_wrong_type() -> None:
    refused = refusal_of(ImageUrl=5, Config={}, Image="x")

    assert refused.code == "UnknownParameter"


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_parameter_and_null_are_not_given(nothing: str | None) -> None:
    query = asked_for(ImageUrl=URL, ImageBase64=nothing, CardSide=nothing, Config=nothing)

    assert query == asked_for(ImageUrl=URL)


def test_null_for_a_switch_is_its_default() -> None:
    query = asked_for(EnableRecognitionRectify=None, EnableReflectDetail=None)

    assert (query.rectify, query.reflect_detail) == (True, False)


def test_the_switches_are_read() -> None:
    query = asked_for(EnableRecognitionRectify=False, EnableReflectDetail=True)

    assert (query.rectify, query.reflect_detail) == (False, True)


@pytest.mark.parametrize("side", ["FRONT", "BACK"])
def test_a_documented_side_is_read(side: str) -> None:
    query = asked_for(CardSide=side)

    assert query.card_side == side


@pytest.mark.parametrize("side", ["front", "FRONT ", "BOTH", "\ud800", " "])
def test_an_undocumented_side_is_a_wrong_value(side: str) -> None:
    refused = refusal_of(ImageUrl=URL, CardSide=side)

    assert refused.code == SIDE


@pytest.mark.parametrize(
    "text",
    [
        *("{", "CropIdCard", "{'CropIdCard': true}", '{"CropIdCard":true,}', "{}{}", " ", "\ud800"),
        *("[]", "null", "true", '"{}"', "1", '["CropIdCard"]'),
        *('{"CropIdCard":1}', '{"CropIdCard":"true"}', '{"Quality":null}', '{"Quality":{}}'),
        *("[" * 100_000, '{"x":' * 100_000),
    ],
    ids=lambda text: text[:20],
)
def test_a_config_that_is_not_an_object_of_bools_is_a_format_error(text: str) -> None:
    refused = refusal_of(ImageUrl=URL, Config=text)

    assert refused.code == FORMAT


def test_unknown_flags_are_ignored() -> None:
    text = '{"CropIdcard": true, "NewWarn": "yes", "Quality": true, "x": {"y": []}}'

    flags, notes = read_config(text, ON_PAGE)

    assert flags == {"Quality"}
    assert [note.reason.parameter for note in notes] == [
        "Config.CropIdcard",
        "Config.NewWarn",
        "Config.x",
    ]


def test_a_pretty_printed_config_is_read() -> None:
    text = json.dumps({"CropIdCard": True, "TempIdWarn": False}, indent=4)

    flags, _ = read_config(f"\r\n{text}\n", ON_PAGE)

    assert flags == {"CropIdCard"}


def test_the_url_wins_over_the_picture_in_base64() -> None:
    query = asked_for(ImageUrl=URL, ImageBase64=base64(a_picture()))

    assert query.image == ImageAtUrl(URL, MAX_BASE64_CHARACTERS)


def test_a_url_makes_invalid_base64_acceptable() -> None:
    query = asked_for(ImageUrl=URL, ImageBase64="A" * (MAX_BASE64_CHARACTERS + 1))

    assert query.image == ImageAtUrl(URL, MAX_BASE64_CHARACTERS)


def test_a_picture_in_base64_is_what_was_sent() -> None:
    text = base64(a_picture())

    query = asked_for(ImageBase64=text, ImageUrl="")

    assert isinstance(query.image, Base64Image)
    assert bytes(query.image.text.content) == text.encode()


@pytest.mark.parametrize(
    "parameters", [{}, {"ImageBase64": ""}, {"ImageBase64": " \r\n" * 100}, {"ImageUrl": ""}]
)
def test_a_missing_or_blank_picture_is_an_empty_picture(parameters: dict[str, Any]) -> None:
    refused = refusal_of(**parameters)

    assert refused.code == EMPTY


def test_a_picture_after_many_blanks_is_not_blank() -> None:
    query = asked_for(ImageBase64=" " * 100 + "QUJD")

    assert isinstance(query.image, Base64Image)


def test_seven_times_1_048_576_characters_are_accepted() -> None:
    query = asked_for(ImageBase64="A" * MAX_BASE64_CHARACTERS)

    assert isinstance(query.image, Base64Image)


def test_one_character_more_is_too_large() -> None:
    refused = refusal_of(ImageBase64="A" * (MAX_BASE64_CHARACTERS + 1))

    assert refused.code == TOO_LARGE


def test_white_space_in_base64_is_not_counted() -> None:
    line = "A" * 76 + "\r\n"
    lines, rest = divmod(MAX_BASE64_CHARACTERS, 76)

    query = asked_for(ImageBase64=line * lines + "A" * rest)

    assert isinstance(query.image, Base64Image)
    assert refusal_of(ImageBase64=line * lines + "A" * (rest + 1)).code == TOO_LARGE


def test_a_long_text_cut_out_of_its_body_is_read_like_any_other() -> None:
    text = LongText.of("QUJD")

    query = asked_for(ImageBase64=text)

    assert query.image == Base64Image(text)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("UnknownParameter", {"Unknown": 1}),
    ("InvalidParameter", {"EnableReflectDetail": 1}),
    (SIDE, {"CardSide": "SIDE"}),
    (FORMAT, {"Config": "{"}),
    (EMPTY, {}),
]


@given(st.sets(st.integers(0, len(WRONG) - 1), min_size=1))
def test_the_first_fault_in_the_order_of_checks_is_reported(faults: set[int]) -> None:
    parameters: dict[str, Any] = {} if 4 in faults else {"ImageUrl": URL}
    for fault in faults:
        parameters |= WRONG[fault][1]

    refused = refusal_of(**parameters)

    assert refused.code == WRONG[min(faults)][0]


def test_a_wrong_config_is_reported_before_a_picture_that_is_too_large() -> None:
    refused = refusal_of(Config="{", ImageBase64="A" * (MAX_BASE64_CHARACTERS + 1))

    assert refused.code == FORMAT


def test_facts_have_the_names_of_the_api() -> None:
    query = asked_for(ImageUrl=URL, CardSide="BACK", Config=config("Quality"))

    values = facts(query)

    assert values == {
        "CardSide": "BACK",
        "ImageUrl": URL,
        "EnableRecognitionRectify": True,
        "EnableReflectDetail": False,
        "EnableDateVerify": True,
        "CardWarnType": "Basic",
        **{f"Config.{flag}": flag == "Quality" for flag in DOCUMENTED_FLAGS + LATER_FLAGS},
    }


def test_a_picture_in_base64_has_no_url_among_its_facts() -> None:
    values = facts(asked_for(ImageBase64="QUJD"))

    assert values["ImageUrl"] is None
    assert values["CardSide"] is None
