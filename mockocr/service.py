"""The corridor: from a request to its reply, through every room, in this order and no other.

Any room may raise ApiError; it is caught here, once. Whatever else is raised is a bug of ours.
"""

import logging
from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import Any
from urllib.parse import quote

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.conditions import Conditions
from mockocr.actions.action import Action
from mockocr.actions.catalogue import ACTIONS, find_action
from mockocr.cards.number import Numbers
from mockocr.journal import Exchange, Journal, exchange_of, shown
from mockocr.pictures.look import Pictures, Sight
from mockocr.protocol import refusals, tc3
from mockocr.protocol.call import Call, admit, check_time, read_call, read_language
from mockocr.protocol.envelope import failure, success
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import read_json_object, read_parameters
from mockocr.protocol.wire import WireReply, WireRequest
from mockocr.scenario.book import Book
from mockocr.scenario.matching import Outcome, Recognized, Refused

logger = logging.getLogger("mockocr.calls")

OWN_HEADERS = "X-Mockocr-"
"""How the names of response headers of our own begin."""


class Service:
    """Answers calls. Holds what may change between calls: the journal and what pictures showed."""

    def __init__(
        self, accounts: Accounts, book: Book, journal: Journal, seed: int, numbers: Numbers
    ) -> None:
        self.journal = journal
        self._accounts = accounts
        self._book = book
        self._seed = seed
        self._numbers = numbers
        self._pictures = Pictures()

    def is_slow(self, body: bytes) -> bool:
        """Whether answering might hold up an event loop for longer than a body's hash does."""
        return any(action.slow(body) for action in ACTIONS)

    def answer(self, request: WireRequest) -> WireReply:
        """Never raises: a bug of ours is logged, journaled and answered as InternalError."""
        started = perf_counter()
        exchange = exchange_of(request)
        try:
            body = success(request.request_id, self._walk(request, exchange))
        except ApiError as error:
            exchange.error = error
        except Exception:
            logger.exception("a bug of mockocr: call %s ended in", request.request_id)
            exchange.error = refusals.INTERNAL_ERROR.error()
        if exchange.error:
            body = failure(request.request_id, exchange.error, read_language(request))
        exchange.milliseconds = round(1000 * (perf_counter() - started), 3)
        self.journal.write(exchange)
        logger.info("call", extra={"exchange": exchange})
        return WireReply(body, headers=tuple(_headers(request, exchange)))

    def _walk(self, request: WireRequest, exchange: Exchange) -> Mapping[str, Any]:
        call = read_call(request)
        exchange.action = call.action
        account = self._accounts.find(call.authorization.secret_id)
        exchange.account = account.name if account else None
        conditions = self._conditions(request)
        check_time(call, conditions.now)
        signature = self._verify(request, call, account)
        exchange.signature = shown(signature)
        if not signature.valid:
            raise refusals.SIGNATURE_FAILURE.error()
        action = find_action(call.action, call.version)
        admit(request, call, action.regions)
        body_hash = signature.payload_hash if signature.covers_body else None
        parameters = read_json_object(request.body, action.long_parameters, body_hash)
        exchange.parameters = action.mask(parameters)
        asked = action.understand(read_parameters(action.request, parameters))
        decision = self._book.decide(action, {**action.facts(asked), "Region": call.region})
        exchange.rule = decision.rule
        sight = self._pictures.sight(action.image(asked))
        try:
            fields = _render(action, asked, decision.outcome, conditions, sight)
        finally:
            exchange.picture = sight.found
        exchange.response = action.mask(fields)
        return fields

    def _conditions(self, request: WireRequest) -> Conditions:
        return Conditions(request.received_at, self._seed, self._numbers)

    def _verify(self, request: WireRequest, call: Call, account: Account | None) -> tc3.Signature:
        if account is None:
            raise refusals.SECRET_ID_NOT_FOUND.error()
        secret_key = account.keys[call.authorization.secret_id]
        return tc3.verify(request, call.authorization, call.timestamp, secret_key)


def _render(
    action: Action[Any, Any, Any],
    asked: Any,
    outcome: Outcome,
    conditions: Conditions,
    sight: Sight,
) -> Mapping[str, Any]:
    match outcome:
        case Refused(refusal):
            raise refusal.error()
        case Recognized(answer):
            return action.render(asked, answer, conditions, sight)


def _headers(request: WireRequest, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Those of our own begin with X-Mockocr-; the door leaves them out where it is told to."""
    if trace_id := request.headers.get("x-tc-traceid"):
        yield "X-TC-TraceId", trace_id
    if exchange.account:
        yield f"{OWN_HEADERS}Account", quote(exchange.account)
    if exchange.rule:
        yield f"{OWN_HEADERS}Rule", quote(exchange.rule)
