from math import dist

import pytest
from PIL import Image, ImageFilter

from mockocr.images.geometry import homography, quad_of
from mockocr.specimens.card_data import Kind
from mockocr.specimens.draw.specimen import card_boxes, draw
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.qr_codes import codes_of, read
from mockocr.specimens.read.reading import read_near
from tests.specimens.people import SIDES, some_card_data


@pytest.mark.parametrize("kind", SIDES)
def test_a_symbol_too_blurred_to_be_read_is_read_in_a_closer_read_near(kind: Kind) -> None:
    card_data = some_card_data(kind)
    picture = draw(card_data).filter(ImageFilter.GaussianBlur(2.2)).convert("L")
    _, small = codes_of(card_data)
    assert small.text not in [seen.text for seen in read(picture)]
    (box,) = card_boxes(kind, picture.size)
    # The place is not exact.
    place = homography(
        quad_of(0, 0, *CARD), quad_of(box.left + 20, box.top - 15, box.right + 20, box.bottom - 15)
    )
    assert place is not None

    (seen,) = read_near(picture, place, FACES[kind].small)

    left, top, right, bottom = small.place
    expected = quad_of(left + box.left, top + box.top, right + box.left, bottom + box.top)
    assert seen.text == small.text
    assert max(map(dist, seen.corners, expected)) < 4


def test_no_code_is_read_on_a_card_that_lies_in_one_point() -> None:
    assert (
        read_near(Image.new("L", (90, 60)), (0, 0, 5, 0, 0, 5, 0, 0), FACES[Kind.FRONT].small) == []
    )
