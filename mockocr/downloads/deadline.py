"""The time limit of a download, which includes all waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from mockocr.downloads import hints
from mockocr.downloads.fetched import FetchError


class Deadline:
    """The time at which a download must be complete."""

    def __init__(
        self, seconds: float, clock: Callable[[], float], start: float | None = None
    ) -> None:
        """`start`: the clock time at which the limit begins; None: now."""
        self._seconds = seconds
        self._clock = clock
        self._end = (clock() if start is None else start) + seconds

    def left(self) -> float:
        """The seconds that are left, more than 0. Raises FetchError if no time is left."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> FetchError:
        reason = f"the picture was not complete after {self._seconds:g} seconds"
        return FetchError(reason, hints.TIME_OUT)


class Slots:
    """A limited number of slots. Waiting for one counts towards the deadline."""

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(count)

    def take(self, deadline: Deadline) -> None:
        if not self._free.acquire(timeout=deadline.left()):
            raise deadline.missed()

    def give_back(self) -> None:
        self._free.release()

    @contextmanager
    def one(self, deadline: Deadline) -> Iterator[None]:
        self.take(deadline)
        try:
            yield
        finally:
            self.give_back()
