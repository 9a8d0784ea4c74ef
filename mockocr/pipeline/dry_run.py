"""Which rule would take a call: it walks the corridor as far as the decision, and nothing that it
does is counted or kept."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockocr.accounts.account import Account
from mockocr.actions.catalogue import ACTIONS
from mockocr.journal.exchange import exchange_of
from mockocr.pipeline.authorize import DryCharge
from mockocr.pipeline.pipeline import Service
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest
from mockocr.scenario.rulebook import Decision


def match(
    service: Service,
    account: Account,
    parameters: Mapping[str, Any],
    region: str = "",
    headers: Mapping[str, str] | None = None,
) -> tuple[Decision, list[dict[str, Any]]]:
    """Which rule would take a call of an account, and why the ones before it would not.

    Raises ApiError for a call that would be refused before rules are asked.
    """
    request = _request(parameters, region, headers or {})
    call = read_call(request, with_proof=False)
    now = service.clock_of(account).at(request.received_at)
    exchange = exchange_of(request)
    exchange.action = call.action
    dry_charge = DryCharge(account.name, service.packages, service.registry.call_counters)
    decided = service.decide(request, call, account, now, exchange, dry_charge)
    return decided.decision, service.near_misses(exchange)


def _request(parameters: Mapping[str, Any], region: str, headers: Mapping[str, str]) -> WireRequest:
    """As a client would send it, but for what proves who calls."""
    (action,) = ACTIONS
    sent = {
        "content-type": "application/json",
        "x-tc-action": action.name,
        "x-tc-version": action.version,
        **{name.lower(): value for name, value in headers.items()},
    }
    if region:
        sent["x-tc-region"] = region
    body = json.dumps(parameters).encode()
    return WireRequest("", datetime.now(UTC), "POST", "/", "", sent, body)
