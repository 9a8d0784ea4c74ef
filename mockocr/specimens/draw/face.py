"""One face of a card drawn: the texts of a truth and its symbols on their paper."""

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
"""Of the texts, in units: four lines of 11 characters hold an address
(docs/fidelity.md#address-lines)."""

_BIRTH = re.compile(r"([0-9]{1,4})/([0-9]{1,2})/([0-9]{1,2})")


def draw_card(
    card_data: CardData, size: tuple[int, int] = CARD, *, marked: bool = True
) -> Image.Image:
    """One face to its edges, the corners square; unmarked with empty boards for its symbols."""
    # At whole pixels a unit, so that the modules of the symbols are whole, and then reduced.
    scale = -(-size[0] // CARD[0])
    face = FACES[card_data.kind]
    card = paper(card_data.kind, scale, WOMAN if card_data.sex == "女" else MAN).copy()
    for field, text in card_data.texts.items():
        box = face.texts[field].times(scale)
        # On a piece of its own, so that nothing is drawn beyond its box, whatever the glyphs do.
        piece = card.crop(box)
        _write(ImageDraw.Draw(piece), field, text, (box.width, box.height), scale)
        card.paste(piece, box[:2])
    for symbol in qr_codes.symbols_of(card_data) if marked else ():
        card.paste(qr_codes.drawn(symbol, scale), symbol.place.times(scale)[:2])
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
    # The address begins beside its label; what else has two lines has the label's middle.
    spare = 0.0 if field == "address" else room[1] - step * len(setting.lines)
    for place, line in enumerate(setting.lines):
        # A J reaches out to the left of where it stands.
        left = -min(0, font(setting.size).getbbox(line, anchor="lm")[0])
        middle = spare / 2 + step * (place + 0.5)
        pen.text((left, middle), line, colours.INK, font=font(setting.size), anchor="lm")


def _write_birth(
    pen: ImageDraw.ImageDraw, parts: tuple[str, ...], middle: float, size: int
) -> None:
    """1987/1/1 as 1987 年 1 月 1 日, the units like labels."""
    x = 0.0
    for part, unit in zip(parts, "年月日", strict=True):
        for words, colour, share in ((part, colours.INK, 1.0), (unit, colours.LABEL, 0.76)):
            used = round(size * share)
            pen.text((x, middle), words, colour, font=font(used), anchor="lm")
            x += length(words, used) + size * 0.3
