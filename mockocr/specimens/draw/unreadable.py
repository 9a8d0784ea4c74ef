"""Pictures that cause errors: specimens that cannot be read, and pictures without a card.

Each looks like a typical bad picture.
"""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from mockocr.images.header import MAX_LONG_SIDE_PIXELS
from mockocr.specimens import colours
from mockocr.specimens.card_data import CardData
from mockocr.specimens.colours import Colour
from mockocr.specimens.draw.specimen import Format, card_boxes, draw, encoded
from mockocr.specimens.layout import CARD, FACES

_SMALL_WIDTH = 150
_TOO_MANY_PIXELS = (1600, 1200)
"""A BMP of this size in pixels has 5.8 MB: more than 7 M in Base64, and less than the 10 MB of a
request."""


def blurred(card_data: CardData, size: tuple[int, int]) -> Image.Image:
    """So far out of focus that only the outline of a card can be recognized."""
    picture = draw(card_data, size)
    return picture.filter(ImageFilter.GaussianBlur(size[0] / 160))


def small(card_data: CardData, size: tuple[int, int]) -> Image.Image:
    """A thumbnail."""
    picture = draw(card_data, size)
    return picture.resize((_SMALL_WIDTH, round(_SMALL_WIDTH * size[1] / size[0])))


def covered(card_data: CardData, size: tuple[int, int]) -> Image.Image:
    """A note covers the main code."""
    picture = draw(card_data, size)
    (card,) = card_boxes(card_data.kind, size)
    scale = card.width / CARD[0]
    left, top, right, bottom = FACES[card_data.kind].main
    box = (
        card.left + (left - 30) * scale,
        card.top + (top - 30) * scale,
        card.left + (right + 30) * scale,
        card.top + (bottom + 30) * scale,
    )
    pen = ImageDraw.Draw(picture)
    pen.rectangle([value + 6 * scale for value in box], _SHADE)
    pen.rectangle(box, _NOTE)
    for line in range(1, 5):
        y = box[1] + line * (box[3] - box[1]) / 5
        pen.line((box[0] + 20 * scale, y, box[2] - 20 * scale, y), _RULE, max(1, round(3 * scale)))
    return picture


def two(card_data: CardData, other: CardData, size: tuple[int, int]) -> Image.Image:
    """Two cards of the same side, one above the other."""
    picture = Image.new("RGB", (size[0], 2 * size[1]))
    picture.paste(draw(card_data, size), (0, 0))
    picture.paste(draw(other, size), (0, size[1]))
    return picture


def no_card(size: tuple[int, int]) -> Image.Image:
    """A cup and a notebook, and no card."""
    picture = Image.new("RGB", size, colours.DESK)
    unit = size[0] / 960
    pen = ImageDraw.Draw(picture)

    def box(*sides: float) -> list[float]:
        return [side * unit for side in sides]

    pen.rectangle(box(108, 98, 488, 568), _SHADE)
    pen.rectangle(box(100, 90, 480, 560), _PAGE)
    for line in range(9):
        pen.line(box(130, 150 + 45 * line, 450, 150 + 45 * line), _RULE, max(1, round(3 * unit)))
    pen.ellipse(box(590, 190, 850, 450), _CUP, _SHADE, max(1, round(4 * unit)))
    pen.ellipse(box(620, 220, 820, 420), _COFFEE)
    pen.arc(box(790, 255, 905, 385), -84, 84, _CUP, max(1, round(22 * unit)))
    return picture


def blank(size: tuple[int, int], format: str) -> bytes:
    """A file of one colour, in any format that Pillow writes."""
    buffer = BytesIO()
    Image.new("RGB", size, colours.DESK).save(buffer, format)
    return buffer.getvalue()


def cut_off(card_data: CardData, size: tuple[int, int], format: Format) -> bytes:
    """A file that is cut off, like an interrupted upload."""
    content = encoded(draw(card_data, size), format)
    return content[: len(content) // 3]


def too_long(format: Format) -> bytes:
    """A strip that is longer than pictures may be."""
    return encoded(Image.new("RGB", (MAX_LONG_SIDE_PIXELS + 1, 40), colours.DESK), format)


def too_many_bytes(card_data: CardData) -> bytes:
    """An uncompressed file, as some scanners write it, of more bytes than are allowed."""
    return encoded(draw(card_data, _TOO_MANY_PIXELS), "BMP")


_SHADE: Colour = (70, 72, 76)
_NOTE: Colour = (226, 208, 120)
_RULE: Colour = (150, 152, 150)
_PAGE: Colour = (222, 222, 214)
_CUP: Colour = (206, 210, 214)
_COFFEE: Colour = (72, 46, 34)
