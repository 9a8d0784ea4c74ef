"""The catalogue of specimens: complete, regular, without real people, equal to its files."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from PIL import Image, ImageChops, ImageStat

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.refusals import REFUSALS
from mockocr.actions.idcard.render import render
from mockocr.actions.idcard.specimens.catalogue import (
    ANSWERED_NAMES,
    BY_NAME,
    CATALOGUE,
    RECOGNIZED_NAMES,
    by_code,
)
from mockocr.actions.idcard.specimens.entry import Entry, PictureFault
from mockocr.actions.idcard.specimens.pictures import picture_of
from mockocr.actions.idcard.texts import FRONT_MEMBERS
from mockocr.people import number
from mockocr.people.divisions import counties_in
from mockocr.protocol.errors import ApiError
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import Kind, WarningName
from mockocr.specimens.finding import Finding
from mockocr.specimens.layout import FACES
from mockocr.specimens.read.reading import read
from tests.builders import NOW, advanced_info, an_answer, answered, asked_for, base64
from tests.clients.test_error_scenarios import kebab, name_of_code

ROOT = Path(__file__).parents[3]
CARDS = ROOT / "fixtures" / "cards"

CAUSED_BY_NO_PICTURE = {
    "FailedOperation.DownLoadError": "the URL",
    "FailedOperation.EngineRecognizeTimeout": "time",
    "FailedOperation.UnKnowError": "nobody knows what",
    "FailedOperation.UnOpenError": "the account",
    "FailedOperation.WarningServiceFailed": "another service",
    "InvalidParameter.ConfigFormatError": "Config",
    "InvalidParameterValue.InvalidParameterValueLimit": "another parameter",
    "ResourceUnavailable.InArrears": "the account",
    "ResourceUnavailable.ResourcePackageRunOut": "the account",
    "ResourcesSoldOut.ChargeStatusException": "the account",
}
"""Documented errors that no picture causes, and their causes."""

by_name = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)


def test_each_warning_has_one_row_that_causes_it() -> None:
    warnings = {each.name: each.warnings for each in CATALOGUE if each.name.startswith("warning-")}

    assert set(warnings) == {f"warning-{kebab(each)}" for each in get_args(WarningName)}
    assert all(
        name.removeprefix("warning-").replace("-", "_") in warnings[name] for name in warnings
    )


def test_each_error_that_a_picture_can_cause_has_one_row() -> None:
    codes = {each.name: each.code for each in CATALOGUE if each.code}

    assert codes == {
        name_of_code(code): code for code in REFUSALS if code not in CAUSED_BY_NO_PICTURE
    }
    assert REFUSALS.keys() >= CAUSED_BY_NO_PICTURE.keys()


def test_each_edge_of_a_field_has_its_row() -> None:
    fields = {name: entry.fields for name, entry in BY_NAME.items()}

    assert fields["x-check-digit"]["IdNum"].endswith("X")
    assert fields["long-term-card"]["ValidDate"].endswith("-长期")
    assert "·" in fields["minority-name"]["Name"]
    assert len(fields["four-line-address"]["Address"]) > 3 * 11
    assert fields["leap-day-birth"]["Birth"] == "2000/2/29"
    assert fields["expired-card"]["ValidDate"].endswith("-2016.01.01")
    assert len(fields["long-name"]["Name"]) == 19
    assert len(fields["rare-character"]["Name"][1].encode()) == 4
    assert BY_NAME["temporary-card"].card_data_of_sides[0].kind is Kind.TEMPORARY
    assert [each.kind for each in BY_NAME["both-sides"].card_data_of_sides] == [
        Kind.FRONT,
        Kind.BACK,
    ]
    assert [each.kind for each in BY_NAME["error-multi-card-error"].card_data_of_sides] == [
        Kind.FRONT
    ] * 2


@by_name
def test_a_row_has_a_plain_name_and_a_description_of_one_sentence(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.name)
    assert re.fullmatch(r"[A-Z].*[^.]\.", entry.purpose)
    assert not re.search(r"[.!?] ", entry.purpose)


def test_every_name_and_every_person_is_unique() -> None:
    assert len(BY_NAME) == len(CATALOGUE)
    assert len(by_code()) == sum(len(entry.card_data_of_sides) for entry in CATALOGUE)
    covered = BY_NAME["error-ocr-failed"].card_data
    assert covered is not None
    people = [each for entry in CATALOGUE for each in entry.card_data_of_sides if each.id_num]
    numbers = [each.id_num for each in [*people, covered]]
    assert len(set(numbers)) == len(numbers)


def test_numbers_of_the_catalogue_belong_to_no_real_person() -> None:
    """The division ends in 00, which no county has. Only the invalid specimen is invalid."""
    card_data_of_sides = {entry.name: entry.card_data for entry in CATALOGUE if entry.card_data}
    numbers = {
        name: card_data.id_num for name, card_data in card_data_of_sides.items() if card_data.id_num
    }

    assert [name for name, each in numbers.items() if not number.is_valid(each)] == [
        "error-id-card-info-illegal"
    ]
    assert all(each[4:6] == "00" for each in numbers.values())
    assert all(
        county.code != each[:6] for each in numbers.values() for county in counties_in(each[:6])
    )


@pytest.mark.parametrize("name", RECOGNIZED_NAMES)
def test_a_drawn_specimen_is_read_as_the_catalogue_says(name: str) -> None:
    entry = BY_NAME[name]

    found = read(picture_of(entry), by_code())

    assert isinstance(found, Finding)
    assert {side.card_data for side in found.sides} == set(entry.card_data_of_sides)
    assert {side.name for side in found.sides} == {entry.name}


@by_name
def test_the_committed_picture_is_the_one_that_is_drawn(entry: Entry) -> None:
    """Compares pixels, because encoders differ slightly between versions of Pillow."""
    if entry.file is None:
        assert entry.fault is PictureFault.TOO_MANY_BYTES
        return
    stored, drawn = (CARDS / entry.file).read_bytes(), picture_of(entry)
    if entry.fault in (PictureFault.EMPTY, PictureFault.UNDECODABLE):
        assert abs(len(stored) - len(drawn)) <= len(drawn) / 20
        return

    with Image.open(BytesIO(stored)) as one, Image.open(BytesIO(drawn)) as other:
        assert one.size == other.size
        difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))

    assert max(ImageStat.Stat(difference).mean) < 1


def test_the_script_makes_the_committed_files(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    page = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    (tmp_path / "docs" / "cards.md").write_text(page, encoding="utf-8")

    script = ROOT / "scripts" / "make-catalogue"
    subprocess.run([sys.executable, script, tmp_path], check=True, capture_output=True)

    assert (tmp_path / "docs" / "cards.md").read_text(encoding="utf-8") == page
    made = tmp_path / "fixtures" / "cards"
    assert {each.name for each in made.iterdir()} == {each.name for each in CARDS.iterdir()}
    index = (CARDS / "index.json").read_text(encoding="utf-8")
    assert (made / "index.json").read_text(encoding="utf-8") == index
    assert json.loads(index) == [entry.to_dict() for entry in CATALOGUE]


def test_the_pictures_take_only_a_few_megabytes() -> None:
    assert sum(each.stat().st_size for each in CARDS.iterdir()) < 4_000_000


def test_the_file_that_is_too_large_is_a_bmp() -> None:
    entry = BY_NAME["error-too-large-file-error"]

    with pytest.raises(ValueError, match="is a BMP"):
        picture_of(entry, "PNG")
    assert len(picture_of(entry, "BMP")) > 7 * 2**20 * 3 / 4


def test_importing_the_catalogue_draws_nothing() -> None:
    script = (
        "import sys; from mockocr.actions.idcard.specimens.catalogue import by_code; by_code();"
        " print(sorted({'PIL', 'faker', 'segno', 'zxingcpp'} & sys.modules.keys()))"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert finished.stdout == "[]\n"


def parameters(entry: Entry) -> dict[str, Any]:
    flags = entry.parameters.get("Config")
    return {**entry.parameters, **({"Config": json.dumps(flags)} if flags else {})}


def answer_to(content: bytes, contract: date = API_PAGE, **sent: Any) -> Mapping[str, Any]:
    parsed_body = asked_for(contract, ImageBase64=base64(content), **sent)
    call_image = CallImage(PictureCache(specimens=by_code), parsed_body.image)
    settings = CallSettings(NOW, 0, "valid", contract)
    return render(parsed_body, IDCardAnswer(), settings, call_image).members


@pytest.mark.parametrize("name", ANSWERED_NAMES)
def test_a_specimen_given_by_name_is_answered_like_its_picture(name: str) -> None:
    entry = BY_NAME[name]
    sent = parameters(entry)

    by_name = answered(sent, an_answer(card=name), contract=entry.contract)

    by_picture = answer_to(picture_of(entry), entry.contract, **sent)
    assert {each: by_name[each] for each in by_name if each != "AdvancedInfo"} == {
        each: by_picture[each] for each in by_picture if each != "AdvancedInfo"
    }
    info = advanced_info(by_name)
    assert info.get("WarnInfos") == advanced_info(by_picture).get("WarnInfos")
    assert all(low <= info[each] <= high for each, (low, high) in entry.scores.items())


def test_a_missing_side_of_a_specimen_given_by_name_is_refused_like_its_picture() -> None:
    with pytest.raises(ApiError) as refused:
        answered({"CardSide": "BACK"}, an_answer(card="li-ming"))

    assert refused.value.code == "FailedOperation.CardSideError"


def test_a_specimen_of_both_sides_given_by_name_is_answered_by_side_and_together() -> None:
    both = an_answer(card="both-sides")

    front, back = (answered({"CardSide": side}, both) for side in ("FRONT", "BACK"))
    all_eight = answered({"CardSide": "BACK", "Config": '{"MultiCardDetect": true}'}, both)

    assert (front["Name"], front["Authority"]) == ("周静怡", "")
    assert (back["Name"], back["Authority"]) == ("", "苏州市公安局姑苏分局")
    assert (all_eight["Name"], all_eight["Authority"]) == ("周静怡", "苏州市公安局姑苏分局")


def test_fields_of_a_rule_override_the_named_specimen() -> None:
    flags = json.dumps(dict.fromkeys(("CopyWarn", "ReflectWarn", "Quality", "ReshootWarn"), True))
    sent = {"Config": flags, "EnableReflectDetail": True}

    def info_of(**words: Any) -> dict[str, Any]:
        response = answered(sent, an_answer(card="warning-reflection", **words))
        places = [each["Position"] for each in response["ReflectDetailInfos"]]
        return {**advanced_info(response), "places": places}

    assert info_of(warnings=["copy"])["WarnInfos"] == [-9102]
    assert info_of(warnings=["copy"])["places"] == []
    assert info_of(reflections=["Others"])["places"] == ["Others"]
    assert info_of(reflections=["Others"])["WarnInfos"] == [-9107]
    assert info_of(quality=12)["Quality"] == 12
    assert answered({}, an_answer(card="li-ming", Nation=""))["Nation"] == ""


def test_crops_of_a_named_specimen_are_drawn() -> None:
    flags = '{"CropIdCard": true, "CropPortrait": true}'

    info = advanced_info(answered({"Config": flags}, an_answer(card="li-ming")))
    back = advanced_info(answered({"Config": flags}, an_answer(card="li-ming-back")))

    assert info["IdCard"].startswith("/9j/")
    assert info["Portrait"].startswith("/9j/")
    assert back["Portrait"] == ""


def test_a_known_specimen_is_read_even_if_its_main_code_is_covered() -> None:
    entry = BY_NAME["li-ming"]
    with Image.open(BytesIO(picture_of(entry))) as image:
        covered = image.convert("RGB")
    left, top, right, bottom = FACES[Kind.FRONT].main
    covered.paste(
        "#887766",
        (
            80 + round(left * 0.8),
            68 + round(top * 0.8),
            80 + round(right * 0.8),
            68 + round(bottom * 0.8),
        ),
    )
    buffer = BytesIO()
    covered.save(buffer, "PNG")

    response = answer_to(buffer.getvalue())

    assert [response[each] for each in FRONT_MEMBERS] == list(entry.fields.values())


def test_only_specimens_that_can_be_recognized_may_be_given_by_name() -> None:
    assert set(ANSWERED_NAMES) == {each.name for each in CATALOGUE if each.code is None}
    assert set(ANSWERED_NAMES) < set(RECOGNIZED_NAMES) < set(BY_NAME)
