"""What would happen to a call: the stages from authorization to the decision, on copies of the
counters. Nothing is used up or journaled."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockocr.accounts.account import Account
from mockocr.accounts.quotas import RateWindow
from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import choose_action
from mockocr.journal.exchange import exchange_of
from mockocr.pipeline.authorize import Charge
from mockocr.pipeline.near_misses import near_misses
from mockocr.pipeline.pipeline import decide_call
from mockocr.pipeline.state import State
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest
from mockocr.scenario.rulebook import Decision


def match(
    state: State,
    account: Account,
    parameters: Mapping[str, Any],
    region: str = "",
    headers: Mapping[str, str] | None = None,
    action: str | None = None,
) -> tuple[Decision, list[dict[str, Any]]]:
    """The decision for a call of an account, and the near misses.

    `action` is a name; None: the only action. Raises UnknownActionError, and ApiError if the call
    would be refused before the rules.
    """
    request = _request(choose_action(action), parameters, region, headers or {})
    call = read_call(request, with_proof=False)
    now = state.clock_of(account).at(request.received_at)
    exchange = exchange_of(request)
    exchange.action = call.action
    charge = Charge(
        account.name,
        # Empty: other calls of the same second say nothing about a call at another time.
        RateWindow(),
        state.packages.snapshot(account.name),
        state.registry.call_counters.snapshot(account.name),
    )
    _, _, _, decision = decide_call(request, call, account, now, charge, exchange, state)
    return decision, near_misses(exchange)


def _request(
    action: AnyAction, parameters: Mapping[str, Any], region: str, headers: Mapping[str, str]
) -> WireRequest:
    """The request of a client, without a signature."""
    all_headers = {
        "content-type": "application/json",
        "x-tc-action": action.name,
        "x-tc-version": action.version,
        **{name.lower(): value for name, value in headers.items()},
    }
    if region:
        all_headers["x-tc-region"] = region
    body = json.dumps(parameters).encode()
    return WireRequest("", datetime.now(UTC), "POST", "/", "", all_headers, body)
