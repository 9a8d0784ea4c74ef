"""The answer to a picture of a specimen, if no rule decides."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageFilter

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.render import render
from mockocr.protocol.errors import ApiError
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.specimen import draw, encoded
from mockocr.specimens.finding import Contents, Finding
from mockocr.specimens.read.reading import read
from tests.builders import (
    FRONT_OF_LI_MING,
    NOW,
    a_picture,
    advanced_info,
    an_answer,
    asked_for,
    base64,
    config,
)
from tests.specimens.files import bmp_that_says, jpeg_that_says, png_that_says
from tests.specimens.people import LI_MING, some_card_data

BACK = CardData(Kind.BACK, authority="赵县公安局", valid_date="2010.07.21-2020.07.21")
BACK_TEXTS = {"Authority": "赵县公安局", "ValidDate": "2010.07.21-2020.07.21"}
BOTH = CardData.of(Kind.BOTH, {**LI_MING.texts, **BACK.texts})


def answer_to(
    content: bytes, answer: IDCardAnswer | None = None, unknown: Any = "invent", **parameters: Any
) -> Mapping[str, Any]:
    query = asked_for(ImageBase64=base64(content), **parameters)
    settings = CallSettings(NOW, 0, "valid", API_PAGE, unknown_pictures=unknown)
    call_image = CallImage(PictureCache(), query.image)
    return render(query, answer or IDCardAnswer(), settings, call_image).members


def code_of(content: bytes, **more: Any) -> str:
    with pytest.raises(ApiError) as refused:
        answer_to(content, **more)
    return refused.value.code


def picture(card_data: CardData, **more: Any) -> bytes:
    return encoded(draw(card_data, **more), "PNG")


def texts(response: Mapping[str, Any]) -> dict[str, Any]:
    return {name: response[name] for name in (*FRONT_OF_LI_MING, *BACK_TEXTS) if response[name]}


@pytest.mark.parametrize("side", [{}, {"CardSide": "FRONT"}])
def test_a_front_is_answered_with_its_own_fields(side: dict[str, Any]) -> None:
    assert texts(answer_to(picture(LI_MING), **side)) == FRONT_OF_LI_MING


@pytest.mark.parametrize("side", [{}, {"CardSide": "BACK"}])
def test_a_back_is_answered_with_its_own_fields(side: dict[str, Any]) -> None:
    assert texts(answer_to(picture(BACK), **side)) == BACK_TEXTS


@pytest.mark.parametrize(("card_data", "side"), [(LI_MING, "BACK"), (BACK, "FRONT")])
def test_a_picture_of_the_other_side_is_refused(card_data: CardData, side: str) -> None:
    assert code_of(picture(card_data), CardSide=side) == "FailedOperation.CardSideError"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"CardSide": "FRONT"}, FRONT_OF_LI_MING),
        ({"CardSide": "BACK"}, BACK_TEXTS),
        ({}, FRONT_OF_LI_MING),
        ({"Config": config("MultiCardDetect")}, FRONT_OF_LI_MING | BACK_TEXTS),
        ({"Config": config("MultiCardDetect"), "CardSide": "BACK"}, FRONT_OF_LI_MING | BACK_TEXTS),
    ],
)
def test_a_picture_of_both_sides_answers_the_requested_side_or_both(
    parameters: dict[str, Any], expected: dict[str, str]
) -> None:
    assert texts(answer_to(picture(BOTH), **parameters)) == expected


def two(one: CardData, other: CardData) -> bytes:
    pictures = [draw(one), draw(other)]
    page = Image.new("RGB", (1200, 1600))
    for index, drawn in enumerate(pictures):
        page.paste(drawn, (0, 800 * index))
    return encoded(page, "PNG")


def test_two_cards_of_one_side_are_refused() -> None:
    assert code_of(two(LI_MING, some_card_data())) == "FailedOperation.MultiCardError"
    assert code_of(two(BACK, some_card_data(Kind.BACK, 1))) == "FailedOperation.MultiCardError"


def test_a_card_blurred_beyond_reading_is_refused_as_blurred() -> None:
    blurred = draw(LI_MING).filter(ImageFilter.GaussianBlur(9))

    assert code_of(encoded(blurred, "PNG")) == "FailedOperation.ImageBlur"


def test_a_card_too_small_to_be_read_is_refused_as_too_small() -> None:
    small = draw(LI_MING).resize((150, 100), Image.Resampling.LANCZOS)

    assert code_of(encoded(small, "PNG")) == "FailedOperation.IdCardTooSmall"


def test_a_card_whose_main_code_is_covered_is_not_read() -> None:
    covered = draw(LI_MING)
    covered.paste((90, 70, 60), (740, 280, 1060, 580))
    content = encoded(covered, "PNG")
    found = read(content)
    assert isinstance(found, Finding)
    assert found.contents is Contents.COVERED

    assert code_of(content) == "FailedOperation.OcrFailed"


def test_a_picture_without_a_card_is_a_generated_person_or_refused_as_configured() -> None:
    content = a_picture(width=600, height=400)

    assert answer_to(content)["Name"]
    assert code_of(content, unknown="refuse") == "FailedOperation.ImageNoIdCard"


def test_a_specimen_is_read_where_unknown_pictures_are_refused() -> None:
    assert answer_to(picture(LI_MING), unknown="refuse")["Name"] == "李明"


HOSTILE = {
    "a bomb of a PNG": (png_that_says(30_000, 30_000), "FailedOperation.ImageSizeTooLarge"),
    "a PNG of a million pixels and no data": (
        png_that_says(1000, 1000),
        "FailedOperation.ImageDecodeFailed",
    ),
    "a BMP of nothing": (bmp_that_says(1000, 1000), "FailedOperation.ImageDecodeFailed"),
    "a BMP of a negative size": (bmp_that_says(-5, 10**9), "FailedOperation.ImageSizeTooLarge"),
    "a JPEG of nothing": (jpeg_that_says(1000, 1000), "FailedOperation.ImageDecodeFailed"),
    "a picture cut off": (picture(LI_MING)[:30_000], "FailedOperation.ImageDecodeFailed"),
    "a tiny one": (a_picture(width=10, height=10), "FailedOperation.IdCardTooSmall"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_with_a_documented_error(name: str) -> None:
    content, code = HOSTILE[name]

    assert code_of(content) == code


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK"])
def test_a_card_in_another_colour_mode_is_read(mode: str) -> None:
    buffer = BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    draw(LI_MING).convert(mode).save(buffer, kind)

    assert answer_to(buffer.getvalue())["IdNum"] == LI_MING.id_num


@pytest.mark.parametrize(
    "change",
    [
        {"id_num": "440524198701010015"},
        {"id_num": "440524870101001"},
        {"id_num": ""},
        {"name": ""},
        {"sex": "?"},
        {"birth": "1987/13/1"},
    ],
)
def test_an_impossible_card_is_refused(change: dict[str, Any]) -> None:
    content = picture(replace(LI_MING, **change))

    assert code_of(content) == "FailedOperation.IdCardInfoIllegal"


def test_a_malformed_validity_is_refused() -> None:
    content = picture(replace(BACK, valid_date="2010.07.21"))

    assert code_of(content) == "FailedOperation.IdCardInfoIllegal"


@pytest.mark.parametrize(
    ("card", "form"),
    [
        (replace(LI_MING, birth="1987年1月1日"), "YYYY/M/D"),
        (replace(BACK, valid_date="长期"), "YYYY.MM.DD-YYYY.MM.DD, YYYY.MM.DD-长期"),
    ],
)
def test_the_reason_for_a_malformed_date_is_its_form(card: CardData, form: str) -> None:
    with pytest.raises(ApiError) as refusal:
        answer_to(picture(card))

    assert refusal.value.reason is not None
    assert refusal.value.reason.expected == form


def test_sex_and_birth_follow_the_number_unless_rectification_is_off() -> None:
    content = picture(replace(LI_MING, sex="女", birth="1988/2/3"))

    rectified = answer_to(content)
    as_it_stands = answer_to(content, EnableRecognitionRectify=False)

    assert (rectified["Sex"], rectified["Birth"]) == ("男", "1987/1/1")
    assert (as_it_stands["Sex"], as_it_stands["Birth"]) == ("女", "1988/2/3")


@pytest.mark.parametrize(
    ("valid_date", "warnings"),
    [
        ("2010.07.21-2020.07.21", []),
        ("2010.07.21-长期", []),
        ("2010.07.21-2017.07.21", [-9100]),
    ],
)
def test_a_validity_of_undocumented_length_has_a_warning(
    valid_date: str, warnings: list[int]
) -> None:
    content = picture(replace(BACK, valid_date=valid_date))

    response = answer_to(content, Config=config("InvalidDateWarn"))

    assert advanced_info(response)["WarnInfos"] == warnings


def test_a_temporary_card_is_blank_if_its_warning_is_requested_else_a_front() -> None:
    content = picture(some_card_data(Kind.TEMPORARY))

    warned = answer_to(content, CardSide="FRONT", Config=config("TempIdWarn"))
    plain = answer_to(content, CardSide="FRONT")

    assert (texts(warned), advanced_info(warned)) == ({}, {"WarnInfos": [-9104]})
    assert texts(plain).keys() == FRONT_OF_LI_MING.keys()


def test_a_recorded_warning_is_returned_if_it_is_requested() -> None:
    content = picture(replace(LI_MING, defects=("copy", "blur")))

    warned = answer_to(content, Config=config("CopyWarn", "ReshootWarn"))
    scripted = answer_to(content, an_answer(card="from_picture", warnings=["reshoot"]))

    assert advanced_info(warned)["WarnInfos"] == [-9102]
    assert scripted["AdvancedInfo"] == "{}"


def test_warnings_of_a_rule_override_those_of_the_picture() -> None:
    content = picture(replace(LI_MING, defects=("copy",)))
    flags = config("CopyWarn", "ReshootWarn")

    for warnings, codes in ((["reshoot"], [-9103]), ([], [])):
        answer = an_answer(card="from_picture", warnings=warnings)
        assert advanced_info(answer_to(content, answer, Config=flags))["WarnInfos"] == codes


def crop(response: Mapping[str, Any], name: str) -> bytes:
    return b64decode(advanced_info(response)[name])


@pytest.mark.parametrize("degrees", [0, 12, 180])
def test_crops_are_cut_out_of_the_picture_upright_and_without_margins(degrees: int) -> None:
    turned = draw(LI_MING).rotate(degrees, expand=True, fillcolor=(112, 124, 139))

    response = answer_to(encoded(turned, "PNG"), Config=config("CropIdCard", "CropPortrait"))

    card, portrait = crop(response, "IdCard"), crop(response, "Portrait")
    found = read(card)
    assert isinstance(found, Finding)
    (side,) = found.sides
    assert side.card_data.id_num == LI_MING.id_num
    with Image.open(BytesIO(card)) as image, Image.open(BytesIO(portrait)) as face:
        assert (image.format, face.format) == ("JPEG", "JPEG")
        assert abs(image.width / image.height - 1000 / 631) < 0.01
        top_left, bottom_right = side.corners[0], side.corners[2]
        assert max(map(abs, top_left)) < 0.02 * image.width
        assert abs(bottom_right[0] - image.width) < 0.02 * image.width
        assert face.width < face.height < image.height


def test_the_crop_of_a_back_has_no_portrait() -> None:
    response = answer_to(picture(BACK), Config=config("CropIdCard", "CropPortrait"))

    assert crop(response, "IdCard").startswith(b"\xff\xd8")
    assert crop(response, "Portrait") == b""


def test_the_crops_of_a_generated_person_are_a_drawn_specimen() -> None:
    response = answer_to(a_picture(width=600, height=400), Config=config("CropIdCard"))

    found = read(crop(response, "IdCard"))

    assert isinstance(found, Finding)
    assert found.sides[0].card_data.id_num == response["IdNum"]
