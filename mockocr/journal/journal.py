"""The journal: the last calls, within bounds of number and memory."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice, takewhile
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from mockocr.journal.exchange import Exchange
from mockocr.journal.tally import Tally
from mockocr.protocol.errors import ApiError
from mockocr.protocol.reasons import Reason

if TYPE_CHECKING:
    from mockocr.explainer.causes import Cause


class CallFilter(NamedTuple):
    """Selects calls. A field that is None selects all."""

    account: str | None = None
    outcome: str | None = None
    """As `Exchange.outcome`, or `error` for every outcome but `ok`."""
    rule: str | None = None
    unmatched: bool | None = None
    """True: calls that no rule matched although there were rules; False: calls that one matched."""
    since: datetime | str | None = None
    """From this moment on, or after the call with this RequestId. If the journal no longer has that
    call, all calls are selected."""

    def matches(self, exchange: Exchange) -> bool:
        """Checks one call, except for a RequestId in `since`, which depends on the order."""
        outcome = exchange.outcome
        return (
            self.account in (None, exchange.account)
            and self.outcome in (None, outcome, "error" if outcome != "ok" else None)
            and self.rule in (None, exchange.rule)
            and (self.unmatched is None or exchange.matched is (not self.unmatched))
            and not (isinstance(self.since, datetime) and exchange.received_at < self.since)
        )


EVERY_CALL = CallFilter()


MIN_ID_CHARACTERS = 8
"""The shortest beginning of a RequestId that finds a call: what `mockocr requests` lists."""


class Size(NamedTuple):
    calls: int
    bytes: int
    """An estimate."""


class Journal:
    """The last calls. Forgets the oldest beyond its bounds, and those of an account on `reset`.
    What a forgotten call counts for outcome coverage stays, until `forget_tally`."""

    def __init__(self, max_calls: int, max_bytes: int) -> None:
        self._max_calls = max_calls
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._exchanges: OrderedDict[str, Exchange] = OrderedDict()
        """By RequestId, the oldest first."""
        self._bytes = 0
        self._rule_counts: dict[str | None, dict[tuple[str, str], int]] = defaultdict(
            lambda: defaultdict(int)
        )
        """By account, and summed under None for removed accounts: how many calls each rule matched,
        by (scenario, rule). Includes calls that the journal has forgotten."""
        self._tally = Tally()
        """Of the calls that the journal has forgotten."""

    def write_all(self, exchanges: Iterable[Exchange]) -> None:
        """A call with the RequestId of an earlier one replaces it."""
        with self._lock:
            for exchange in exchanges:
                if exchange.error:
                    # A raised error refers to its traceback, and so to the body of the call. Frames
                    # in the traceback may refer to the error.
                    error = exchange.error.with_traceback(None)
                    exchange.error = ApiError(error.refusal, error.values, error.reason)
                if exchange.account and exchange.scenario and exchange.rule:
                    self._rule_counts[exchange.account][exchange.scenario, exchange.rule] += 1
                if replaced := self._exchanges.pop(exchange.request_id, None):
                    self._bytes -= replaced.size_bytes
                    self._tally.count(replaced)
                exchange.size_bytes = _size_bytes(exchange)
                self._exchanges[exchange.request_id] = exchange
                self._bytes += exchange.size_bytes
            while self._exchanges and (
                len(self._exchanges) > self._max_calls or self._bytes > self._max_bytes
            ):
                oldest = self._exchanges.popitem(last=False)[1]
                self._bytes -= oldest.size_bytes
                self._tally.count(oldest)

    def settle(self, request_id: str, cause: "Cause") -> bool:
        """Stores a cause that was found after its call was written. Returns whether the call is
        still in the journal."""
        with self._lock:
            exchange = self._exchanges.get(request_id)
            if exchange is None:
                return False
            exchange.cause, exchange.search = cause, None
            self._bytes -= exchange.size_bytes
            exchange.size_bytes = _size_bytes(exchange)
            self._bytes += exchange.size_bytes
            return True

    def newest_first(self, call_filter: CallFilter = EVERY_CALL) -> list[Exchange]:
        with self._lock:
            exchanges = list(reversed(self._exchanges.values()))
        since = call_filter.since
        if isinstance(since, str):
            exchanges = list(takewhile(lambda exchange: exchange.request_id != since, exchanges))
        return [exchange for exchange in exchanges if call_filter.matches(exchange)]

    def find(self, request_id: str) -> Exchange | None:
        """The call with this RequestId, or the only one whose RequestId begins with it."""
        with self._lock:
            exact = self._exchanges.get(request_id)
            if exact is not None or len(request_id) < MIN_ID_CHARACTERS:
                return exact
            found = [it for it in self._exchanges.values() if it.request_id.startswith(request_id)]
        return found[0] if len(found) == 1 else None

    def payload_hashes(self, account: str, calls: int) -> list[str]:
        """The signed payload hashes of an account's last calls, at most `calls`, the newest
        first."""
        with self._lock:
            signatures = (
                exchange.signature
                for exchange in reversed(self._exchanges.values())
                if exchange.account == account and exchange.signature
            )
            hashes = (signature.payload_hash for signature in signatures)
            return list(islice((found for found in hashes if found is not None), calls))

    def rule_counts(self, account: str | None = None) -> Counter[tuple[str, str]]:
        """How many calls of an account (None: of all) each rule matched, by (scenario, rule).
        Includes calls that the journal has forgotten."""
        with self._lock:
            total: Counter[tuple[str, str]] = Counter()
            for name, rule_counts in self._rule_counts.items():
                if account in (None, name):
                    total.update(rule_counts)
            return total

    def tally(self) -> Tally:
        """What all calls count for outcome coverage. Includes calls that the journal has
        forgotten."""
        with self._lock:
            tally, exchanges = self._tally.copy(), list(self._exchanges.values())
        for exchange in exchanges:
            tally.count(exchange)
        return tally

    def forget_tally(self, account: str | None = None) -> None:
        """Outcome coverage begins anew, for an account, or for all if None. The calls stay."""
        with self._lock:
            self._tally.forget(account)
            for exchange in self._exchanges.values():
                if account in (None, exchange.account):
                    exchange.is_counted = True

    def forget(self, account: str) -> None:
        """Called when an account is removed. Its calls stay; its rule counts stay in the total
        only."""
        with self._lock:
            total = self._rule_counts[None]
            for rule, calls in self._rule_counts.pop(account, {}).items():
                total[rule] += calls

    def size(self) -> Size:
        with self._lock:
            return Size(len(self._exchanges), self._bytes)

    def reset(self, account: str | None = None) -> None:
        """Forgets the calls and rule counts of an account, or of all if None."""
        with self._lock:
            for name in list(self._rule_counts) if account is None else [account]:
                self._rule_counts.pop(name, None)
            for exchange in list(self._exchanges.values()):
                if account in (None, exchange.account):
                    del self._exchanges[exchange.request_id]
                    self._bytes -= exchange.size_bytes
                    self._tally.count(exchange)


_FIXED_BYTES = 1500
"""An exchange with short texts, measured with tracemalloc on CPython 3.11."""
_MEMBER_BYTES = 100
"""A member of a dict besides its texts: its place in the dict, and the heads of two strings."""

_REASON_BYTES = 300
"""A reason besides its texts."""


def _size_bytes(exchange: Exchange) -> int:
    """An estimate of the memory of an exchange. Only texts of a client can be long."""
    size = _FIXED_BYTES + len(exchange.action or "")
    size += exchange.head_bytes + _MEMBER_BYTES * len(exchange.headers)
    if exchange.error:
        size += sum(len(str(value)) for value in exchange.error.values.values())
        size += _reason_bytes(exchange.error.reason)
    for note in exchange.notes:
        size += _reason_bytes(note.reason)
    if exchange.facts:
        size += exchange.facts.characters
    if exchange.cause:
        size += exchange.cause.characters
    if exchange.masked_bytes is None:
        size += size_bytes_of(exchange.parameters) + size_bytes_of(exchange.response)
    else:
        size += exchange.masked_bytes
    if exchange.search:
        size += exchange.search.request_bytes
    if exchange.signature:
        size += len(exchange.signature.canonical_request or "")
        size += len(exchange.signature.string_to_sign)
    return size


def _reason_bytes(reason: Reason | None) -> int:
    """An estimate of the memory of a reason, or of a note with it."""
    return _REASON_BYTES + sum(map(len, filter(None, reason[1:]))) if reason else 0


def size_bytes_of(masked: Mapping[str, Any] | None) -> int:
    """An estimate of the memory of masked parameters, or of a masked response."""
    if not masked:
        return 0
    size = _MEMBER_BYTES * len(masked) + sum(map(len, masked))
    return size + sum(len(value) for value in masked.values() if isinstance(value, str))
