"""Why a call was answered as it was, over HTTP."""

import asyncio
from typing import Any

from pydantic import Field
from starlette.requests import Request

from mockocr.admin.endpoint import Endpoint
from mockocr.admin.pictures import PictureFound, picture_of
from mockocr.admin.replies import Reply
from mockocr.admin.requests import ACCOUNT, UNKNOWN_CALL, call_asked_for
from mockocr.images.image import ImageError
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.near_misses import near_misses
from mockocr.pipeline.state import State
from mockocr.protocol.signature import Signature


class Difference(Reply):
    """A condition that does not hold."""

    name: str
    """CardSide, Config.TempIdWarn, picture.min_width, header.X-TC-Language ..."""
    wanted: Any
    """As it is written: a list of values, or a matcher."""
    found: Any


class NearMiss(Reply):
    """A rule that was asked and did not take the call."""

    scenario: str
    rule: str
    differences: list[Difference]
    """None: it would have taken the call, but its list was used up."""


class Decision(Reply):
    rule: str | None
    """The rule that took the call, or the entry of chaos that struck it."""
    scenario: str | None
    """Whose rule it is."""
    near_misses: list[NearMiss]
    """In the order in which they were asked."""


class Hint(Reply):
    en: str
    zh: str


class Mistake(Reply):
    """One difference from the documented way to sign."""

    cause: str
    step: str
    line: int | None
    """Of the canonical request or the string to sign, from 1."""
    expected: str
    found: str
    python: str
    """The correct code of the step."""
    node: str


class Explanation(Reply):
    """Why a call was answered as it was."""

    request_id: str = Field(alias="RequestId")
    outcome: str
    cause: str | None
    """Why it is not proven who calls, by name."""
    proven: bool
    """Whether the cause was found by reproducing the signature that was sent."""
    hint: Hint | None
    details: list[Mistake]
    """The mistakes that reproduce the signature that was sent, step by step."""
    note: str | None
    signature: Signature | None
    """Each step as the server computed it; never the key."""
    decision: Decision
    picture: PictureFound | ImageError | None


def explain_endpoints(state: State) -> list[Endpoint]:
    async def explain_request(request: Request) -> Explanation:
        exchange = call_asked_for(request, state)
        if (search := exchange.search) is not None:
            await asyncio.wrap_future(state.searches.ask(exchange.request_id, search))
        return explanation(exchange, state)

    return [
        Endpoint(
            "GET",
            "/requests/{request_id}/explain",
            "Why a call was answered as it was",
            explain_request,
            (ACCOUNT,),
            {200: "The explanation.", 404: UNKNOWN_CALL},
        )
    ]


def explanation(exchange: Exchange, state: State) -> Explanation:
    cause = exchange.cause
    hint = cause.hint if cause else None
    return Explanation(
        request_id=exchange.request_id,
        outcome=exchange.outcome,
        cause=cause.name if cause else None,
        proven=cause.proven if cause else False,
        hint=Hint(**hint) if hint else None,
        details=[Mistake(**it.to_dict()) for it in cause.details] if cause else [],
        note=exchange.note,
        signature=exchange.signature,
        decision=Decision(
            rule=exchange.rule,
            scenario=exchange.scenario,
            near_misses=[NearMiss(**it) for it in near_misses(exchange)],
        ),
        picture=picture_of(exchange),
    )
