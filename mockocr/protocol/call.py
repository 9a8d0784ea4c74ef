"""What every call says about itself, whatever the action: the common parameters.

Source: the common parameters page; the order of checks is that of `wire.md` §5.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from mockocr.protocol import refusals, tc3
from mockocr.protocol.errors import Language
from mockocr.protocol.wire import WireRequest

VENDOR_DOMAIN = ".tencentcloudapi.com"


@dataclass(frozen=True, slots=True)
class Call:
    """The common parameters of one request, present and well-formed."""

    action: str
    version: str
    region: str
    """Empty where none is given."""
    timestamp: int
    """X-TC-Timestamp: when the client signed, in UNIX seconds."""
    authorization: tc3.Authorization


def read_language(request: WireRequest) -> Language | None:
    """The language that the client asks for; anything but the two documented values is none."""
    match request.headers.get("x-tc-language"):
        case "zh-CN":
            return "zh-CN"
        case "en-US":
            return "en-US"
        case _:
            return None


def read_call(request: WireRequest) -> Call:
    """Read the common parameters. Raises ApiError for the first that is missing or malformed."""
    if request.method not in ("GET", "POST"):
        raise refusals.UNSUPPORTED_PROTOCOL.error()
    if request.oversized:
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()
    given_timestamp = _required(request, "Timestamp")
    action = _required(request, "Action")
    version = _required(request, "Version")
    timestamp = _read_timestamp(given_timestamp)
    return Call(
        action=action,
        version=version,
        region=request.headers.get("x-tc-region", ""),
        timestamp=timestamp,
        authorization=_read_authorization(request, timestamp),
    )


def _required(request: WireRequest, name: str) -> str:
    value = request.headers.get(f"x-tc-{name.lower()}")
    if not value:
        raise refusals.MISSING_PARAMETER.error(name=name)
    return value


def _read_timestamp(text: str) -> int:
    """UNIX seconds. Eleven digits last until the year 5138."""
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise refusals.COMMON_PARAMETER_TYPE.error(name="Timestamp")
    return int(text)


def _read_authorization(request: WireRequest, timestamp: int) -> tc3.Authorization:
    """The Authorization header, its shape and its scope (`wire.md` §5, row 9).

    Of the words, only those about `Service` were observed; the others are formed after them.
    """
    given = tc3.parse_authorization(request.headers.get("authorization", ""))
    if given is None:
        raise refusals.INVALID_AUTHORIZATION.error(what="malformed header.")
    if not tc3.MANDATORY_HEADERS.issubset(given.signed_headers.lower().split(";")):
        raise refusals.INVALID_AUTHORIZATION.error(
            what="`content-type` and `host` must be in SignedHeaders."
        )
    for part, valid in (
        ("Date", given.date == tc3.utc_date(timestamp)),
        ("Service", _is_service(given.service, request.headers.get("host", ""))),
        ("Terminator", given.terminator == tc3.TERMINATOR),
    ):
        if not valid:
            raise refusals.INVALID_AUTHORIZATION.error(what=f"`{part}` in Credential not valid.")
    return given


def _is_service(service: str, host: str) -> bool:
    """Insisted on only for the vendor's own host names: six official SDKs take the service from
    the endpoint's first label, so a local endpoint gives `127` or `localhost:8018`
    (`clients.md` §1.3)."""
    name = host.lower().partition(":")[0]
    if name.endswith(VENDOR_DOMAIN):
        return service == name.partition(".")[0]
    return bool(service)


def check_time(call: Call, now: datetime) -> None:
    """Raises ApiError for a call signed more than five minutes before or after now."""
    if abs(now.timestamp() - call.timestamp) > tc3.MAX_CLOCK_SKEW_SECONDS:
        raise refusals.SIGNATURE_EXPIRE.error()


def admit(request: WireRequest, call: Call, regions: Container[str]) -> None:
    """What an action does not take whatever it says. Raises ApiError."""
    if call.region and call.region not in regions:
        raise refusals.UNSUPPORTED_REGION.error()
    content_type = request.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise refusals.UNSUPPORTED_CONTENT_TYPE.error(content_type=media_type)
