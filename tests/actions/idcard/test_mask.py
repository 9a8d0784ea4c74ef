import json
from typing import Any

import pytest

from mockocr.actions.idcard.mask import mask
from mockocr.protocol.parameters import LongText
from tests.builders import advanced_info, an_answer, answered, config

SECRETS = [
    "Wang Secret",
    "440524198701010014",
    "1987/1/1",
    "北京市秘密路1号",
    "c2VjcmV0LXBpY3R1cmU=",
]


def masked_text(values: dict[str, Any]) -> str:
    return json.dumps(mask(values), ensure_ascii=False)


def test_a_masked_response_contains_no_personal_data() -> None:
    card = {"Name": SECRETS[0], "IdNum": SECRETS[1], "Birth": SECRETS[2], "Address": SECRETS[3]}
    response = answered(
        {"Config": config("CropIdCard", "CropPortrait", "Quality")},
        an_answer(card={**card, "Authority": "赵县公安局"}),
    )

    text = masked_text(dict(response))

    assert not [secret for secret in SECRETS if secret in text]
    crops = advanced_info(response)
    assert crops["IdCard"] not in text
    assert crops["Portrait"] not in text
    assert '"Sex": "男"' in text
    assert "Quality" in text


def test_a_blank_value_is_shown_blank() -> None:
    response = answered({"CardSide": "BACK", "Config": config("CropPortrait")})

    masked = mask(response)

    assert (masked["Name"], masked["IdNum"]) == ("", "")
    assert masked["Authority"] == response["Authority"]
    assert masked["AdvancedInfo"] == '{"Portrait":""}'
    assert masked["ReflectDetailInfos"] == []


def test_a_crop_is_shown_as_its_length_and_digest() -> None:
    masked = mask({"AdvancedInfo": '{"IdCard":"abc","Quality":90}'})

    assert json.loads(masked["AdvancedInfo"]) == {
        "IdCard": "<3 characters, SHA-256 ba7816bf8f01>",
        "Quality": 90,
    }


@pytest.mark.parametrize("text", ['"IdCard"', '{"IdCard":', '["Portrait"]', '["IdCard",' * 100_000])
def test_advanced_info_that_mentions_crops_but_is_not_an_object_is_hidden(text: str) -> None:
    assert mask({"AdvancedInfo": text}) == {"AdvancedInfo": "***"}


def test_advanced_info_without_crops_is_shown() -> None:
    text = '{"WarnInfos":[-9104]}'

    assert mask({"AdvancedInfo": text}) == {"AdvancedInfo": text}


def test_of_advanced_info_documented_members_of_the_right_type_are_shown() -> None:
    info = {
        "Quality": 440524198701010014,
        "BorderCodeValue": 12,
        "WarnInfos": ["Wang Secret"],
        "IsKeyValid": "Wang Secret",
        "IsValueValid": True,
        "Wang": "Wang Secret",
        "Nothing": None,
    }
    masked = mask({"AdvancedInfo": json.dumps(info)})

    assert json.loads(masked["AdvancedInfo"]) == {
        **dict.fromkeys(info, "***"),
        "BorderCodeValue": 12,
        "IsValueValid": True,
        "Nothing": None,
    }


def test_of_reflections_only_positions_are_shown() -> None:
    details = [{"Position": "Portrait"}, {"Position": "1987/1/1"}, {"Position": "A", "B": "C"}, 3]
    masked = mask({"ReflectDetailInfos": details})

    assert masked == {"ReflectDetailInfos": [details[0], "***", "***", "***"]}


@pytest.mark.parametrize("picture", [SECRETS[4], LongText.of(SECRETS[4])])
def test_a_picture_is_shown_as_its_length(picture: str | LongText) -> None:
    assert mask({"ImageBase64": picture}) == {"ImageBase64": "<20 characters>"}


def test_a_url_is_shown_without_its_query() -> None:
    masked = mask({"ImageUrl": "https://xx/a.jpg?sign=secret&t=1"})

    assert masked == {"ImageUrl": "https://xx/a.jpg?***"}
    assert mask({"ImageUrl": "https://user:secret@xx/a.jpg#b"}) == masked
    assert mask({"ImageUrl": "HTTP://xx/a.jpg"}) == {"ImageUrl": "HTTP://xx/a.jpg"}


@pytest.mark.parametrize("url", [f"data:image/png;base64,{SECRETS[4]}", SECRETS[4]])
def test_a_picture_sent_in_image_url_is_not_shown(url: str) -> None:
    masked = mask({"ImageUrl": url})

    assert masked == {"ImageUrl": f"<{len(url)} characters, not http or https>"}


def test_a_picture_sent_in_another_parameter_is_not_shown() -> None:
    assert mask({"CardSide": "x" * 1001}) == {"CardSide": "<1001 characters>"}


def test_the_other_parameters_are_shown() -> None:
    parameters = {
        "CardSide": "FRONT",
        "Config": config("Quality"),
        "EnableRecognitionRectify": False,
        "EnableReflectDetail": None,
        "ImageUrl": None,
    }

    assert mask(parameters) == parameters


@pytest.mark.parametrize(
    "value", [5, 0.5, ["x"], {"IdCard": "x"}, ['"IdCard"'], "a picture", LongText.of("x")]
)
def test_an_undocumented_parameter_is_shown_by_name_only(value: Any) -> None:
    assert mask({"imageBase64": value}) == {"imageBase64": "***"}


@pytest.mark.parametrize(
    "name", ["ImageBase64", "ImageUrl", "CardSide", "Config", "AdvancedInfo", "Name"]
)
@pytest.mark.parametrize("value", [5, ['"IdCard"'], {"IdCard": "x"}])
def test_a_value_of_the_wrong_type_is_not_shown(name: str, value: Any) -> None:
    assert mask({name: value}) == {name: "***"}
