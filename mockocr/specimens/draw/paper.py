"""Draws faces without texts: paper, bar, labels, watermark, cartoon and empty boards.

They are cached, because drawing them takes longer than all the rest of a card.
"""

from functools import lru_cache
from math import pi, sin

from PIL import Image, ImageDraw

from mockocr.specimens import colours
from mockocr.specimens.card_data import Kind
from mockocr.specimens.draw import portrait
from mockocr.specimens.draw.font import font
from mockocr.specimens.draw.portrait import Looks
from mockocr.specimens.layout import BAR, CARD, CORNER_RADIUS, FACES, SMALL_PRINT, Box

_BAR_WORDS = {
    Kind.FRONT: "样本 SPECIMEN",
    Kind.BACK: "样本 SPECIMEN",
    Kind.TEMPORARY: "临时样本 SPECIMEN",
}
_NO_DOCUMENT = "仅供软件测试,不是证件 · FOR SOFTWARE TESTS ONLY, NOT AN IDENTITY DOCUMENT"
_TITLE = (("模拟测试证件", 150, 78, colours.INK), ("MOCK CARD FOR TESTS", 234, 32, colours.LABEL))
"""Text, distance of its centre from the top, font size and colour, in units."""


@lru_cache(maxsize=8)
def paper(kind: Kind, scale: int, looks: Looks) -> Image.Image:
    """A face with `scale` pixels per unit. It is shared: copy it before drawing on it."""
    face = FACES[kind]
    card = _ground(kind, scale)
    pen = ImageDraw.Draw(card)
    _bar(pen, _BAR_WORDS[kind], scale)
    for label in face.labels:
        _line(pen, label.text, label.box.times(scale), 26 * scale, colours.LABEL)
    if face.portrait is not None:
        _photo(card, face.portrait.times(scale), looks, grey=kind is Kind.TEMPORARY)
    if face.title is not None:
        for words, y, size, colour in _TITLE:
            at = (face.title.middle[0] * scale, y * scale)
            pen.text(at, words, colour, font=font(size * scale), anchor="mm")
        pen.rounded_rectangle(face.main.times(scale), 8 * scale, colours.BOARD)
    pen.rounded_rectangle(face.small.times(scale), 8 * scale, colours.BOARD)
    pen.rounded_rectangle(face.patch.times(scale), 6 * scale, colours.BOARD)
    _line(pen, _NO_DOCUMENT, SMALL_PRINT.times(scale), 15 * scale, colours.FAINT)
    return card


@lru_cache(maxsize=4)
def outline(size: tuple[int, int]) -> Image.Image:
    """A mask of a card of this size, with rounded corners."""
    fine = Image.new("L", (size[0] * 4, size[1] * 4))
    box = (0, 0, fine.width - 1, fine.height - 1)
    ImageDraw.Draw(fine).rounded_rectangle(box, fine.width * CORNER_RADIUS / CARD[0], 255)
    return fine.reduce(4)


def _ground(kind: Kind, scale: int) -> Image.Image:
    size = (CARD[0] * scale, CARD[1] * scale)
    left, right = colours.PAPER_OF_TEMPORARY if kind is Kind.TEMPORARY else colours.PAPER
    slope = Image.linear_gradient("L").rotate(90).resize(size, Image.Resampling.BICUBIC)
    card = Image.composite(Image.new("RGB", size, right), Image.new("RGB", size, left), slope)
    card.paste(colours.FAINT, mask=_waves(size))
    card.paste(colours.RED, mask=_watermark(size, FACES[kind].watermark, scale))
    return card


def _waves(size: tuple[int, int]) -> Image.Image:
    """A mask of fine wavy lines."""
    width, height = size
    fine = Image.new("L", (width * 2, height * 2))
    pen = ImageDraw.Draw(fine)
    apart, swing = width / 31, width / 20
    for line in range(-3, 45):
        points = [
            (x, line * apart + swing * sin(2 * pi * (x / (width * 0.9) + line / 24)))
            for x in range(0, width * 2 + 12, 12)
        ]
        pen.line(points, 30, max(2, width // 500))
    return fine.reduce(2)


def _watermark(size: tuple[int, int], middle: tuple[int, int], scale: int) -> Image.Image:
    """A mask of the text 样本 SPECIMEN across the face."""
    words = Image.new("L", (1100 * scale, 340 * scale))
    pen = ImageDraw.Draw(words)
    for text, y, share in (("样本", 102, 200), ("SPECIMEN", 265, 100)):
        at = (550 * scale, y * scale)
        pen.text(at, text, 34, font=font(share * scale), anchor="mm")
    turned = words.rotate(24, Image.Resampling.BICUBIC, expand=True)
    mask = Image.new("L", size)
    x, y = middle
    mask.paste(turned, (x * scale - turned.width // 2, y * scale - turned.height // 2))
    return mask


def _bar(pen: ImageDraw.ImageDraw, words: str, scale: int) -> None:
    left, top, right, bottom = BAR.times(scale)
    pen.rectangle((left, top, right, bottom - 1), colours.RED)
    margin, middle = 50 * scale, 22 * scale
    for x, text, anchor in ((margin, words, "lm"), (right - margin, "mockocr", "rm")):
        pen.text((x, middle), text, colours.BOARD, font=font(24 * scale), anchor=anchor)


def _line(
    pen: ImageDraw.ImageDraw, words: str, box: Box, size: int, colour: colours.Colour
) -> None:
    pen.text((box.left, box.middle[1]), words, colour, font=font(size), anchor="lm")


def _photo(card: Image.Image, box: Box, looks: Looks, grey: bool) -> None:
    photo = portrait.draw(looks)
    if grey:
        photo = photo.convert("L").convert("RGB")
    card.paste(photo.resize((box.width, box.height), Image.Resampling.BILINEAR), box[:2])
