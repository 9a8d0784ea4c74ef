"""The shipped font in pixels, and texts set in it so that they stay in their boxes.

The font is WenQuanYi Micro Hei, as much of it as cards need (scripts/make-font, NOTICE).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from mockocr.specimens.draw.glyphs import drawable

LINE = 1.2
"""Height of a line, in sizes of the font."""

_SHRINKING = (1.0, 0.84, 0.7, 0.58, 0.48)
"""A text that is too long for its box is set smaller in these steps, and cut at the last. Few
steps, as the font takes 13 ms to load in each size, once."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set."""

    size: int
    """Of the font in pixels."""
    lines: tuple[str, ...]


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Few are kept, as each holds the whole font: 1.2 MB."""
    path = Path(__file__).with_name("font.woff2")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def fitted(text: str, width: int, height: int, size: int) -> Setting:
    """The text in the largest of few sizes up to `size` in which its lines fit, or the end cut."""
    text = drawable(text)
    for step in _SHRINKING:
        smaller = max(1, round(size * step))
        room = max(1, int(height / (smaller * LINE)))
        lines = tuple(_broken(text, smaller, width))
        if len(lines) <= room:
            return Setting(smaller, lines)
    *kept, last = lines[:room]
    while last and length(last + "…", smaller) > width:
        last = last[:-1]
    return Setting(smaller, (*kept, last + "…"))


def length(text: str, size: int) -> float:
    """Pixels: no pair of characters is kerned, so it is the sum of their advances."""
    return sum(_advance(character, size) for character in text)


@lru_cache(maxsize=4096)
def _advance(character: str, size: int) -> float:
    return font(size).getlength(character)


def _broken(text: str, size: int, width: int) -> Iterator[str]:
    """Lines of at most this width: broken at a space in the second half of a line, or anywhere."""
    begin, used = 0, 0.0
    for place, character in enumerate(text):
        used += _advance(character, size)
        if used > width and place > begin:
            space = text.rfind(" ", (begin + place) // 2, place)
            end = place if space <= begin else space + 1
            yield text[begin:end].rstrip(" ")
            begin, used = end, length(text[end : place + 1], size)
    yield text[begin:]
