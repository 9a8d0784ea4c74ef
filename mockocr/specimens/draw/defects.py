"""Draws defects on the picture of a specimen.

A defect has a strength above 0 and up to 1, and leaves both codes readable. Defects that pixels
cannot show (a wrong validity, a temporary card) are in the card data instead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import pi, sin, sqrt
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from mockocr.specimens import colours
from mockocr.specimens.card_data import Kind
from mockocr.specimens.colours import Colour
from mockocr.specimens.draw.font import font
from mockocr.specimens.draw.paper import outline
from mockocr.specimens.layout import CARD, FACES, Box

PlacedCard: TypeAlias = tuple[Kind, Box]
"""The kind of a card, and its box in the picture."""

CUT_OFF = 0.065
"""The share of the card's width that the defect `border` cuts off at strength 1. With more, a code
would be cut off."""


def with_defects(
    picture: Image.Image, cards: Sequence[PlacedCard], defects: Mapping[str, float]
) -> Image.Image:
    """The picture with defects, by their names in `card_data.DEFECTS`. First come those of the
    card, then those of taking the picture. `border` is ignored here: `specimen.card_boxes` moves
    the card.
    """
    for name, add in _DEFECTS.items():
        if strength := defects.get(name):
            picture = add(picture, cards, strength)
    return picture


def _tampered(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """Other characters are pasted over the first characters of the name or authority."""
    picture = picture.copy()
    words = _OTHER_WORDS[: max(1, round(strength * len(_OTHER_WORDS)))]
    for kind, place in cards:
        scale = place.width / CARD[0]
        texts = FACES[kind].texts
        box = texts.get("name") or texts["authority"]
        size = round(46 * scale)
        left, middle = place.left + box.left * scale, place.top + box.middle[1] * scale
        width, height = font(size).getlength(words), size * 1.15
        patch = (left - size * 0.1, middle - height / 2, left + width, middle + height / 2)
        pen = ImageDraw.Draw(picture)
        pen.rectangle(patch, _PASTED)
        pen.text((left, middle), words, _OTHER_INK, font=font(size), anchor="lm")
    return picture


_OTHER_WORDS = "这里改成了另一个"
_PASTED: Colour = (218, 226, 233)
"""Similar to the paper, as in a real edit."""
_OTHER_INK: Colour = (12, 14, 20)


def _copy(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """A colour copy on a sheet of paper: a little faded, with the streaks and specks of a
    copier."""
    sheet = Image.new("RGB", picture.size, _SHEET)
    sheet.paste(Image.blend(picture, sheet, 0.14), mask=_on_cards(picture.size, cards))
    scale = cards[0][1].width / CARD[0]
    pen = ImageDraw.Draw(sheet)
    for line in range(9):
        y = picture.height * (0.06 + 0.11 * line + 0.03 * sin(line * 5))
        pen.line((0, y, picture.width, y), _STREAK, max(1, round(scale)))
    for speck in range(170):
        x, y = picture.width * (speck * 0.618034 % 1), picture.height * (speck * 0.754878 % 1)
        radius = scale * (0.8 + speck % 3 * 0.4)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), _SPECK)
    return Image.blend(picture, sheet, strength)


_SHEET: Colour = (233, 233, 229)
_STREAK: Colour = (214, 215, 214)
_SPECK: Colour = (150, 150, 150)


def _copy_bw(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """A copy in black and white."""
    copied = _copy(picture, cards, strength)
    grey = ImageEnhance.Contrast(copied.convert("L")).enhance(1 + 0.1 * strength)
    grey = grey.point([min(value, colours.BRIGHTEST) for value in range(256)])
    return Image.blend(copied, grey.convert("RGB"), strength)


def _watermark(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """A text across the card, as people add it to copies: 仅供办理业务使用."""
    mask = Image.new("L", picture.size)
    for _, place in cards:
        scale = place.width / CARD[0]
        words = Image.new("L", (round(1300 * scale), round(900 * scale)))
        pen = ImageDraw.Draw(words)
        for line in range(5):
            at = (words.width / 2 + (line % 2 - 0.5) * 160 * scale, (90 + 180 * line) * scale)
            text = "仅供办理业务使用    仅供办理业务使用"
            pen.text(at, text, round(95 * strength), font=font(round(52 * scale)), anchor="mm")
        turned = words.rotate(28, Image.Resampling.BICUBIC)
        left, top = (turned.width - place.width) // 2, (turned.height - place.height) // 2
        piece = turned.crop((left, top, left + place.width, top + place.height))
        mask.paste(ImageChops.multiply(piece, outline(piece.size)), place[:2])
    picture = picture.copy()
    picture.paste(_STAMP, mask=mask)
    return picture


_STAMP: Colour = (70, 74, 84)


def _electronic_id(
    picture: Image.Image, cards: Sequence[PlacedCard], strength: float
) -> Image.Image:
    """The card is an image on the screen of a phone."""
    scale = cards[0][1].width / CARD[0]
    left, top, right, bottom = _around(place for _, place in cards)
    phone = Image.new("RGB", picture.size, _TABLE)
    pen = ImageDraw.Draw(phone)

    def rounded(room: float, radius: float, colour: Colour) -> None:
        box = (
            left - room * scale,
            top - room * scale,
            right + room * scale,
            bottom + room * scale,
        )
        pen.rounded_rectangle(box, radius * scale, colour)

    rounded(82, 84, _FRAME)
    rounded(78, 80, _GLASS)
    rounded(62, 64, _APP)
    words = font(round(26 * scale))
    line = top - 31 * scale
    pen.text((left + 30 * scale, line), "9:41", _GLASS, font=words, anchor="lm")
    pen.text(((left + right) / 2, line), "电子证照(样本)", _GLASS, font=words, anchor="mm")
    battery = (right - 80 * scale, line - 9 * scale, right - 36 * scale, line + 9 * scale)
    pen.rounded_rectangle(battery, 5 * scale, _GLASS)
    x, middle = left - 70 * scale, (top + bottom) / 2
    pen.line((x, middle - 60 * scale, x, middle + 60 * scale), _FRAME, max(1, round(6 * scale)))
    phone.paste(picture, mask=_on_cards(picture.size, cards))
    return Image.blend(picture, phone, strength)


_TABLE: Colour = (86, 74, 64)
_FRAME: Colour = (92, 96, 104)
_GLASS: Colour = (16, 17, 20)
_APP: Colour = (226, 229, 234)


def _occlusion(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """A finger covers a part of the card: it comes from above on a front, from below on a back."""
    picture = picture.copy()
    for kind, place in cards:
        scale = place.width / CARD[0]
        finger, reach = _finger(round(150 * scale)), (40 + 330 * strength) * scale
        top = place.top + reach - finger.height
        if kind is Kind.BACK:
            finger = finger.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
            top = place.bottom - reach
        at = (round(place.left + 400 * scale), round(top))
        shade = Image.new("L", picture.size)
        shade.paste(finger.getchannel("A"), (at[0] + round(5 * scale), at[1] + round(4 * scale)))
        shade = shade.filter(ImageFilter.GaussianBlur(5 * scale)).point(
            [value // 3 for value in range(256)]
        )
        picture.paste(_SHADE, mask=shade)
        picture.paste(finger, at, finger)
    return picture


def _finger(width: int) -> Image.Image:
    """A finger in mode RGBA with its tip at the bottom, six times as long as wide."""
    fine = 2
    size = (width * fine, 6 * width * fine)
    skin = Image.new("RGB", size, _SKIN)
    pen = ImageDraw.Draw(skin)
    for x in range(size[0]):
        # Darker towards both sides, so that it looks round.
        dark = abs(x / size[0] - 0.45) ** 2 * 1.1
        red, green, blue = (round(value * (1 - dark)) for value in _SKIN)
        pen.line((x, 0, x, size[1]), (red, green, blue))
    w, bottom = size[0], size[1]
    for fold in (1.5, 1.56, 1.63):
        pen.arc(
            (w * 0.12, bottom - w * (fold + 0.2), w * 0.88, bottom - w * fold), 20, 160, _FOLD, 3
        )
    nail = (w * 0.2, bottom - w * 0.98, w * 0.8, bottom - w * 0.1)
    pen.rounded_rectangle(nail, w * 0.28, _NAIL, _FOLD, 3)
    pen.chord((w * 0.3, bottom - w * 1.02, w * 0.7, bottom - w * 0.72), 0, 180, _MOON)
    shape = Image.new("L", size)
    ImageDraw.Draw(shape).rounded_rectangle((0, -w, w - 1, bottom - 1), w * 0.5, 255)
    skin.putalpha(shape)
    return skin.reduce(fine).rotate(-8, Image.Resampling.BICUBIC, expand=True)


_SKIN: Colour = (214, 166, 138)
_FOLD: Colour = (178, 128, 104)
_NAIL: Colour = (224, 180, 164)
_MOON: Colour = (230, 200, 188)
_SHADE: Colour = (30, 30, 34)


def _reflection(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """A lamp is reflected: two spots of white light with soft edges."""
    mask = Image.new("L", picture.size)
    pen = ImageDraw.Draw(mask)
    for kind, place in cards:
        scale = place.width / CARD[0]
        for x, y, across, down in _SPOTS[kind]:
            wide, high = across * sqrt(strength), down * sqrt(strength)
            box = (x - wide, y - high, x + wide, y + high)
            at = (place.left, place.top) * 2
            pen.ellipse([start + scale * way for start, way in zip(at, box, strict=True)], 255)
    scale = cards[0][1].width / CARD[0]
    soft = mask.filter(ImageFilter.GaussianBlur(14 * sqrt(strength) * scale))
    # Overexposed: the centre is pure white, the edge fades.
    lit = soft.point([min(255, value * 3 // 2) for value in range(256)])
    picture = picture.copy()
    picture.paste((255, 255, 255), mask=lit)
    return picture


_SPOTS_OF_FRONT = ((420, 330, 125, 72), (880, 118, 62, 42))
_SPOTS = {
    Kind.FRONT: _SPOTS_OF_FRONT,
    Kind.TEMPORARY: _SPOTS_OF_FRONT,
    Kind.BACK: ((590, 470, 130, 62), (350, 200, 34, 74)),
}
"""Centres and radii of the spots, in units. They do not cover the codes."""


def _reshoot(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """A photo of a screen: moire bands, with a different phase in each colour channel."""
    scale = cards[0][1].width / CARD[0]
    bands = []
    for band, phase in zip(picture.split(), (0.0, 0.35, 0.7), strict=True):
        coarse = _waves(picture.size, 9.5 * scale, 0.52, phase, 0.17 * strength)
        fine = _waves(picture.size, 5.2 * scale, -0.35, phase, 0.09 * strength)
        bands.append(ImageChops.multiply(ImageChops.multiply(band, coarse), fine))
    return Image.merge("RGB", bands)


def _waves(
    size: tuple[int, int], period: float, slope: float, phase: float, depth: float
) -> Image.Image:
    """A mask of light and dark bands, with values from 255 * (1 - depth) to 255. Each row is
    shifted by `slope` pixels."""
    width, height = size
    reach = round(abs(slope) * height) + 1
    wave = bytes(
        round(255 * (1 - depth * (0.5 - 0.5 * sin(2 * pi * (x / period + phase)))))
        for x in range(width + reach)
    )
    first = reach if slope < 0 else 0
    begins = (first + round(slope * y) for y in range(height))
    return Image.frombytes("L", size, b"".join(wave[at : at + width] for at in begins))


def _blur(picture: Image.Image, cards: Sequence[PlacedCard], strength: float) -> Image.Image:
    """The picture is out of focus."""
    scale = cards[0][1].width / CARD[0]
    return picture.filter(ImageFilter.GaussianBlur(2 * strength * scale))


def _on_cards(size: tuple[int, int], cards: Sequence[PlacedCard]) -> Image.Image:
    """A mask in mode L: 255 on the cards."""
    mask = Image.new("L", size)
    for _, place in cards:
        mask.paste(outline((place.width, place.height)), place[:2])
    return mask


def _around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


_AddDefect: TypeAlias = Callable[[Image.Image, Sequence[PlacedCard], float], Image.Image]
_DEFECTS: Mapping[str, _AddDefect] = {
    "tampered": _tampered,
    "copy": _copy,
    "copy_bw": _copy_bw,
    "watermark": _watermark,
    "electronic_id": _electronic_id,
    "occlusion": _occlusion,
    "reflection": _reflection,
    "reshoot": _reshoot,
    "blur": _blur,
}
