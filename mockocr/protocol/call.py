"""The common parameters: the same for every action.

With TC3 they are headers; with the legacy signature (v1) they are among the other parameters.
Source: the common parameters page. Rows 1 to 6, 8, 15 and 16 of
docs/fidelity.md#the-order-of-checks.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from mockocr.protocol import refusals
from mockocr.protocol.errors import Language
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest

MAX_GET_BYTES = 32 * 1024
"""GET: 32 KB (calling conventions page, docs/fidelity.md#body-limits)."""
MAX_V1_BODY_BYTES = 1024 * 1024
"""POST with the legacy signature: 1 MB (the same page)."""
MAX_PAIRS = 1000
"""Parameters in a query or form (assumed)."""
MAX_CLOCK_SKEW_SECONDS = 300
"""AuthFailure.SignatureExpire: "cannot differ by more than five minutes" (common error codes)."""

COMMON = ("Action", "Version", "Region", "Timestamp", "Token", "Language", "RequestClient")
"""With TC3, each is a header X-TC-Name."""
V1_COMMON = (*COMMON, "Nonce", "SecretId", "Signature", "SignatureMethod")
"""With the legacy signature, each is a parameter beside those of the action."""


@dataclass(slots=True)
class Call:
    """The common parameters of one request, and where the parameters of its action are."""

    is_v1: bool
    texts: Mapping[str, str] | None
    """The parameters of the action, if they are in a query or form (GET, v1). None: in the body."""
    timestamp: int
    """The time of signing, in UNIX seconds."""
    action: str
    version: str
    region: str = ""
    """Empty if the call names none."""
    token: str | None = None
    language: Language | None = None
    signed: Mapping[str, str] = field(default_factory=dict)
    """With the legacy signature, all parameters: the signature covers them. Empty with TC3."""


def read_language(request: WireRequest) -> Language | None:
    """The language of the reply to a request whose common parameters cannot be read."""
    return _language(request.headers.get("x-tc-language"))


def _language(name: str | None) -> Language | None:
    """None for any name but the two documented ones (docs/fidelity.md#other-languages)."""
    match name:
        case "zh-CN" | "en-US":
            return name
        case _:
            return None


def read_call(request: WireRequest, with_proof: bool = True) -> Call:
    """Raises ApiError for the first common parameter that is missing or malformed.

    `with_proof` false: parameters that only authenticate the call may be missing.
    """
    if request.method not in ("GET", "POST"):
        raise refusals.UNSUPPORTED_PROTOCOL.error()
    headers = request.headers
    is_v1 = not ("authorization" in headers or "x-tc-action" in headers)
    _check_size(request, is_v1)
    if is_v1:
        return _read_v1_call(request, with_proof)
    texts = _read_pairs(request.query) if request.method == "GET" else None
    timestamp = headers.get("x-tc-timestamp", "" if with_proof else "0")
    action, version = headers.get("x-tc-action", ""), headers.get("x-tc-version", "")
    if not (timestamp and action and version):
        _require({"Timestamp": timestamp, "Action": action, "Version": version}, with_proof)
    return Call(
        False,
        texts,
        _read_number("Timestamp", timestamp, digits=11),
        action,
        version,
        headers.get("x-tc-region", ""),
        headers.get("x-tc-token"),
        _language(headers["x-tc-language"]) if "x-tc-language" in headers else None,
    )


def _require(common: Mapping[str, str], with_proof: bool) -> None:
    """Raises ApiError for the first that is missing or empty. That Timestamp precedes Action was
    observed (docs/fidelity.md#order-timestamp-first); the order of the others is assumed."""
    for name, text in common.items():
        if not text and (with_proof or name != "Timestamp"):
            raise refusals.MISSING_PARAMETER.error(name=name)


def _read_v1_call(request: WireRequest, with_proof: bool) -> Call:
    form = request.body.decode(WIRE_ENCODING)
    signed = _read_pairs(request.query if request.method == "GET" else form)
    proof = ("Nonce", "SecretId", "Signature") if with_proof else ()
    names = ("Timestamp", "Action", "Version", *proof)
    _require({name: signed.get(name, "") for name in names}, with_proof)
    timestamp = _read_number("Timestamp", signed.get("Timestamp", "0"), digits=11)
    if with_proof:
        _read_number("Nonce", signed["Nonce"], digits=19)
    return Call(
        True,
        {name: text for name, text in signed.items() if name not in V1_COMMON},
        timestamp,
        signed["Action"],
        signed["Version"],
        signed.get("Region", ""),
        signed.get("Token"),
        _language(signed.get("Language")),
        signed,
    )


def _check_size(request: WireRequest, is_v1: bool) -> None:
    if request.method == "GET" and len(request.query) > MAX_GET_BYTES:
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()
    too_long = request.oversized or (is_v1 and request.body_bytes > MAX_V1_BODY_BYTES)
    if too_long and request.method == "POST":
        if is_v1:
            raise refusals.V1_SIZE_LIMIT.error()
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()


def _read_pairs(text: str) -> Mapping[str, str]:
    """`k=v&k=v`, form-encoded UTF-8. Bytes that are not UTF-8 become surrogates.

    Raises ApiError for a part without `=` (observed), and for more than MAX_PAIRS parts.
    """
    parts = text.split("&") if text else []
    if len(parts) > MAX_PAIRS:
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()
    if any("=" not in part for part in parts):
        raise refusals.NOT_KEY_AND_VALUE.error()
    decoded = text.encode(WIRE_ENCODING).decode("utf-8", "surrogateescape")
    return dict(parse_qsl(decoded, keep_blank_values=True, errors="surrogateescape"))


def _read_number(name: str, text: str, digits: int) -> int:
    """A number of at most `digits` digits. 11 digits of seconds suffice until the year 5138, and a
    Nonce has up to 19 (docs/fidelity.md#nonce). Raises ApiError."""
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise refusals.COMMON_PARAMETER_TYPE.error(name=name)
    return int(text)


def check_time(call: Call, now: datetime) -> None:
    """Raises ApiError if the call was signed more than five minutes before or after `now`."""
    if abs(now.timestamp() - call.timestamp) > MAX_CLOCK_SKEW_SECONDS:
        raise refusals.SIGNATURE_EXPIRE.error()


def admit(request: WireRequest, call: Call, regions: Container[str]) -> None:
    """Raises ApiError if the action does not support the region or the content type."""
    if call.region and call.region not in regions:
        raise refusals.UNSUPPORTED_REGION.error()
    if call.texts is None:
        media_type = _media_type(request.headers.get("content-type", ""))
        if media_type != "application/json":
            raise refusals.UNSUPPORTED_CONTENT_TYPE.error(content_type=media_type)


@lru_cache(maxsize=64)
def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
