"""Counts of calls for a monitoring system. They only grow."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import NamedTuple

from mockocr.actions.catalogue import is_registered
from mockocr.journal.exchange import Exchange

BUCKETS_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


class Counts(NamedTuple):
    calls: Mapping[tuple[str, str, str], int]
    """By account, action and outcome."""
    durations: tuple[int, ...]
    """Calls by duration: one count for each of BUCKETS_SECONDS, and one for longer calls."""
    seconds: float
    """The sum of all durations."""
    dropped_lines: int
    """Log lines that were dropped because the log was not read fast enough."""


class Metrics:
    """Counts of calls by account, action and outcome, and by duration. Forgets accounts that are
    removed."""

    def __init__(self) -> None:
        self._lock = Lock()
        # Not a Counter, which takes several times as long to count one call.
        self._calls: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self._durations = [0] * (len(BUCKETS_SECONDS) + 1)
        self._seconds = 0.0
        self._dropped_lines = 0

    def count_all(self, exchanges: Iterable[Exchange]) -> None:
        with self._lock:
            for exchange in exchanges:
                # Clients can send any action name, and each label takes memory for ever.
                action = exchange.action if is_registered(exchange.action) else None
                self._calls[exchange.account or "", action or "", exchange.outcome] += 1
                seconds = exchange.milliseconds / 1000
                self._durations[bisect_left(BUCKETS_SECONDS, seconds)] += 1
                self._seconds += seconds

    def counts(self) -> Counts:
        with self._lock:
            return Counts(
                dict(self._calls), tuple(self._durations), self._seconds, self._dropped_lines
            )

    def count_dropped_lines(self, lines: int) -> None:
        with self._lock:
            self._dropped_lines += lines

    def forget(self, account: str) -> None:
        with self._lock:
            for labels in [key for key in self._calls if key[0] == account]:
                del self._calls[labels]
