from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from mockocr.pictures import placeholder

RED = (200, 16, 46)


def red_pixels(image: Image.Image) -> int:
    red = Image.new("RGB", image.size, RED)
    return ImageChops.difference(image, red).convert("L").histogram()[0]


@pytest.mark.parametrize(
    "draw", [lambda: placeholder.draw_front("1", "2"), lambda: placeholder.draw_back("3")]
)
def test_a_drawn_card_is_marked_as_a_specimen(draw: Callable[[], Image.Image]) -> None:
    assert red_pixels(draw()) > 20_000


@pytest.mark.parametrize("text", ["", "440524198701010014", "李明", "x" * 1000, "a\nb"])
def test_any_text_can_be_drawn(text: str) -> None:
    front, back = placeholder.draw_front(text, text), placeholder.draw_back(text)

    assert front.size == back.size == placeholder.CARD_SIZE


def test_a_card_shows_its_number() -> None:
    one, other = placeholder.draw_front("1", ""), placeholder.draw_front("2", "")

    assert ImageChops.difference(one, other).getbbox() is not None


def test_the_portrait_is_a_part_of_the_front_and_the_same_for_every_number() -> None:
    one, other = (placeholder.crop_portrait(placeholder.draw_front(n, n)) for n in ("1", "2"))

    assert one.tobytes() == other.tobytes()
    assert one.width < placeholder.CARD_SIZE[0]
    assert one.height < placeholder.CARD_SIZE[1]


def test_a_drawing_is_written_as_jpeg() -> None:
    content = placeholder.as_jpeg(placeholder.draw_back(""))

    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", placeholder.CARD_SIZE)
