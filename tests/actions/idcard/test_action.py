from datetime import date

import pytest

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.images.image import ImageAtUrl
from tests.builders import URL, asked_for, config


def test_the_regions_are_the_documented_six() -> None:
    page = "ap-beijing, ap-guangzhou, ap-hongkong, ap-shanghai, ap-singapore, na-toronto"

    assert sorted(ID_CARD_OCR.regions) == page.split(", ")


def test_the_version_is_the_documented_one() -> None:
    names = (ID_CARD_OCR.service, ID_CARD_OCR.name, ID_CARD_OCR.version)

    assert names == ("ocr", "IDCardOCR", "2018-11-19")


def test_the_image_of_a_query_with_a_url_is_at_that_url() -> None:
    assert asked_for(ImageUrl=URL).image == ImageAtUrl(URL, 7 * 2**20)


@pytest.mark.parametrize(
    ("flags", "need"),
    [
        ((), "cards"),
        (("TempIdWarn", "MultiCardDetect"), "cards"),
        (("Quality",), "scores"),
        (("CopyWarn",), "scores"),
        (("KeyCheck",), "scores"),
        (("Quality", "CropIdCard"), "pixels"),
        (("CropPortrait",), "pixels"),
    ],
)
def test_a_query_needs_more_of_its_picture_for_scores_and_crops(
    flags: tuple[str, ...], need: str
) -> None:
    assert ID_CARD_OCR.picture_need(asked_for(date.max, Config=config(*flags))) == need
