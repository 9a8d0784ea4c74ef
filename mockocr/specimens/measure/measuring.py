"""What warnings a picture of a specimen would give, measured from its pixels. Pillow alone.

Thresholds are mockocr's own: nothing is known of the vendor's. Each is assumed, and calibrated on
drawn specimens: no picture that was merely distorted is beyond any (`bench/defects.py`).
"""

from math import log

from PIL import Image, ImageChops

from mockocr.images.decoding import Pixels
from mockocr.images.geometry import sides
from mockocr.specimens.card_data import Kind
from mockocr.specimens.finding import Side
from mockocr.specimens.layout import CARD, FACES, Box
from mockocr.specimens.measure import screen
from mockocr.specimens.measure.blocks import BLOCK, COLUMNS, COVERED, ROWS
from mockocr.specimens.measure.difference import difference
from mockocr.specimens.measure.expected import UNITS, Expected, expected
from mockocr.specimens.measure.glare import glare
from mockocr.specimens.measure.sharpness import sharpness
from mockocr.specimens.measure.straight import Straight
from mockocr.specimens.measured import LEAST_QUALITY, Measured, Score

MOST_OUTSIDE_PERCENT = 2.0
"""Of its width, that a corner of the card is outside of the picture; corners are known within 0.7
(`bench/distortions.py`). Assumed."""
MOST_OUTSIDE_ROUGHLY_PERCENT = 10.0
"""Where the corners are known within a tenth of its width only. Assumed."""
LEAST_CHROMA = 6
"""Levels that the most coloured tenth of a card differs by between channels, in plain light; 19 and
more have colour, a grey picture has 0 to 2. Assumed."""
MOST_PATTERN_PERCENT = 1.5
"""Of its lightness, that the strongest wave on the flat patch has; 0.7 under a shadow. Assumed."""
MOST_REFLECTING_PERCENT = 0.4
"""Of the card. Assumed; ringing of JPEG makes no patch of a tenth of that."""
MOST_COVERED_BLOCKS = 30
"""Of 1,550: 2 % of the card, a finger tip. Assumed; undamaged specimens have none."""
MOST_EDITED_BLOCKS = 4
"""In one field; a character that is another has about two. Assumed; undamaged specimens have two at
most."""

_BLURRED = 0.01
"""Sharpness of Quality 0, where 1 is that of a drawn specimen, Quality 100; a logarithm between
(docs/fidelity.md#measured-sharpness). Assumed: 50 lies between a phone's picture with a blur of 1
in a card of 1,000 (Quality 55) or one of half the size (68), and a blur of 1.2 (48) and more (2:
20).
"""


def measure(pixels: Pixels, side: Side) -> Measured:
    """Of one card that was read in a picture. Where it lies is known well enough for more than
    Quality where both symbols were read."""
    card = Straight(pixels.image, pixels.placed(side.corners))
    drawn = expected(side.card_data)
    kind = side.card_data.kind
    patch = _patch(card, kind)
    waves = 0.0 if patch is None else screen.pattern(patch.reduce(screen.UNITS).getchannel("G"))
    # Noise on the patch is no sharpness; a pattern would be too much of it.
    noisy = None if waves > MOST_PATTERN_PERCENT else patch
    quality = _quality(card, noisy, drawn, kind)
    blurred = Score("quality", quality, LEAST_QUALITY, least=True)
    outside = _outside_percent(card)
    if not side.exact:
        cut = Score("border", outside, MOST_OUTSIDE_ROUGHLY_PERCENT, ("border",))
        return Measured((blurred, cut), quality, _border(outside) if cut.beyond else None)
    straight = card.box(COVERED, UNITS, Image.Resampling.BILINEAR)
    shine = glare(straight, kind, MOST_REFLECTING_PERCENT)
    scores = [
        blurred,
        Score("reflection", shine.percent, MOST_REFLECTING_PERCENT, ("reflection",)),
    ]
    if patch is not None:
        scores.append(Score("pattern", waves, MOST_PATTERN_PERCENT, ("reshoot",)))
    found = difference(straight.convert("L"), drawn, kind, shine.lost | _beyond(card))
    if found is not None:
        outside = max(outside, 100 * found.cut_off / CARD[0])
        chroma = _chroma(straight) / found.light.gain
        scores += [
            Score("chroma", chroma, LEAST_CHROMA, ("copy", "copy_bw"), least=True),
            Score("covered", found.covered, MOST_COVERED_BLOCKS, ("occlusion",)),
            Score("edited", found.edited, MOST_EDITED_BLOCKS, ("tampered",)),
        ]
    scores.append(Score("border", outside, MOST_OUTSIDE_PERCENT, ("border",)))
    return Measured(tuple(scores), quality, _border(outside), shine.regions)


def _quality(card: Straight, patch: Image.Image | None, drawn: Expected, kind: Kind) -> int:
    """Of the number, or of a back its validity, at one pixel a unit."""
    texts = FACES[kind].texts
    strip = texts.get("id_num") or texts["valid_date"]
    seen = card.box(strip, 1, Image.Resampling.BICUBIC).convert("L")
    flat = patch.convert("L") if patch is not None else None
    sharp = sharpness(seen, flat, drawn.fine.crop(strip))
    if sharp <= _BLURRED:
        return 0
    return min(100, round(100 * log(sharp / _BLURRED) / -log(_BLURRED)))


_PATCH_EDGE = 8
"""Units of it that are left out: its corners are round, its edges not known exactly."""


def _patch(card: Straight, kind: Kind) -> Image.Image | None:
    """The plain patch at one pixel a unit; None where it is not all in the picture."""
    left, top, right, bottom = FACES[kind].patch
    inner = Box(left + _PATCH_EDGE, top + _PATCH_EDGE, right - _PATCH_EDGE, bottom - _PATCH_EDGE)
    if not card.holds(inner):
        return None
    return card.box(inner, 1, Image.Resampling.BICUBIC)


def _outside_percent(card: Straight) -> float:
    """How far its farthest corner is outside of the picture, in percent of its width."""
    width, height = card.picture.size
    outside = max(max(-x, x - width, -y, y - height, 0.0) for x, y in card.corners)
    top, _, bottom, _ = sides(card.corners)
    return 100 * outside / max(top, bottom)


def _border(outside_percent: float) -> int:
    """BorderCodeValue: 3 for a whole card, from 68 where it is cut off, and never 100 (assumed,
    docs/fidelity.md#measured-border); between, at a corner that may be at the edge, up to 23."""
    if outside_percent <= MOST_OUTSIDE_PERCENT:
        return round(3 + 10 * outside_percent)
    return min(99, round(60 + 4 * outside_percent))


def _beyond(card: Straight) -> frozenset[int]:
    """Blocks that are not all in the picture."""
    if card.holds(COVERED):
        return frozenset()
    return frozenset(
        row * COLUMNS + column
        for row in range(ROWS)
        for column in range(COLUMNS)
        if not card.holds(Box(column * BLOCK, row * BLOCK, (column + 1) * BLOCK, (row + 1) * BLOCK))
    )


def _chroma(straight: Image.Image) -> int:
    """The 90th percentile of how much channels differ, noise averaged away."""
    red, green, blue = straight.resize((COLUMNS * 2, ROWS * 2), Image.Resampling.BOX).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    counts = ImageChops.subtract(most, least).histogram()
    left = sum(counts) // 10
    for level in range(255, 0, -1):
        left -= counts[level]
        if left < 0:
            return level
    return 0
