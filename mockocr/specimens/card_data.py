"""Card data: the texts of a specimen, which are drawn on it and encoded in its codes.

This module does not import Pillow.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, get_args

from mockocr.people.card import IdCard, birth_text, validity_text

# Control characters, line ends, and lone surrogates, which UTF-8 cannot encode.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

LONGEST_TEXT = 120
"""Characters of one text; an address has at most 44, a name about 20. All texts together must also
fit into a code (`card_code.LONGEST`)."""


class Kind(StrEnum):
    """What a picture shows. As in the API, FRONT is the face with the portrait and BACK the face
    with the emblem. (GA 448-2013 calls the face with the emblem 正面.)"""

    FRONT = "front"
    BACK = "back"
    BOTH = "both"
    """Two cards, a front and a back of the same person."""
    TEMPORARY = "temporary"
    """A temporary card. The face with the portrait has the texts of both sides."""


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
"""Names of warnings. They are mockocr's own and do not change if the API's codes do
(docs/fidelity.md#defect-names)."""

DefectName = Literal[WarningName, "blur"]
DEFECTS = get_args(DefectName)
"""The defects that can be recorded in the code of a specimen: the warnings by name, and blur."""


@dataclass(frozen=True, slots=True)
class CardData:
    """The texts of one card or two, as the API gives them (API page §3); "" if the kind does not
    show them. Raises ValueError for a text that a specimen cannot have."""

    kind: Kind
    name: str = ""
    sex: str = ""
    nation: str = ""
    birth: str = ""
    """Such as 1987/1/1."""
    address: str = ""
    """In one line."""
    id_num: str = ""
    authority: str = ""
    valid_date: str = ""
    """2010.07.21-2020.07.21 or 2010.07.21-长期"""
    defects: tuple[str, ...] = ()
    """Names of `DEFECTS`, in that order."""

    def __post_init__(self) -> None:
        for field in TEXTS:
            text = getattr(self, field)
            if text and field not in TEXTS_OF[self.kind]:
                raise ValueError(f"{field}: a specimen of the kind {self.kind} has no such text")
            if len(text) > LONGEST_TEXT or _FORBIDDEN.search(text):
                raise ValueError(
                    f"{field}: expected one line of at most {LONGEST_TEXT} characters, got"
                    f" {text[:LONGEST_TEXT]!r}"
                )
        if self.defects != tuple(name for name in DEFECTS if name in self.defects):
            raise ValueError(
                f"defects: expected names in the order of {DEFECTS}, got {self.defects}"
            )

    @classmethod
    def of(cls, kind: Kind, texts: Mapping[str, str], defects: tuple[str, ...] = ()) -> "CardData":
        """Card data from texts by name; ignores those that the kind does not show."""

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
            defects=defects,
        )

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts that the kind shows, by name."""
        return {field: getattr(self, field) for field in TEXTS_OF[self.kind]}

    def sides(self) -> tuple["CardData", ...]:
        """The card data of each card in the picture."""
        if self.kind is not Kind.BOTH:
            return (self,)
        return tuple(
            CardData.of(kind, self.texts, self.defects) for kind in (Kind.FRONT, Kind.BACK)
        )


def card_data_of(card: IdCard, kind: Kind) -> CardData:
    """The card data of a specimen of this card. A temporary card is valid for three months.

    A scenario may set any text: forbidden characters become spaces, and long texts are cut.
    """
    last_day = _three_months_later(card.valid_from) if kind is Kind.TEMPORARY else card.valid_until
    texts = {
        "name": card.name,
        "sex": card.sex,
        "nation": card.nation,
        "birth": birth_text(card.birth),
        "address": card.address,
        "id_num": card.number,
        "authority": card.authority,
        "valid_date": validity_text(card.valid_from, last_day),
    }
    return CardData.of(kind, {field: _allowed(text) for field, text in texts.items()})


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub(" ", text)[:LONGEST_TEXT]


def _three_months_later(day: date) -> date:
    """The same day of the third month after, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month + 2, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
