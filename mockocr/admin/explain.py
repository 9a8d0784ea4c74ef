"""The endpoint that explains a call: why it got its answer."""

import asyncio
from collections.abc import Collection, Iterable
from typing import Any, Literal

from pydantic import Field
from starlette.requests import Request

from mockocr.accounts.account import Account
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
from mockocr.explainer.causes import NAMES, NEED_NO_BODY
from mockocr.images.image import ImageError
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.near_misses import near_misses
from mockocr.pipeline.saved_call import record_of
from mockocr.pipeline.state import State
from mockocr.protocol.reasons import OwnLanguage
from mockocr.protocol.saved_request import lacks_body
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest
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


class FirstDifference(Reply):
    line: int
    """From 1."""
    column: int
    """From 1, in bytes."""
    byte: int
    """From 0, in the whole text."""


class StepPair(Reply):
    """A step of a signature, as the client did it beside the right one."""

    step: Literal["canonical request", "string to sign"]
    yours: str | None
    """null if it is not known."""
    right: str | None
    differs_at: FirstDifference | None
    """null if they are the same, or if one is not known."""


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
    steps: list[StepPair]
    """Of a TC3 signature."""
    not_tried: list[str]
    """The causes that could not be found, because the body of a saved request is missing."""
    notes: list[NoteView]
    """Notes on parameters and flags without effect, and on data that was left out."""
    signature: Signature | None
    """Each step as computed by the server; never the key."""
    decision: Decision
    picture: PictureView | ImageError | None


def explain_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    async def explain_request(request: Request) -> Explanation:
        return await explain_call(
            requested_call(request, state), state, language_of(request, settings)
        )

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


async def explain_call(exchange: Exchange, state: State, language: OwnLanguage) -> Explanation:
    """Waits until the search for the cause is over."""
    if (search := exchange.search) is not None:
        await asyncio.wrap_future(state.searches.ask(exchange.request_id, search))
    # In a thread: the rules are matched again.
    return await state.pools.admin.run(explanation, exchange, language)


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
        steps=_steps(exchange),
        not_tried=[],
        notes=note_views(exchange),
        signature=exchange.signature,
        decision=Decision(
            rule=exchange.rule,
            scenario=exchange.scenario,
            near_misses=[NearMiss(**miss) for miss in near_misses(exchange)],
        ),
        picture=picture_view(exchange),
    )


def _steps(exchange: Exchange) -> list[StepPair]:
    cause, signature = exchange.cause, exchange.signature
    if cause and cause.canonical_requests and cause.strings_to_sign:
        right_request, your_request = cause.canonical_requests
        right_text, your_text = cause.strings_to_sign
        return step_pairs((your_request, right_request), (your_text, right_text))
    if signature is None or signature.canonical_request is None:
        return []
    right = signature.canonical_request, signature.string_to_sign
    yours = right if signature.valid else (None, None)
    return step_pairs((yours[0], right[0]), (yours[1], right[1]))


def step_pairs(
    canonical_requests: tuple[str | None, str | None],
    strings_to_sign: tuple[str | None, str | None],
) -> list[StepPair]:
    """Each pair: the client's, then the right one; one character for each byte."""
    return [
        _step_pair("canonical request", *canonical_requests),
        _step_pair("string to sign", *strings_to_sign),
    ]


def _step_pair(
    step: Literal["canonical request", "string to sign"], yours: str | None, right: str | None
) -> StepPair:
    difference = None
    if yours is not None and right is not None and yours != right:
        byte = next(
            (at for at, (a, b) in enumerate(zip(yours, right, strict=False)) if a != b),
            min(len(yours), len(right)),
        )
        before = right[:byte]
        line, column = before.count("\n") + 1, byte - before.rfind("\n")
        difference = FirstDifference(line=line, column=column, byte=byte)
    return StepPair(
        step=step,
        yours=yours and _readable(yours),
        right=right and _readable(right),
        differs_at=difference,
    )


def _readable(text: str) -> str:
    """Text from the wire, which has one character for each byte, decoded for people."""
    return text.encode(WIRE_ENCODING, "replace").decode(errors="backslashreplace")


def saved_explanation(
    request: WireRequest,
    accounts: Iterable[Account],
    language: OwnLanguage,
    own_ports: Collection[int] = (),
) -> Explanation:
    """Explains a request that was not sent to this server, at the time of its signature."""
    exchange = record_of(request, accounts, own_ports)
    told = explanation(exchange, language)
    cause = exchange.cause
    if cause is None or cause.name in NEED_NO_BODY or not lacks_body(request):
        return told
    unknown: dict[str, Any] = {
        "cause": None,
        "proven": False,
        "hint": None,
        "details": [],
        "steps": [],
    }
    return told.model_copy(update={**unknown, "not_tried": sorted(set(NAMES) - NEED_NO_BODY)})
