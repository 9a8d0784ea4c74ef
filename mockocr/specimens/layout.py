"""The layout of a specimen, in units of 1/1,000 of the card's width. Values only.

The boxes are deliberately coarse: they are not a template of the real card
(docs/fidelity.md#specimen-boxes).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mockocr.specimens.card_data import Kind

CARD = (1000, 631)
"""Width and height, which are 85.60 x 54.00 mm (GA 448-2013)."""

CORNER_RADIUS = 37
"""3.18 mm (GA 448-2013)."""


class Box(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def times(self, scale: int) -> "Box":
        return Box(self.left * scale, self.top * scale, self.right * scale, self.bottom * scale)


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Face:
    """The boxes on one face of a card."""

    texts: Mapping[str, Box]
    """By the names of `card_data.TEXTS`."""
    labels: tuple[Label, ...]
    main: Box
    """The board of the main code, quiet zone included."""
    small: Box
    """The board of the small code, far from the main code: one code gives the corners of a card
    with an error of up to 100 units, two codes with 7 (docs/fidelity.md#two-codes)."""
    patch: Box
    """A plain patch, on which moire is visible."""
    watermark: tuple[int, int]
    """The centre of the watermark."""
    portrait: Box | None = None
    title: Box | None = None


BAR = Box(0, 0, 1000, 43)
"""The red bar at the top. Its colour is missing in a black-and-white copy, and its long thin shape
identifies a specimen that is too blurred to read (`traces.py`)."""

SMALL_PRINT = Box(50, 593, 950, 621)


def _square(left: int, top: int, side: int) -> Box:
    return Box(left, top, left + side, top + side)


_SMALL_SIDE = 116
"""29 modules of 4 units: 21 of a QR code of version 1, and a quiet zone of 4 on each side."""

_PORTRAIT = Box(630, 63, 950, 492)
_MAIN = _square(655, 212, 270)
"""Units per module: 6 up to version 5 (nearly all fronts), 5 up to version 7, 4 up to version
10."""
_NUMBER = Box(330, 524, 840, 581)
_NUMBER_LABEL = Label("公民身份号码", Box(50, 524, 320, 581))
_PATCH = Box(855, 521, 950, 584)

FRONT = Face(
    texts={
        "name": Box(170, 63, 600, 120),
        "sex": Box(170, 139, 250, 189),
        "nation": Box(380, 139, 600, 189),
        "birth": Box(170, 215, 600, 265),
        "address": Box(170, 290, 555, 455),
        "id_num": _NUMBER,
    },
    labels=(
        Label("姓名", Box(50, 63, 160, 120)),
        Label("性别", Box(50, 139, 160, 189)),
        Label("民族", Box(270, 139, 370, 189)),
        Label("出生", Box(50, 215, 160, 265)),
        Label("住址", Box(50, 290, 160, 331)),
        _NUMBER_LABEL,
    ),
    main=_MAIN,
    small=_square(34, 353, _SMALL_SIDE),
    patch=_PATCH,
    watermark=(360, 328),
    portrait=_PORTRAIT,
)

TEMPORARY = Face(
    texts={
        "name": Box(170, 63, 600, 109),
        "sex": Box(170, 119, 250, 160),
        "nation": Box(380, 119, 600, 160),
        "birth": Box(170, 169, 600, 210),
        "address": Box(170, 224, 555, 372),
        "id_num": _NUMBER,
        "authority": Box(170, 401, 600, 442),
        "valid_date": Box(170, 454, 600, 495),
    },
    labels=(
        Label("姓名", Box(50, 63, 160, 109)),
        Label("性别", Box(50, 119, 160, 160)),
        Label("民族", Box(270, 119, 370, 160)),
        Label("出生", Box(50, 169, 160, 210)),
        Label("住址", Box(50, 224, 160, 265)),
        Label("签发机关", Box(50, 401, 160, 442)),
        Label("有效期限", Box(50, 454, 160, 495)),
        _NUMBER_LABEL,
    ),
    main=_MAIN,
    small=_square(34, 272, _SMALL_SIDE),
    patch=_PATCH,
    watermark=(360, 328),
    portrait=_PORTRAIT,
)

BACK = Face(
    texts={
        "authority": Box(400, 429, 920, 486),
        "valid_date": Box(400, 511, 920, 568),
    },
    labels=(
        Label("签发机关", Box(220, 429, 390, 486)),
        Label("有效期限", Box(220, 511, 390, 568)),
    ),
    main=_square(50, 60, 260),
    small=_square(834, 297, _SMALL_SIDE),
    patch=Box(50, 505, 145, 568),
    watermark=(505, 392),
    title=Box(340, 76, 930, 284),
)

FACES: Mapping[Kind, Face] = {Kind.FRONT: FRONT, Kind.BACK: BACK, Kind.TEMPORARY: TEMPORARY}
