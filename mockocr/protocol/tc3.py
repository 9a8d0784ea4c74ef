"""TC3-HMAC-SHA256: four steps, four functions. Pure; no clock, no key store.

Source: the vendor's signature v3 page (`wire.md` §1.2); what the real clients make of it was
measured (`clients.md` §1). A signature is verified by computing it, and the steps of that
computation, kept in `Signature`, are the explanation.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from mockocr.protocol import refusals
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest, vendor_product

ALGORITHM = "TC3-HMAC-SHA256"
TERMINATOR = "tc3_request"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
MANDATORY_HEADERS = frozenset({"content-type", "host"})
"""Must be among the SignedHeaders (signature v3 page)."""

_AUTHORIZATION = re.compile(
    # Any number of blanks: Mono's .NET puts two after the algorithm (`clients.md` §1.15).
    r"TC3-HMAC-SHA256\s+"
    r"Credential=(?P<secret_id>[^/,\s]*)/(?P<date>[^/,\s]*)/(?P<service>[^/,\s]*)/(?P<terminator>[^/,\s]*),\s*"
    r"SignedHeaders=(?P<signed_headers>[^,\s]*),\s*"
    r"Signature=(?P<signature>[^,\s]*)\s*"
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """The Authorization header, taken apart; nothing in it is checked yet."""

    secret_id: str
    date: str
    service: str
    terminator: str
    signed_headers: str
    """As sent: names joined by `;`."""
    signature: str

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.service}/{self.terminator}"


def parse_authorization(request: WireRequest) -> Authorization | None:
    """The parts of the Authorization header; None where it has not the shape of one."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    return Authorization(**match.groupdict()) if match else None


def read_authorization(request: WireRequest, timestamp: int) -> Authorization:
    """The Authorization header, its shape and its scope (`wire.md` §5, row 9).

    Raises ApiError. Of the words, only those about `Service` were observed; the others are formed
    after them. `SKIP`, which SDKs send for actions that need no signature, is none of its shape.
    """
    given = parse_authorization(request)
    if given is None:
        raise refusals.INVALID_AUTHORIZATION.error(what="malformed header.")
    if not MANDATORY_HEADERS.issubset(given.signed_headers.lower().split(";")):
        raise refusals.INVALID_AUTHORIZATION.error(
            what="`content-type` and `host` must be in SignedHeaders."
        )
    for part, valid in (
        ("Date", given.date == utc_date(timestamp)),
        ("Service", is_service(given.service, request.headers.get("host", ""))),
        ("Terminator", given.terminator == TERMINATOR),
    ):
        if not valid:
            raise refusals.INVALID_AUTHORIZATION.error(what=f"`{part}` in Credential not valid.")
    return given


def utc_date(timestamp: int) -> str:
    """The date that belongs in the credential scope: that of the timestamp, in UTC."""
    return _date_of_day(timestamp // 86_400)


@lru_cache(maxsize=16)
def _date_of_day(days: int) -> str:
    return datetime.fromtimestamp(days * 86_400, UTC).strftime("%Y-%m-%d")


def is_service(service: str, host: str) -> bool:
    """Insisted on only for the vendor's own host names: six official SDKs take the service from
    the endpoint's first label, so a local endpoint gives `127` or `localhost:8018`
    (`clients.md` §1.3)."""
    return bool(service) and service == (vendor_product(host) or service)


def payload_of(request: WireRequest) -> bytes:
    """What is hashed: the body; nothing for GET; a literal where the client asks for that."""
    if request.headers.get("x-tc-content-sha256") == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD.encode()
    return b"" if request.method == "GET" else request.body


def canonical_request(
    request: WireRequest,
    headers: Mapping[str, str],
    hashed_payload: str,
) -> str:
    """Step 1. `headers` are the signed ones, as they are to be read."""
    names = sorted(headers)
    query = request.query if request.method == "GET" else ""
    lines = [request.method, "/", query, *(f"{name}:{headers[name]}" for name in names), ""]
    return "\n".join([*lines, ";".join(names), hashed_payload])


def string_to_sign(timestamp: int, scope: str, canonical: str) -> str:
    """Step 2. `timestamp` is in UNIX seconds."""
    digest = sha256(canonical.encode(WIRE_ENCODING)).hexdigest()
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{digest}"


@lru_cache(maxsize=4096)
def signing_key(secret_key: str, date: str, service: str, terminator: str = TERMINATOR) -> bytes:
    """Step 3. Kept for the next call: the same key, day and service sign them all."""
    key = f"TC3{secret_key}".encode()
    for part in (date, service, terminator):
        key = hmac.digest(key, part.encode(WIRE_ENCODING), "sha256")
    return key


def sign(key: bytes, text: str) -> str:
    """Step 4: 64 lower-case hex digits."""
    return hmac.digest(key, text.encode(WIRE_ENCODING), "sha256").hex()


def verify(
    request: WireRequest, given: Authorization, timestamp: int, secret_key: str
) -> Signature:
    """Compute the signature of a request and compare it with the one given.

    The request is read in each of the ways in which real clients sign it; the steps returned are
    those of the reading that fits, or of the documented one where none does.
    """
    payload = payload_of(request)
    hashed = sha256(payload).hexdigest()
    key = signing_key(secret_key, given.date, given.service)
    documented: Signature | None = None
    for headers in readings(request, given):
        canonical = canonical_request(request, headers, hashed)
        text = string_to_sign(timestamp, given.scope, canonical)
        valid = hmac.compare_digest(sign(key, text).encode(), given.signature.encode(WIRE_ENCODING))
        signature = Signature(text, valid, canonical, hashed, payload is request.body)
        if valid:
            return signature
        documented = documented or signature
    assert documented is not None  # noqa: S101 - there is always the documented reading
    return documented


def readings(request: WireRequest, given: Authorization) -> Iterator[dict[str, str]]:
    """The signed headers as the documentation reads them, then as clients really sign them."""
    names = given.signed_headers.lower().split(";")
    as_sent = {name: request.headers.get(name, "") for name in names}
    documented = {name: lower(value) for name, value in as_sent.items()}
    yield documented
    found = [documented, as_sent]
    # Node signs the host without its port but sends it with one (`clients.md` §1.4).
    host, _, port = as_sent.get("host", "").rpartition(":")
    if host and port.isdigit():
        found += [{**reading, "host": without_port(reading["host"])} for reading in found]
    for index, reading in enumerate(found):
        if index and reading not in found[:index]:
            yield reading


def without_port(host: str) -> str:
    return host.rpartition(":")[0]


def lower(text: str) -> str:
    """ASCII letters only: other bytes stay as they were signed."""
    return (
        text.lower() if text.isascii() else text.encode(WIRE_ENCODING).lower().decode(WIRE_ENCODING)
    )
