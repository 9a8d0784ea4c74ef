"""Which rule would take a call, over HTTP."""

import asyncio
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.explain import Decision, NearMiss
from mockocr.admin.filters import account_called
from mockocr.admin.outcomes import outcome_name
from mockocr.pipeline.dry_run import match
from mockocr.pipeline.pipeline import Service
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import MAX_BODY_BYTES

DESCRIPTION = (
    "Nothing is counted: sequences stay where they are. The outcome is what the rule says: the"
    " picture is not read, so that a call may still be refused for it. A call that would be refused"
    " before rules are asked has the code as its outcome, and a message. Neither the signature nor"
    " the rate is asked about."
)


class MatchRequest(BaseModel):
    """A call, as far as rules ask about it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    parameters: dict[str, Any] = Field(default={}, repr=False)
    region: str = ""
    headers: dict[str, str] = Field(default={}, repr=False)
    account: str | None = None


class Match(Decision):
    """What would become of a call."""

    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    message: str | None
    """Of an error code that comes before rules are asked."""
    delay_seconds: float = Field(alias="delaySeconds")
    dribble_seconds: float = Field(alias="dribbleSeconds")
    delayed_by: str | None = Field(alias="delayedBy")
    """The entry of chaos that makes the answer late, and does no more."""


def match_endpoints(service: Service) -> list[Endpoint]:
    def caller(name: str | None) -> Account:
        account = service.accounts.first() if name is None else account_called(name, service)
        if account is None:
            raise HTTPException(404, "there is no account")
        return account

    async def match_request(request: Request, words: MatchRequest) -> Match:
        # Elsewhere: a rule may ask about a picture of megabytes.
        return await asyncio.to_thread(_match, service, caller(words.account), words)

    return [
        Endpoint(
            "POST",
            "/match",
            "Which rule would take this call, and why not the others",
            match_request,
            statuses={
                200: "What would become of it.",
                404: "There is no account of this name.",
            },
            description=DESCRIPTION,
            max_body_bytes=MAX_BODY_BYTES,
        )
    ]


def _match(service: Service, account: Account, words: MatchRequest) -> Match:
    try:
        decision, near_misses = match(
            service, account, words.parameters, words.region, words.headers
        )
    except ApiError as error:
        return Match(
            rule=None,
            scenario=None,
            near_misses=[],
            outcome=error.code,
            message=error.message("en-US"),
            delay_seconds=0,
            dribble_seconds=0,
            delayed_by=None,
        )
    resolved = decision.resolved
    return Match(
        rule=decision.rule,
        scenario=decision.scenario,
        near_misses=[NearMiss(**it) for it in near_misses],
        outcome=outcome_name(resolved.outcome),
        message=None,
        delay_seconds=round(resolved.delay_seconds, 6),
        dribble_seconds=resolved.dribble_seconds,
        delayed_by=decision.delayed_by,
    )
