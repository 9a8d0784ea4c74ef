"""Compares a picture of a specimen with its drawing: finds what is covered, edited or cut off.

The comparison tolerates uneven light, blur and inexact corners.
"""

from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageDraw

from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import FACES
from mockocr.specimens.measure.blocks import (
    BLOCK,
    COLUMNS,
    EDGE,
    ROWS,
    around,
    compared,
    connected,
    lines_inwards,
    overlapping,
)
from mockocr.specimens.measure.expected import UNITS, Expected
from mockocr.specimens.measure.light import Light, fitted

SIZE = (COLUMNS * BLOCK // UNITS, ROWS * BLOCK // UNITS)
"""Width and height of the compared pictures, in pixels: whole blocks."""

_TOLERANCE = 12
"""A pixel may be this many levels, of 255, darker or lighter than all expected pixels around it.
Assumed: noise and JPEG of quality 15 stay below this (`bench/defects.py`)."""
_CHANGED = 8
"""A block is changed if its mean exceeds the tolerance by more than this. Assumed: undamaged
specimens have at most two such blocks after any distortion of `bench/distortions.py`."""
_COVERED = 217
"""A changed block is covered if this share of its pixels, in 255ths, exceeds the tolerance (85 %).
Otherwise it is edited: new text leaves most of the paper visible. Assumed."""


_COVERING = 0.4
"""A region of changed blocks counts as covered if more than this share of its blocks is covered: a
cover does not darken dark text, and hides only a part of the blocks at its edge. Assumed."""
_ALL_ALONG = 0.7
"""If at least this share of a line of blocks is covered, the line counts as cut off. Assumed."""


@dataclass(frozen=True, slots=True)
class Difference:
    light: Light
    cut_off: int
    """Units of the card that are missing along a whole side. A card can be cut off inside a picture
    if the picture was rotated or put on a background later."""
    covered: int
    """The number of covered blocks, without those that are cut off."""
    edited: int
    """The number of edited blocks in the field that has the most of them. 0 if at least as many are
    outside that field, because then the change is not an edited field. 0 also if at least as
    many blocks are covered, because dark text under a cover looks edited."""


def difference(
    seen: Image.Image, expected: Expected, kind: Kind, unseen: frozenset[int]
) -> Difference | None:
    """The difference between a card of `SIZE` and mode L and its drawing. `unseen`: blocks outside
    of the picture or in glare. None if nothing can be compared."""
    whole = (0, 0, *SIZE)
    light = fitted(seen, expected.middle.crop(whole), _usable(kind, unseen))
    if light is None:
        return None
    even = light.undone(seen)
    off = ImageChops.add(
        ImageChops.subtract(even, expected.lightest.crop(whole)),
        ImageChops.subtract(expected.darkest.crop(whole), even),
    ).point(_BEYOND)
    by_block = _means(off)
    share = _means(off.point(_ANY))
    comparable = compared(kind) - unseen
    changed = frozenset(place for place in comparable if by_block[place] > _CHANGED)
    whole_blocks = frozenset(place for place in changed if share[place] >= _COVERED)
    cut_off, missing = _cut_off(whole_blocks, comparable)
    covered, edited = set[int](), set[int]()
    for region in connected(changed - around(missing)):
        covers = len(region & whole_blocks) > _COVERING * len(region)
        (covered if covers else edited).update(region)
    in_field = _in_one_field(edited, kind)
    return Difference(light, cut_off, len(covered), in_field if in_field > len(covered) else 0)


_BEYOND = [max(0, value - _TOLERANCE) for value in range(256)]
_ANY = [0] + [255] * 255


def _cut_off(covered: frozenset[int], seen: frozenset[int]) -> tuple[int, frozenset[int]]:
    """The largest number of units that are missing at a side, and the missing blocks of all
    sides."""
    most, missing = 0, set[int]()
    for lines in lines_inwards():
        gone = 0
        for line in lines:
            if not line & seen or len(line & covered) < _ALL_ALONG * len(line & seen):
                break
            missing |= line
            gone += 1
        if gone:
            most = max(most, (gone + EDGE) * BLOCK)
    return most, frozenset(missing)


def _in_one_field(edited: set[int], kind: Kind) -> int:
    """The number of edited blocks in the field that has the most of them; 0 if that is not more
    than half of all edited blocks."""
    most = max(len(edited.intersection(overlapping(box))) for box in FACES[kind].texts.values())
    return most if len(edited) < 2 * most else 0


def _means(image: Image.Image) -> bytes:
    return image.resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes()


def _usable(kind: Kind, unseen: frozenset[int]) -> Image.Image:
    """A mask of `SIZE`: 255 for pixels that can be compared."""
    mask = _mask(kind)
    if unseen:
        mask = mask.copy()
        pen = ImageDraw.Draw(mask)
        for place in unseen:
            pen.point((place % COLUMNS, place // COLUMNS), 0)
    return mask.resize(SIZE, Image.Resampling.NEAREST)


@cache
def _mask(kind: Kind) -> Image.Image:
    """A mask with one pixel per block: 255 for blocks that are compared."""
    places = compared(kind)
    return Image.frombytes(
        "L", (COLUMNS, ROWS), bytes(255 * (place in places) for place in range(COLUMNS * ROWS))
    )
