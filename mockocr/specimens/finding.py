"""What was found in a picture: values only, no PIL."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from mockocr.images.geometry import Quad
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.measured import Measured


class What(StrEnum):
    """What a picture is, as far as its answer depends on it."""

    NOTHING = "nothing"
    """No specimen."""
    FRONT = "front"
    """One front; a temporary card's face is one."""
    BACK = "back"
    FRONT_AND_BACK = "front and back"
    SEVERAL_OF_ONE_SIDE = "several of one side"
    COVERED = "covered"
    """A specimen whose small symbol was read, and does not tell whose it is: the main one is
    covered or cut off."""
    BLURRED = "blurred"
    """A specimen by its looks, and no symbol of it can be read."""


class Specimen(NamedTuple):
    """One card of a specimen that has a name."""

    name: str
    card_data: CardData


Known: TypeAlias = Mapping[str, Specimen]
"""By the text of their small symbol (`mark.key`)."""

NONE_KNOWN: Known = MappingProxyType({})


class Side(NamedTuple):
    """One card that was read. Everything is in pixels of the picture, upright as EXIF says."""

    card_data: CardData
    corners: Quad
    """Of the card: its own top left first, so this tells how the card lies. They may be outside
    of the picture."""
    exact: bool
    """Whether both symbols were read, so that the corners are right within a hundredth of the
    card's width; with one of them they may be off by a tenth."""
    main_read: bool = True
    """Whether the main symbol was read; else it is known by its small one."""
    name: str | None = None
    """Of the specimen, where it is known."""


class Finding(NamedTuple):
    width: int
    height: int
    """Of the picture, upright."""
    sides: tuple[Side, ...] = ()
    unknown: tuple[str, ...] = ()
    """Texts of small symbols that no side has: of specimens whose main symbol was not read."""
    looks_like: Kind | None = None
    """What kind of specimen is seen where no symbol was read."""

    @property
    def what(self) -> What:
        if not self.sides:
            if self.unknown:
                return What.COVERED
            return What.NOTHING if self.looks_like is None else What.BLURRED
        backs = sum(side.card_data.kind is Kind.BACK for side in self.sides)
        fronts = len(self.sides) - backs
        if max(fronts, backs) > 1:
            return What.SEVERAL_OF_ONE_SIDE
        if fronts and backs:
            return What.FRONT_AND_BACK
        return What.BACK if backs else What.FRONT

    def shown(self, measured: Mapping[Side, Measured]) -> Mapping[str, Any]:
        """For whoever asks why: where cards are, what was measured of them, and nothing of what
        stands on them."""
        return {
            "what": str(self.what),
            "looks_like": self.looks_like and str(self.looks_like),
            "cards": [
                {
                    "kind": str(side.card_data.kind),
                    "specimen": side.name,
                    "corners": [[round(x), round(y)] for x, y in side.corners],
                    "exact": side.exact,
                    "planted": list(side.card_data.planted),
                    "measured": measured[side].shown() if side in measured else None,
                }
                for side in self.sides
            ],
        }

    def side(self, kind: Kind) -> Side | None:
        """The first front (or temporary) or the first back."""
        wanted = kind is Kind.BACK
        return next(
            (one for one in self.sides if (one.card_data.kind is Kind.BACK) == wanted), None
        )
