"""Under which conditions a call is answered: what accounts and scenarios say, the first that says
it, and else the server's defaults."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from mockocr.accounts.clock import Clock
from mockocr.people.number import Numbers

UnknownPictures = Literal["invent", "refuse"]
"""What is answered of a decodable picture that is no specimen: somebody, or ImageNoIdCard."""

State = Literal["ok", "unopened", "arrears", "charge_exception"]
"""Whether the service is open to an account, and why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What an account may say, and a scenario of the accounts that it plays for; None: nothing."""

    seed: int | None = None
    contract: date | None = None
    """The API is answered as it was on this day."""
    clock: Clock | None = None
    state: State | None = None
    package: int | None = None
    """Calls that the resource package held at the start; never said: without end."""
    rate: int | None = None
    """Calls a second for each action; 0 = no limit."""

    def clashes(self, other: "Overrides") -> Iterator[tuple[str, Any, Any]]:
        """What both say, each another thing: its name and both values."""
        for name in NAMES:
            one, another = getattr(self, name), getattr(other, name)
            if None not in (one, another) and one != another:
                yield name, one, another


NOTHING_SAID = Overrides()
NAMES = tuple(field.name for field in fields(Overrides))


def first_said(*said: Overrides) -> Overrides:
    """Of each particular, the first that is said."""
    return Overrides(**{name: first(name, said) for name in NAMES})


def first(name: str, said: Iterable[Overrides]) -> Any:
    """Of one particular, the first that is said; None where none is."""
    for it in said:
        value = getattr(it, name)
        if value is not None:
            return value
    return None


@dataclass(slots=True)
class Conditions:
    """Of the account and of what plays for it, at the time of one call. All but the time are the
    same until the account changes or what plays for it does."""

    now: datetime
    seed: int
    """Everything invented follows from it and from what was sent."""
    numbers: Numbers
    contract: date
    """The API is answered as it was on this day."""
    state: State = "ok"
    package: int | None = None
    """Calls that the resource package held at the start; None: without end."""
    rate: int = 0
    """Calls a second for each action; 0 = no limit."""
    unknown_pictures: UnknownPictures = "invent"

    @property
    def today(self) -> date:
        return self.now.date()
