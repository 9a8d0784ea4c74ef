import pytest

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.images.image import ImageAtUrl
from tests.builders import URL, asked_for


def test_the_regions_are_the_documented_six() -> None:
    page = "ap-beijing, ap-guangzhou, ap-hongkong, ap-shanghai, ap-singapore, na-toronto"

    assert sorted(ID_CARD_OCR.regions) == page.split(", ")


def test_the_version_is_the_documented_one() -> None:
    names = (ID_CARD_OCR.service, ID_CARD_OCR.name, ID_CARD_OCR.version)

    assert names == ("ocr", "IDCardOCR", "2018-11-19")


def test_the_image_of_a_query_with_a_url_is_at_that_url() -> None:
    assert asked_for(ImageUrl=URL).image == ImageAtUrl(URL, 7 * 2**20)


PICTURE = b'"ImageBase64":"' + b"A" * 100_000 + b'"'


@pytest.mark.parametrize(
    ("body", "slow"),
    [
        (b'{"Config":"{\\"CropIdCard\\":true}",' + PICTURE + b"}", True),
        (b"{" + PICTURE + b',"Config":"{\\"CropPortrait\\":true}"}', True),
        (b"{" + PICTURE + b',"Config":"{\\"Quality\\":true}"}', False),
        (b"{" + PICTURE + b"}", False),
    ],
)
def test_a_body_that_may_ask_for_crops_is_slow(body: bytes, slow: bool) -> None:
    assert ID_CARD_OCR.slow(body) is slow
