"""A card to draw, as people describe it: with `mockocr card`, and in the admin API."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mockocr.actions.catalogue import specimen_catalogue
from mockocr.actions.specimens import DrawnSpecimen
from mockocr.people.number import Numbers
from mockocr.specimens.card_data import DefectName, Kind
from mockocr.specimens.draw.specimen import Format

FieldName = Literal["Name", "Sex", "Nation", "Birth", "Address", "IdNum", "Authority", "ValidDate"]


class CardSpec(BaseModel):
    """A card of an invented person."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    side: Literal["front", "back", "both"] = "front"
    temporary: bool = False
    """The front of a temporary card."""
    seed: int = 0
    """Seed of the invented person."""
    fields: dict[FieldName, str] = {}
    """Fields to set; the others are generated to match."""
    defects: dict[DefectName, Annotated[float, Field(ge=0, le=1)]] = {}
    """Defects to draw, each with its strength."""
    size: tuple[int, int] | None = None
    """Width and height of the picture in pixels; default: 1200x800 for each card."""
    format: Format = "PNG"

    def draw(self, now: datetime, numbers: Numbers = "valid") -> DrawnSpecimen:
        """Raises ValueError if it cannot be drawn, WrongFieldsError for fields."""
        if self.temporary and self.side != "front":
            raise ValueError("a temporary card has a front only")
        kind = Kind.TEMPORARY if self.temporary else Kind(self.side)
        return specimen_catalogue().draw(
            kind,
            dict(self.fields.items()),
            self.seed,
            now,
            size=self.size,
            format=self.format,
            numbers=numbers,
            defects=dict(self.defects.items()),
        )
