"""An entry of the catalogue: a picture, the request that shows it, and the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.query import CardSide
from mockocr.actions.idcard.texts import MEMBERS
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import CardData, Kind, WarningName
from mockocr.specimens.measured import Region


class PictureFault(StrEnum):
    """A fault of the picture itself, not of the card in it. The API refuses such a picture."""

    EMPTY = "an empty file"
    UNDECODABLE = "a file that is cut off"
    TOO_LONG = "too long a side"
    TOO_MANY_BYTES = "a BMP of 5.8 MB"
    NO_CARD = "no card"
    SMALL = "150 pixels wide"
    BLURRED = "blurred beyond reading"
    COVERED = "the code covered"
    TWO_OF_ONE_SIDE = "two fronts"

    @property
    def is_visible(self) -> bool:
        """Whether the picture shows anything on a page, unlike a damaged file or an empty
        picture."""
        return self in (self.NO_CARD, self.SMALL, self.BLURRED, self.COVERED, self.TWO_OF_ONE_SIDE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A published entry never changes: a changed picture gets another name."""

    name: str
    purpose: str
    """One sentence: what the picture shows, and what a client should do."""
    card_data: CardData | None = None
    """None if the picture has no card."""
    defects: tuple[str, ...] = ()
    """Names of `DEFECTS`, drawn at full strength and listed in the card data."""
    fault: PictureFault | None = None
    """None if the picture itself has no fault."""
    other: CardData | None = None
    """A second card of the same side."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the call besides the picture; Config is an object here."""
    contract: date = API_PAGE
    """The first contract that has this outcome."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Flags of `mockocr serve` that this outcome needs, without --contract."""
    code: str | None = None
    """The error code; None if the call succeeds."""
    members: tuple[str, ...] = ()
    """Members of Response with the text of the card; the others are ""."""
    warnings: tuple[WarningName, ...] = ()
    """The warnings in WarnInfos."""
    reflections: tuple[Region, ...] = ()
    scores: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """The lowest and the highest value of each score in AdvancedInfo."""

    @property
    def card_data_of_sides(self) -> tuple[CardData, ...]:
        """Each card in the picture that can be read."""
        if self.card_data is None or self.fault not in (None, PictureFault.TWO_OF_ONE_SIDE):
            return ()
        return (*self.card_data.sides(), *((self.other,) if self.other else ()))

    @property
    def by_side(self) -> Mapping[CardSide, CardData]:
        """The readable cards by their CardSide; the face of a temporary card is a front."""
        return {
            "BACK" if each.kind is Kind.BACK else "FRONT": each for each in self.card_data_of_sides
        }

    @property
    def outcome(self) -> str:
        """As in the journal: ok, or an error code."""
        return self.code or "ok"

    @property
    def warn_infos(self) -> list[int]:
        """The codes of the warnings in the entry's contract."""
        in_contract = contract_on(self.contract).warnings
        return [warning.code for name, warning in in_contract.items() if name in self.warnings]

    @property
    def fields(self) -> Mapping[str, str]:
        """The texts in the response, by member."""
        texts = self.card_data.texts if self.card_data else {}
        on_card = {MEMBERS[name]: text for name, text in texts.items()}
        return {member: on_card[member] for member in self.members}

    @property
    def file(self) -> str | None:
        """The name in fixtures/cards; None for the picture that is too large to keep there."""
        return None if self.fault is PictureFault.TOO_MANY_BYTES else f"{self.name}.jpg"

    @property
    def serve(self) -> Mapping[str, str]:
        """The flags of `mockocr serve` that this outcome needs."""
        dated = {} if self.contract == API_PAGE else {"--contract": str(self.contract)}
        return {**dated, **self.settings}

    def request_text(self) -> str:
        """What a call and a server need to show it: names of Config flags, other parameters with
        their values, flags of `mockocr serve`."""
        flags = self.parameters.get("Config", {})
        others = {name: value for name, value in self.parameters.items() if name != "Config"}
        settings = (f"{flag} {value}" for flag, value in self.serve.items())
        pairs = (
            f"{name}={str(value).lower() if isinstance(value, bool) else value}"
            for name, value in others.items()
        )
        return " ".join([*flags, *pairs, *settings])

    def outcome_text(self) -> str:
        """The outcome in short, with the codes of warnings and the bounds of scores."""
        scores = (f"{name} {least} to {most}" for name, (least, most) in self.scores.items())
        blank = ("blank fields",) if self.code is None and not self.members else ()
        return ", ".join([self.outcome, *map(str, self.warn_infos), *scores, *blank])

    def to_dict(self) -> dict[str, Any]:
        """Everything that a test needs, as JSON."""
        return {
            "name": self.name,
            "purpose": self.purpose,
            "file": self.file,
            "request": dict(self.parameters),
            "serve": dict(self.serve),
            "outcome": self.outcome,
            "fields": dict(self.fields),
            "warnings": list(self.warnings),
            "WarnInfos": self.warn_infos,
            "ReflectDetailInfos": list(self.reflections),
            "scores": {name: list(bounds) for name, bounds in self.scores.items()},
        }


def config(*flags: str) -> Mapping[str, Any]:
    """Parameters that set these flags of Config."""
    return {"Config": dict.fromkeys(flags, True)}
