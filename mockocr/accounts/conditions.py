"""Under which conditions a call is answered."""

from dataclasses import dataclass
from datetime import date, datetime

from mockocr.cards.number import Numbers


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of the account and of what plays for it, at the time of one call."""

    now: datetime
    seed: int
    """Everything invented follows from it and from what was sent."""
    numbers: Numbers
    contract: date
    """The API is answered as it was on this day."""

    @property
    def today(self) -> date:
        return self.now.date()
