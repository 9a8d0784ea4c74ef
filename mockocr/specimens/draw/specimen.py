"""Specimens drawn: the truth on a card, and one card or two on a plain picture."""

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Literal

from PIL import Image

from mockocr.images.decoding import MAX_WHOLE_PIXELS
from mockocr.images.header import MAX_LONG_SIDE_PIXELS
from mockocr.specimens import colours
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.defects import CUT_OFF, spoiled
from mockocr.specimens.draw.face import draw_card
from mockocr.specimens.draw.paper import outline
from mockocr.specimens.layout import CARD, Box

MIN_CARD_WIDTH = 400
"""Smaller cards are not read back for sure (`bench/distortions.py`)."""

Arrangement = Literal["stacked", "beside"]
"""Of two cards on one picture."""

Format = Literal["PNG", "JPEG", "BMP"]
"""Those that the API takes."""

_GRID = {"stacked": (1, 2), "beside": (2, 1)}
_CELL = (1200, 800)
"""Pixels of the picture for each card, unless asked for otherwise."""
_MOST_OF_CELL = (5 / 6, 0.79)
"""Of a cell's width and height: the rest is margin. ("建议卡片部分占据图片2/3以上", API page §2)"""


class SizeError(ValueError):
    """A picture of this size is too small for its cards, or too large to be read."""


NO_DEFECTS: Mapping[str, float] = MappingProxyType({})


def draw(
    card_data: CardData,
    size: tuple[int, int] | None = None,
    arrangement: Arrangement = "stacked",
    defects: Mapping[str, float] = NO_DEFECTS,
) -> Image.Image:
    """The picture of a specimen, 1200 x 800 pixels a card or of this size; with defects by name and
    strength. What the truth says is planted is not drawn for that, and what is drawn is not planted
    in it.

    Raises SizeError, and mark.TooLongError where the truth does not fit its symbol.
    """
    size = size or default_size(card_data.kind, arrangement)
    picture = Image.new("RGB", size, colours.DESK)
    boxes = places(card_data.kind, size, arrangement, defects.get("border", 0.0))
    sides = card_data.sides()
    for side, box in zip(sides, boxes, strict=True):
        card = draw_card(side, (box.width, box.height))
        picture.paste(card, box[:2], outline(card.size))
    kinds = (side.kind for side in sides)
    return spoiled(picture, tuple(zip(kinds, boxes, strict=True)), defects)


def encoded(picture: Image.Image, format: Format, quality: int = 92) -> bytes:
    """The picture as a file; `quality` is of a JPEG."""
    buffer = BytesIO()
    picture.save(buffer, format, quality=quality, subsampling=0)
    return buffer.getvalue()


def default_size(kind: Kind, arrangement: Arrangement = "stacked") -> tuple[int, int]:
    columns, rows = _grid(kind, arrangement)
    return _CELL[0] * columns, _CELL[1] * rows


def places(
    kind: Kind,
    size: tuple[int, int],
    arrangement: Arrangement = "stacked",
    cut_off: float = 0.0,
) -> tuple[Box, ...]:
    """Where in the picture the cards lie, in the order of `Truth.sides`; cut off at its edge by
    this share of the most that `border` cuts off. Raises SizeError."""
    if max(size) > MAX_LONG_SIDE_PIXELS or size[0] * size[1] > MAX_WHOLE_PIXELS:
        raise SizeError(f"{size[0]}x{size[1]}: too large a picture")
    columns, rows = _grid(kind, arrangement)
    across, down = size[0] / columns, size[1] / rows
    ratio = CARD[0] / CARD[1]
    width = round(min(across * _MOST_OF_CELL[0], down * _MOST_OF_CELL[1] * ratio))
    height = round(width / ratio)
    if width < MIN_CARD_WIDTH:
        wide = f"{size[0]}x{size[1]}: a card would be {width} pixels wide"
        raise SizeError(f"{wide}; {MIN_CARD_WIDTH} are needed")
    corners = [
        (round(across * (column + 0.5) - width / 2), round(down * (row + 0.5) - height / 2))
        for row in range(rows)
        for column in range(columns)
    ]
    right, down = 0, 0
    if cut_off:
        beyond = round(CUT_OFF * cut_off * width)
        if columns == 1:
            right = size[0] - corners[0][0] - width + beyond
        else:
            down = size[1] - corners[0][1] - height + beyond
    return tuple(
        Box(left + right, top + down, left + right + width, top + down + height)
        for left, top in corners
    )


def _grid(kind: Kind, arrangement: Arrangement) -> tuple[int, int]:
    return _GRID[arrangement] if kind is Kind.BOTH else (1, 1)
