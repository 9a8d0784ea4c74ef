"""Whose turn it is: how many calls a rule has taken, and when an outage began."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import NamedTuple

MAX_PICTURES = 10_000
"""Counters per picture that one scenario keeps for one account, bounded."""


class Key(NamedTuple):
    """What is counted together."""

    account: str
    edition: int
    """Of the scenario: a changed one counts anew."""
    rule: str
    picture: str | None = None
    """The digest of the picture, for counters per picture."""


@dataclass(slots=True)
class _Counts:
    """Of one scenario and one account."""

    rules: dict[str, int] = field(default_factory=dict)
    pictures: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict)
    began: dict[str, datetime] = field(default_factory=dict)


class CallCounters:
    """Counts calls. Forgets an account when it is reset, a scenario when it is replaced, and the
    pictures least recently asked about beyond a bound."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, int], _Counts] = {}

    def take(self, key: Key) -> int:
        """Counts a call; gives which one it is, from 1."""
        with self._lock:
            counts = self._counts.setdefault((key.account, key.edition), _Counts())
            if key.picture is None:
                counts.rules[key.rule] = call_number = counts.rules.get(key.rule, 0) + 1
                return call_number
            picture = (key.rule, key.picture)
            counts.pictures[picture] = call_number = counts.pictures.pop(picture, 0) + 1
            if len(counts.pictures) > MAX_PICTURES:
                counts.pictures.popitem(last=False)
            return call_number

    def began(self, key: Key, now: datetime) -> datetime:
        """When something was first asked about: now, if that is the first time."""
        with self._lock:
            counts = self._counts.setdefault((key.account, key.edition), _Counts())
            return counts.began.setdefault(key.rule, now)

    def snapshot(self, account: str) -> "CallCounters":
        """A copy of an account's counters: calls that are counted there are not counted here."""
        copy = CallCounters()
        with self._lock:
            for key, counts in self._counts.items():
                if key[0] == account:
                    copy._counts[key] = _Counts(
                        counts.rules.copy(), counts.pictures.copy(), counts.began.copy()
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
