"""Specimens made: from a seed and what is said of a card to a picture that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.answer import CardFields
from mockocr.actions.idcard.person import person, spoken
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.cards.number import Numbers
from mockocr.pictures.layout import Box
from mockocr.pictures.specimen import Format, draw, encoded, places
from mockocr.pictures.truth import TEXTS, Kind, Truth, truth_of
from mockocr.settings import API_PAGE

MEMBERS: Mapping[str, str] = dict(zip(TEXTS, (*FRONT_MEMBERS, *BACK_MEMBERS), strict=True))
"""Of Response, by the names of a truth."""


@dataclass(frozen=True, slots=True)
class Made:
    content: bytes
    fields: Mapping[str, str]
    """What stands on it, by member of Response."""
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
) -> Made:
    """As the fields say, the rest invented to fit, as on a day.

    Raises ValueError for a size that is too small or too large, and for texts that no card and no
    symbol has room for.
    """
    conditions = Conditions(day, seed, numbers, API_PAGE)
    card = person(f"specimen {seed}".encode(), conditions, fields)
    said = spoken(fields)
    texts = {
        name: said.get(MEMBERS[name], text) for name, text in truth_of(card, kind).texts.items()
    }
    truth = Truth.of(kind, texts)
    picture = draw(truth, size)
    sides = tuple(side.kind for side in truth.sides())
    boxes = places(kind, picture.size)
    shown = {MEMBERS[name]: text for name, text in texts.items()}
    return Made(
        encoded(picture, format), shown, picture.size, tuple(zip(sides, boxes, strict=True))
    )
