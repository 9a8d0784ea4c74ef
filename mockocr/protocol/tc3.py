"""TC3-HMAC-SHA256: four steps, four functions. Pure; no clock, no key store.

Source: the vendor's signature v3 page; what the real clients make of it was
measured (docs/fidelity.md#requests). A signature is verified by computing it, and the steps of that
computation, kept in `Signature`, are the explanation.
"""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from mockocr.protocol import refusals
from mockocr.protocol.errors import ApiError
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest, vendor_product

if TYPE_CHECKING:
    from _hashlib import HASH

ALGORITHM = "TC3-HMAC-SHA256"
TERMINATOR = "tc3_request"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
UNSIGNED_PAYLOAD_HASH = sha256(UNSIGNED_PAYLOAD.encode()).hexdigest()
NOTHING_HASH = sha256(b"").hexdigest()
MANDATORY_HEADERS = frozenset({"content-type", "host"})
"""Must be among the SignedHeaders (signature v3 page)."""

_CLAIM = re.compile(
    # Any number of blanks: docs/fidelity.md#authorization-spaces.
    r"TC3-HMAC-SHA256\s+"
    r"Credential=([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/([^/,\s]*),\s*"
    r"SignedHeaders=([^,\s]*)"
)
_SIGNATURE = re.compile(r"\s*Signature=([^,\s]*)\s*")

CACHED_CHARACTERS = 512
"""Of a claim; no client's is longer."""


class Claim(NamedTuple):
    """What an Authorization header says besides the signature: the same in all calls that a client
    signs on one day. Nothing in it is checked yet."""

    secret_id: str
    date: str
    service: str
    terminator: str
    signed_headers: str
    """As sent: names joined by `;`."""
    names: tuple[str, ...]
    """The same in lower case, in the order in which they are signed."""
    scope: str


class Authorization(NamedTuple):
    """The Authorization header, taken apart; nothing in it is checked yet."""

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
    """The parts of the Authorization header; None where it has not the shape of one."""
    claimed, _, signed = request.headers.get("authorization", "").rpartition(",")
    parse = _cached_claim if len(claimed) <= CACHED_CHARACTERS else _parse_claim
    claim, signature = parse(claimed), _SIGNATURE.fullmatch(signed)
    return Authorization(claim, signature[1]) if claim and signature else None


def _parse_claim(text: str) -> Claim | None:
    match = _CLAIM.fullmatch(text)
    if match is None:
        return None
    secret_id, date, service, terminator, signed_headers = match.groups()
    names = tuple(sorted(set(signed_headers.lower().split(";"))))
    scope = f"{date}/{service}/{terminator}"
    return Claim(secret_id, date, service, terminator, signed_headers, names, scope)


_cached_claim = lru_cache(maxsize=1024)(_parse_claim)


def read_authorization(request: WireRequest, timestamp: int) -> Authorization:
    """The Authorization header, its shape and its scope (docs/fidelity.md#order-authorization).

    Raises ApiError. Of the words, only those about `Service` were observed; the others are formed
    after them. `SKIP`, which SDKs send for actions that need no signature, is none of its shape.
    """
    given = parse_authorization(request)
    if given is None:
        raise refusals.INVALID_AUTHORIZATION.error(what="malformed header.")
    claim = given.claim
    if not MANDATORY_HEADERS.issubset(claim.names):
        raise refusals.INVALID_AUTHORIZATION.error(
            what="`content-type` and `host` must be in SignedHeaders."
        )
    if claim.date != utc_date(timestamp):
        raise _not_valid("Date")
    if not is_service(claim.service, request.headers.get("host", "")):
        raise _not_valid("Service")
    if claim.terminator != TERMINATOR:
        raise _not_valid("Terminator")
    return given


def _not_valid(part: str) -> ApiError:
    return refusals.INVALID_AUTHORIZATION.error(what=f"`{part}` in Credential not valid.")


def utc_date(timestamp: int) -> str:
    """The date that belongs in the credential scope: that of the timestamp, in UTC."""
    return _date_of_day(timestamp // 86_400)


@lru_cache(maxsize=16)
def _date_of_day(days: int) -> str:
    return datetime.fromtimestamp(days * 86_400, UTC).strftime("%Y-%m-%d")


def is_service(service: str, host: str) -> bool:
    """Insisted on only for the vendor's own host names: six official SDKs take the service from
    the endpoint's first label, so a local endpoint gives `127` or `localhost:8018`
    (docs/fidelity.md#scope-service)."""
    return bool(service) and service == (vendor_product(host) or service)


def payload_hash(request: WireRequest) -> str:
    """Hex SHA-256 of the body; of nothing for GET; of a literal where the client asks for that."""
    if request.headers.get("x-tc-content-sha256") == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD_HASH
    return NOTHING_HASH if request.method == "GET" else request.body_hash


def canonical_request(
    request: WireRequest,
    headers: Mapping[str, str],
    hashed_payload: str,
    names: Sequence[str] = (),
) -> str:
    """Step 1. `headers` are the signed ones, as they are to be read; in the order of their names,
    unless somebody is thought to have taken them in another."""
    names = names or sorted(headers)
    return _canonical(request, _lines(headers, names), ";".join(names), hashed_payload)


def _lines(headers: Mapping[str, str], names: Sequence[str]) -> str:
    return "".join([f"{name}:{headers.get(name, '')}\n" for name in names])


def _canonical(request: WireRequest, lines: str, names: str, hashed_payload: str) -> str:
    query = request.query if request.method == "GET" else ""
    return f"{request.method}\n/\n{query}\n{lines}\n{names}\n{hashed_payload}"


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
    """Step 4: 64 lower-case hex digits. By hand: hmac.digest looks SHA-256 up in each call, which
    takes longer than hashing."""
    begun = _begun(key)
    inner, outer = begun[0].copy(), begun[1].copy()
    inner.update(text.encode(WIRE_ENCODING))
    outer.update(inner.digest())
    return outer.hexdigest()


@lru_cache(maxsize=4096)
def _begun(key: bytes) -> "tuple[HASH, HASH]":
    """The two hashes of HMAC (RFC 2104) with the key read, for a key of at most 64 bytes."""
    block = key.ljust(64, b"\0")
    return sha256(bytes(it ^ 0x36 for it in block)), sha256(bytes(it ^ 0x5C for it in block))


def verify(
    request: WireRequest, given: Authorization, timestamp: int, secret_key: str
) -> Signature:
    """Compute the signature of a request and compare it with the one given.

    The request is read in each of the ways in which real clients sign it; the steps returned are
    those of the reading that fits, or of the documented one where none does.
    """
    hashed = payload_hash(request)
    covers_body = hashed != UNSIGNED_PAYLOAD_HASH and not (
        request.method == "GET" and request.body_bytes
    )
    claim = given.claim
    key = signing_key(secret_key, claim.date, claim.service)
    joined = ";".join(claim.names)
    documented: Signature | None = None
    as_documented = lower(_lines(request.headers, claim.names))
    for lines in chain((as_documented,), _other_readings(request, given)):
        canonical = _canonical(request, lines, joined, hashed)
        text = string_to_sign(timestamp, claim.scope, canonical)
        valid = _is_equal(sign(key, text), given.signature)
        signature = Signature(text, valid, canonical, hashed, covers_body)
        if valid:
            return signature
        documented = documented or signature
    assert documented is not None  # noqa: S101 - there is always the documented reading
    return documented


def _other_readings(request: WireRequest, given: Authorization) -> Iterator[str]:
    """The lines of headers of all `readings` but the documented one, which most calls have."""
    for headers in islice(readings(request, given), 1, None):
        yield _lines(headers, given.claim.names)


def _is_equal(computed: str, given: str) -> bool:
    """In constant time, which compare_digest takes for ASCII only."""
    return given.isascii() and hmac.compare_digest(computed, given)


def readings(request: WireRequest, given: Authorization) -> Iterator[dict[str, str]]:
    """The signed headers as the documentation reads them, then as clients really sign them."""
    sent = request.headers.get
    documented = {name: lower(sent(name, "")) for name in given.claim.names}
    yield documented
    as_sent = {name: sent(name, "") for name in given.claim.names}
    found = [documented, as_sent]
    # Node signs the host without its port (docs/fidelity.md#host-without-port).
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
