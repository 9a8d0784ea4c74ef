"""Measures the scores of a card from its pixels, which decide the warnings.

The vendor's thresholds are not known. Those here are assumed, and calibrated on drawn specimens: a
picture without defects exceeds none, after any distortion (`bench/defects.py`).
"""

from math import log

from PIL import Image, ImageChops, ImageFilter, ImageStat

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
from mockocr.specimens.measure.straight import Straight
from mockocr.specimens.measured import LEAST_QUALITY, Measured, Score

MOST_OUTSIDE_PERCENT = 2.0
"""How far a corner of the card may be outside of the picture, in percent of the card's width; the
error of corners is 0.7 (`bench/distortions.py`). Assumed."""
MOST_OUTSIDE_ROUGHLY_PERCENT = 10.0
"""The same if only one code was read: then the error of corners is a tenth of the width.
Assumed."""
LEAST_CHROMA = 6
"""The least difference between channels in the most coloured tenth of a card, in levels. Pictures
in colour have 19 and more, grey ones 0 to 2. Assumed."""
MOST_PATTERN_PERCENT = 1.5
"""The largest amplitude of a wave on the plain patch, in percent of its brightness; a shadow has
0.7. Assumed."""
MOST_REFLECTING_PERCENT = 0.4
"""The largest reflection, in percent of the card. Assumed; JPEG ringing has less than a tenth of
it."""
MOST_COVERED_BLOCKS = 30
"""The most covered blocks, of 1,550: 2 % of the card, a finger tip. Assumed; undamaged specimens
have none."""
MOST_EDITED_BLOCKS = 4
"""In one field. A changed character has about two blocks; undamaged specimens have at most two.
Assumed."""

_BLURRED = 0.01
"""A card with this sharpness or less has Quality 0. A drawn specimen has the sharpness 1 and
Quality 100; between them the scale is logarithmic (docs/fidelity.md#measured-sharpness). Assumed: a
good photo, with a blur of 1 pixel on a card of 1,000, has 55 and one of half the size 68. A blur of
1.2 has 48, and a blur of 2 has 20."""


def measure(pixels: Pixels, side: Side) -> Measured:
    """The scores of one card that was read in a picture. If only one code was read, the place of
    the card is not exact enough for more than Quality and border."""
    card = Straight(pixels.image, pixels.placed(side.corners))
    drawn = expected(side.card_data)
    kind = side.card_data.kind
    patch = _patch(card, kind)
    waves = 0.0 if patch is None else screen.pattern(patch.reduce(screen.UNITS).getchannel("G"))
    # The patch shows how much noise there is, unless it has a pattern.
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
    """Quality, from the sharpness of the number, or of the validity on a back."""
    texts = FACES[kind].texts
    strip = texts.get("id_num") or texts["valid_date"]
    seen = card.box(strip, 1, Image.Resampling.BICUBIC).convert("L")
    flat = patch.convert("L") if patch is not None else None
    sharp = _sharpness(seen, flat, drawn.fine.crop(strip))
    if sharp <= _BLURRED:
        return 0
    return min(100, round(100 * log(sharp / _BLURRED) / -log(_BLURRED)))


_PATCH_EDGE = 8
"""Units at its edge that are ignored: its corners are rounded, and its place is not exact."""


def _patch(card: Straight, kind: Kind) -> Image.Image | None:
    """The plain patch, with one pixel per unit; None if a part of it is outside of the picture."""
    left, top, right, bottom = FACES[kind].patch
    inner = Box(left + _PATCH_EDGE, top + _PATCH_EDGE, right - _PATCH_EDGE, bottom - _PATCH_EDGE)
    if not card.contains(inner):
        return None
    return card.box(inner, 1, Image.Resampling.BICUBIC)


def _outside_percent(card: Straight) -> float:
    """The largest distance of a corner of the card from the picture, in percent of the card's
    width; 0 if the whole card is in the picture."""
    width, height = card.picture.size
    outside = max(max(-x, x - width, -y, y - height, 0.0) for x, y in card.corners)
    top, _, bottom, _ = sides(card.corners)
    return 100 * outside / max(top, bottom)


def _border(outside_percent: float) -> int:
    """BorderCodeValue: 3 for a complete card, up to 23 if a corner is near the edge, and from 68 to
    99 if the card is cut off (assumed, docs/fidelity.md#measured-border)."""
    if outside_percent <= MOST_OUTSIDE_PERCENT:
        return round(3 + 10 * outside_percent)
    return min(99, round(60 + 4 * outside_percent))


def _beyond(card: Straight) -> frozenset[int]:
    """The blocks that are not completely in the picture."""
    if card.contains(COVERED):
        return frozenset()
    return frozenset(
        row * COLUMNS + column
        for row in range(ROWS)
        for column in range(COLUMNS)
        if not card.contains(
            Box(column * BLOCK, row * BLOCK, (column + 1) * BLOCK, (row + 1) * BLOCK)
        )
    )


def _chroma(straight: Image.Image) -> int:
    """The 90th percentile of the difference between channels, in levels, with noise averaged
    out."""
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


_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=4, offset=128)


def _variance(image: Image.Image) -> float:
    """The variance of the Laplacian of a picture of mode L."""
    edges = image.filter(_LAPLACIAN)
    # Pillow does not filter the pixels at the edge.
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))
    return float(ImageStat.Stat(inner).var[0])


def _contrast(image: Image.Image) -> float:
    return float(ImageStat.Stat(image).stddev[0])


def _sharpness(seen: Image.Image, patch: Image.Image | None, drawn: Image.Image) -> float:
    """The sharpness of a text: from 0 for a blur to 1 if it is as sharp as its drawing. All images
    are of mode L and the same scale. The variance of the plain `patch` is noise, and is
    subtracted."""
    noise = _variance(patch) if patch is not None else 0.0
    spread = _contrast(seen)
    if spread < 1:
        return 0.0
    own = max(0.0, _variance(seen) - noise) / spread**2
    return own / (_variance(drawn) / _contrast(drawn) ** 2)
