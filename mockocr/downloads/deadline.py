"""One time limit for everything that a download waits for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from mockocr.downloads.fetched import FetchError


class Deadline:
    """When a download must have ended."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds, more than 0. FetchError: none are left."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> FetchError:
        return FetchError(f"there was no picture within {self._seconds:g} seconds")


class Slots:
    """So many at once; who waits for one waits on his own time."""

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
