"""Specimens made: from a seed and what is said of a card to a picture that carries it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.answer_spec import CardFields
from mockocr.actions.idcard.person import person
from mockocr.actions.idcard.texts import MEMBERS
from mockocr.people.number import Numbers
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import PLANTED, CardData, Kind, card_data_of
from mockocr.specimens.draw.specimen import NO_DEFECTS, Format, draw, encoded, places
from mockocr.specimens.layout import Box


class Made(NamedTuple):
    content: bytes
    fields: Mapping[str, str]
    """What stands on it, by member of Response."""
    planted: tuple[str, ...]
    size: tuple[int, int]
    cards: tuple[tuple[Kind, Box], ...]
    """Where each card lies, in pixels."""


def make(
    kind: Kind,
    fields: CardFields,
    seed: int,
    day: datetime,
    size: tuple[int, int] | None = None,
    format: Format = "PNG",
    numbers: Numbers = "valid",
    defects: Mapping[str, float] = NO_DEFECTS,
) -> Made:
    """As the fields say, the rest invented to fit, as on a day. Defects, by name of `PLANTED` and
    strength, are drawn, and planted in what the picture carries; those of strength 0 are none.

    Raises ValueError for a size that is too small or too large, and for texts that no card and no
    symbol has room for.
    """
    conditions = Conditions(day, seed, numbers, API_PAGE)
    said = fields.said()
    card = person(seed, conditions, said)
    defects = {name: strength for name, strength in defects.items() if strength > 0}
    if "temporary_id" in defects and kind is Kind.FRONT:
        kind = Kind.TEMPORARY
    texts = dict(card_data_of(card, kind).texts)
    if "invalid_date" in defects and "valid_date" in texts:
        texts["valid_date"] = _of_no_documented_length(card.valid_from)
    texts |= {name: said[MEMBERS[name]] for name in texts if MEMBERS[name] in said}
    card_data = CardData.of(kind, texts, tuple(name for name in PLANTED if name in defects))
    picture = draw(card_data, size, defects=defects)
    sides = tuple(side.kind for side in card_data.sides())
    boxes = places(kind, picture.size, cut_off=defects.get("border", 0.0))
    shown = {MEMBERS[name]: text for name, text in texts.items()}
    cards = tuple(zip(sides, boxes, strict=True))
    return Made(encoded(picture, format), shown, card_data.planted, picture.size, cards)


def _of_no_documented_length(first: date) -> str:
    """A validity of seven years, where 5, 10, 20 or 长期 are documented."""
    last = first.replace(year=first.year + 7, day=min(first.day, 28))
    return f"{first:%Y.%m.%d}-{last:%Y.%m.%d}"
