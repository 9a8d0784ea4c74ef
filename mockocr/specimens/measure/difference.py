"""Where a picture of a specimen differs from how it should look: what covers it, what was edited.

Whatever light it was seen in, however blurred, and though its corners are not known exactly.
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
"""Pixels of what is compared: whole blocks."""

_TOLERANCE = 12
"""Levels of 255 that a pixel may be darker or lighter than anything expected around it. Assumed:
noise and JPEG at quality 15 stay within (`bench/defects.py`)."""
_CHANGED = 8
"""Levels beyond, in the mean of a block, from which it is changed. Assumed: undamaged specimens
have two such blocks at most, after any distortion of `bench/distortions.py`."""
_COVERED = 217
"""Of 255: the share of its pixels beyond from which a changed block is covered (85 %), and less is
edited: text that was put on the paper leaves most of the paper. Assumed."""


_COVERING = 0.4
"""Share of a patch of changed blocks that is covered, from which all of it is: over dark texts what
covers them is not darker, and its edge covers parts of blocks. Assumed."""
_ALL_ALONG = 0.7
"""Share of a side from which it is missing, and not covered by something. Assumed."""


@dataclass(frozen=True, slots=True)
class Difference:
    light: Light
    cut_off: int
    """Units of the card that are missing at a side, as nothing of that is to be seen all along:
    what was cut off, and the picture turned or put on some ground later."""
    covered: int
    """Blocks that are not to be seen, beside those."""
    edited: int
    """Blocks with something else on them than there should be, in the field that has the most; 0
    where as many again are elsewhere, as then it is no field that was edited, and where more is
    covered, of which the dark texts beneath may look edited."""


def difference(
    seen: Image.Image, expected: Expected, kind: Kind, unseen: frozenset[int]
) -> Difference | None:
    """Of a card of `SIZE` and mode L; unseen are blocks beyond the picture or lost in glare. None
    where nothing can be compared."""
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
    for patch in connected(changed - around(missing)):
        covers = len(patch & whole_blocks) > _COVERING * len(patch)
        (covered if covers else edited).update(patch)
    in_field = _in_one_field(edited, kind)
    return Difference(light, cut_off, len(covered), in_field if in_field > len(covered) else 0)


_BEYOND = [max(0, value - _TOLERANCE) for value in range(256)]
_ANY = [0] + [255] * 255


def _cut_off(covered: frozenset[int], seen: frozenset[int]) -> tuple[int, frozenset[int]]:
    """How many units are missing at a side, and all blocks that are missing at any."""
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
    most = max(len(edited.intersection(overlapping(box))) for box in FACES[kind].texts.values())
    return most if len(edited) < 2 * most else 0


def _means(image: Image.Image) -> bytes:
    return image.resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes()


def _usable(kind: Kind, unseen: frozenset[int]) -> Image.Image:
    mask = _mask(kind)
    if unseen:
        mask = mask.copy()
        pen = ImageDraw.Draw(mask)
        for place in unseen:
            pen.point((place % COLUMNS, place // COLUMNS), 0)
    return mask.resize(SIZE, Image.Resampling.NEAREST)


@cache
def _mask(kind: Kind) -> Image.Image:
    """A pixel a block."""
    places = compared(kind)
    return Image.frombytes(
        "L", (COLUMNS, ROWS), bytes(255 * (place in places) for place in range(COLUMNS * ROWS))
    )
