"""The corridor: from a request to its reply, through every room, in this order and no other.

Any room may raise ApiError; it is caught here, once. Whatever else is raised is a bug of ours.
The order is that of docs/fidelity.md#the-order-of-checks.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from time import perf_counter
from typing import Any, Literal, NamedTuple

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import REAL_TIME, Clock, MovedClocks
from mockocr.accounts.conditions import (
    Conditions,
    Overrides,
    UnknownPictures,
    first,
)
from mockocr.accounts.identity import identify
from mockocr.accounts.quotas import Packages, RateWindow
from mockocr.actions.action import Action
from mockocr.actions.catalogue import ACTIONS, find_action
from mockocr.journal.events import Events
from mockocr.journal.exchange import Exchange, Journal, bytes_of, exchange_of, without_secrets
from mockocr.journal.metrics import Metrics
from mockocr.people.number import Numbers
from mockocr.pipeline.authorize import Charge, DryCharge, not_open, not_permitted
from mockocr.pipeline.body_cache import Answer, BodyCache, Known, ParsedBody
from mockocr.pipeline.decide import Seen, near_misses, play
from mockocr.pipeline.reply import reply_to
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
from mockocr.recognition.call_image import SHORT_BYTES, CallImage, Pictures
from mockocr.scenario.outcomes import (
    FaultOutcome,
    Outcome,
    Recognized,
    Refused,
)
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.scenario.rulebook import Decision, Rulebook, undecided
from mockocr.settings import API_PAGE

logger = logging.getLogger("mockocr.calls")

Auth = Literal["strict", "lenient", "off"]
"""Whether it must be proven who calls; lenient: it is verified and reported, and lets pass."""

KNOWN_CALLS = 64
"""So many of an account's last calls are looked through for the body that somebody signed."""

GLANCED_BYTES = 2048
"""Of each end of a long body, to see whether answering it may be slow."""


class Defaults(NamedTuple):
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

    def __init__(self, members: bytes) -> None:
        super().__init__()
        self.members = members
        """What the API would say, where a part of it comes through."""


class Settled(NamedTuple):
    """The conditions of an account, and what they were settled from."""

    account: Account
    rulebook: Rulebook
    others: tuple[Any, ...]
    """The conditions but the time."""


class Decided(NamedTuple):
    """A call that rules were asked about, and what they had done."""

    action: Action[Any, Any]
    conditions: Conditions
    parsed_body: ParsedBody
    call_image: CallImage
    decision: Decision


class Service:
    """Answers calls. What may change between calls is held here, and nowhere else: the accounts,
    what they have used up, what plays for them, the journal, and what pictures showed."""

    def __init__(
        self,
        accounts: Accounts,
        registry: ScenarioRegistry,
        journal: Journal,
        defaults: Defaults,
        pictures: Pictures | None = None,
    ) -> None:
        self.accounts = accounts
        self.registry = registry
        self.journal = journal
        self.clocks = MovedClocks()
        self.rates = RateWindow()
        self.packages = Packages()
        self.defaults = defaults
        self._defaults = Overrides(
            seed=defaults.seed, contract=defaults.contract, rate=defaults.rate
        )
        self._settled: dict[str, Settled] = {}
        """By account."""
        self.events = Events()
        self.metrics = Metrics()
        self.pictures = pictures or Pictures()
        self.body_cache = BodyCache()

    def is_slow(self, request: WireRequest) -> bool:
        """Whether answering might hold up an event loop for longer than a body's hash does."""
        sent = request.ends(GLANCED_BYTES) or request.query.encode(WIRE_ENCODING)
        for action in ACTIONS:
            if action.slow(sent):
                return True
        if self.pictures.fetches and b"ImageUrl" in (
            request.body or request.query.encode(WIRE_ENCODING)
        ):
            return True
        return len(sent) > SHORT_BYTES and self.pictures.is_new(_sent_hash(request))

    def reset(self, account: str) -> None:
        """Counters, rate, package, clock and journal of an account: as if it had never called."""
        self.registry.call_counters.reset(account)
        self.rates.reset(account)
        self.packages.reset(account)
        self.clocks.reset(account)
        self.journal.reset(account)

    def forget(self, account: str) -> None:
        """An account that is removed; its calls stay in the journal."""
        self.journal.forget(account)
        self.registry.set_own(account, ())
        self.registry.call_counters.reset(account)
        self.rates.reset(account)
        self.packages.reset(account)
        self.clocks.reset(account)
        self.metrics.forget(account)
        self._settled.pop(account, None)

    def clock_of(self, account: Account) -> Clock:
        """As it was moved; else as the account, then as a scenario says; else real time."""
        moved = self.clocks.of(account.name)
        said = moved or account.clock or self.registry.rulebook(account.name).overrides.clock
        return said or REAL_TIME

    def conditions(self, account: Account, rulebook: Rulebook, now: datetime) -> Conditions:
        """By what plays for the account; `now`: by its clock."""
        settled = self._settled.get(account.name)
        # Neither ever changes: another account or rulebook takes its place.
        if settled is None or settled.account is not account or settled.rulebook is not rulebook:
            settled = Settled(account, rulebook, self._settle(account, rulebook))
            self._settled[account.name] = settled
        return Conditions(now, *settled.others)

    def _settle(self, account: Account, rulebook: Rulebook) -> tuple[Any, ...]:
        """The conditions but the time."""
        said = account, rulebook.overrides, self._defaults
        return (
            first("seed", said),
            self.defaults.numbers,
            first("contract", said),
            first("state", said) or "ok",
            first("package", said),
            first("rate", said),
            self.defaults.unknown_pictures,
        )

    def near_misses(self, exchange: Exchange) -> list[dict[str, Any]]:
        """The rules that did not take a call, and by what; masked."""
        if exchange.rulebook is None or exchange.facts is None:
            return []
        action = next(action for action in ACTIONS if action.name == exchange.action)
        taken = exchange.rule, exchange.scenario
        return near_misses(exchange.rulebook, action, exchange.facts, *taken)

    def answer(self, request: WireRequest) -> WireReply:
        """Never raises: a bug of ours is logged, journaled and answered as InternalError."""
        reply, exchange = self.answer_now(request)
        self.record((exchange,))
        return reply

    def answer_now(self, request: WireRequest) -> tuple[WireReply, Exchange]:
        """A reply, and the exchange that `record` still has to see. Never raises, as `answer`."""
        started = perf_counter()
        exchange = exchange_of(request)
        members = b""
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
            self.pictures.remember(_sent_hash(request))
        exchange.milliseconds = 1000 * (perf_counter() - started)
        return reply, exchange

    def record(self, exchanges: Sequence[Exchange]) -> None:
        """Journals, counts, publishes and logs calls that were answered, in this order."""
        self.journal.write_all(exchanges)
        self.metrics.count_all(exchanges)
        for exchange in exchanges if self.events.heard else ():
            self.events.publish("call", exchange.summary)
        if exchanges and logger.isEnabledFor(logging.INFO):
            logger.info("call", extra={"exchanges": tuple(exchanges)})

    def _walk(self, request: WireRequest, exchange: Exchange) -> bytes:
        """The members of Response, as JSON."""
        call = read_call(request, with_proof=self.defaults.auth != "off")
        exchange.action, exchange.language = call.action, call.language
        account, now = self._account(request, call, exchange)
        charge = Charge(account.name, self.rates, self.packages, self.registry.call_counters)
        try:
            decided = self.decide(request, call, account, now, exchange, charge)
            call_image = decided.call_image
            try:
                answer = self._answer_to(decided)
            finally:
                exchange.picture = call_image.found
                exchange.reading = call_image.shown()
                exchange.note = exchange.note or call_image.reason
        except BaseException as error:
            charge.give_back(error)
            raise
        exchange.response = answer.shown
        exchange.shown_bytes = decided.parsed_body.shown_bytes + answer.shown_bytes
        return answer.members

    def decide(
        self,
        request: WireRequest,
        call: Call,
        account: Account,
        now: datetime,
        exchange: Exchange,
        charge: Charge | DryCharge,
    ) -> Decided:
        """What becomes of an account's call, at `now` by its clock. Raises ApiError for one that is
        refused before rules are asked."""
        # Once: what plays may change meanwhile.
        rulebook = self.registry.rulebook(account.name)
        conditions = self.conditions(account, rulebook, now)
        action = find_action(vendor_product(request.headers.get("host", "")), call)
        admit(request, call, action.regions)
        if conditions.rate:
            charge.check_rate(action, conditions)
        if account.allow is not None and action.name not in account.allow:
            raise not_permitted(request.request_id, action)
        known = _known(call, action, conditions, exchange.signature)
        parsed_body = known and self.body_cache.find(known, action, request)
        came_before = parsed_body is not None
        if parsed_body:
            exchange.parameters = parsed_body.shown
        else:
            parameters = _read(request, call, action, known)
            exchange.parameters = action.mask(parameters)
            exchange.note = _note(action.newer_parameters(conditions.contract), parameters)
            given = read_parameters(action.parameters(conditions.contract), parameters)
        if conditions.state != "ok":
            raise not_open(action, conditions.state)
        charge.check_package(action, conditions)
        if not parsed_body:
            asked = action.parse_query(given, conditions.contract)
            parsed_body = ParsedBody(exchange.parameters, asked, bytes_of(exchange.parameters))
            if known:
                self.body_cache.keep(known, action, request.body, parsed_body)
        asked = parsed_body.asked
        call_image = CallImage(self.pictures, action.image(asked))
        if rulebook.decides:
            seen = Seen(call.region, request.headers, call_image)
            shortlist = parsed_body.shortlist(rulebook, action) if came_before else None
            played = play(
                rulebook,
                action,
                asked,
                seen,
                account.name,
                conditions,
                charge.call_counters,
                shortlist,
            )
            exchange.rulebook, exchange.facts, decision = rulebook, played.facts, played.decision
        else:
            decision = undecided(action)
        exchange.rule, exchange.scenario = decision.rule, decision.scenario
        exchange.resolved, exchange.delayed_by = decision.resolved, decision.delayed_by
        return Decided(action, conditions, parsed_body, call_image, decision)

    def _answer_to(self, decided: Decided) -> Answer:
        """As before, or anew. Raises ApiError and NoAnswerError."""
        action, conditions, parsed_body, call_image, decision = decided
        outcome = decision.resolved.outcome
        answer = parsed_body.answer(outcome, conditions)
        if answer is None:
            fields = _render(action, parsed_body.asked, outcome, conditions, call_image)
            shown = action.mask(fields)
            answer = Answer(
                outcome, members_of(fields), shown, call_image.snapshot_of(), bytes_of(shown)
            )
            if not self.pictures.fetches:
                parsed_body.keep(answer, conditions)
        call_image.restore(answer.snapshot_of)
        return answer

    def _account(
        self, request: WireRequest, call: Call, exchange: Exchange
    ) -> tuple[Account, datetime]:
        """Whoever calls, and when by their clock. Raises ApiError where that has to be proven and
        is not."""
        identity = identify(request, call, self.accounts, self.clock_of)
        account = identity.account
        exchange.account = account.name if account else None
        exchange.signature = without_secrets(identity.signature) if identity.signature else None
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


def _sent_hash(request: WireRequest) -> str:
    """Of the body, or of the query where there is none."""
    if request.body_bytes:
        return request.body_hash
    return sha256(request.query.encode(WIRE_ENCODING)).hexdigest()


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
    return signature.payload_hash, action.name, conditions.contract


def _read(
    request: WireRequest, call: Call, action: Action[Any, Any], known: Known | None
) -> Mapping[str, Any]:
    """The parameters of the action, from wherever they came."""
    if call.texts is not None:
        return read_texts(action.parameters(date.max), call.texts)
    body_hash = known[0] if known else None
    return read_json_object(request.body, action.long_parameters, body_hash)


def _note(newer: Mapping[str, date], given: Mapping[str, Any]) -> str | None:
    """For people who send what the contract has not yet."""
    told = [
        f"{name} is known with --contract {day}" for name, day in newer.items() if name in given
    ]
    return "; ".join(told) or None


def _render(
    action: Action[Any, Any],
    asked: Any,
    outcome: Outcome,
    conditions: Conditions,
    call_image: CallImage,
) -> Mapping[str, Any]:
    match outcome:
        case Recognized(answer):
            return action.render(asked, answer, conditions, call_image)
        case Refused(refusal):
            raise refusal.error()
        case FaultOutcome(Fault.TRUNCATED_BODY | Fault.BAD_JSON, answer):
            raise NoAnswerError(members_of(action.render(asked, answer, conditions, call_image)))
        case _:
            raise NoAnswerError(b"")
