"""The pipeline: from a request to its reply and its record, stage by stage.

The order of the stages is that of docs/fidelity.md#the-order-of-checks. A stage writes what it
finds into the Exchange. It raises ApiError to refuse the call; any other exception is a bug. Both
are caught once, here.
"""

from datetime import datetime
from functools import partial
from time import perf_counter

from mockocr.accounts.account import Account
from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.catalogue import find_action
from mockocr.journal.exchange import Exchange, exchange_of
from mockocr.pipeline import event_loop
from mockocr.pipeline.authenticate import authenticate
from mockocr.pipeline.authorize import Charge, not_open, not_permitted
from mockocr.pipeline.body_cache import ParsedBody
from mockocr.pipeline.decide import decide
from mockocr.pipeline.forward import ForwardedCall, forward
from mockocr.pipeline.record import record
from mockocr.pipeline.render import render
from mockocr.pipeline.reply import reply_to
from mockocr.pipeline.state import State, logger
from mockocr.protocol import refusals
from mockocr.protocol.call import Call, admit, read_call
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import WireReply, WireRequest, vendor_product
from mockocr.recognition.call_image import CallImage
from mockocr.scenario.outcomes import Forwarded
from mockocr.scenario.rulebook import Decision


class Pipeline:
    """Answers calls. Safe for concurrent threads."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.record = partial(record, state)

    def answer(self, request: WireRequest) -> WireReply:
        """The reply to a call, which is recorded too. A bug is answered with InternalError."""
        reply, exchange = self.reply(request)
        self.record((exchange,))
        return reply

    def reply(self, request: WireRequest) -> tuple[WireReply, Exchange]:
        """The reply to a call, and its exchange, which the caller passes to `record`."""
        started = perf_counter()
        exchange = exchange_of(request)
        members = b""
        try:
            members = self._members(request, exchange)
        except ApiError as error:
            exchange.error = error
        except Exception:
            extra = {"request_id": request.request_id}
            logger.exception("bug in mockocr: call %s failed", request.request_id, extra=extra)
            exchange.error = refusals.INTERNAL_ERROR.error()
        reply = reply_to(request, exchange, members)
        exchange.milliseconds = 1000 * (perf_counter() - started)
        return reply, exchange

    def _members(self, request: WireRequest, exchange: Exchange) -> bytes:
        """The members of Response without RequestId, as JSON. Raises ApiError."""
        state = self.state
        call = read_call(request, with_proof=state.defaults.auth != "off")  # rows 1 to 6
        exchange.action, exchange.language = call.action, call.language
        account, now = authenticate(request, call, exchange, state)  # rows 7 to 11
        charge = Charge(account.name, state.rates, state.packages, state.registry.call_counters)
        try:
            parsed_body, settings, call_image, decision = decide_call(
                request, call, account, now, charge, exchange, state
            )
            outcome = decision.resolved.outcome
            if isinstance(outcome, Forwarded) and state.upstream is not None:
                forwarded = ForwardedCall(
                    request, call, parsed_body.action, parsed_body.query(), settings, call_image
                )
                members = forward(state.upstream, forwarded, exchange)
            else:
                members = render(parsed_body, outcome, settings, call_image, exchange)  # row 30
        except BaseException as error:
            charge.refund(error)
            raise
        if call_image.reading is not None:
            event_loop.remember(state, request, parsed_body, call_image)
        if exchange.response is None:
            charge.refund()
        return members


def decide_call(
    request: WireRequest,
    call: Call,
    account: Account,
    now: datetime,
    charge: Charge,
    exchange: Exchange,
    state: State,
) -> tuple[ParsedBody, CallSettings, CallImage, Decision]:
    """The stages from the authenticated call to the decision. Raises ApiError."""
    # Once: the active scenarios may change meanwhile.
    rulebook = state.registry.rulebook(account.name)
    settings = state.settings_of(account, rulebook, now)
    action = find_action(vendor_product(request.headers.get("host", "")), call)  # rows 12 to 14
    admit(request, call, action.regions)  # rows 15 and 16
    if settings.rate:
        charge.check_rate(action, settings)  # row 17
    if account.allow is not None and action.name not in account.allow:
        raise not_permitted(action, request.request_id, account.allow)  # row 18
    parsed_body = state.body_cache.read(  # rows 19 to 21
        request, call, action, settings.contract, exchange
    )
    if settings.state != "ok":
        raise not_open(action, settings.state)  # rows 22 to 24
    charge.check_package(action, settings)  # row 25
    query = parsed_body.query()  # rows 26 to 29
    if query.notes:
        exchange.notes += query.notes
    call_image = CallImage(state.pictures, query.image, request.arrived)
    decision = decide(
        request,
        call,
        settings,
        charge,
        rulebook,
        parsed_body,
        call_image,
        exchange,
        state.fallback,
    )
    return parsed_body, settings, call_image, decision
