"""The record of each call, and the ring of the last of them.

Journal, admin API, log and tests read this one record and nothing else. What is written into it
may be shown: pictures are never kept, and what anybody can be known from is masked on the way in
(docs/security.md). The one exception is `Exchange.facts`.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice, takewhile
from threading import Lock
from typing import Any, NamedTuple

from mockocr.actions.facts import Facts
from mockocr.explainer.causes import Cause
from mockocr.images.image import ImageError, Picture
from mockocr.protocol.errors import ApiError, Language
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WireRequest
from mockocr.scenario.outcomes import FaultOutcome, GatewayError, Recognized, ResolvedOutcome
from mockocr.scenario.rulebook import Rulebook

MASK = "***"
SECRET_HEADERS = ("x-tc-token", "cookie", "proxy-authorization")
"""Told only as masked; of Authorization more can be told."""
_SIGNED_SECRET = re.compile(rf"^({'|'.join(SECRET_HEADERS)}):.*$", re.MULTILINE)
_SENT_SIGNATURE = re.compile(r"(Signature\s*=\s*)\S+", re.IGNORECASE)
_SHOWN_PAIRS = frozenset(
    {
        "Action",
        "Version",
        "Region",
        "Timestamp",
        "Nonce",
        "SecretId",
        "SignatureMethod",
        "Language",
        "RequestClient",
    }
)
"""Of a query or form, what is about no picture, no token and nobody."""


@dataclass(slots=True)
class Exchange:
    """One call, filled from top to bottom as it walks: what is still None tells where it ended."""

    request_id: str
    received_at: datetime
    method: str
    path: str
    headers: Mapping[str, str]
    """Without the signature and the token."""
    body_bytes: int
    account: str | None = None
    action: str | None = None
    language: Language | None = None
    unproven: str | None = None
    """With --auth lenient: the code with which the call would have been refused."""
    cause: Cause | None = None
    """Why it is not proven who calls."""
    signature: Signature | None = None
    parameters: Mapping[str, Any] | None = None
    """Masked."""
    note: str | None = None
    """What would help whoever is refused, and is no part of the reply."""
    facts: Facts | None = None
    """What the rules were held against, where there are any. Not masked: not to be shown whole."""
    rulebook: Rulebook | None = None
    """What played when the call came."""
    rule: str | None = None
    """The rule that took the call, or the entry of chaos that struck it."""
    scenario: str | None = None
    """Whose rule it is."""
    resolved: ResolvedOutcome | None = None
    """What the rule, or chaos, had done."""
    delayed_by: str | None = None
    """The entry of chaos that made the answer late, and did no more."""
    picture: Picture | ImageError | None = None
    """What was found, where somebody looked."""
    reading: Mapping[str, Any] | None = None
    """What was read in it, where somebody had it read: nothing of what stands on a card."""
    error: ApiError | None = None
    response: Mapping[str, Any] | None = None
    """Masked."""
    shown_bytes: int | None = None
    """What parameters and response take in the journal, about, where that was found already."""
    milliseconds: float = 0.0
    size_bytes: int = 0
    """In the journal, about."""

    @property
    def outcome(self) -> str:
        """`ok`, an error code, `fault:NAME` or `http:502`."""
        if self.error:
            return self.error.code
        match self.resolved:
            case None | ResolvedOutcome(Recognized()):
                return "ok"
            case ResolvedOutcome(FaultOutcome(fault)):
                return f"fault:{fault}"
            case ResolvedOutcome(GatewayError(status)):
                return f"http:{status}"
            case _:
                return "ok"

    @property
    def matched(self) -> bool | None:
        """Whether a rule took the call; None where no rule was asked: it was refused before, or
        there are none."""
        if self.rule is not None:
            return True
        return False if self.rulebook and self.rulebook.has_rules else None

    def summary(self) -> dict[str, Any]:
        return {
            "RequestId": self.request_id,
            "time": self.received_at.isoformat(timespec="milliseconds"),
            "account": self.account,
            "action": self.action,
            "outcome": self.outcome,
            "cause": self.cause.name if self.cause else None,
            "rule": self.rule,
            "scenario": self.scenario,
            "milliseconds": round(self.milliseconds, 3),
        }

    def details(self) -> dict[str, Any]:
        found, error = self.picture, self.error
        return self.summary() | {
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "bodyBytes": self.body_bytes,
            "unproven": self.unproven,
            "signature": asdict(self.signature) if self.signature else None,
            "parameters": self.parameters,
            "note": self.note,
            "delaySeconds": round(self.resolved.delay_seconds, 6) if self.resolved else 0.0,
            "dribbleSeconds": self.resolved.dribble_seconds if self.resolved else 0.0,
            "delayedBy": self.delayed_by,
            "picture": _shown_picture(found, self.reading),
            "error": {"Code": error.code, "Message": error.message("en-US")} if error else None,
            "response": self.response,
        }


def _shown_picture(
    found: Picture | ImageError | None, reading: Mapping[str, Any] | None
) -> Mapping[str, Any] | str | None:
    return found._asdict() | {"reading": reading} if isinstance(found, Picture) else found


def exchange_of(request: WireRequest) -> Exchange:
    return Exchange(
        request_id=request.request_id,
        received_at=request.received_at,
        method=request.method,
        path=request.path,
        headers=_without_secret_headers(request.headers),
        body_bytes=request.body_bytes,
    )


def _without_secret_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    shown = dict(headers)
    if authorization := shown.get("authorization"):
        shown["authorization"] = _without_signature(authorization)
    for name in SECRET_HEADERS:
        if name in shown:
            shown[name] = MASK
    return shown


def _without_signature(authorization: str) -> str:
    """All of an Authorization of another shape may be a secret: `Bearer ...`."""
    if not authorization.startswith(("TC3-", "SKIP")):
        return MASK
    before, _, signature = authorization.rpartition("=")
    if len(before) <= SHARED_CHARACTERS and signature.isalnum() and (masked := _masked(before)):
        # As nearly all are: at a tenth of the expression's cost.
        return masked
    return _SENT_SIGNATURE.sub(rf"\1{MASK}", authorization)


SHARED_CHARACTERS = 512


@lru_cache(maxsize=1024)
def _masked(before: str) -> str | None:
    """An Authorization with nothing but a signature behind what is given here, which is the same in
    all calls of a client on one day; None for any other."""
    if before.endswith("Signature") and before.lower().count("signature") == 1:
        return f"{before}={MASK}"
    return None


def without_secrets(signature: Signature) -> Signature:
    """The steps of a signature without tokens, pictures and URLs that were signed."""
    if signature.canonical_request is None:
        target, mark, pairs = signature.string_to_sign.partition("/?")
        return replace(signature, string_to_sign=target + mark + _without_values(pairs))
    canonical = signature.canonical_request
    method, path, query, rest = canonical.split("\n", 3)
    if not query and not any(map(rest.__contains__, SECRET_HEADERS)):
        return signature
    rest = _SIGNED_SECRET.sub(rf"\1:{MASK}", rest)
    canonical = "\n".join([method, path, _without_values(query), rest])
    return replace(signature, canonical_request=canonical)


def _without_values(pairs: str) -> str:
    """What stands in a value behind an `&` (the query of an ImageUrl) goes with it."""
    return "&".join(_without_value(pair) for pair in pairs.split("&"))


def _without_value(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    if not pair or name in _SHOWN_PAIRS:
        return pair
    return f"{name}={MASK}" if equals else MASK


class CallFilter(NamedTuple):
    """Which calls somebody asks for; what is None is not asked about."""

    account: str | None = None
    outcome: str | None = None
    """As `Exchange.outcome`, or `error` for whatever is not `ok`."""
    rule: str | None = None
    unmatched: bool | None = None
    """True: rules were asked about the call, and none took it; False: one did."""
    since: datetime | str | None = None
    """From this moment on, or after the call of this RequestId (of one that is forgotten, all)."""

    def takes(self, exchange: Exchange) -> bool:
        """All but `since` a RequestId, which is about the calls around this one."""
        outcome = exchange.outcome
        return (
            self.account in (None, exchange.account)
            and self.outcome in (None, outcome, "error" if outcome != "ok" else None)
            and self.rule in (None, exchange.rule)
            and (self.unmatched is None or exchange.matched is (not self.unmatched))
            and not (isinstance(self.since, datetime) and exchange.received_at < self.since)
        )


EVERY_CALL = CallFilter()


class Size(NamedTuple):
    calls: int
    bytes: int
    """About."""


class Journal:
    """The last calls. Forgets the oldest beyond its bounds."""

    def __init__(self, max_calls: int, max_bytes: int) -> None:
        self._max_calls = max_calls
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._exchanges: OrderedDict[str, Exchange] = OrderedDict()
        """By RequestId, the oldest first."""
        self._bytes = 0
        self._taken: dict[str | None, Counter[tuple[str, str]]] = {}
        """By account, and together for those that are gone (None): the calls that each rule took,
        by scenario and rule, forgotten ones too."""

    def write_all(self, exchanges: Iterable[Exchange]) -> None:
        with self._lock:
            for exchange in exchanges:
                if exchange.error:
                    # One that was raised holds the frames it went through, and these the body.
                    exchange.error = ApiError(exchange.error.refusal, exchange.error.values)
                if exchange.account and exchange.scenario and exchange.rule:
                    taken = self._taken.setdefault(exchange.account, Counter())
                    taken[exchange.scenario, exchange.rule] += 1
                if replaced := self._exchanges.pop(exchange.request_id, None):
                    self._bytes -= replaced.size_bytes
                exchange.size_bytes = _size_bytes(exchange)
                self._exchanges[exchange.request_id] = exchange
                self._bytes += exchange.size_bytes
            while self._exchanges and (
                len(self._exchanges) > self._max_calls or self._bytes > self._max_bytes
            ):
                self._bytes -= self._exchanges.popitem(last=False)[1].size_bytes

    def newest_first(self, wanted: CallFilter = EVERY_CALL) -> list[Exchange]:
        with self._lock:
            exchanges = list(reversed(self._exchanges.values()))
        if isinstance(wanted.since, str):
            exchanges = list(takewhile(lambda it: it.request_id != wanted.since, exchanges))
        return [exchange for exchange in exchanges if wanted.takes(exchange)]

    def find(self, request_id: str) -> Exchange | None:
        with self._lock:
            return self._exchanges.get(request_id)

    def payload_hashes(self, account: str, calls: int) -> list[str]:
        """Of what the last calls of an account had signed, the newest first."""
        with self._lock:
            signatures = (
                exchange.signature
                for exchange in reversed(self._exchanges.values())
                if exchange.account == account and exchange.signature
            )
            hashes = (signature.payload_hash for signature in signatures)
            return list(islice((it for it in hashes if it is not None), calls))

    def taken(self, account: str | None = None) -> Counter[tuple[str, str]]:
        """How many calls of an account, or of all, each rule took, by scenario and rule; those
        that the journal has no room for any more too."""
        with self._lock:
            total: Counter[tuple[str, str]] = Counter()
            for name, taken in self._taken.items():
                if account in (None, name):
                    total.update(taken)
            return total

    def forget(self, account: str) -> None:
        """Of an account that is gone the calls stay; what rules took of them is known of all
        accounts together, and of this one no more."""
        with self._lock:
            self._taken.setdefault(None, Counter()).update(self._taken.pop(account, {}))

    def size(self) -> Size:
        """What is kept now."""
        with self._lock:
            return Size(len(self._exchanges), self._bytes)

    def reset(self, account: str | None = None) -> None:
        """Forgets the calls of an account, or all."""
        with self._lock:
            for name in list(self._taken) if account is None else [account]:
                self._taken.pop(name, None)
            for exchange in list(self._exchanges.values()):
                if account in (None, exchange.account):
                    del self._exchanges[exchange.request_id]
                    self._bytes -= exchange.size_bytes


_FIXED_BYTES = 1500
"""What an exchange of short texts takes, measured with tracemalloc on CPython 3.11."""
_MEMBER_BYTES = 100
"""What a member takes besides its texts: its place in a dict, and the heads of two strings."""


def _size_bytes(exchange: Exchange) -> int:
    """About what an exchange takes in memory; only texts from outside can be long."""
    size = _FIXED_BYTES + len(exchange.path) + len(exchange.action or "")
    size += sum(map(len, exchange.headers.values()))
    if exchange.error:
        size += sum(len(str(said)) for said in exchange.error.values.values())
    if exchange.shown_bytes is None:
        size += bytes_of(exchange.parameters) + bytes_of(exchange.response)
    else:
        size += exchange.shown_bytes
    if exchange.signature:
        size += len(exchange.signature.canonical_request or "")
        size += len(exchange.signature.string_to_sign)
    return size


def bytes_of(shown: Mapping[str, Any] | None) -> int:
    """About what masked parameters, or a masked response, take in memory."""
    if not shown:
        return 0
    size = _MEMBER_BYTES * len(shown) + sum(map(len, shown))
    return size + sum(len(value) for value in shown.values() if isinstance(value, str))
