"""An account's clock: real time, moved time, or a moment that stands still."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class Clock(NamedTuple):
    """Moves what depends on time: signature window, rate window, ages and validity."""

    frozen_at: datetime | None = None
    offset: timedelta = timedelta(0)

    def at(self, moment: datetime) -> datetime:
        """What the clock shows at a moment of real time; the ends of the calendar stop it."""
        if self.frozen_at is not None:
            return self.frozen_at
        try:
            return moment + self.offset
        except OverflowError:
            last = self.offset > timedelta(0)
            return (datetime.max if last else datetime.min).replace(tzinfo=UTC)


REAL_TIME = Clock()


class MovedClocks:
    """The clocks that were moved while the server runs, by account. Forgets an account when it is
    reset."""

    def __init__(self) -> None:
        self._clocks: dict[str, Clock] = {}

    def move(self, account: str, clock: Clock) -> None:
        self._clocks[account] = clock

    def of(self, account: str) -> Clock | None:
        return self._clocks.get(account)

    def reset(self, account: str) -> None:
        self._clocks.pop(account, None)
