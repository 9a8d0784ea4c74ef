"""The parts of an answer that depend on the picture: crops, the person, scores; and broken
pictures."""

import json
import subprocess
import sys
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.people import number
from mockocr.people.divisions import counties_in
from mockocr.protocol.errors import ApiError
from tests.actions.idcard.test_query import DOCUMENTED_FLAGS
from tests.actions.idcard.test_render import FRONT, filled
from tests.builders import URL, a_picture, advanced_info, an_answer, answered, base64, config
from tests.specimens.files import png_that_says


def opened(text: str) -> Image.Image:
    image = Image.open(BytesIO(b64decode(text, validate=True)))
    image.load()
    return image


def test_crops_of_the_front_are_a_card_and_a_smaller_portrait() -> None:
    info = advanced_info(answered({"Config": config("CropIdCard", "CropPortrait")}))

    card, portrait = opened(info["IdCard"]), opened(info["Portrait"])
    assert (card.format, portrait.format) == ("JPEG", "JPEG")
    assert info["IdCard"].startswith("/9j/")
    assert portrait.width < card.width
    assert portrait.height < card.height


@pytest.mark.parametrize("validity", ["2010.07.21-2020.07.21", "2010.07.21-长期"])
def test_the_back_has_no_portrait(validity: str) -> None:
    sent = {"CardSide": "BACK", "Config": config("CropIdCard", "CropPortrait")}

    info = advanced_info(answered(sent, an_answer(card={"ValidDate": validity})))

    assert info["Portrait"] == ""
    assert opened(info["IdCard"]).format == "JPEG"


def test_the_crops_of_two_cards_and_of_two_sides_differ() -> None:
    crop = config("CropIdCard")
    sent = [
        {"Config": crop, "ImageUrl": URL},
        {"Config": crop, "ImageUrl": f"{URL}2"},
        {"Config": crop, "ImageUrl": URL, "CardSide": "BACK"},
    ]

    crops = {advanced_info(answered(parameters))["IdCard"] for parameters in sent}

    assert len(crops) == 3


EVERYTHING = {"Config": config(*DOCUMENTED_FLAGS)}


@pytest.mark.parametrize("picture", [{"ImageUrl": URL}, {"ImageBase64": base64(a_picture())}])
def test_the_same_picture_and_seed_are_the_same_person(picture: dict[str, str]) -> None:
    response = answered({**picture, **EVERYTHING}, seed=5)

    assert response == answered({**picture, **EVERYTHING}, seed=5)


def test_line_breaks_in_base64_do_not_change_the_person() -> None:
    text = base64(a_picture())

    response = answered({"ImageBase64": f"{text[:40]}\r\n{text[40:]}"})

    assert response == answered({"ImageBase64": text})


def test_the_same_picture_and_seed_are_the_same_person_in_another_process() -> None:
    script = "import json; from tests.builders import *; print(json.dumps(answered(seed=5)))"

    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert json.loads(run.stdout) == answered(seed=5)


def test_another_seed_or_another_picture_is_another_person() -> None:
    sent = [({"ImageUrl": URL}, 0), ({"ImageUrl": URL}, 1), ({"ImageUrl": f"{URL}?2"}, 0)]

    numbers = {answered(parameters, seed=seed)["IdNum"] for parameters, seed in sent}

    assert len(numbers) == 3


@given(st.integers(0, 10_000))
def test_a_safe_number_belongs_to_no_real_person(seed: int) -> None:
    safe = answered(seed=seed, numbers="safe")["IdNum"]

    assert number.is_valid(safe)
    assert safe[4:6] == "00"


def test_numbers_are_valid_unless_safe_ones_are_requested() -> None:
    response = answered()

    assert number.is_valid(response["IdNum"])
    assert len(counties_in(response["IdNum"][:6])) == 1


@given(st.integers(), st.text(min_size=1))
def test_a_picture_that_is_not_a_specimen_has_good_scores(seed: int, name: str) -> None:
    sent = {"ImageUrl": f"https://xx/{name}", "Config": config("Quality", "BorderCheckWarn")}

    info = advanced_info(answered(sent, seed=seed))

    assert 80 <= info["Quality"] <= 99
    assert 0 <= info["BorderCodeValue"] <= 20


def test_scores_differ_between_pictures() -> None:
    sent = config("Quality", "BorderCheckWarn")
    answers = [answered({"Config": sent, "ImageUrl": f"{URL}{n}"}) for n in range(30)]

    infos = [advanced_info(answer) for answer in answers]

    assert len({info["Quality"] for info in infos}) > 5
    assert len({info["BorderCodeValue"] for info in infos}) > 5


TROUBLES = {
    "not Base64": ({"ImageBase64": "fake!"}, "FailedOperation.ImageDecodeFailed"),
    "no picture": ({"ImageBase64": base64(b"fake")}, "FailedOperation.ImageDecodeFailed"),
    "a GIF": ({"ImageBase64": base64(a_picture("GIF"))}, "FailedOperation.ImageDecodeFailed"),
    "a WebP": ({"ImageBase64": base64(a_picture("WEBP"))}, "FailedOperation.ImageDecodeFailed"),
    "a data URL": (
        {"ImageBase64": "data:image/png;base64," + base64(a_picture())},
        "FailedOperation.ImageDecodeFailed",
    ),
    "a cut header": (
        {"ImageBase64": base64(a_picture()[:20])},
        "FailedOperation.ImageDecodeFailed",
    ),
    "19 pixels high": (
        {"ImageBase64": base64(a_picture(width=100, height=19))},
        "FailedOperation.IdCardTooSmall",
    ),
    "10,001 pixels wide": (
        {"ImageBase64": base64(png_that_says(10_001, 100))},
        "FailedOperation.ImageSizeTooLarge",
    ),
    "a file URL": ({"ImageUrl": "file:///etc/passwd"}, "FailedOperation.DownLoadError"),
    "no URL": ({"ImageUrl": "a.jpg"}, "FailedOperation.DownLoadError"),
}


@pytest.mark.parametrize(("parameters", "code"), TROUBLES.values(), ids=TROUBLES)
def test_a_picture_that_cannot_be_read_is_refused(parameters: dict[str, str], code: str) -> None:
    with pytest.raises(ApiError) as refused:
        answered(parameters)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "parameters", [image_error for image_error, _ in TROUBLES.values()], ids=TROUBLES
)
@pytest.mark.parametrize("card", ["invented", {"Name": "李明"}])
def test_a_scripted_answer_wins_over_a_picture_that_cannot_be_read(
    parameters: dict[str, str], card: Any
) -> None:
    response = answered(parameters, an_answer(card=card))

    assert filled(response) == FRONT


def test_the_answer_is_read_from_the_picture_if_no_rule_gives_one() -> None:
    assert IDCardAnswer().card == "from_picture"
