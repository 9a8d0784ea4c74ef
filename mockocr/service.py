"""The corridor: from a request to its reply, through every room, in this order and no other.

Any room may raise ApiError; it is caught here, once. Whatever else is raised is a bug of ours.
The order is that of `wire.md` §5; where it was not observed it is an assumption.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any, Literal

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
from mockocr.cards.number import Numbers
from mockocr.deciding import Played, Seen, passed_over, play
from mockocr.events import Events
from mockocr.journal import Exchange, Journal, exchange_of, shown
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

logger = logging.getLogger("mockocr.calls")

Auth = Literal["strict", "lenient", "off"]
"""Whether it must be proven who calls; lenient: it is verified and reported, and lets pass."""

KNOWN_CALLS = 64
"""So many of an account's last calls are looked through for the body that somebody signed."""

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
    unknown_pictures: UnknownPictures = "invent"


class NoAnswerError(Exception):
    """The API's answer does not come to the client whole: something else happens to the call."""

    def __init__(self, members: str) -> None:
        super().__init__()
        self.members = members
        """What the API would say, where a part of it comes through."""


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
        return reply

    def _walk(self, request: WireRequest, exchange: Exchange) -> str:
        """The members of Response, as JSON."""
        call = read_call(request, with_proof=self.defaults.auth != "off")
        exchange.action, exchange.language = call.action, call.language
        account, now = self._account(request, call, exchange)
        # Once: what plays may change meanwhile.
        book = self.stage.book(account.name)
        conditions = self.conditions(account, book, now)
        action = find_action(vendor_product(request.headers.get("host", "")), call)
        admit(request, call, action.regions)
        self._check_rate(account, conditions, action)
        _check_permission(request.request_id, account, action)
        known = _known(call, action, conditions, exchange.signature)
        understood = known and self.understandings.find(known, action, request.body)
        if understood:
            exchange.parameters = understood.shown
        else:
            parameters = _read(request, call, action, known)
            exchange.parameters = action.mask(parameters)
            newer = action.newer_parameters(conditions.contract)
            exchange.note = _note(newer, parameters)
            given = read_parameters(action.request, parameters, newer)
        with self._billed(account, conditions, action):
            if not understood:
                asked = action.understand(given, conditions.contract)
                understood = Understood(exchange.parameters, asked)
                if known:
                    self.understandings.keep(known, action, request.body, understood)
            asked = understood.asked
            sight = self.pictures.sight(action.image(asked))
            try:
                seen = Seen(call.region, request.headers, sight)
                played = play(book, action, asked, seen, account.name, conditions, self.stage.turns)
                _note_decision(exchange, played)
                outcome = played.decision.performed.outcome
                answer = self._answer_to(understood, outcome, action, conditions, sight)
            finally:
                exchange.picture = sight.found
                exchange.reading = sight.shown()
                exchange.note = exchange.note or sight.reason
        exchange.response = answer.shown
        return answer.members

    def _answer_to(
        self,
        understood: Understood,
        outcome: Outcome,
        action: Action[Any, Any, Any],
        conditions: Conditions,
        sight: Sight,
    ) -> Answer:
        """As before, or anew. Raises ApiError and NoAnswerError."""
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
        if identity.refusal and self.defaults.auth != "off":
            known = self.journal.payload_hashes(account.name, KNOWN_CALLS) if account else ()
            # Late: most servers never have to explain anything.
            from mockocr.explainer.explain import explain

            exchange.cause = explain(request, call, identity, self.accounts, known)
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

    def _check_rate(
        self, account: Account, conditions: Conditions, action: Action[Any, Any, Any]
    ) -> None:
        if conditions.rate:
            second = int(conditions.now.timestamp())
            times = self.rates.count(account.name, action.name, second)
            if times > conditions.rate:
                raise refusals.REQUEST_LIMIT_EXCEEDED.error(times=times, limit=conditions.rate)

    def _billed(
        self, account: Account, conditions: Conditions, action: Action[Any, Any, Any]
    ) -> "_Bill":
        """Raises ApiError for an account that the service is not open to. What is answered in the
        block is taken out of the resource package, but for refusals that are not billed."""
        _check_state(conditions, action)
        if not self.packages.take(account.name, conditions.package):
            raise action.refusals[PACKAGE_RUN_OUT].error()
        return _Bill(self.packages, account.name, action)

    def match(
        self,
        account: Account,
        parameters: Mapping[str, Any],
        region: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Decision, list[dict[str, Any]]]:
        """Which rule would take a call, and why the ones before it would not; counts nothing.

        Raises ApiError for a call that would be refused before rules are asked.
        """
        (action,) = ACTIONS
        now = self.clock_of(account).at(datetime.now(UTC))
        book = self.stage.book(account.name)
        conditions = self.conditions(account, book, now)
        if region and region not in action.regions:
            raise refusals.UNSUPPORTED_REGION.error()
        _check_permission("", account, action)
        given = read_parameters(
            action.request, parameters, action.newer_parameters(conditions.contract)
        )
        _check_state(conditions, action)
        if self.packages.left(account.name, conditions.package) == 0:
            raise action.refusals[PACKAGE_RUN_OUT].error()
        asked = action.understand(given, conditions.contract)
        sight = self.pictures.sight(action.image(asked))
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        preview = self.stage.turns.preview()
        seen = Seen(region, lower, sight)
        played = play(book, action, asked, seen, account.name, conditions, preview)
        decision = played.decision
        return decision, passed_over(book, action, played.facts, decision.rule, decision.scenario)


class _Bill:
    """A call that was taken out of a package. Not `contextmanager`: this is half its cost."""

    __slots__ = ("_account", "_action", "_packages")

    def __init__(self, packages: Packages, account: str, action: Action[Any, Any, Any]) -> None:
        self._packages, self._account, self._action = packages, account, action

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        billed = isinstance(error, ApiError) and error.code in self._action.billed_errors
        if error and not billed:
            self._packages.give_back(self._account)


def _check_permission(request_id: str, account: Account, action: Action[Any, Any, Any]) -> None:
    if account.allow is not None and action.name not in account.allow:
        raise refusals.UNAUTHORIZED_OPERATION.error(
            request_id=request_id, operation=f"{action.service}:{action.name}"
        )


def _check_state(conditions: Conditions, action: Action[Any, Any, Any]) -> None:
    if conditions.state != "ok":
        raise action.refusals[REFUSALS_OF_STATES[conditions.state]].error()


def _known(
    call: Call,
    action: Action[Any, Any, Any],
    conditions: Conditions,
    signature: Signature | None,
) -> Known | None:
    """By what a body that came before is known; None where nothing hashed it."""
    if call.texts is not None or not signature or not signature.covers_body:
        return None
    assert signature.payload_hash is not None  # noqa: S101 - of what covers the body
    return Known(signature.payload_hash, action.name, conditions.contract)


def _read(
    request: WireRequest, call: Call, action: Action[Any, Any, Any], known: Known | None
) -> Mapping[str, Any]:
    """The parameters of the action, from wherever they came."""
    if call.texts is not None:
        return read_texts(action.request, call.texts)
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
    action: Action[Any, Any, Any],
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
