"""A row of the catalogue of specimens: a picture, the request that shows it, and the outcome."""

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


class Refused(StrEnum):
    """What keeps a picture from being answered, other than what stands on the card."""

    EMPTY = "an empty file"
    UNDECODABLE = "a file that is cut off"
    TOO_LONG = "too long a side"
    TOO_MANY_BYTES = "a BMP of 5.8 MB"
    NO_CARD = "no card"
    SMALL = "150 pixels wide"
    BLURRED = "blurred beyond reading"
    COVERED = "the mark covered"
    TWO_OF_ONE_SIDE = "two fronts"

    @property
    def is_seen(self) -> bool:
        """Whether the file shows anything."""
        return self in (self.NO_CARD, self.SMALL, self.BLURRED, self.COVERED, self.TWO_OF_ONE_SIDE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of the catalogue. Never changes once it is published, but by another name."""

    name: str
    purpose: str
    """In one sentence: what it shows, and what a client should do."""
    card_data: CardData | None = None
    """What stands on it; None where there is no card."""
    defects: tuple[str, ...] = ()
    """Names of `PLANTED` that are drawn at full strength; the truth says that they are planted."""
    refused: Refused | None = None
    """What is done to the picture, so that nothing is answered from it."""
    other: CardData | None = None
    """Of the second card of one side."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """Parameters besides the picture, Config parsed."""
    contract: date = API_PAGE
    """By which, or a later one, it shows."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Flags of the server, where the defaults do not show it; that of the contract apart."""
    code: str | None = None
    """Of the error; None: the picture is answered."""
    members: tuple[str, ...] = ()
    """Of Response, that are answered as they stand on the card; the others are "". """
    warnings: tuple[WarningName, ...] = ()
    """Those of WarnInfos."""
    reflections: tuple[Region, ...] = ()
    scores: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Of AdvancedInfo: the least and the most that they are."""

    @property
    def card_data_of_sides(self) -> tuple[CardData, ...]:
        """Of every card in the picture that can be read."""
        if self.card_data is None or self.refused not in (None, Refused.TWO_OF_ONE_SIDE):
            return ()
        return (*self.card_data.sides(), *((self.other,) if self.other else ()))

    @property
    def by_side(self) -> Mapping[CardSide, CardData]:
        """The cards of one that is answered, by the side that the API takes them for."""
        return {"BACK" if it.kind is Kind.BACK else "FRONT": it for it in self.card_data_of_sides}

    @property
    def outcome(self) -> str:
        """As the journal has it: ok, or the code of an error."""
        return self.code or "ok"

    @property
    def warn_infos(self) -> list[int]:
        """The codes of its warnings, by its contract."""
        known = contract_on(self.contract).warnings
        return [warning.code for name, warning in known.items() if name in self.warnings]

    @property
    def fields(self) -> Mapping[str, str]:
        """The members that are answered."""
        texts = self.card_data.texts if self.card_data else {}
        said = {MEMBERS[name]: text for name, text in texts.items()}
        return {member: said[member] for member in self.members}

    @property
    def file(self) -> str | None:
        """In fixtures/cards; None for one that is too large to keep: it is drawn when wanted."""
        return None if self.refused is Refused.TOO_MANY_BYTES else f"{self.name}.jpg"

    @property
    def serve(self) -> Mapping[str, str]:
        """The flags of a server that shows it."""
        dated = {} if self.contract == API_PAGE else {"--contract": str(self.contract)}
        return {**dated, **self.settings}

    def needs(self) -> str:
        """What shows it, in short: flags of Config by name, other parameters with their value,
        flags of the server."""
        flags = self.asked.get("Config", {})
        others = {name: value for name, value in self.asked.items() if name != "Config"}
        said = (
            f"{name}={str(value).lower() if isinstance(value, bool) else value}"
            for name, value in others.items()
        )
        return " ".join([*flags, *said, *(f"{flag} {value}" for flag, value in self.serve.items())])

    def brings(self) -> str:
        """The outcome in short: with the codes of warnings and the bounds of scores."""
        scores = (f"{name} {least} to {most}" for name, (least, most) in self.scores.items())
        blank = ("blank fields",) if self.code is None and not self.members else ()
        return ", ".join([self.outcome, *map(str, self.warn_infos), *scores, *blank])

    def told(self) -> dict[str, Any]:
        """All that a test needs to know of it, as JSON."""
        return {
            "name": self.name,
            "purpose": self.purpose,
            "file": self.file,
            "request": dict(self.asked),
            "serve": dict(self.serve),
            "outcome": self.outcome,
            "fields": dict(self.fields),
            "warnings": list(self.warnings),
            "WarnInfos": self.warn_infos,
            "ReflectDetailInfos": list(self.reflections),
            "scores": {name: list(bounds) for name, bounds in self.scores.items()},
        }
