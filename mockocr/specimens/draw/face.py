"""Draws one face of a card: its texts and codes on the paper."""

import re

from PIL import Image, ImageDraw

from mockocr.specimens import colours, qr_codes
from mockocr.specimens.card_data import CardData
from mockocr.specimens.draw.font import LINE, fitted, font, length
from mockocr.specimens.draw.paper import paper
from mockocr.specimens.draw.portrait import MAN, WOMAN
from mockocr.specimens.layout import CARD, FACES

_SIZES = {"name": 38, "id_num": 42}
_SIZE = 34
"""Font sizes in units. An address has up to four lines of 11 characters
(docs/fidelity.md#address-lines)."""

_BIRTH = re.compile(r"([0-9]{1,4})/([0-9]{1,2})/([0-9]{1,2})")


def draw_card(
    card_data: CardData, size: tuple[int, int] = CARD, *, with_codes: bool = True
) -> Image.Image:
    """One face with square corners, without margin. Without codes, their boards are empty.

    Raises TooLongError if the texts do not fit into a code.
    """
    # Drawn with whole pixels per unit, so that modules have whole pixels, and then reduced.
    scale = -(-size[0] // CARD[0])
    face = FACES[card_data.kind]
    card = paper(card_data.kind, scale, WOMAN if card_data.sex == "女" else MAN).copy()
    for field, text in card_data.texts.items():
        box = face.texts[field].times(scale)
        # Drawn on a separate image, so that no glyph is drawn outside of the box.
        piece = card.crop(box)
        _write(ImageDraw.Draw(piece), field, text, (box.width, box.height), scale)
        card.paste(piece, box[:2])
    for code in qr_codes.codes_of(card_data) if with_codes else ():
        card.paste(qr_codes.drawn(code, scale), code.place.times(scale)[:2])
    return card if card.size == size else card.resize(size, Image.Resampling.HAMMING)


def _write(
    pen: ImageDraw.ImageDraw, field: str, text: str, room: tuple[int, int], scale: int
) -> None:
    size = _SIZES.get(field, _SIZE) * scale
    birth = _BIRTH.fullmatch(text) if field == "birth" else None
    if birth:
        _write_birth(pen, birth.groups(), room[1] / 2, size)
        return
    setting = fitted(text, *room, size)
    step = setting.size * LINE
    # The address starts at the height of its label; other texts are centred on it.
    spare = 0.0 if field == "address" else room[1] - step * len(setting.lines)
    for place, line in enumerate(setting.lines):
        # Some glyphs, such as J, extend to the left of their origin.
        left = -min(0, font(setting.size).getbbox(line, anchor="lm")[0])
        middle = spare / 2 + step * (place + 0.5)
        pen.text((left, middle), line, colours.INK, font=font(setting.size), anchor="lm")


def _write_birth(
    pen: ImageDraw.ImageDraw, parts: tuple[str, ...], middle: float, size: int
) -> None:
    """Writes 1987/1/1 as 1987 年 1 月 1 日, with the units in the colour of labels."""
    x = 0.0
    for part, unit in zip(parts, "年月日", strict=True):
        for words, colour, share in ((part, colours.INK, 1.0), (unit, colours.LABEL, 0.76)):
            used = round(size * share)
            pen.text((x, middle), words, colour, font=font(used), anchor="lm")
            x += length(words, used) + size * 0.3
