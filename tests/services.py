"""The corridor with accounts of a test, and what comes out of it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mockocr.accounts.account import Account, Accounts
from mockocr.journal.exchange import Journal
from mockocr.pipeline.pipeline import Defaults, Service
from mockocr.protocol.wire import WireReply
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from tests.requests import NOW, SECRET_ID, SECRET_KEY, a_call

ALICE = Account("alice", {SECRET_ID: SECRET_KEY}, rate=0)


def a_service(*accounts: Account, **defaults: Any) -> Service:
    journal = Journal(max_calls=100, max_bytes=2**20)
    return Service(
        Accounts(accounts or [ALICE]),
        ScenarioRegistry(CallCounters()),
        journal,
        Defaults(**defaults),
    )


def response(reply: WireReply) -> Mapping[str, Any]:
    assert (reply.status, reply.content_type) == (200, "application/json")
    told = json.loads(reply.body)
    assert list(told) == ["Response"]
    assert told["Response"]["RequestId"]
    return dict(told["Response"])


def outcome(reply: WireReply) -> str:
    told = response(reply)
    return str(told["Error"]["Code"]) if "Error" in told else "ok"


def refused(service: Service) -> str:
    return outcome(service.answer(a_call()))


WRONG = {
    "AuthFailure.SignatureFailure": replace(a_call(), content=b'{"ImageUrl": "https://xx/b.jpg"}'),
    "AuthFailure.InvalidAuthorization": replace(
        a_call(), headers={**a_call().headers, "authorization": "SKIP"}
    ),
    "AuthFailure.SignatureExpire": replace(a_call(), received_at=NOW + timedelta(days=1)),
}
