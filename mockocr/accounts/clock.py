"""The clock of an account: real time, shifted time, or frozen time."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class Clock(NamedTuple):
    """Decides the signature window, the rate window, ages, and the validity of cards."""

    frozen_at: datetime | None = None
    offset: timedelta = timedelta(0)

    def at(self, moment: datetime) -> datetime:
        """The time of this clock at a moment of real time, at most the ends of the calendar."""
        if self.frozen_at is not None:
            return self.frozen_at
        if not self.offset:
            return moment
        try:
            return moment + self.offset
        except OverflowError:
            last = self.offset > timedelta(0)
            return (datetime.max if last else datetime.min).replace(tzinfo=UTC)


REAL_TIME = Clock()


class MovedClocks:
    """The clocks that were set while the server runs, by account. Forgets an account when it is
    reset."""

    def __init__(self) -> None:
        self._clocks: dict[str, Clock] = {}

    def move(self, account: str, clock: Clock) -> None:
        self._clocks[account] = clock

    def of(self, account: str) -> Clock | None:
        return self._clocks.get(account)

    def reset(self, account: str) -> None:
        self._clocks.pop(account, None)
