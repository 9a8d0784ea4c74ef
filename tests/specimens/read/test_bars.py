from math import cos, pi, radians, sin

import pytest
from PIL import Image, ImageDraw

from mockocr.specimens import colours
from mockocr.specimens.colours import Colour
from mockocr.specimens.read.bars import Bar, bars

Points = list[tuple[float, float]]


def rectangle(length: float, width: float, degrees: float = 0.0) -> Points:
    """A rectangle around the centre of the picture."""
    along, across = radians(degrees), radians(degrees) + pi / 2
    return [
        (
            240 + a * length / 2 * cos(along) + b * width / 2 * cos(across),
            160 + a * length / 2 * sin(along) + b * width / 2 * sin(across),
        )
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def painted(*shapes: Points, colour: Colour = colours.RED) -> Image.Image:
    image = Image.new("RGB", (480 * 4, 320 * 4), colours.DESK)
    pen = ImageDraw.Draw(image)
    for shape in shapes:
        pen.polygon([(4 * x, 4 * y) for x, y in shape], colour)
    return image.reduce(4)


def found(image: Image.Image) -> list[Bar]:
    return list(bars(image))


@pytest.mark.parametrize("degrees", [0, 1, 17, 45, 80, 90, 100, 135, 179])
@pytest.mark.parametrize("length", [60, 200, 300])
def test_a_red_bar_is_found_as_it_lies(degrees: int, length: int) -> None:
    (bar,) = found(painted(rectangle(length, length / 23, degrees)))

    off = (bar.angle - radians(degrees) + pi / 2) % pi - pi / 2
    assert abs(bar.x - 240) < 1
    assert abs(bar.y - 160) < 1
    assert abs(off) < 0.03
    assert abs(bar.length - length) < 0.08 * length


@pytest.mark.parametrize(("length", "width"), [(200, 20), (200, 3), (30, 1.5), (100, 100)])
def test_what_is_too_thick_too_thin_or_too_short_is_no_bar(length: float, width: float) -> None:
    assert found(painted(rectangle(length, width))) == []


def test_an_arc_is_not_a_bar_even_if_it_is_as_long_and_as_wide() -> None:
    image = Image.new("RGB", (480, 320), "white")
    ImageDraw.Draw(image).arc((40, 100, 440, 120), 0, 360, colours.RED, 2)

    assert found(image) == []


def test_two_ends_on_a_thread_are_no_bar() -> None:
    left, right = ([(x + by, y) for x, y in rectangle(30, 14)] for by in (-100, 100))

    assert found(painted(left, right, rectangle(200, 1))) == []


def test_letters_do_not_divide_a_bar() -> None:
    image = painted(rectangle(300, 14))
    pen = ImageDraw.Draw(image)
    for x in range(100, 380, 40):
        pen.line((x, 150, x, 163), "white")
        pen.line((x + 20, 156, x + 20, 170), "white")

    (bar,) = found(image)

    assert abs(bar.length - 300) < 10


def test_two_bars_are_two() -> None:
    one, two = ([(x, y + down) for x, y in rectangle(300, 13)] for down in (-60, 60))

    assert sorted(round(bar.y) for bar in found(painted(one, two))) == [100, 220]


@pytest.mark.parametrize(
    ("colour", "red"),
    [
        (colours.RED, True),
        ((49, 7, 14), True),
        ((255, 90, 100), True),
        ((178, 92, 88), False),
        ((235, 222, 224), False),
        ((120, 120, 120), False),
        ((30, 58, 196), False),
        ((200, 180, 0), False),
        ((12, 0, 0), False),
    ],
)
def test_red_is_recognized_however_dark(colour: Colour, red: bool) -> None:
    assert bool(found(painted(rectangle(300, 13), colour=colour))) == red
