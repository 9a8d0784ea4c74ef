"""A plain drawn card that stands for a crop until there are specimen cards to crop."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

CARD_SIZE = (856, 540)
"""Pixels; the proportions of the card, 85.60 x 54.00 mm (GA 448-2013)."""
PORTRAIT_BOX = (0.63, 0.10, 0.95, 0.78)
"""Left, top, right, bottom as fractions of the card."""

_PAPER, _INK, _RED, _SKIN, _COAT = "#e6ebe4", "#33404d", "#c8102e", "#d9c2a7", "#5b7083"


def draw_front(number: str, birth: str) -> Image.Image:
    """The portrait side. Pillow's own font has no Chinese, so only the figures are written."""
    card = Image.new("RGB", CARD_SIZE, _PAPER)
    draw = ImageDraw.Draw(card)
    _mark_as_specimen(draw)
    draw.text((60, 190), birth, _INK, font=ImageFont.load_default(28))
    draw.text((60, 450), number, _INK, font=ImageFont.load_default(40))
    left, top, right, bottom = _pixels(PORTRAIT_BOX)
    middle = (left + right) // 2
    draw.rectangle((left, top, right, bottom), "#f3f5f1", _INK)
    draw.ellipse((middle - 95, bottom - 110, middle + 95, bottom + 90), _COAT)
    draw.rectangle((left, bottom + 1, right, bottom + 92), _PAPER)
    draw.ellipse((middle - 60, top + 70, middle + 60, top + 220), _SKIN)
    draw.line((left, bottom, right, bottom), _INK)
    return card


def draw_back(validity: str) -> Image.Image:
    card = Image.new("RGB", CARD_SIZE, _PAPER)
    draw = ImageDraw.Draw(card)
    _mark_as_specimen(draw)
    draw.text((60, 450), validity, _INK, font=ImageFont.load_default(40))
    return card


def crop_portrait(front: Image.Image) -> Image.Image:
    return front.crop(_pixels(PORTRAIT_BOX))


def as_jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _mark_as_specimen(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, CARD_SIZE[0], 44), _RED)
    draw.text((60, 5), "SPECIMEN  mockocr", "#ebebeb", font=ImageFont.load_default(28))


def _pixels(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    width, height = CARD_SIZE
    left, top, right, bottom = box
    return round(left * width), round(top * height), round(right * width), round(bottom * height)
