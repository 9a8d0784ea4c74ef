"""The endpoint that shows which rule a call would match: a dry run."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.actions.catalogue import UnknownActionError
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.explain import Decision, NearMiss
from mockocr.admin.filters import account_or_first
from mockocr.admin.outcomes import outcome_name
from mockocr.pipeline.dry_run import match
from mockocr.pipeline.state import State
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import MAX_BODY_BYTES

DESCRIPTION = (
    "A dry run: no counter changes. The outcome is the rule's; the picture is not examined, so a"
    " real call may still be refused because of it. If the call would be refused before the rules,"
    " the outcome is the error code, with a message. Signature and rate are not checked."
)


class MatchRequest(BaseModel):
    """The parts of a call that conditions of rules can test."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    action: str | None = None
    """Its name; default: the only action."""
    parameters: dict[str, Any] = Field(default={}, repr=False)
    region: str = ""
    headers: dict[str, str] = Field(default={}, repr=False)
    account: str | None = None


class Match(Decision):
    """The decision on a call."""

    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    message: str | None
    """The message of a refusal before the rules."""
    delay_seconds: float
    dribble_seconds: float
    delayed_by: str | None
    """The chaos entry that only delays the answer."""


def match_endpoints(state: State) -> list[Endpoint]:
    async def match_request(request: Request, call: MatchRequest) -> Match:
        # In a thread: a condition may examine a picture, and download it.
        pool = state.pools.downloads if state.pictures.fetches else state.pools.admin
        return await pool.run(_match, state, account_or_first(call.account, state), call)

    return [
        Endpoint(
            "POST",
            "/match",
            "Show which rule a call would match, and why the others do not",
            match_request,
            statuses={
                200: "The decision.",
                404: "No account has this name.",
            },
            description=DESCRIPTION,
            max_body_bytes=MAX_BODY_BYTES,
        )
    ]


def _match(state: State, account: Account, call: MatchRequest) -> Match:
    try:
        decision, near_misses = match(
            state, account, call.parameters, call.region, call.headers, call.action
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
        near_misses=[NearMiss(**miss) for miss in near_misses],
        outcome=outcome_name(resolved.outcome),
        message=None,
        delay_seconds=round(resolved.delay_seconds, 6),
        dribble_seconds=resolved.dribble_seconds,
        delayed_by=decision.delayed_by,
    )
