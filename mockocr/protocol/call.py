"""The common parameters: the same for every action.

With TC3 they are headers; with the legacy signature (v1) they are among the other parameters.
Source: the common parameters page. Rows 1 to 6, 8, 15 and 16 of
docs/fidelity.md#the-order-of-checks.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from mockocr.protocol import hints, refusals
from mockocr.protocol.errors import ApiError, Language
from mockocr.protocol.parameters import COMMON
from mockocr.protocol.reasons import Hint, Reason, shown, shown_name
from mockocr.protocol.regions import OLD_NAMES, REGIONS
from mockocr.protocol.wire import MAX_BODY_BYTES, WIRE_ENCODING, WireRequest
from mockocr.suggestions import closest

MAX_GET_BYTES = 32 * 1024
"""GET: 32 KB (calling conventions page, docs/fidelity.md#body-limits)."""
MAX_V1_BODY_BYTES = 1024 * 1024
"""POST with the legacy signature: 1 MB (the same page)."""
MAX_PAIRS = 1000
"""Parameters in a query or form (assumed)."""
MAX_CLOCK_SKEW_SECONDS = 300
"""AuthFailure.SignatureExpire: "cannot differ by more than five minutes" (common error codes)."""

HEADER_PREFIX = "X-TC-"
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

    def sent_as(self, common: str) -> str:
        """The name under which a call of this kind sends a common parameter."""
        return common if self.is_v1 else f"{HEADER_PREFIX}{common}"


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
        reason = Reason(hints.METHOD, "method", shown_name(request.method), "POST, GET")
        raise refusals.UNSUPPORTED_PROTOCOL.error(reason)
    headers = request.headers
    is_v1 = not ("authorization" in headers or "x-tc-action" in headers)
    if is_v1 or request.oversized or request.method == "GET":
        _check_size(request, is_v1)
    if is_v1:
        return _read_v1_call(request, with_proof)
    texts = None
    if request.method == "GET":
        texts = _read_pairs(request.query, hints.NAME_WITHOUT_VALUE)
    timestamp = headers.get("x-tc-timestamp", "" if with_proof else "0")
    action, version = headers.get("x-tc-action", ""), headers.get("x-tc-version", "")
    if not (timestamp and action and version):
        common = {"Timestamp": timestamp, "Action": action, "Version": version}
        _require(common, with_proof, HEADER_PREFIX, hints.MISSING)
    return Call(
        False,
        texts,
        _read_number("Timestamp", timestamp, 11, HEADER_PREFIX),
        action,
        version,
        headers.get("x-tc-region", ""),
        headers.get("x-tc-token"),
        _language(headers["x-tc-language"]) if "x-tc-language" in headers else None,
    )


def _require(common: Mapping[str, str], with_proof: bool, prefix: str, hint: Hint) -> None:
    """Raises ApiError for the first that is missing or empty. That Timestamp precedes Action was
    observed (docs/fidelity.md#order-timestamp-first); the order of the others is assumed."""
    for name, text in common.items():
        if not text and (with_proof or name != "Timestamp"):
            raise refusals.MISSING_PARAMETER.error(Reason(hint, prefix + name), name=name)


def _read_v1_call(request: WireRequest, with_proof: bool) -> Call:
    form = request.body.decode(WIRE_ENCODING)
    pairs = request.query if request.method == "GET" else form
    signed = _read_pairs(pairs, hints.READ_AS_LEGACY)
    proof = ("Nonce", "SecretId", "Signature") if with_proof else ()
    names = ("Timestamp", "Action", "Version", *proof)
    hint = hints.MISSING if "Signature" in signed else hints.READ_AS_LEGACY
    _require({name: signed.get(name, "") for name in names}, with_proof, "", hint)
    timestamp = _read_number("Timestamp", signed.get("Timestamp", "0"), 11)
    if with_proof:
        _read_number("Nonce", signed["Nonce"], 19)
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
        got = f"{len(request.query)} bytes"
        reason = Reason(hints.SIZE, "query", got, f"≤ {MAX_GET_BYTES} bytes")
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error(reason)
    too_long = request.oversized or (is_v1 and request.body_bytes > MAX_V1_BODY_BYTES)
    if too_long and request.method == "POST":
        got = f"> {MAX_BODY_BYTES} bytes" if request.oversized else f"{request.body_bytes} bytes"
        if is_v1:
            reason = Reason(hints.LEGACY_SIZE, "body", got, f"≤ {MAX_V1_BODY_BYTES} bytes")
            raise refusals.V1_SIZE_LIMIT.error(reason)
        reason = Reason(hints.SIZE, "body", got, f"≤ {MAX_BODY_BYTES} bytes")
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error(reason)


def _read_pairs(text: str, hint: Hint) -> Mapping[str, str]:
    """`k=v&k=v`, form-encoded UTF-8. Bytes that are not UTF-8 become surrogates.

    Raises ApiError for a part without `=` (observed), and for more than MAX_PAIRS parts.
    """
    parts = text.split("&") if text else []
    if len(parts) > MAX_PAIRS:
        got = f"{len(parts)} parameters"
        reason = Reason(hints.SIZE, "query", got, f"≤ {MAX_PAIRS} parameters")
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error(reason)
    if any("=" not in part for part in parts):
        raise refusals.NOT_KEY_AND_VALUE.error(Reason(hint, "query or form", None, "name=value"))
    decoded = text.encode(WIRE_ENCODING).decode("utf-8", "surrogateescape")
    return dict(parse_qsl(decoded, keep_blank_values=True, errors="surrogateescape"))


def _read_number(name: str, text: str, digits: int, prefix: str = "") -> int:
    """A number of at most `digits` digits. 11 digits of seconds suffice until the year 5138, and a
    Nonce has up to 19 (docs/fidelity.md#nonce). Raises ApiError."""
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        hint = hints.NONCE
        if name == "Timestamp":
            is_whole = text.isascii() and text.isdigit()
            hint = hints.MILLISECONDS if is_whole else hints.SECONDS
        reason = Reason(hint, prefix + name, _shown_number(text), f"[0-9]{{1,{digits}}}")
        raise refusals.COMMON_PARAMETER_TYPE.error(reason, name=name)
    return int(text)


def _shown_number(text: str) -> str:
    return text if re.fullmatch(r"[-+0-9.eE:TZ ]{1,30}", text) else f"<{len(text)} characters>"


def check_time(call: Call, now: datetime) -> None:
    """Raises ApiError if the call was signed more than five minutes before or after `now`."""
    if abs(now.timestamp() - call.timestamp) > MAX_CLOCK_SKEW_SECONDS:
        expected = f"{int(now.timestamp())} ± {MAX_CLOCK_SKEW_SECONDS}"
        raise refusals.SIGNATURE_EXPIRE.error(
            Reason(hints.SEE_CAUSE, call.sent_as("Timestamp"), str(call.timestamp), expected)
        )


def admit(request: WireRequest, call: Call, regions: Collection[str]) -> None:
    """Raises ApiError if the action does not support the region or the content type."""
    if call.region and call.region not in regions:
        raise _wrong_region(call, regions)
    if call.texts is None:
        media_type = _media_type(request.headers.get("content-type", ""))
        if media_type != "application/json":
            got, expected = shown(media_type), "application/json"
            reason = Reason(hints.CONTENT_TYPE, "Content-Type", got, expected)
            raise refusals.UNSUPPORTED_CONTENT_TYPE.error(reason, content_type=media_type)


def _wrong_region(call: Call, supported: Collection[str]) -> ApiError:
    """Only a region that exists is UnsupportedRegion (docs/fidelity.md#region-unknown)."""
    region = call.region
    expected = ", ".join(sorted(supported))
    reason = Reason(hints.UNSUPPORTED_REGION, call.sent_as("Region"), shown_name(region), expected)
    if region in REGIONS:
        return refusals.UNSUPPORTED_REGION.error(reason)
    old = OLD_NAMES.get(region.lower())
    suggestion = old if old in supported else closest(region, supported)
    return refusals.INVALID_REGION.error(
        reason._replace(hint=hints.NO_SUCH_REGION, suggestion=suggestion)
    )


@lru_cache(maxsize=64)
def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
