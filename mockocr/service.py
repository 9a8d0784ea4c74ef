"""The corridor: from a request to its reply, through every room, in this order and no other.

Any room may raise ApiError; it is caught here, once. Whatever else is raised is a bug of ours.
The order is that of `wire.md` §5; where it was not observed it is an assumption.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from time import perf_counter
from typing import Any, Literal
from urllib.parse import quote

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.conditions import Conditions
from mockocr.accounts.identity import identify
from mockocr.accounts.quotas import Packages, RateWindow
from mockocr.actions.action import Action
from mockocr.actions.catalogue import ACTIONS, find_action
from mockocr.cards.number import Numbers
from mockocr.explainer.explain import explain
from mockocr.journal import Exchange, Journal, exchange_of, shown
from mockocr.pictures.look import Pictures, Sight
from mockocr.protocol import refusals
from mockocr.protocol.call import Call, admit, read_call, read_language
from mockocr.protocol.envelope import failure, success
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import read_json_object, read_parameters, read_texts
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WireReply, WireRequest, vendor_product
from mockocr.scenario.book import Book
from mockocr.scenario.matching import Outcome, Refused
from mockocr.settings import API_PAGE

logger = logging.getLogger("mockocr.calls")

Auth = Literal["strict", "lenient", "off"]
"""Whether it must be proven who calls; lenient: it is verified and reported, and lets pass."""

KNOWN_CALLS = 64
"""So many of an account's last calls are looked through for the body that somebody signed."""

OWN_HEADERS = "X-Mockocr-"
"""How the names of response headers of our own begin."""

REFUSALS_OF_STATES = {
    "unopened": "FailedOperation.UnOpenError",
    "arrears": "ResourceUnavailable.InArrears",
    "charge_exception": "ResourcesSoldOut.ChargeStatusException",
}
PACKAGE_RUN_OUT = "ResourceUnavailable.ResourcePackageRunOut"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every account that says nothing else."""

    seed: int = 0
    numbers: Numbers = "valid"
    rate: int = 20
    """Calls a second: 默认接口请求频率限制:20次/秒 (API page §1); 0 = no limit."""
    auth: Auth = "strict"
    contract: date = API_PAGE
    """The API is answered as it was on this day."""


class Service:
    """Answers calls. What may change between calls is held here, and nowhere else: the accounts,
    what they have used up, the journal, and what pictures showed."""

    def __init__(
        self, accounts: Accounts, book: Book, journal: Journal, defaults: Defaults
    ) -> None:
        self.accounts = accounts
        self.journal = journal
        self.rates = RateWindow()
        self.packages = Packages()
        self.defaults = defaults
        self._book = book
        self._pictures = Pictures()

    def is_slow(self, body: bytes) -> bool:
        """Whether answering might hold up an event loop for longer than a body's hash does."""
        return any(action.slow(body) for action in ACTIONS)

    def forget(self, account: str) -> None:
        """What an account has used up."""
        self.rates.reset(account)
        self.packages.reset(account)

    def passed_over(self, exchange: Exchange) -> list[dict[str, Any]]:
        """The rules that did not take a call, and by what; masked."""
        if exchange.facts is None:
            return []
        action = next(action for action in ACTIONS if action.name == exchange.action)
        parameters = {field.alias for field in action.request.model_fields.values()}
        named = {name: fact for name, fact in exchange.facts.items() if name in parameters}
        shown = {**exchange.facts, **action.mask(named)}
        return [
            {
                "rule": rule,
                "differences": [asdict(it) | {"found": shown[it.name]} for it in differences],
            }
            for rule, differences in self._book.passed_over(action, exchange.facts)
        ]

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
            language = exchange.language or read_language(request)
            body = failure(request.request_id, exchange.error, language)
        exchange.milliseconds = round(1000 * (perf_counter() - started), 3)
        self.journal.write(exchange)
        if logger.isEnabledFor(logging.INFO):
            logger.info("call", extra={"exchange": exchange})
        return WireReply(body, headers=tuple(_headers(request, exchange)))

    def _walk(self, request: WireRequest, exchange: Exchange) -> Mapping[str, Any]:
        call = read_call(request, with_proof=self.defaults.auth != "off")
        exchange.action, exchange.language = call.action, call.language
        account = self._account(request, call, exchange)
        conditions = self._conditions(request, account)
        action = find_action(vendor_product(request.headers.get("host", "")), call)
        admit(request, call, action.regions)
        self._check_rate(account, conditions, action)
        self._check_permission(request, account, action)
        parameters = _read(request, call, action, exchange.signature)
        exchange.parameters = action.mask(parameters)
        newer = action.newer_parameters(conditions.contract)
        exchange.note = _note(newer, parameters)
        given = read_parameters(action.request, parameters, newer)
        with self._billed(account, action):
            asked = action.understand(given, conditions.contract)
            facts = {**action.facts(asked), "Region": call.region}
            exchange.facts = facts if self._book.rules else None
            decision = self._book.decide(action, facts)
            exchange.rule = decision.rule
            sight = self._pictures.sight(action.image(asked))
            fields = _render(action, asked, decision.outcome, conditions, sight, exchange)
        exchange.response = action.mask(fields)
        return fields

    def _account(self, request: WireRequest, call: Call, exchange: Exchange) -> Account:
        """Whoever calls. Raises ApiError where that has to be proven and is not."""
        identity = identify(request, call, self.accounts)
        account = identity.account
        exchange.account = account.name if account else None
        exchange.signature = shown(identity.signature) if identity.signature else None
        if identity.refusal and self.defaults.auth != "off":
            known = self.journal.payload_hashes(account.name, KNOWN_CALLS) if account else ()
            exchange.cause = explain(request, call, identity, self.accounts, known)
            if self.defaults.auth == "strict":
                raise identity.refusal
            exchange.unproven = identity.refusal.code
        account = account or self.accounts.first()
        if account is None:
            raise refusals.SECRET_ID_NOT_FOUND.error()
        exchange.account = account.name
        return account

    def _conditions(self, request: WireRequest, account: Account) -> Conditions:
        now = account.clock.at(request.received_at)
        seed = self.defaults.seed if account.seed is None else account.seed
        contract = account.contract or self.defaults.contract
        return Conditions(now, seed, self.defaults.numbers, contract)

    def _check_rate(
        self, account: Account, conditions: Conditions, action: Action[Any, Any, Any]
    ) -> None:
        limit = self.defaults.rate if account.rate is None else account.rate
        if limit:
            second = int(conditions.now.timestamp())
            times = self.rates.count(account.name, action.name, second)
            if times > limit:
                raise refusals.REQUEST_LIMIT_EXCEEDED.error(times=times, limit=limit)

    def _check_permission(
        self, request: WireRequest, account: Account, action: Action[Any, Any, Any]
    ) -> None:
        if account.allow is not None and action.name not in account.allow:
            raise refusals.UNAUTHORIZED_OPERATION.error(
                request_id=request.request_id, operation=f"{action.service}:{action.name}"
            )

    @contextmanager
    def _billed(self, account: Account, action: Action[Any, Any, Any]) -> Iterator[None]:
        """Raises ApiError for an account that the service is not open to. What is answered in the
        block is taken out of the resource package, but for refusals that are not billed."""
        if account.state != "ok":
            raise action.refusals[REFUSALS_OF_STATES[account.state]].error()
        if not self.packages.take(account.name, account.package):
            raise action.refusals[PACKAGE_RUN_OUT].error()
        try:
            yield
        except Exception as error:
            if not (isinstance(error, ApiError) and error.code in action.billed_errors):
                self.packages.give_back(account.name)
            raise


def _read(
    request: WireRequest, call: Call, action: Action[Any, Any, Any], signature: Signature | None
) -> Mapping[str, Any]:
    """The parameters of the action, from wherever they came."""
    if call.texts is not None:
        return read_texts(action.request, call.texts)
    body_hash = signature.payload_hash if signature and signature.covers_body else None
    return read_json_object(request.body, action.long_parameters, body_hash)


def _note(newer: Mapping[str, date], given: Mapping[str, Any]) -> str | None:
    """For people who send what the contract has not yet."""
    told = [
        f"{name} is known with --contract {day}" for name, day in newer.items() if name in given
    ]
    return "; ".join(told) or None


def _render(
    action: Action[Any, Any, Any],
    asked: Any,
    outcome: Outcome,
    conditions: Conditions,
    sight: Sight,
    exchange: Exchange,
) -> Mapping[str, Any]:
    try:
        if isinstance(outcome, Refused):
            raise outcome.refusal.error()
        return action.render(asked, outcome.answer, conditions, sight)
    finally:
        exchange.picture = sight.found


def _headers(request: WireRequest, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Those of our own begin with X-Mockocr-; the door leaves them out where it is told to."""
    if trace_id := request.headers.get("x-tc-traceid"):
        yield "X-TC-TraceId", trace_id
    if exchange.account:
        yield f"{OWN_HEADERS}Account", quote(exchange.account)
    if exchange.rule:
        yield f"{OWN_HEADERS}Rule", quote(exchange.rule)
