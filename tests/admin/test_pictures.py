"""The picture of a call: where its cards and their regions are."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import CARD, FRONT
from mockocr.specimens.regions import region_boxes

WIDTH, HEIGHT = 960, 640


def reading_of(admin: httpx.Client, content: bytes) -> dict[str, Any]:
    """What the admin API shows of a picture after a call with it."""
    parameters = {"ImageBase64": b64encode(content).decode()}
    tried = admin.post("/try", json={"parameters": parameters}).json()
    picture = admin.get(f"/requests/{tried['RequestId']}").json()["picture"]
    return dict(picture["reading"])


def specimen(admin: httpx.Client, **query: str) -> bytes:
    size = f"{WIDTH}x{HEIGHT}"
    return admin.get("/cards/draw", params={"size": size, "format": "JPEG", **query}).content


def test_regions_are_where_the_layout_has_them(admin: httpx.Client) -> None:
    (card,) = reading_of(admin, specimen(admin))["cards"]

    (left, top), (right, _), _, (_, bottom) = card["corners"]
    across, down = (right - left) / CARD[0], (bottom - top) / CARD[1]
    assert FRONT.portrait is not None
    (portrait,) = card["regions"]["Portrait"]
    corner = left + FRONT.portrait.left * across, top + FRONT.portrait.top * down
    assert portrait[0] == pytest.approx(corner, abs=3)
    assert len(card["regions"]["RecognitionField"]) == len(FRONT.texts)


def test_corners_refer_to_the_picture_after_its_exif_orientation(admin: httpx.Client) -> None:
    image = Image.open(BytesIO(specimen(admin, side="back")))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    image.save(content := BytesIO(), "JPEG", exif=exif)
    reading = reading_of(admin, content.getvalue())

    assert (reading["width"], reading["height"]) == (HEIGHT, WIDTH)
    (card,) = reading["cards"]
    assert set(card["regions"]) == {"RecognitionField", "NationalEmblem"}
    assert all(0 <= x <= HEIGHT for x, _ in card["corners"])


@pytest.mark.parametrize("kind", [Kind.FRONT, Kind.BACK, Kind.TEMPORARY])
def test_the_regions_of_a_face_are_on_the_card_and_apart(kind: Kind) -> None:
    boxes = [box for boxes in region_boxes(kind).values() for box in boxes]

    for box in boxes:
        assert 0 <= box.left < box.right <= CARD[0]
        assert 0 <= box.top < box.bottom <= CARD[1]
    for one in boxes:
        for other in boxes:
            apart = one.right <= other.left or other.right <= one.left
            apart |= one.bottom <= other.top or other.bottom <= one.top
            assert apart or one is other
