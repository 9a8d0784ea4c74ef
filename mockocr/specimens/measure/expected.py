"""The expected brightness of a specimen, drawn from its card data, for comparison with a
picture."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops

from mockocr.specimens.card_data import CardData
from mockocr.specimens.draw.face import draw_card

UNITS = 2
"""Units of the card per pixel of the compared pictures."""

_AROUND = 2
"""A pixel may be as dark or as light as any pixel up to this distance, in pixels. Pictures are
blurred, and the place of a card is mostly wrong by 2 units, at most by 7
(`bench/distortions.py`)."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Pictures of mode L, with empty boards for the codes."""

    fine: Image.Image
    """One unit per pixel; the others have `UNITS` per pixel."""
    middle: Image.Image
    darkest: Image.Image
    lightest: Image.Image


@lru_cache(maxsize=4)
def expected(card_data: CardData) -> Expected:
    """The expected brightness of one side. The cache is small, because each takes 1.1 MB."""
    fine = draw_card(card_data, with_codes=False).convert("L")
    middle = fine.reduce(UNITS)
    darkest = _spread(middle, ImageChops.darker)
    lightest = _spread(middle, ImageChops.lighter)
    return Expected(fine, middle, darkest, lightest)


def _spread(
    image: Image.Image, of_two: Callable[[Image.Image, Image.Image], Image.Image]
) -> Image.Image:
    """Each pixel becomes the darkest or the lightest of the pixels around it. Much faster than
    MinFilter."""
    for across, down in ((1, 0), (0, 1)):
        spread = image
        for step in range(-_AROUND, _AROUND + 1):
            spread = of_two(spread, ImageChops.offset(image, step * across, step * down))
        image = spread
    return image
