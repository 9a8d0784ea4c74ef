"""The journal, over HTTP."""

from typing import Any

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from mockocr.admin.curl import NotRepeatableError, curl_script
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import journaled_account, limit_of, wanted_calls
from mockocr.admin.pictures import PictureFound, picture_of
from mockocr.admin.replies import Reply
from mockocr.images.image import ImageError
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.state import State
from mockocr.protocol.signature import Signature

ACCOUNT = Parameter("account", "Only calls of this account; default: of all.")
FILTERS = (
    ACCOUNT,
    Parameter(
        "outcome", "Only calls answered so: ok, an error code, fault:NAME, http:STATUS, or error."
    ),
    Parameter("rule", "Only calls that this rule took."),
    Parameter(
        "unmatched",
        "true: only calls that rules were asked about and none took; false: that one took.",
        {"type": "boolean"},
    ),
    Parameter(
        "since", "From this moment on (ISO 8601 or UNIX seconds), or after the call of a RequestId."
    ),
    Parameter("limit", "So many at most, the newest.", {"type": "integer", "minimum": 0}),
)
UNKNOWN_CALL = "the journal has no call of this RequestId"


class CallSummary(Reply):
    """A call in short."""

    request_id: str = Field(alias="RequestId")
    time: str
    """ISO 8601, UTC."""
    account: str | None
    action: str | None
    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    cause: str | None
    """Why it is not proven who calls, by name."""
    rule: str | None
    """The rule that took the call, or the entry of chaos that struck it."""
    scenario: str | None
    """Whose rule it is."""
    milliseconds: float


class ErrorOfCall(Reply):
    code: str = Field(alias="Code")
    message: str = Field(alias="Message")


class CallDetails(CallSummary):
    """A call with all that is known of it, masked."""

    method: str
    path: str
    headers: dict[str, str]
    body_bytes: int
    unproven: str | None
    """With --auth lenient: the code with which the call would have been refused."""
    signature: Signature | None
    """Each step as the server computed it; never the key."""
    parameters: dict[str, Any] | None
    note: str | None
    delay_seconds: float
    dribble_seconds: float
    delayed_by: str | None
    """The entry of chaos that made the answer late, and did no more."""
    picture: PictureFound | ImageError | None
    """What was found, where somebody looked."""
    error: ErrorOfCall | None
    response: dict[str, Any] | None


class CallList(Reply):
    requests: list[CallSummary]
    """The newest first."""
    total: int
    """How many there are, those beyond the limit too."""


class Script(PlainTextResponse):
    """A shell script."""


def request_endpoints(state: State) -> list[Endpoint]:
    journal = state.journal

    async def list_requests(request: Request) -> CallList:
        exchanges = journal.newest_first(wanted_calls(request, state))
        rows = [CallSummary(**it.summary()) for it in exchanges[: limit_of(request)]]
        return CallList(requests=rows, total=len(exchanges))

    async def clear_requests(request: Request) -> None:
        journal.reset(journaled_account(request, state))

    async def show_request(request: Request) -> CallDetails:
        exchange = call_asked_for(request, state)
        return CallDetails(**{**exchange.details(), "picture": picture_of(exchange)})

    async def show_curl(request: Request) -> Script:
        exchange = call_asked_for(request, state)
        try:
            script = curl_script(exchange, f"{request.url.scheme}://{request.url.netloc}")
        except NotRepeatableError as error:
            raise HTTPException(409, str(error)) from None
        return Script(script.encode(errors="replace"))

    return [
        Endpoint(
            "GET", "/requests", "The calls that were answered, in short", list_requests, FILTERS
        ),
        Endpoint("DELETE", "/requests", "Forget calls", clear_requests, (ACCOUNT,)),
        Endpoint(
            "GET",
            "/requests/{request_id}",
            "One call with each step, masked",
            show_request,
            (ACCOUNT,),
            {200: "The call.", 404: UNKNOWN_CALL},
        ),
        Endpoint(
            "GET",
            "/requests/{request_id}/curl",
            "A script of bash, openssl and curl that makes the call again",
            show_curl,
            (ACCOUNT,),
            {
                200: "The script.",
                404: UNKNOWN_CALL,
                409: "The journal does not know enough of the call.",
            },
        ),
    ]


def call_asked_for(request: Request, state: State) -> Exchange:
    """Raises HTTPException: to an account only its own calls are told."""
    account = journaled_account(request, state)
    exchange = state.journal.find(request.path_params["request_id"])
    if exchange is None or account not in (None, exchange.account):
        raise HTTPException(404, UNKNOWN_CALL)
    return exchange
