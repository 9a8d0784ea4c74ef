"""The settings of one call: those that its account sets, else those that a scenario sets, else the
server's defaults."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from mockocr.accounts.clock import Clock
from mockocr.people.number import Numbers

UnknownPictures = Literal["invent", "refuse"]
"""The answer to a decodable picture that is not a specimen: an invented person, or
ImageNoIdCard."""

AccountState = Literal["ok", "unopened", "arrears", "charge_exception"]
"""Whether an account may use the service; if not, why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Settings that an account or a scenario may set. None: not set."""

    seed: int | None = None
    contract: date | None = None
    """The API answers as it did on this day."""
    clock: Clock | None = None
    state: AccountState | None = None
    package: int | None = None
    """Calls in the resource package when it was new. Unlimited if nothing sets it."""
    rate: int | None = None
    """Calls per second and action; 0 = unlimited."""

    def clashes(self, other: "Overrides") -> Iterator[tuple[str, Any, Any]]:
        """The settings that both set to different values: name, own value, other value."""
        for name in NAMES:
            own, others = getattr(self, name), getattr(other, name)
            if None not in (own, others) and own != others:
                yield name, own, others


NO_OVERRIDES = Overrides()
NAMES = tuple(field.name for field in fields(Overrides))


def first_overrides(*sources: Overrides) -> Overrides:
    """Takes each setting from the first source that sets it."""
    return Overrides(**{name: first_set(name, sources) for name in NAMES})


def first_set(name: str, sources: Iterable[Overrides]) -> Any:
    """One setting from the first source that sets it; None if none does."""
    for source in sources:
        value = getattr(source, name)
        if value is not None:
            return value
    return None


@dataclass(slots=True)
class CallSettings:
    """Except for `now`, the same for all calls of an account until the account or its active
    scenarios change."""

    now: datetime
    """By the account's clock."""
    seed: int
    """Everything invented depends on the seed and the request, and on nothing else."""
    numbers: Numbers
    contract: date
    """The API answers as it did on this day."""
    state: AccountState = "ok"
    package: int | None = None
    """Calls in the resource package when it was new. None: unlimited."""
    rate: int = 0
    """Calls per second and action; 0 = unlimited."""
    unknown_pictures: UnknownPictures = "invent"

    def clock_fact(self, name: str) -> str:
        """`time`, the time of day, is all that conditions test."""
        return f"{self.now:%H:%M:%S}"

    @property
    def today(self) -> date:
        return self.now.date()
