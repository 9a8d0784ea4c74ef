"""The corridor: from a request to its reply, through every room, in this order and no other.

Any room may raise ApiError; it is caught here, once. Whatever else is raised is a bug of ours.
The order is that of `wire.md` §5; where it was not observed it is an assumption.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import REAL_TIME, Clock, MovedClocks
from mockocr.accounts.conditions import (
    Conditions,
    Particulars,
    UnknownPictures,
    first,
)
from mockocr.accounts.identity import identify
from mockocr.accounts.quotas import Packages, RateWindow
from mockocr.actions.action import Action
from mockocr.actions.catalogue import ACTIONS, find_action
from mockocr.allowance import Counted, Uncounted, check_permission, check_state
from mockocr.cards.number import Numbers
from mockocr.deciding import Played, Seen, passed_over, play
from mockocr.events import Events
from mockocr.explainer.searches import Searches
from mockocr.journal import Exchange, Journal, exchange_of, shown, without_secret_id
from mockocr.metrics import Metrics
from mockocr.pictures.look import Pictures, Sight
from mockocr.protocol import refusals
from mockocr.protocol.call import Call, admit, read_call
from mockocr.protocol.envelope import members as members_of
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import read_json_object, read_parameters, read_texts
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import (
    WIRE_ENCODING,
    Fault,
    WireReply,
    WireRequest,
    vendor_product,
)
from mockocr.reply import reply_to
from mockocr.scenario.book import Book, Decision
from mockocr.scenario.outcomes import (
    Broken,
    Outcome,
    Recognized,
    Refused,
)
from mockocr.scenario.stage import Stage
from mockocr.settings import API_PAGE
from mockocr.understanding import Answer, Known, Understandings, Understood

if TYPE_CHECKING:
    from mockocr.explainer.causes import Cause

logger = logging.getLogger("mockocr.calls")

Auth = Literal["strict", "lenient", "off"]
"""Whether it must be proven who calls; lenient: it is verified and reported, and lets pass."""

KNOWN_CALLS = 64
"""So many of an account's last calls are looked through for the body that somebody signed."""


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
    unknown_pictures: UnknownPictures = "invent"


class NoAnswerError(Exception):
    """The API's answer does not come to the client whole: something else happens to the call."""

    def __init__(self, members: str) -> None:
        super().__init__()
        self.members = members
        """What the API would say, where a part of it comes through."""


class Decided(NamedTuple):
    """A call that rules were asked about, and what they had done."""

    action: Action[Any, Any]
    conditions: Conditions
    understood: Understood
    sight: Sight
    decision: Decision


class Service:
    """Answers calls. What may change between calls is held here, and nowhere else: the accounts,
    what they have used up, what plays for them, the journal, and what pictures showed."""

    def __init__(
        self,
        accounts: Accounts,
        stage: Stage,
        journal: Journal,
        defaults: Defaults,
        pictures: Pictures | None = None,
    ) -> None:
        self.accounts = accounts
        self.stage = stage
        self.journal = journal
        self.clocks = MovedClocks()
        self.rates = RateWindow()
        self.packages = Packages()
        self.defaults = defaults
        self._defaults = Particulars(
            seed=defaults.seed, contract=defaults.contract, rate=defaults.rate
        )
        self.events = Events()
        self.metrics = Metrics()
        self.pictures = pictures or Pictures()
        self.understandings = Understandings()
        self.searches = Searches(self._settle)

    def is_slow(self, request: WireRequest) -> bool:
        """Whether answering might hold up an event loop for longer than a body's hash does."""
        sent = request.body or request.query.encode(WIRE_ENCODING)
        return (
            self.pictures.may_take_long(sent)
            or any(action.slow(sent) for action in ACTIONS)
            or (self.pictures.fetches and b"ImageUrl" in sent)
        )

    def reset(self, account: str) -> None:
        """Counters, rate, package, clock and journal of an account: as if it had never called."""
        self.stage.turns.reset(account)
        self.rates.reset(account)
        self.packages.reset(account)
        self.clocks.reset(account)
        self.journal.reset(account)

    def forget(self, account: str) -> None:
        """An account that is removed; its calls stay in the journal."""
        self.journal.forget(account)
        self.stage.set_own(account, ())
        self.stage.turns.reset(account)
        self.rates.reset(account)
        self.packages.reset(account)
        self.clocks.reset(account)
        self.metrics.forget(account)

    def clock_of(self, account: Account) -> Clock:
        """As it was moved; else as the account, then as a scenario says; else real time."""
        moved = self.clocks.of(account.name)
        said = moved or account.clock or self.stage.book(account.name).particulars.clock
        return said or REAL_TIME

    def conditions(self, account: Account, book: Book, now: datetime) -> Conditions:
        """By what plays for the account; `now`: by its clock."""
        said = account, book.particulars, self._defaults
        return Conditions(
            now,
            first("seed", said),
            self.defaults.numbers,
            first("contract", said),
            first("state", said) or "ok",
            first("package", said),
            first("rate", said),
            self.defaults.unknown_pictures,
        )

    def passed_over(self, exchange: Exchange) -> list[dict[str, Any]]:
        """The rules that did not take a call, and by what; masked."""
        if exchange.book is None or exchange.facts is None:
            return []
        action = next(action for action in ACTIONS if action.name == exchange.action)
        taken = exchange.rule, exchange.scenario
        return passed_over(exchange.book, action, exchange.facts, *taken)

    def answer(self, request: WireRequest) -> WireReply:
        """Never raises: a bug of ours is logged, journaled and answered as InternalError."""
        started = perf_counter()
        exchange = exchange_of(request)
        members = ""
        try:
            members = self._walk(request, exchange)
        except NoAnswerError as broken:
            members = broken.members
        except ApiError as error:
            exchange.error = error
        except Exception:
            told = {"request_id": request.request_id}
            logger.exception("a bug of mockocr: call %s ended in", request.request_id, extra=told)
            exchange.error = refusals.INTERNAL_ERROR.error()
        reply = reply_to(request, exchange, members)
        if exchange.reading is not None:
            # Not for a call that was refused or scripted: its picture is still to be read.
            self.pictures.remember(request.body or request.query.encode(WIRE_ENCODING))
        exchange.milliseconds = round(1000 * (perf_counter() - started), 3)
        self.journal.write(exchange)
        self.metrics.count(exchange)
        self.events.publish("call", exchange.summary)
        if logger.isEnabledFor(logging.INFO):
            logger.info("call", extra={"exchange": exchange})
        if exchange.search is not None:
            self.searches.add(exchange.request_id, exchange.search)
        return reply

    def _settle(self, request_id: str, cause: "Cause") -> None:
        """Writes down a cause that was found after its call was answered."""
        if self.journal.settle(request_id, cause):
            certain = "" if cause.proven else "?"
            facts = {"RequestId": request_id, "cause": cause.name, "proven": cause.proven}
            logger.info("%s cause=%s%s", request_id, cause.name, certain, extra={"facts": facts})

    def _walk(self, request: WireRequest, exchange: Exchange) -> str:
        """The members of Response, as JSON."""
        call = read_call(request, with_proof=self.defaults.auth != "off")
        exchange.action, exchange.language = call.action, call.language
        account, now = self._account(request, call, exchange)
        with Counted(account.name, self.rates, self.packages, self.stage.turns) as counted:
            decided = self.decide(request, call, account, now, exchange, counted)
            sight = decided.sight
            try:
                answer = self._answer_to(decided)
            finally:
                exchange.picture = sight.found
                exchange.reading = sight.shown()
                exchange.note = exchange.note or sight.reason
        exchange.response = answer.shown
        return answer.members

    def decide(
        self,
        request: WireRequest,
        call: Call,
        account: Account,
        now: datetime,
        exchange: Exchange,
        counted: Counted | Uncounted,
    ) -> Decided:
        """What becomes of an account's call, at `now` by its clock. Raises ApiError for one that is
        refused before rules are asked."""
        # Once: what plays may change meanwhile.
        book = self.stage.book(account.name)
        conditions = self.conditions(account, book, now)
        action = find_action(vendor_product(request.headers.get("host", "")), call)
        admit(request, call, action.regions)
        counted.check_rate(action, conditions)
        check_permission(request.request_id, account, action)
        known = _known(call, action, conditions, exchange.signature)
        understood = known and self.understandings.find(known, action, request.body)
        if understood:
            exchange.parameters = understood.shown
        else:
            parameters = _read(request, call, action, known)
            exchange.parameters = action.mask(parameters)
            exchange.note = _note(action.newer_parameters(conditions.contract), parameters)
            given = read_parameters(action.parameters(conditions.contract), parameters)
        check_state(action, conditions)
        counted.check_package(action, conditions)
        if not understood:
            asked = action.understand(given, conditions.contract)
            understood = Understood(exchange.parameters, asked)
            if known:
                self.understandings.keep(known, action, request.body, understood)
        asked = understood.asked
        sight = self.pictures.sight(action.image(asked))
        seen = Seen(call.region, request.headers, sight)
        played = play(book, action, asked, seen, account.name, conditions, counted.turns)
        _note_decision(exchange, played)
        return Decided(action, conditions, understood, sight, played.decision)

    def _answer_to(self, decided: Decided) -> Answer:
        """As before, or anew. Raises ApiError and NoAnswerError."""
        action, conditions, understood, sight, decision = decided
        outcome = decision.performed.outcome
        answer = understood.answer(outcome, conditions)
        if answer is None:
            fields = _render(action, understood.asked, outcome, conditions, sight)
            answer = Answer(outcome, members_of(fields), action.mask(fields), sight.saw())
            if not self.pictures.fetches:
                understood.keep(answer, conditions)
        sight.recall(answer.saw)
        return answer

    def _account(
        self, request: WireRequest, call: Call, exchange: Exchange
    ) -> tuple[Account, datetime]:
        """Whoever calls, and when by their clock. Raises ApiError where that has to be proven and
        is not."""
        identity = identify(request, call, self.accounts, self.clock_of)
        account = identity.account
        exchange.account = account.name if account else None
        exchange.signature = shown(identity.signature) if identity.signature else None
        if account is None:
            exchange.headers = without_secret_id(exchange.headers)
        if identity.refusal and self.defaults.auth != "off":
            known = self.journal.payload_hashes(account.name, KNOWN_CALLS) if account else ()
            ports = sorted(self.pictures.own_ports)
            names = [
                it for one in ACTIONS if one.name == call.action for it in one.parameters(date.max)
            ]
            # Late: most servers never have to explain anything.
            from mockocr.explainer.explain import explain

            search = explain(request, call, identity, self.accounts, known, ports, names)
            exchange.cause = search.cause
            exchange.search = None if search.is_over else search
            if self.defaults.auth == "strict":
                raise identity.refusal
            exchange.unproven = identity.refusal.code
        if account is not None:
            return account, identity.now
        account = self.accounts.first()
        if account is None:
            raise refusals.SECRET_ID_NOT_FOUND.error()
        exchange.account = account.name
        return account, self.clock_of(account).at(request.received_at)


def _known(
    call: Call,
    action: Action[Any, Any],
    conditions: Conditions,
    signature: Signature | None,
) -> Known | None:
    """By what a body that came before is known; None where nothing hashed it."""
    if call.texts is not None or not signature or not signature.covers_body:
        return None
    assert signature.payload_hash is not None  # noqa: S101 - of what covers the body
    return Known(signature.payload_hash, action.name, conditions.contract)


def _read(
    request: WireRequest, call: Call, action: Action[Any, Any], known: Known | None
) -> Mapping[str, Any]:
    """The parameters of the action, from wherever they came."""
    if call.texts is not None:
        return read_texts(action.parameters(date.max), call.texts)
    body_hash = known.body_hash if known else None
    return read_json_object(request.body, action.long_parameters, body_hash)


def _note(newer: Mapping[str, date], given: Mapping[str, Any]) -> str | None:
    """For people who send what the contract has not yet."""
    told = [
        f"{name} is known with --contract {day}" for name, day in newer.items() if name in given
    ]
    return "; ".join(told) or None


def _note_decision(exchange: Exchange, played: Played) -> None:
    if played.book.decides:
        exchange.book, exchange.facts = played.book, played.facts.kept(played.book.asked)
    decision = played.decision
    exchange.rule, exchange.scenario = decision.rule, decision.scenario
    exchange.performed, exchange.delayed_by = decision.performed, decision.delayed_by


def _render(
    action: Action[Any, Any],
    asked: Any,
    outcome: Outcome,
    conditions: Conditions,
    sight: Sight,
) -> Mapping[str, Any]:
    match outcome:
        case Recognized(answer):
            return action.render(asked, answer, conditions, sight)
        case Refused(refusal):
            raise refusal.error()
        case Broken(Fault.TRUNCATED_BODY | Fault.BAD_JSON, answer):
            raise NoAnswerError(members_of(action.render(asked, answer, conditions, sight)))
        case _:
            raise NoAnswerError("")
