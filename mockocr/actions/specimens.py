"""What an action supplies if it can draw pictures that carry their own answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from mockocr.people.number import Numbers
from mockocr.specimens.card_data import Kind
from mockocr.specimens.draw.specimen import NO_DEFECTS, Format
from mockocr.specimens.finding import NamedSpecimens
from mockocr.specimens.layout import Box


class WrongFieldsError(ValueError):
    """Fields that no card can have."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in problems.items()))
        self.problems = problems
        """By field."""


class DrawnSpecimen(NamedTuple):
    content: bytes
    """The file."""
    fields: Mapping[str, str]
    """The texts on the card, by member of Response."""
    defects: tuple[str, ...]
    """Names of the defects that the picture carries."""
    size: tuple[int, int]
    """Width and height in pixels."""
    cards: tuple[tuple[Kind, Box], ...]
    """Each card with its position in pixels."""


class SpecimenEntry(Protocol):
    """A ready-made specimen: a picture, the request that shows it, and the outcome."""

    @property
    def name(self) -> str: ...

    def outcome_text(self) -> str:
        """The outcome in short, such as `ok, -9102`."""

    def request_text(self) -> str:
        """What a call and a server need to show it, such as `CopyWarn`."""

    def to_dict(self) -> dict[str, Any]:
        """Everything that a test needs, as JSON."""


class SpecimenCatalogue(Protocol):
    """Specimens by name, and new ones."""

    def entries(self) -> Sequence[SpecimenEntry]: ...

    def recognized_names(self) -> tuple[str, ...]:
        """The specimens that can be recognized in a picture: values of `picture.specimen`."""

    def by_code(self) -> NamedSpecimens:
        """The same, by the text of the small code in the picture."""

    def picture(self, name: str, format: Format | None = None) -> bytes:
        """The file of an entry, by default in its usual format. Raises ValueError for a format
        that the entry cannot have."""

    def draw(
        self,
        kind: Kind,
        fields: Mapping[str, Any],
        seed: int,
        now: datetime,
        *,
        size: tuple[int, int] | None = None,
        format: Format = "PNG",
        numbers: Numbers = "valid",
        defects: Mapping[str, float] = NO_DEFECTS,
    ) -> DrawnSpecimen:
        """A new specimen. Fields that are missing are generated from the seed.

        `size` is width and height in pixels; `defects` maps names of `DEFECTS` to a strength from
        0 to 1. Raises ValueError (pydantic's ValidationError for a field) if it cannot be drawn.
        """
