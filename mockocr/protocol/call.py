"""What every call says about itself, whatever the action: the common parameters.

They come in headers with TC3, among the other parameters with the legacy signature (v1). Source:
the common parameters page; the order of checks is that of docs/fidelity.md#the-order-of-checks.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
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

TC3_COMMON = ("Action", "Version", "Region", "Timestamp", "Token", "Language", "RequestClient")
"""Each in a header X-TC-Name."""
_HEADERS = {f"x-tc-{name.lower()}": name for name in TC3_COMMON}
V1_COMMON = (*TC3_COMMON, "Nonce", "SecretId", "Signature", "SignatureMethod")
"""Each a parameter beside those of the action."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request's common parameters, and where to find those of its action."""

    is_v1: bool
    common: Mapping[str, str]
    """By their documented names; of what was not sent there is nothing."""
    texts: Mapping[str, str] | None
    """The action's parameters where they came as texts (GET, v1); None: they are in the body."""
    timestamp: int
    """When the client signed, in UNIX seconds."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """Everything that came as a text: what a legacy signature covers."""
        return {**self.common, **(self.texts or {})}

    @property
    def language(self) -> Language | None:
        return _language(self.common.get("Language"))

    @property
    def action(self) -> str:
        return self.common["Action"]

    @property
    def version(self) -> str:
        return self.common["Version"]

    @property
    def region(self) -> str:
        """Empty where none is given."""
        return self.common.get("Region", "")


def read_language(request: WireRequest) -> Language | None:
    """The language that a request asks for of which no more could be read."""
    return _language(request.headers.get("x-tc-language"))


def _language(asked: str | None) -> Language | None:
    """Anything but the two documented values is none."""
    match asked:
        case "zh-CN" | "en-US":
            return asked
        case _:
            return None


def read_call(request: WireRequest, with_proof: bool = True) -> Call:
    """Read the common parameters. Raises ApiError for the first that is missing or malformed.

    `with_proof`: what only proves who calls has to be there too.
    """
    if request.method not in ("GET", "POST"):
        raise refusals.UNSUPPORTED_PROTOCOL.error()
    is_v1 = not ("authorization" in request.headers or "x-tc-action" in request.headers)
    _check_size(request, is_v1)
    if is_v1:
        form = request.body.decode(WIRE_ENCODING)
        parameters = _read_pairs(request.query if request.method == "GET" else form)
        common = {name: parameters[name] for name in V1_COMMON if name in parameters}
        texts: Mapping[str, str] | None = {
            name: text for name, text in parameters.items() if name not in common
        }
    else:
        sent = request.headers
        common = {name: sent[header] for header, name in _HEADERS.items() if header in sent}
        texts = _read_pairs(request.query) if request.method == "GET" else None
    proof = ("Nonce", "SecretId", "Signature") if is_v1 and with_proof else ()
    for name in ("Timestamp", "Action", "Version", *proof):
        # docs/fidelity.md#order-timestamp-first; the rank of the others is assumed.
        if not common.get(name) and (with_proof or name != "Timestamp"):
            raise refusals.MISSING_PARAMETER.error(name=name)
    timestamp = _read_number("Timestamp", common.get("Timestamp", "0"), digits=11)
    if "Nonce" in proof:
        _read_number("Nonce", common["Nonce"], digits=19)
    return Call(is_v1, common, texts, timestamp)


def _check_size(request: WireRequest, is_v1: bool) -> None:
    if request.method == "GET" and len(request.query) > MAX_GET_BYTES:
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()
    too_long = request.oversized or (is_v1 and len(request.body) > MAX_V1_BODY_BYTES)
    if too_long and request.method == "POST":
        if is_v1:
            raise refusals.V1_SIZE_LIMIT.error()
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()


def _read_pairs(text: str) -> Mapping[str, str]:
    """`k=v&k=v`, form-encoded UTF-8; bytes that are none stay what they are, as surrogates.

    Raises ApiError for a part without `=` (observed) and for more parts than any client sends.
    """
    parts = text.split("&") if text else []
    if len(parts) > MAX_PAIRS:
        raise refusals.REQUEST_SIZE_LIMIT_EXCEEDED.error()
    if any("=" not in part for part in parts):
        raise refusals.NOT_KEY_AND_VALUE.error()
    sent = text.encode(WIRE_ENCODING).decode("utf-8", "surrogateescape")
    return dict(parse_qsl(sent, keep_blank_values=True, errors="surrogateescape"))


def _read_number(name: str, text: str, digits: int) -> int:
    """Eleven digits of seconds last until the year 5138; a Nonce has up to 19
    (docs/fidelity.md#nonce)."""
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise refusals.COMMON_PARAMETER_TYPE.error(name=name)
    return int(text)


def check_time(call: Call, now: datetime) -> None:
    """Raises ApiError for a call signed more than five minutes before or after now."""
    if abs(now.timestamp() - call.timestamp) > MAX_CLOCK_SKEW_SECONDS:
        raise refusals.SIGNATURE_EXPIRE.error()


def admit(request: WireRequest, call: Call, regions: Container[str]) -> None:
    """What an action does not take whatever it says. Raises ApiError."""
    if call.region and call.region not in regions:
        raise refusals.UNSUPPORTED_REGION.error()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if call.texts is None and media_type != "application/json":
        raise refusals.UNSUPPORTED_CONTENT_TYPE.error(content_type=media_type)
