"""The call number of each rule, and the start of each outage window."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import NamedTuple

MAX_PICTURES = 10_000
"""Counters per picture, for one scenario and one account."""


class Key(NamedTuple):
    """Calls with the same key are counted together."""

    account: str
    edition: int
    """The edition of the scenario: a changed scenario starts at 1 again."""
    rule: str
    picture: str | None = None
    """The digest of the picture if the rule counts per picture."""


@dataclass(slots=True)
class _Counts:
    """The counters of one scenario for one account."""

    rules: dict[str, int] = field(default_factory=dict)
    pictures: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict)
    started: dict[str, datetime] = field(default_factory=dict)


class CallCounters:
    """Forgets an account when it is reset, a scenario when it is replaced, and the least recently
    counted pictures beyond MAX_PICTURES."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: defaultdict[tuple[str, int], _Counts] = defaultdict(_Counts)

    def next_number(self, key: Key) -> int:
        """Counts a call and returns its number, from 1."""
        with self._lock:
            counts = self._counts[key.account, key.edition]
            if key.picture is None:
                counts.rules[key.rule] = call_number = counts.rules.get(key.rule, 0) + 1
                return call_number
            picture = (key.rule, key.picture)
            counts.pictures[picture] = call_number = counts.pictures.pop(picture, 0) + 1
            if len(counts.pictures) > MAX_PICTURES:
                counts.pictures.popitem(last=False)
            return call_number

    def started_at(self, key: Key, now: datetime) -> datetime:
        """The time of the first query with this key: now, if this is the first."""
        with self._lock:
            counts = self._counts[key.account, key.edition]
            return counts.started.setdefault(key.rule, now)

    def snapshot(self, account: str) -> "CallCounters":
        """A copy of an account's counters: calls that are counted there are not counted here."""
        copy = CallCounters()
        with self._lock:
            for key, counts in self._counts.items():
                if key[0] == account:
                    copy._counts[key] = _Counts(
                        counts.rules.copy(), counts.pictures.copy(), counts.started.copy()
                    )
        return copy

    def reset(self, account: str) -> None:
        self._forget([key for key in list(self._counts) if key[0] == account])

    def forget(self, edition: int) -> None:
        self._forget([key for key in list(self._counts) if key[1] == edition])

    def _forget(self, keys: list[tuple[str, int]]) -> None:
        with self._lock:
            for key in keys:
                self._counts.pop(key, None)
