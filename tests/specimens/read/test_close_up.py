from math import dist

import pytest
from PIL import Image, ImageFilter

from mockocr.images.geometry import homography, quad_of
from mockocr.specimens.card_data import Kind
from mockocr.specimens.draw.specimen import draw, places
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.qr_codes import read, symbols_of
from mockocr.specimens.read.close_up import look
from tests.specimens.people import SIDES, a_truth


@pytest.mark.parametrize("kind", SIDES)
def test_a_symbol_too_blurred_to_be_read_is_read_in_a_closer_look(kind: Kind) -> None:
    card_data = a_truth(kind)
    picture = draw(card_data).filter(ImageFilter.GaussianBlur(2.2)).convert("L")
    _, small = symbols_of(card_data)
    assert small.text not in [seen.text for seen in read(picture)]
    (box,) = places(kind, picture.size)
    # A guess that is off.
    place = homography(
        quad_of(0, 0, *CARD), quad_of(box.left + 20, box.top - 15, box.right + 20, box.bottom - 15)
    )
    assert place is not None

    (seen,) = look(picture, place, FACES[kind].small)

    left, top, right, bottom = small.place
    expected = quad_of(left + box.left, top + box.top, right + box.left, bottom + box.top)
    assert seen.text == small.text
    assert max(map(dist, seen.corners, expected)) < 4


def test_nothing_is_seen_of_a_card_that_lies_in_one_point() -> None:
    assert look(Image.new("L", (90, 60)), (0, 0, 5, 0, 0, 5, 0, 0), FACES[Kind.FRONT].small) == []
