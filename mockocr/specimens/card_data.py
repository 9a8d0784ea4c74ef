"""What a specimen says of itself: the value that is drawn, marked, and read back. No PIL here."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, get_args

from mockocr.people.card import IdCard

# Control characters, line ends, and lone surrogates, which UTF-8 cannot write.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

LONGEST_TEXT = 120
"""Characters; an address has at most 44, a name about 20. What fits a symbol may be less."""


class Kind(StrEnum):
    """What is on the picture. FRONT is the face with the portrait, BACK the one with the emblem:
    the API's words. (GA 448-2013 says 正面 of the emblem's.)"""

    FRONT = "front"
    BACK = "back"
    BOTH = "both"
    """Two cards, a front and a back of the same person."""
    TEMPORARY = "temporary"
    """A temporary card. All nine items stand on the face with the portrait."""


FRONT_TEXTS = ("name", "sex", "nation", "birth", "address", "id_num")
BACK_TEXTS = ("authority", "valid_date")
TEXTS = FRONT_TEXTS + BACK_TEXTS

TEXTS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.FRONT: FRONT_TEXTS,
    Kind.BACK: BACK_TEXTS,
    Kind.BOTH: TEXTS,
    Kind.TEMPORARY: TEXTS,
}

WarningName = Literal[
    "invalid_date",
    "border",
    "copy",
    "reshoot",
    "temporary_id",
    "occlusion",
    "tampered",
    "reflection",
    "copy_bw",
    "electronic_id",
    "watermark",
]
"""The names are mockocr's (docs/fidelity.md#defect-names): they stay where codes change."""

PLANTED = (*get_args(WarningName), "blur")
"""What may be planted in a specimen: the warnings by name, and blur."""


@dataclass(frozen=True, slots=True)
class CardData:
    """The eight texts are spelled as on the API page §3; "" where the kind does not show them."""

    kind: Kind
    name: str = ""
    sex: str = ""
    nation: str = ""
    birth: str = ""
    """1987/1/1"""
    address: str = ""
    """In one line."""
    id_num: str = ""
    authority: str = ""
    valid_date: str = ""
    """2010.07.21-2020.07.21 or 2010.07.21-长期"""
    planted: tuple[str, ...] = ()
    """Names of `PLANTED`, in its order."""

    def __post_init__(self) -> None:
        for field in TEXTS:
            text = getattr(self, field)
            if text and field not in TEXTS_OF[self.kind]:
                raise ValueError(f"{field}: a specimen of the kind {self.kind} does not show it")
            if len(text) > LONGEST_TEXT or _NOT_IN_A_LINE.search(text):
                raise ValueError(f"{field}: not one line of at most {LONGEST_TEXT} characters")
        if self.planted != tuple(name for name in PLANTED if name in self.planted):
            raise ValueError(f"planted: {self.planted} are not names of PLANTED in its order")

    @classmethod
    def of(cls, kind: Kind, texts: Mapping[str, str], planted: tuple[str, ...] = ()) -> "CardData":
        """From texts by name, without those that the kind does not show."""

        def text(name: str) -> str:
            return texts.get(name, "") if name in TEXTS_OF[kind] else ""

        return cls(
            kind,
            name=text("name"),
            sex=text("sex"),
            nation=text("nation"),
            birth=text("birth"),
            address=text("address"),
            id_num=text("id_num"),
            authority=text("authority"),
            valid_date=text("valid_date"),
            planted=planted,
        )

    @property
    def texts(self) -> Mapping[str, str]:
        """Those that the kind shows, by name."""
        return {field: getattr(self, field) for field in TEXTS_OF[self.kind]}

    def sides(self) -> tuple["CardData", ...]:
        """One truth a card on the picture."""
        if self.kind is not Kind.BOTH:
            return (self,)
        return tuple(
            CardData.of(kind, self.texts, self.planted) for kind in (Kind.FRONT, Kind.BACK)
        )


def card_data_of(card: IdCard, kind: Kind) -> CardData:
    """What a specimen of this card says; dates as the API page writes them.

    What no specimen can say is cut to what it can (a script may put anything on a card), and a
    temporary card is valid for three months.
    """
    last_day = _three_months_later(card.valid_from) if kind is Kind.TEMPORARY else card.valid_until
    until = f"{last_day:%Y.%m.%d}" if last_day else "长期"
    texts = {
        "name": card.name,
        "sex": card.sex,
        "nation": card.nation,
        "birth": f"{card.birth.year}/{card.birth.month}/{card.birth.day}",
        "address": card.address,
        "id_num": card.number,
        "authority": card.authority,
        "valid_date": f"{card.valid_from:%Y.%m.%d}-{until}",
    }
    return CardData.of(kind, {field: _sayable(text) for field, text in texts.items()})


def _sayable(text: str) -> str:
    return _NOT_IN_A_LINE.sub(" ", text)[:LONGEST_TEXT]


def _three_months_later(day: date) -> date:
    """The same day of the third month after, or its last."""
    year, month = divmod(day.year * 12 + day.month + 2, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
