"""Draws specimens: a picture of one card, or of two, on a plain background."""

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Literal

from PIL import Image

from mockocr.images.cost import MAX_WHOLE_PIXELS
from mockocr.images.header import MAX_LONG_SIDE_PIXELS
from mockocr.specimens import colours
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.defects import CUT_OFF, with_defects
from mockocr.specimens.draw.face import draw_card
from mockocr.specimens.draw.paper import outline
from mockocr.specimens.layout import CARD, Box

MIN_CARD_WIDTH = 400
"""Pixels. Smaller cards cannot be read reliably (`bench/distortions.py`)."""

Arrangement = Literal["stacked", "beside"]
"""How two cards are arranged in one picture."""

Format = Literal["PNG", "JPEG", "BMP"]
"""The formats that the API accepts."""

_GRID = {"stacked": (1, 2), "beside": (2, 1)}
_CELL = (1200, 800)
"""The default size of the picture for each card, in pixels."""
_MAX_SHARE_OF_CELL = (5 / 6, 0.79)
"""The share of a cell's width and height that a card takes at most ("建议卡片部分占据图片2/3以上",
API page §2)."""


class SizeError(ValueError):
    """A picture of this size is too small for its cards, or too large to be read."""


NO_DEFECTS: Mapping[str, float] = MappingProxyType({})


def draw(
    card_data: CardData,
    size: tuple[int, int] | None = None,
    arrangement: Arrangement = "stacked",
    defects: Mapping[str, float] = NO_DEFECTS,
) -> Image.Image:
    """The picture of a specimen, by default with 1200 x 800 pixels for each card.

    `defects`: name → strength, above 0 and up to 1. They are drawn, but not added to the card data;
    the defects of the card data are not drawn. Raises SizeError, and TooLongError if the
    texts do not fit into a code.
    """
    size = size or default_size(card_data.kind, arrangement)
    picture = Image.new("RGB", size, colours.DESK)
    boxes = card_boxes(card_data.kind, size, arrangement, defects.get("border", 0.0))
    sides = card_data.sides()
    for side, box in zip(sides, boxes, strict=True):
        card = draw_card(side, (box.width, box.height))
        picture.paste(card, box[:2], outline(card.size))
    kinds = (side.kind for side in sides)
    return with_defects(picture, tuple(zip(kinds, boxes, strict=True)), defects)


def encoded(picture: Image.Image, format: Format, quality: int = 92) -> bytes:
    """The picture as a file; `quality` applies to JPEG only."""
    buffer = BytesIO()
    picture.save(buffer, format, quality=quality, subsampling=0)
    return buffer.getvalue()


def default_size(kind: Kind, arrangement: Arrangement = "stacked") -> tuple[int, int]:
    columns, rows = _grid(kind, arrangement)
    return _CELL[0] * columns, _CELL[1] * rows


def card_boxes(
    kind: Kind,
    size: tuple[int, int],
    arrangement: Arrangement = "stacked",
    cut_off: float = 0.0,
) -> tuple[Box, ...]:
    """The boxes of the cards in a picture of this size, in the order of `CardData.sides`.

    `cut_off`: the strength of the defect `border`, from 0 to 1, which moves the cards beyond the
    edge of the picture. Raises SizeError.
    """
    if max(size) > MAX_LONG_SIDE_PIXELS or size[0] * size[1] > MAX_WHOLE_PIXELS:
        raise SizeError(
            f"a picture of {size[0]}x{size[1]} is too large; choose a size of at most"
            f" {MAX_LONG_SIDE_PIXELS} pixels a side and {MAX_WHOLE_PIXELS} in all"
        )
    columns, rows = _grid(kind, arrangement)
    across, down = size[0] / columns, size[1] / rows
    ratio = CARD[0] / CARD[1]
    width = round(min(across * _MAX_SHARE_OF_CELL[0], down * _MAX_SHARE_OF_CELL[1] * ratio))
    height = round(width / ratio)
    if width < MIN_CARD_WIDTH:
        raise SizeError(
            f"a picture of {size[0]}x{size[1]} leaves {width} pixels for the width of a card;"
            f" choose a size that leaves at least {MIN_CARD_WIDTH}"
        )
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
