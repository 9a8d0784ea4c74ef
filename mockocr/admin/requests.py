"""Endpoints of the journal: the recorded calls."""

from typing import Any

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import call_filter, journaled_account, limit_of
from mockocr.admin.pictures import PictureView, picture_view
from mockocr.admin.reasons import HintView, NoteView, ReasonView
from mockocr.admin.replies import Reply
from mockocr.code_samples.curl import curl
from mockocr.code_samples.sample_call import NotRepeatableError, of_exchange
from mockocr.images.image import ImageError
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.state import State
from mockocr.protocol.signature import Signature

ACCOUNT = Parameter("account", "Only calls of this account; default: all accounts.")
FILTERS = (
    ACCOUNT,
    Parameter(
        "outcome",
        "Only calls with this outcome: ok, an error code, fault:NAME, http:STATUS, or error (any).",
    ),
    Parameter("rule", "Only calls that this rule matched."),
    Parameter(
        "unmatched",
        "true: only calls that reached the rules and matched none; false: that matched one.",
        {"type": "boolean"},
    ),
    Parameter(
        "since",
        "Only calls from this time on (ISO 8601 or UNIX seconds), or after this RequestId.",
    ),
    Parameter(
        "limit", "The maximum number of calls, the newest.", {"type": "integer", "minimum": 0}
    ),
)
UNKNOWN_CALL = "the journal has no call with this RequestId"


class CallSummary(Reply):
    """One row of the list of calls."""

    request_id: str = Field(alias="RequestId")
    time: str
    """ISO 8601, UTC."""
    account: str | None
    action: str | None
    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    cause: str | None
    """The cause of a failed signature, by name."""
    reason: ReasonView | None
    """Why the call was refused; null if it succeeded, or if a scenario refused it."""
    side: str | None
    """CardSide, as it was sent."""
    notes: list[NoteView]
    """Notes on parameters and flags without effect, and on data that was left out."""
    rule: str | None
    """The rule or chaos entry that decided the outcome."""
    scenario: str | None
    """The scenario of that rule or entry."""
    unmatched: bool
    """Whether the call reached the rules and matched none."""
    milliseconds: float


class ErrorView(Reply):
    code: str = Field(alias="Code")
    message: str = Field(alias="Message")


class CallDetails(CallSummary):
    """The whole record of a call; secrets are masked."""

    method: str
    path: str
    headers: dict[str, str]
    body_bytes: int
    unproven: str | None
    """With --auth lenient: the error code that strict mode would have answered."""
    signature: Signature | None
    """Each step as computed by the server; never the key."""
    parameters: dict[str, Any] | None
    hint: HintView | None
    """How to fix the call."""
    delay_seconds: float
    dribble_seconds: float
    delayed_by: str | None
    """The chaos entry that only delayed the answer."""
    picture: PictureView | ImageError | None
    """The picture, or why it is unusable; null if it was not examined."""
    error: ErrorView | None
    response: dict[str, Any] | None


class CallList(Reply):
    requests: list[CallSummary]
    """Newest first."""
    total: int
    """The number of matching calls, including those beyond the limit."""


class Script(PlainTextResponse):
    """A shell script."""


def request_endpoints(state: State) -> list[Endpoint]:
    journal = state.journal

    def list_requests(request: Request) -> CallList:
        exchanges = journal.newest_first(call_filter(request, state))
        rows = [CallSummary(**each.summary()) for each in exchanges[: limit_of(request)]]
        return CallList(requests=rows, total=len(exchanges))

    async def clear_requests(request: Request) -> None:
        journal.reset(journaled_account(request, state))

    def show_request(request: Request) -> CallDetails:
        exchange = requested_call(request, state)
        return CallDetails(**{**exchange.details(), "picture": picture_view(exchange)})

    def show_curl(request: Request) -> Script:
        exchange = requested_call(request, state)
        try:
            script = curl(of_exchange(exchange, f"{request.url.scheme}://{request.url.netloc}"))
        except NotRepeatableError as error:
            raise HTTPException(409, str(error)) from None
        return Script(script.encode(errors="replace"))

    return [
        Endpoint("GET", "/requests", "List the recorded calls", list_requests, FILTERS),
        Endpoint("DELETE", "/requests", "Clear the journal", clear_requests, (ACCOUNT,)),
        Endpoint(
            "GET",
            "/requests/{request_id}",
            "Show the record of a call; secrets are masked",
            show_request,
            (ACCOUNT,),
            {200: "The call.", 404: UNKNOWN_CALL},
        ),
        Endpoint(
            "GET",
            "/requests/{request_id}/curl",
            "A shell script (bash, openssl, curl) that repeats the call",
            show_curl,
            (ACCOUNT,),
            {
                200: "The script.",
                404: UNKNOWN_CALL,
                409: "The journal does not have enough data of the call.",
            },
        ),
    ]


def requested_call(request: Request, state: State) -> Exchange:
    """The call of the path. Raises HTTPException 404 if it is unknown or of another account than
    `?account=`."""
    return recorded_call(
        request.path_params["request_id"], state, journaled_account(request, state)
    )


def recorded_call(request_id: str, state: State, account: str | None = None) -> Exchange:
    """Raises HTTPException 404 if the journal has no such call, or one of another account."""
    exchange = state.journal.find(request_id)
    if exchange is None or account not in (None, exchange.account):
        raise HTTPException(404, UNKNOWN_CALL)
    return exchange
