"""How fast calls are sent."""

import time
from collections.abc import Callable


class Pace:
    def __init__(
        self,
        per_second: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`per_second`: the most calls of any second; None for as many as possible."""
        self._seconds = 1 / per_second if per_second else 0.0
        self._clock, self._sleep = clock, sleep
        self._next = clock()

    def wait(self) -> None:
        """Waits until the next call may be sent."""
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._seconds

    def pause(self, seconds: float) -> None:
        self._sleep(seconds)
