"""Parsing the parameters of a call, once for each body: test suites send few different bodies many
times (docs/decisions/0005-a-body-is-parsed-once.md).

Rows 19 to 21 of docs/fidelity.md#the-order-of-checks; rows 26 to 29 when the query is parsed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.action import AnyAction, Query
from mockocr.images.image import Base64Image
from mockocr.journal.exchange import Exchange
from mockocr.journal.journal import size_bytes_of
from mockocr.lru import LruCache
from mockocr.protocol.call import Call
from mockocr.protocol.parameters import (
    CUT_OUT_BYTES,
    read_json_object,
    read_parameters,
    read_texts,
)
from mockocr.protocol.reasons import Note
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.call_image import CallImage, ImageSnapshot
from mockocr.scenario.outcomes import Recognized
from mockocr.scenario.rulebook import Rulebook, Shortlist

MAX_BODIES = 256
MAX_BODY_BYTES = 4096
"""The maximum size of a cached body, without its picture."""
MAX_ANSWER_BYTES = 8192
"""A longer answer contains crops, and is not cached."""
MAX_ANSWERS = 4
"""The maximum number of answers that are cached for one body. There are several if rules, seeds or
days change."""

BodyKey: TypeAlias = tuple[str, AnyAction, date]
"""The hash of a body, the action and the contract. For each hash, the cache keeps the body that was
read last."""

AnswerKey: TypeAlias = tuple[int, int, str, date, date, str]
"""The key of an answer to one query: the id of the outcome, and settings of the call."""


class Answer(NamedTuple):
    """The answer to a query if its outcome is an answer."""

    outcome: Recognized
    members: bytes
    """The members of Response without RequestId, as JSON."""
    masked: Mapping[str, Any]
    """The same, as the journal shows them."""
    masked_bytes: int
    """The estimated memory of `masked`."""
    marks: tuple[str, ...]
    """What outcome coverage counts."""
    notes: tuple[Note, ...]
    snapshot: ImageSnapshot
    """What was found in the picture."""


@dataclass(slots=True, eq=False)
class ParsedBody:
    """The parameters of a call of an action by one contract."""

    action: AnyAction
    masked: Mapping[str, Any]
    """The parameters, as the journal shows them."""
    masked_bytes: int
    """The estimated memory of `masked`."""
    parse: Callable[[], Query]
    """Called once, by `query`. Raises ApiError."""
    is_cached: bool = False
    cut_out: bool = False
    """Whether the query is stored without its picture, which is cut from the body of each call."""
    answers: dict[AnswerKey, Answer] = field(default_factory=dict)
    shortlists: dict[int, Shortlist] = field(default_factory=dict)
    """Shortlists, by the edition of the rulebook."""
    _query: Query | None = field(default=None, init=False)

    def query(self) -> Query:
        """Parses the parameters, once. Raises ApiError."""
        if self._query is None:
            self._query = self.parse()
        return self._query

    def shortlist(self, rulebook: Rulebook) -> Shortlist | None:
        """The rules that the query does not rule out. None for a body that is not cached: finding
        them costs more than comparing all rules once."""
        if not self.is_cached:
            return None
        shortlist = self.shortlists.get(rulebook.edition)
        if shortlist is None:
            if len(self.shortlists) >= MAX_ANSWERS:
                self.shortlists.clear()
            shortlist = rulebook.shortlist(self.action, self.action.facts(self.query()))
            self.shortlists[rulebook.edition] = shortlist
        return shortlist

    def answer(
        self, outcome: Recognized, settings: CallSettings, call_image: CallImage, render: "Render"
    ) -> Answer:
        """The result of `render`, from the cache if it was rendered before."""
        key = (
            id(outcome),
            settings.seed,
            settings.numbers,
            settings.contract,
            settings.now.date(),
            settings.unknown_pictures,
        )
        answer = self.answers.get(key)
        # When an outcome is gone, another may have its id.
        if answer is None or answer.outcome is not outcome:
            answer = render(self, outcome, settings, call_image)
            if not call_image.may_change and len(answer.members) <= MAX_ANSWER_BYTES:
                if len(self.answers) >= MAX_ANSWERS:
                    self.answers.clear()
                self.answers[key] = answer
        return answer


Render: TypeAlias = Callable[[ParsedBody, Recognized, CallSettings, CallImage], Answer]


def read_body(
    request: WireRequest,
    call: Call,
    action: AnyAction,
    contract: date,
    exchange: Exchange,
    body_hash: str | None = None,
) -> ParsedBody:
    """Reads the parameters of a call, and checks their names and types. Raises ApiError."""
    if call.texts is not None:
        parameters = read_texts(action.parameters(date.max), call.texts)
    else:
        parameters = read_json_object(request.body, action.long_parameters, body_hash)
    masked = exchange.parameters = action.mask(parameters)
    newer = action.newer_parameters(contract)
    checked = read_parameters(action.parameters(contract), parameters, newer)
    parse = partial(action.parse_query, checked, contract)
    return ParsedBody(action, masked, size_bytes_of(masked), parse)


class BodyCache:
    """Parsed bodies by hash, if verifying the signature has computed it. Forgets the least recently
    used. A refused body is never stored."""

    def __init__(self) -> None:
        self._bodies: LruCache[str, tuple[BodyKey, ParsedBody]] = LruCache(MAX_BODIES)

    def has(self, body_hash: str) -> bool:
        """Whether the last call with this body need not be parsed again."""
        return self._bodies.get(body_hash) is not None

    def read(
        self,
        request: WireRequest,
        call: Call,
        action: AnyAction,
        contract: date,
        exchange: Exchange,
    ) -> ParsedBody:
        """The result of `read_body`, from the cache if the same body was parsed before."""
        signature = exchange.signature
        body_hash = signature.payload_hash if signature and signature.covers_body else None
        if body_hash is None or call.texts is not None:
            return read_body(request, call, action, contract, exchange)
        key = (body_hash, action, contract)
        entry = self._bodies.get(body_hash)
        if entry is None or entry[0] != key:
            parsed_body = read_body(request, call, action, contract, exchange, body_hash)
            return replace(
                parsed_body, parse=partial(self._parse_and_store, key, request, parsed_body)
            )
        cached = entry[1]
        exchange.parameters = cached.masked
        if not cached.cut_out:
            return cached
        parse = partial(_with_picture_from, lambda: request.body, cached.query())
        return replace(cached, parse=parse)

    def _parse_and_store(
        self, key: BodyKey, request: WireRequest, parsed_body: ParsedBody
    ) -> Query:
        """The query of a new body. Stores the body, without its picture, unless it is refused."""
        query = parsed_body.query()
        image, picture_bytes = query.image, 0
        # A long picture that could not be cut out of the body would be stored whole.
        if isinstance(image, Base64Image) and (
            image.text.span or request.body_bytes <= CUT_OUT_BYTES
        ):
            picture_bytes = len(image.text)
        if request.body_bytes - picture_bytes <= MAX_BODY_BYTES:
            stored = _with_picture_from(lambda: b"", query)
            parsed_body = replace(
                parsed_body, parse=lambda: stored, is_cached=True, cut_out=stored is not query
            )
            self._bodies.put(key[0], (key, parsed_body))
        return query


def _with_picture_from(body: Callable[[], bytes], query: Query) -> Query:
    """The query with its picture cut from this copy of the body. The same query if its picture was
    not cut from a body."""
    image = query.image
    if not isinstance(image, Base64Image) or image.text.span is None:
        return query
    return query.with_image(Base64Image(image.text.within(body)))
