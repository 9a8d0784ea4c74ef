"""Which rule would take a call, over HTTP."""

import asyncio
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.actions.catalogue import UnknownActionError
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.explain import Decision, NearMiss
from mockocr.admin.filters import account_called
from mockocr.admin.outcomes import outcome_name
from mockocr.pipeline.dry_run import match
from mockocr.pipeline.state import State
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

    action: str | None = None
    """Its name; default: the only action."""
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
    delay_seconds: float
    dribble_seconds: float
    delayed_by: str | None
    """The entry of chaos that makes the answer late, and does no more."""


def match_endpoints(state: State) -> list[Endpoint]:
    def caller(name: str | None) -> Account:
        account = state.accounts.first() if name is None else account_called(name, state)
        if account is None:
            raise HTTPException(404, "there is no account")
        return account

    async def match_request(request: Request, words: MatchRequest) -> Match:
        # Elsewhere: a rule may ask about a picture of megabytes.
        return await asyncio.to_thread(_match, state, caller(words.account), words)

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


def _match(state: State, account: Account, words: MatchRequest) -> Match:
    try:
        decision, near_misses = match(
            state, account, words.parameters, words.region, words.headers, words.action
        )
    except UnknownActionError as error:
        raise HTTPException(422, str(error)) from None
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
