"""How light a specimen is where, by its own truth: what a picture of it is held against."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops

from mockocr.specimens.card_data import CardData
from mockocr.specimens.draw.face import draw_card

UNITS = 2
"""Of the card, for a pixel of what is compared."""

_AROUND = 2
"""Pixels around each that it may be as dark or light as: a card lies 7 units off at most, mostly 2
(`bench/distortions.py`), and a picture may be blurred by as much."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Pictures of mode L, the boards of the symbols empty."""

    fine: Image.Image
    """A pixel a unit; the others have `UNITS` a pixel."""
    middle: Image.Image
    darkest: Image.Image
    lightest: Image.Image


@lru_cache(maxsize=4)
def expected(card_data: CardData) -> Expected:
    """Few are kept, of 1.1 MB each: for one specimen in several pictures."""
    fine = draw_card(card_data, marked=False).convert("L")
    middle = fine.reduce(UNITS)
    darkest = _spread(middle, ImageChops.darker)
    lightest = _spread(middle, ImageChops.lighter)
    return Expected(fine, middle, darkest, lightest)


def _spread(
    image: Image.Image, of_two: Callable[[Image.Image, Image.Image], Image.Image]
) -> Image.Image:
    """Each pixel the darkest, or lightest, around it; in a fraction of the time of MinFilter."""
    for across, down in ((1, 0), (0, 1)):
        spread = image
        for step in range(-_AROUND, _AROUND + 1):
            spread = of_two(spread, ImageChops.offset(image, step * across, step * down))
        image = spread
    return image
