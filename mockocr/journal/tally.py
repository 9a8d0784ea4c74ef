"""The tally: how often each outcome occurred, for outcome coverage (mockocr/coverage/)."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from mockocr.actions.catalogue import is_registered
from mockocr.journal.exchange import Exchange

Source: TypeAlias = tuple[str | None, str | None]
"""The name of an account, or None, and that of a registered action, or None."""

RECOVERED = "recovered:"
"""The mark of a success is this and an outcome, if the same body had that outcome before."""

MAX_SOURCES = 5000
"""When there are more, the calls of the oldest one are counted as those of no account."""
MAX_FAILED_BODIES = 4096
MAX_ALIKE = 1000


class Count:
    """How often a mark occurred, and when: the first call and the last one."""

    __slots__ = ("calls", "first", "last")

    def __init__(self, calls: int, first: datetime, last: datetime) -> None:
        self.calls = calls
        self.first = first
        self.last = last

    def merge(self, other: "Count") -> None:
        self.calls += other.calls
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)


class _Body(NamedTuple):
    account: str | None
    digest: str
    """The signed payload hash; if there is none, that of the recorded parameters."""


class Tally:
    """Counts marks: outcomes, the marks of answers, and recoveries. Calls are counted in the order
    in which they were answered. Forgets an account on `forget`. Not safe for concurrent threads:
    the journal locks it."""

    def __init__(self) -> None:
        self._counts: OrderedDict[Source, dict[str, Count]] = OrderedDict()
        self._alike: dict[tuple[Source, tuple[str, ...]], Count] = {}
        """Calls of one source with the same marks, which are not in `_counts` yet. A call has about
        20 marks, and most calls of a test suite are alike."""
        self._failed: OrderedDict[_Body, tuple[str, ...]] = OrderedDict()
        """The outcomes of bodies that have not succeeded since."""

    def count(self, exchange: Exchange) -> None:
        """Each call once."""
        if exchange.is_counted:
            return
        outcome, marks = exchange.outcome, exchange.marks
        if outcome != "ok":
            marks = (outcome,)
            self._fail(exchange, outcome)
        elif self._failed:
            marks += self._recovered(exchange)
        if marks:
            # Clients can send any action name, and each takes memory for ever.
            action = exchange.action if is_registered(exchange.action) else None
            key, moment = ((exchange.account, action), marks), exchange.received_at
            alike = self._alike.get(key)
            if alike is not None:
                alike.calls += 1
                alike.last = moment
                return
            if len(self._alike) == MAX_ALIKE:
                self._count_marks()
            self._alike[key] = Count(1, moment, moment)

    def counts(self) -> Mapping[Source, Mapping[str, Count]]:
        self._count_marks()
        return self._counts

    def copy(self) -> "Tally":
        self._count_marks()
        copy = Tally()
        for source, counts in self._counts.items():
            copy._counts[source] = {
                mark: Count(count.calls, count.first, count.last) for mark, count in counts.items()
            }
        copy._failed = OrderedDict(self._failed)
        return copy

    def forget(self, account: str | None) -> None:
        """Forgets the calls of an account, or all if None."""
        self._count_marks()
        for source in [it for it in self._counts if account in (None, it[0])]:
            del self._counts[source]
        for body in [it for it in self._failed if account in (None, it.account)]:
            del self._failed[body]

    def _count_marks(self) -> None:
        """Moves the calls of `_alike` to the counts of their marks."""
        for (source, marks), alike in self._alike.items():
            counts = self._counts_of(source)
            for mark in marks:
                count = counts.get(mark)
                if count is None:
                    counts[mark] = Count(alike.calls, alike.first, alike.last)
                else:
                    count.merge(alike)
        self._alike.clear()

    def _counts_of(self, source: Source) -> dict[str, Count]:
        counts = self._counts.get(source)
        if counts is None:
            counts = self._counts[source] = {}
            if len(self._counts) > MAX_SOURCES:
                self._merge_oldest()
        return counts

    def _merge_oldest(self) -> None:
        """Moves the counts of the oldest account to those of no account."""
        oldest = next(source for source in self._counts if source[0] is not None)
        merged = self._counts.setdefault((None, oldest[1]), {})
        for mark, count in self._counts.pop(oldest).items():
            if mark in merged:
                merged[mark].merge(count)
            else:
                merged[mark] = count

    def _fail(self, exchange: Exchange, outcome: str) -> None:
        if (body := _body(exchange)) is None:
            return
        before = self._failed.pop(body, ())
        self._failed[body] = before if outcome in before else (*before, outcome)
        if len(self._failed) > MAX_FAILED_BODIES:
            self._failed.popitem(last=False)

    def _recovered(self, exchange: Exchange) -> tuple[str, ...]:
        """The marks of a success for the outcomes that its body had before."""
        body = _body(exchange)
        before = self._failed.pop(body, ()) if body else ()
        return tuple(f"{RECOVERED}{outcome}" for outcome in before)


def _body(exchange: Exchange) -> _Body | None:
    """None for an unsigned call that was refused before its parameters were read."""
    signature = exchange.signature
    if signature is not None and signature.covers_body and signature.payload_hash is not None:
        return _Body(exchange.account, signature.payload_hash)
    if exchange.parameters is None:
        return None
    return _Body(exchange.account, sha256(repr(exchange.parameters).encode()).hexdigest())
