"""The Authorization header of TC3-HMAC-SHA256: its parts and its scope. Nothing is signed here."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from mockocr.protocol import hints, refusals
from mockocr.protocol.errors import ApiError
from mockocr.protocol.reasons import Reason, shown_name
from mockocr.protocol.redact import redacted_scope_part
from mockocr.protocol.wire import WireRequest, vendor_product

ALGORITHM = "TC3-HMAC-SHA256"
TERMINATOR = "tc3_request"
FORM = (
    f"{ALGORITHM} Credential=ID/DATE/SERVICE/{TERMINATOR}, SignedHeaders=content-type;host,"
    " Signature=HEX"
)
MANDATORY_HEADERS = frozenset({"content-type", "host"})
"""Must be among the SignedHeaders (signature v3 page)."""

_CLAIM = re.compile(
    # Any number of spaces: docs/fidelity.md#authorization-spaces. A SecretId with a space is not
    # malformed, but unknown: docs/fidelity.md#secret-id-blanks.
    r"TC3-HMAC-SHA256\s+"
    r"Credential=([^/,]*)/([^/,\s]*)/([^/,\s]*)/([^/,\s]*),\s*"
    r"SignedHeaders=([^,\s]*)"
)
_USUAL = " Signature="
"""As every SDK writes it, behind a comma."""
_SIGNATURE = re.compile(r"\s*Signature=([^,\s]*)\s*")

MAX_CACHED_CHARACTERS = 512
"""The claims of real clients are shorter."""


class Claim(NamedTuple):
    """An Authorization header without the signature: the same for all calls that a client signs on
    one day. Not verified."""

    secret_id: str
    date: str
    service: str
    terminator: str
    signed_headers: str
    """As sent: names separated by `;`."""
    names: tuple[str, ...]
    """The signed headers in lower case, in the order in which they are signed."""
    signed_names: str
    """The same, joined as they are signed."""
    scope: str


class Authorization(NamedTuple):
    """The parts of an Authorization header. Not verified."""

    claim: Claim
    signature: str

    @property
    def secret_id(self) -> str:
        return self.claim.secret_id

    @property
    def date(self) -> str:
        return self.claim.date

    @property
    def service(self) -> str:
        return self.claim.service

    @property
    def terminator(self) -> str:
        return self.claim.terminator

    @property
    def signed_headers(self) -> str:
        return self.claim.signed_headers

    @property
    def scope(self) -> str:
        return self.claim.scope


def parse_authorization(request: WireRequest) -> Authorization | None:
    """None if the header does not have the documented form."""
    claimed, _, signed = request.headers.get("authorization", "").rpartition(",")
    parse = _cached_claim if len(claimed) <= MAX_CACHED_CHARACTERS else _parse_claim
    claim, signature = parse(claimed), signed[len(_USUAL) :]
    if not (signed.startswith(_USUAL) and signature.isalnum()):
        match = _SIGNATURE.fullmatch(signed)
        if match is None:
            return None
        signature = match[1]
    return Authorization(claim, signature) if claim else None


def _parse_claim(text: str) -> Claim | None:
    match = _CLAIM.fullmatch(text)
    if match is None:
        return None
    secret_id, date, service, terminator, signed_headers = match.groups()
    names = tuple(sorted(set(signed_headers.lower().split(";"))))
    signed_names, scope = ";".join(names), f"{date}/{service}/{terminator}"
    return Claim(secret_id, date, service, terminator, signed_headers, names, signed_names, scope)


_cached_claim = lru_cache(maxsize=1024)(_parse_claim)


def read_authorization(request: WireRequest, timestamp: int) -> Authorization:
    """The parts of the header, with the right scope (docs/fidelity.md#order-authorization).

    Raises ApiError. Only the message about `Service` was observed; the others are modelled on it.
    `SKIP`, which SDKs send for actions without a signature, does not have the documented form.
    """
    authorization = parse_authorization(request)
    if authorization is None:
        raise _invalid("malformed header.", None, None, FORM)
    product = vendor_product(request.headers.get("host", ""))
    invalid = _invalid_part(authorization.claim, timestamp // 86_400, product)
    if invalid is not None:
        raise _invalid(*invalid)
    return authorization


Invalid: TypeAlias = tuple[str, str | None, str | None, str]
"""What is invalid, in which part of the header, its value, and the expected one."""


@lru_cache(maxsize=64)
def _invalid_part(claim: Claim, day: int, product: str | None) -> Invalid | None:
    """The first part that is invalid on a day (counted from 1970) at a host of a product. Cached:
    it is the same for all calls that a client signs on one day."""
    if not MANDATORY_HEADERS.issubset(claim.names):
        what = "`content-type` and `host` must be in SignedHeaders."
        return what, "SignedHeaders", shown_name(claim.signed_headers), "content-type;host"
    if claim.date != (date := _date_of_day(day)):
        return _not_valid("Date", claim.date, date)
    if not is_service(claim.service, product):
        return _not_valid("Service", claim.service, product or "ocr")
    if claim.terminator != TERMINATOR:
        return _not_valid("Terminator", claim.terminator, TERMINATOR)
    return None


def _not_valid(part: str, got: str, expected: str) -> Invalid:
    what, shown = f"`{part}` in Credential not valid.", redacted_scope_part(got)
    return what, f"Credential {part}", shown, expected


def _invalid(what: str, part: str | None, got: str | None, expected: str) -> ApiError:
    parameter = "Authorization" if part is None else f"Authorization {part}"
    reason = Reason(hints.SEE_CAUSE, parameter, got, expected)
    return refusals.INVALID_AUTHORIZATION.error(reason, what=what)


def utc_date(timestamp: int) -> str:
    """The date of the credential scope: YYYY-MM-DD of the timestamp, in UTC."""
    return _date_of_day(timestamp // 86_400)


@lru_cache(maxsize=16)
def _date_of_day(days: int) -> str:
    return datetime.fromtimestamp(days * 86_400, UTC).strftime("%Y-%m-%d")


def is_service(service: str, product: str | None) -> bool:
    """Whether the service in the scope is right for a host of this product.

    Any name is right for a host that is not the vendor's: six official SDKs take the service from
    the first label of the endpoint, such as `127` or `localhost:8018`
    (docs/fidelity.md#scope-service).
    """
    return bool(service) and service == (product or service)
