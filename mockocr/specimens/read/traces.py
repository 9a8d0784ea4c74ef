"""Finds specimens by their appearance: a red bar, and beside it the light and dark areas of a card.

This finds a specimen, and roughly its place, even if none of its codes can be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from math import cos, dist, sin, sqrt

from PIL import Image, ImageDraw, ImageFilter

from mockocr.images.geometry import Point, Quad, homography, quad_of, stretched
from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.read.bars import Bar, bars

_LOOKED_AT_PIXELS = 480
"""The picture is reduced to this long side. Then a card must have a twelfth of it or more."""
_VISIBLE_LENGTH = 0.951
"""Length of the bar that is found, as a share of the card's width: rounded corners and letters
shorten it (measured)."""
_VISIBLE_MIDDLE = (510, 21.5)
"""Centre of the bar that is found, in units: most letters are on its left (measured)."""

_MOST_BARS = 4
"""Only the longest bars are used, because searching for a card beside a bar takes 15 ms."""

_NEAR_THE_EDGE = 0.03
"""As a share of the length of the bar."""

_LIKENESS = 0.62
"""The least correlation with the sketch of a face. Measured: specimens have 0.8 or more with any
blur, and 0.62 or more in photos at an angle. 46 photos and drawings of other things had no such
bar; of 258 random rectangles beside a red bar, three had more."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A specimen that was found by its appearance."""

    kind: Kind
    """The most similar kind."""
    corners: Quad
    """The approximate corners of the card."""
    likeness: float
    """The correlation with the sketch of its face, from -1 to 1."""


class Looks:
    """The appearance of a picture of mode RGB. Bars are found at once, cards by `traces`."""

    def __init__(self, picture: Image.Image) -> None:
        self._size = picture.size
        self._times = max(1, -(-max(picture.size) // _LOOKED_AT_PIXELS))
        self._small = picture.reduce(self._times)
        longest = sorted(bars(self._small), key=lambda bar: -bar.length)
        self._bars = longest[:_MOST_BARS]

    @property
    def bars(self) -> int:
        """The number of bars."""
        return len(self._bars)

    def tops(self) -> Iterator[tuple[Point, Point]]:
        """The top left and top right corners of the cards that the bars may belong to. Bars near
        the edge of the picture are skipped, because they may be cut off."""
        for bar in self._bars:
            for direction in (1, -1):
                one, two, *_ = stretched(_card_beside(bar, direction), self._times, self._times)
                if self._is_inside(one, two):
                    yield one, two

    def traces(self) -> Iterator[Trace]:
        """The specimens beside the bars."""
        for bar in self._bars:
            # A sketch has no details.
            grey = self._small.convert("L").filter(ImageFilter.BoxBlur(bar.length / _SKETCH[0] / 2))
            trace = max(_hypotheses(grey, bar), key=lambda trace: trace.likeness)
            if trace.likeness >= _LIKENESS:
                corners = stretched(trace.corners, self._times, self._times)
                yield replace(trace, corners=corners)

    def _is_inside(self, one: Point, two: Point) -> bool:
        near = dist(one, two) * _NEAR_THE_EDGE
        width, height = self._size
        return all(near < x < width - near and near < y < height - near for x, y in (one, two))


_DEPTHS = (0.85, 1.0, 1.2)
_NARROWINGS = (0.8, 1.0, 1.25)
_SHEARS = (-0.25, 0.0, 0.25)
"""Perspectives of a card, as the bottom edge relative to the top edge: its distance, its width, and
its shift to the right, as multiples of the normal height and width."""


def _hypotheses(grey: Image.Image, bar: Bar) -> Iterator[Trace]:
    """Cards on both sides of the bar, in several perspectives, for each kind of face."""
    for direction, depth, narrowing, shear in product((1, -1), _DEPTHS, _NARROWINGS, _SHEARS):
        corners = _card_beside(bar, direction, depth, narrowing, shear)
        back = homography(quad_of(0, 0, *_SKETCH), corners)
        assert back is not None  # noqa: S101 - a quadrangle
        seen = grey.transform(_SKETCH, Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR)
        for kind in FACES:
            yield Trace(kind, corners, _correlation(_below_bar(seen), _sketch(kind)))


def _card_beside(
    bar: Bar, direction: int, depth: float = 1.0, narrowing: float = 1.0, shear: float = 0.0
) -> Quad:
    """The card with this bar at its top; `direction` 1 or -1 is the side of the bar."""
    unit = bar.length / _VISIBLE_LENGTH / CARD[0] * direction
    across, down = cos(bar.angle) * unit, sin(bar.angle) * unit
    middle_x, middle_y = _VISIBLE_MIDDLE

    def placed(x: float, y: float) -> Point:
        x, y = x - middle_x, y - middle_y
        return Point(bar.x + x * across - y * down, bar.y + x * down + y * across)

    width, height = float(CARD[0]), float(CARD[1])
    left = width / 2 * (1 - narrowing) + width * shear
    right = left + width * narrowing
    return (
        placed(0, 0),
        placed(width, 0),
        placed(right, height * depth),
        placed(left, height * depth),
    )


_SKETCH = (25, 16)
"""Width and height of the sketch of a face, in pixels of 40 units."""


@cache
def _sketch(kind: Kind) -> bytes:
    """The rough brightness of a face, for any person and any blur."""
    face = FACES[kind]
    sketch = Image.new("L", CARD, 224)
    pen = ImageDraw.Draw(sketch)
    if face.portrait is not None:
        pen.rectangle(face.portrait, 190)
    for box in face.texts.values():
        pen.rectangle((box.left, box.top + 8, box.left + box.width // 2, box.bottom - 8), 190)
    for board in (face.main, face.small):
        pen.rectangle(board, 232)
        quiet = board.width // 9
        left, top, right, bottom = board
        pen.rectangle((left + quiet, top + quiet, right - quiet, bottom - quiet), 126)
    return _below_bar(sketch.resize(_SKETCH, Image.Resampling.BOX))


def _below_bar(sketch: Image.Image) -> bytes:
    """The sketch without the bar, which every candidate has."""
    return sketch.crop((0, 2, *_SKETCH)).tobytes()


def _correlation(one: bytes, other: bytes) -> float:
    """Pearson's correlation, from -1 to 1; 0 if either has no contrast."""
    count = len(one)
    middle_one, middle_other = sum(one) / count, sum(other) / count
    product = square_one = square_other = 0.0
    for a, b in zip(one, other, strict=True):
        a_off, b_off = a - middle_one, b - middle_other
        product += a_off * b_off
        square_one += a_off * a_off
        square_other += b_off * b_off
    whole = sqrt(square_one * square_other)
    return product / whole if whole else 0.0
