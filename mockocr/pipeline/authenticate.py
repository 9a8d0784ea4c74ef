"""Which account calls, at what time, and why authentication failed: rows 7 to 11 of
docs/fidelity.md#the-order-of-checks."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from mockocr.accounts.account import Account
from mockocr.accounts.identity import Identity, identify
from mockocr.actions.catalogue import all_actions
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.state import State
from mockocr.protocol import hints, refusals
from mockocr.protocol.call import Call
from mockocr.protocol.reasons import Note, Reason
from mockocr.protocol.redact import redacted_signature
from mockocr.protocol.wire import WireRequest

if TYPE_CHECKING:
    from mockocr.explainer.search import Search

EXPLAINED_CALLS = 64
"""The explainer tries the bodies of this many earlier calls."""


def authenticate(
    request: WireRequest, call: Call, exchange: Exchange, state: State
) -> tuple[Account, datetime]:
    """The calling account, and the time by its clock.

    Raises ApiError if authentication fails and `--auth` is strict. Otherwise a call with an unknown
    SecretId belongs to the first account; raises ApiError if there is none.
    """
    identity = identify(request, call, state.accounts, state.clock_of)
    account = identity.account
    exchange.account = account.name if account else None
    exchange.signature = redacted_signature(identity.signature) if identity.signature else None
    if identity.signature and identity.signature.as_sent:
        names = ", ".join(identity.signature.as_sent)
        exchange.notes = (Note("signed_as_sent", Reason(hints.SIGNED_AS_SENT, names)),)
    if identity.refusal and state.defaults.auth != "off":
        search = _search(request, call, identity, state)
        exchange.cause = search.cause
        exchange.search = None if search.is_over else search
        if state.defaults.auth == "strict":
            raise identity.refusal
        exchange.unproven = identity.refusal.code
    if account is not None:
        return account, identity.now
    account = state.accounts.first()
    if account is None:
        raise refusals.SECRET_ID_NOT_FOUND.error(Reason(hints.NO_ACCOUNT, "SecretId"))
    exchange.account = account.name
    return account, state.clock_of(account).at(request.received_at)


def _search(request: WireRequest, call: Call, identity: Identity, state: State) -> "Search":
    """Why authentication failed: a search that has begun, and may be over."""
    # Late: most servers never explain a call.
    from mockocr.explainer.explain import explain

    account = identity.account
    hashes = state.journal.payload_hashes(account.name, EXPLAINED_CALLS) if account else ()
    ports = sorted(state.pictures.own_ports)
    names = [
        name
        for action in all_actions()
        if action.name == call.action
        for name in action.parameters(date.max)
    ]
    # If the queue is full, a search begins only when somebody asks for the explanation.
    begin = not state.searches.is_full
    return explain(request, call, identity, state.accounts, hashes, ports, names, begin)
