"""Calls that another server answers, while `mockocr record` runs
(docs/decisions/0014-forwarding-is-an-outcome.md)."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.action import AnyAction, Query
from mockocr.journal.exchange import Exchange
from mockocr.protocol.call import Call
from mockocr.protocol.envelope import members as members_of
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.call_image import CallImage
from mockocr.scenario.outcomes import Outcome


class ForwardedCall(NamedTuple):
    """A call that passed all checks before the rules."""

    request: WireRequest
    call: Call
    action: AnyAction
    query: Query
    settings: CallSettings
    call_image: CallImage


class Upstream(Protocol):
    """Another server that answers calls."""

    def answer(self, call: ForwardedCall) -> Mapping[str, Any]:
        """The members of Response without RequestId. Raises ApiError if the upstream refuses the
        call, or gives no answer. It may take seconds."""


class Fallback(NamedTuple):
    """The outcome of calls that no rule matches, instead of what the picture shows."""

    outcome: Outcome
    ignores_rules: bool = False
    """Whether it is the outcome of every call."""


def forward(upstream: Upstream, call: ForwardedCall, exchange: Exchange) -> bytes:
    """The members of Response without RequestId, as JSON. Raises ApiError."""
    try:
        members = upstream.answer(call)
        exchange.response = call.action.mask(members)
        exchange.marks = call.action.marks(call.query, members, call.settings.contract)
        return members_of(members)
    finally:
        exchange.picture = call.call_image.found
