"""The shipped font, and how texts are broken into lines and sized to fit their boxes.

The font is a subset of WenQuanYi Micro Hei (scripts/make-font, NOTICE).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from mockocr.specimens.draw.glyphs import drawable

LINE = 1.2
"""Line height, as a multiple of the font size."""

_SHRINKING = (1.0, 0.84, 0.7, 0.58, 0.48)
"""Sizes that are tried for a text that does not fit; at the last one, its end is cut off. There are
few, because loading the font takes 13 ms for each size."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The font size and the lines of a text."""

    size: int
    """Pixels."""
    lines: tuple[str, ...]


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in one size, in pixels. The cache is small, because each size takes 1.2 MB."""
    path = Path(__file__).with_name("font.woff2")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def fitted(text: str, width: int, height: int, size: int) -> Setting:
    """Sets a text in a box of width and height, in the largest size up to `size` that fits. If none
    fits, the end is replaced by …."""
    text = drawable(text)
    for step in _SHRINKING:
        smaller = max(1, round(size * step))
        room = max(1, int(height / (smaller * LINE)))
        lines = tuple(_broken(text, smaller, width))
        if len(lines) <= room:
            return Setting(smaller, lines)
    *first, last = lines[:room]
    while last and length(last + "…", smaller) > width:
        last = last[:-1]
    return Setting(smaller, (*first, last + "…"))


def length(text: str, size: int) -> float:
    """The width of a text in pixels. It is the sum of the advances, because there is no kerning."""
    return sum(_advance(character, size) for character in text)


@lru_cache(maxsize=4096)
def _advance(character: str, size: int) -> float:
    return font(size).getlength(character)


def _broken(text: str, size: int, width: int) -> Iterator[str]:
    """Lines of at most this width. A line ends at a space in its second half, or else anywhere."""
    begin, used = 0, 0.0
    for place, character in enumerate(text):
        used += _advance(character, size)
        if used > width and place > begin:
            space = text.rfind(" ", (begin + place) // 2, place)
            end = place if space <= begin else space + 1
            yield text[begin:end].rstrip(" ")
            begin, used = end, length(text[end : place + 1], size)
    yield text[begin:]
