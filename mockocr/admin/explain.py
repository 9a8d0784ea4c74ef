"""The endpoint that explains a call: why it got its answer."""

import asyncio
from typing import Any, Literal

from pydantic import Field
from starlette.requests import Request

from mockocr.admin.endpoint import Endpoint
from mockocr.admin.language import language_of
from mockocr.admin.pictures import PictureView, picture_view
from mockocr.admin.reasons import (
    HintView,
    NoteView,
    ReasonView,
    hint_view,
    note_views,
    reason_view,
)
from mockocr.admin.replies import Reply
from mockocr.admin.requests import ACCOUNT, UNKNOWN_CALL, requested_call
from mockocr.images.image import ImageError
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.near_misses import near_misses
from mockocr.pipeline.state import State
from mockocr.protocol.reasons import OwnLanguage
from mockocr.protocol.signature import Signature
from mockocr.settings import Settings


class Difference(Reply):
    """A condition that does not hold."""

    name: str
    """CardSide, Config.TempIdWarn, picture.min_width, header.X-TC-Language ..."""
    expected: Any
    """The condition as written: a list of values, or a matcher."""
    found: Any
    """The value of the call."""


class NearMiss(Reply):
    """A rule that did not match the call."""

    scenario: str
    rule: str
    conditions: int
    """The number of conditions of the rule."""
    differences: list[Difference]
    """Empty if the conditions matched, but the steps of the rule were used up."""


class Decision(Reply):
    rule: str | None
    """The rule or chaos entry that decided the outcome."""
    scenario: str | None
    """The scenario of that rule or entry."""
    near_misses: list[NearMiss]
    """In order of precedence."""


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
    """Why a call got its answer."""

    request_id: str = Field(alias="RequestId")
    outcome: str
    language: Literal["en", "zh"]
    """The requested language: --lang of the server, else Accept-Language, else en."""
    message: str | None
    """The message of the error, as it was sent."""
    reason: ReasonView | None
    """Why the call was refused; null if it succeeded, or if a scenario refused it."""
    cause: str | None
    """The cause of a failed signature, by name."""
    proven: bool
    """Whether the cause is proven: with this mistake, the signature is the one that was sent."""
    hint: HintView | None
    """How to fix the call."""
    details: list[Mistake]
    """The mistakes that reproduce the signature that was sent, step by step."""
    notes: list[NoteView]
    """Notes on parameters and flags without effect, and on data that was left out."""
    signature: Signature | None
    """Each step as computed by the server; never the key."""
    decision: Decision
    picture: PictureView | ImageError | None


def explain_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    async def explain_request(request: Request) -> Explanation:
        exchange = requested_call(request, state)
        if (search := exchange.search) is not None:
            await asyncio.wrap_future(state.searches.ask(exchange.request_id, search))
        # In a thread: the rules are matched again.
        language = language_of(request, settings)
        return await state.pools.admin.run(explanation, exchange, language)

    return [
        Endpoint(
            "GET",
            "/requests/{request_id}/explain",
            "Explain why a call got its answer",
            explain_request,
            (ACCOUNT,),
            {200: "The explanation.", 404: UNKNOWN_CALL},
        )
    ]


def explanation(exchange: Exchange, language: OwnLanguage) -> Explanation:
    cause = exchange.cause
    return Explanation(
        request_id=exchange.request_id,
        outcome=exchange.outcome,
        language=language,
        message=exchange.message,
        reason=reason_view(exchange),
        cause=cause.name if cause else None,
        proven=cause.proven if cause else False,
        hint=hint_view(exchange),
        details=[Mistake(**each.to_dict()) for each in cause.details] if cause else [],
        notes=note_views(exchange),
        signature=exchange.signature,
        decision=Decision(
            rule=exchange.rule,
            scenario=exchange.scenario,
            near_misses=[NearMiss(**miss) for miss in near_misses(exchange)],
        ),
        picture=picture_view(exchange),
    )
