"""The cards that were found in a picture. Values only; this module does not import Pillow."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from mockocr.images.geometry import Quad
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.measured import Measured


class Contents(StrEnum):
    """What a picture shows, as far as the answer depends on it."""

    NOTHING = "nothing"
    """No specimen."""
    FRONT = "front"
    """One front, or one temporary card."""
    BACK = "back"
    FRONT_AND_BACK = "front and back"
    SEVERAL_OF_ONE_SIDE = "several of one side"
    COVERED = "covered"
    """A specimen without a readable main code, which is covered or cut off. Its small code was
    read, but is no key of a named specimen."""
    BLURRED = "blurred"
    """A card that looks like a specimen, but none of its codes can be read."""


class Specimen(NamedTuple):
    """One card of a specimen that has a name in the catalogue."""

    name: str
    card_data: CardData


NamedSpecimens: TypeAlias = Mapping[str, Specimen]
"""By the text of their small code (`card_code.key`)."""

NO_SPECIMENS: NamedSpecimens = MappingProxyType({})


class Side(NamedTuple):
    """One card that was read. Coordinates are pixels of the picture after EXIF orientation."""

    card_data: CardData
    corners: Quad
    """The corners of the card, its own top left first. They may be outside of the picture."""
    exact: bool
    """Whether both codes were read: then the corners are exact to a hundredth of the card's width.
    With one code they may be wrong by a tenth."""
    main_read: bool = True
    """Whether the main code was read; otherwise the small code identified a named specimen."""
    name: str | None = None
    """The name of the specimen in the catalogue; None if it has none."""


class Finding(NamedTuple):
    """What was read in a picture."""

    width: int
    height: int
    """Pixels of the picture, after EXIF orientation."""
    sides: tuple[Side, ...] = ()
    unknown: tuple[str, ...] = ()
    """Texts of small codes that belong to none of the sides: their main code was not read."""
    looks_like: Kind | None = None
    """The kind of specimen that the picture seems to show, if no code was read."""

    @property
    def contents(self) -> Contents:
        if not self.sides:
            if self.unknown:
                return Contents.COVERED
            return Contents.NOTHING if self.looks_like is None else Contents.BLURRED
        backs = sum(side.card_data.kind is Kind.BACK for side in self.sides)
        fronts = len(self.sides) - backs
        if max(fronts, backs) > 1:
            return Contents.SEVERAL_OF_ONE_SIDE
        if fronts and backs:
            return Contents.FRONT_AND_BACK
        return Contents.BACK if backs else Contents.FRONT

    def to_dict(self, measured: Mapping[Side, Measured]) -> Mapping[str, Any]:
        """Where the cards are and what was measured, for the journal. The texts of the cards are
        left out: they may be personal data."""
        return {
            "width": self.width,
            "height": self.height,
            "contents": str(self.contents),
            "looks_like": self.looks_like and str(self.looks_like),
            "cards": [
                {
                    "kind": str(side.card_data.kind),
                    "specimen": side.name,
                    "corners": [[round(x), round(y)] for x, y in side.corners],
                    "exact": side.exact,
                    "defects": list(side.card_data.defects),
                    "measured": measured[side].to_dict() if side in measured else None,
                }
                for side in self.sides
            ],
        }

    def side(self, kind: Kind) -> Side | None:
        """The first back if the kind is BACK; otherwise the first front or temporary card."""
        back = kind is Kind.BACK
        sides = (side for side in self.sides if (side.card_data.kind is Kind.BACK) == back)
        return next(sides, None)
