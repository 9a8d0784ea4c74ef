"""Pipelines for tests, and their replies."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mockocr.accounts.account import Account, Accounts
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol.wire import WireReply
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from tests.requests import NOW, SECRET_ID, SECRET_KEY, a_call

ALICE = Account("alice", {SECRET_ID: SECRET_KEY}, rate=0)


def a_pipeline(*accounts: Account, **defaults: Any) -> Pipeline:
    journal = Journal(max_calls=100, max_bytes=2**20)
    return Pipeline(
        State(
            Accounts(accounts or [ALICE]),
            ScenarioRegistry(CallCounters()),
            journal,
            Defaults(**defaults),
        )
    )


def response(reply: WireReply) -> Mapping[str, Any]:
    assert (reply.status, reply.content_type) == (200, "application/json")
    document = json.loads(reply.body)
    assert list(document) == ["Response"]
    assert document["Response"]["RequestId"]
    return dict(document["Response"])


def outcome(reply: WireReply) -> str:
    members = response(reply)
    return str(members["Error"]["Code"]) if "Error" in members else "ok"


def refused(pipeline: Pipeline) -> str:
    return outcome(pipeline.answer(a_call()))


WRONG = {
    "AuthFailure.SignatureFailure": replace(a_call(), content=b'{"ImageUrl": "https://xx/b.jpg"}'),
    "AuthFailure.InvalidAuthorization": replace(
        a_call(), headers={**a_call().headers, "authorization": "SKIP"}
    ),
    "AuthFailure.SignatureExpire": replace(a_call(), received_at=NOW + timedelta(days=1)),
}
