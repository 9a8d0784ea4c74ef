"""TC3-HMAC-SHA256: four steps, four functions. Pure: no clock, no key store.

Source: the vendor's signature v3 page, and measurements of real clients
(docs/fidelity.md#requests). A signature is verified by computing it. `Signature` has the steps of
that computation; they explain a wrong signature.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, Authorization
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest

if TYPE_CHECKING:
    from _hashlib import HASH

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
UNSIGNED_PAYLOAD_HASH = sha256(UNSIGNED_PAYLOAD.encode()).hexdigest()
EMPTY_HASH = sha256(b"").hexdigest()


def payload_hash(request: WireRequest) -> str:
    """Hex SHA-256 of the body; of nothing for a GET; of the word UNSIGNED-PAYLOAD if the client
    sends it in X-TC-Content-SHA256."""
    if request.headers.get("x-tc-content-sha256") == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD_HASH
    return EMPTY_HASH if request.method == "GET" else request.body_hash


def canonical_request(
    request: WireRequest,
    headers: Mapping[str, str],
    hashed_payload: str,
) -> str:
    """Step 1. `headers`: the signed headers by name, in lower case."""
    names = sorted(headers)
    return _canonical(request, _lines(headers, names), ";".join(names), hashed_payload)


def _canonical(request: WireRequest, lines: str, signed_names: str, hashed_payload: str) -> str:
    query = request.query if request.method == "GET" else ""
    return f"{request.method}\n/\n{query}\n{lines}\n{signed_names}\n{hashed_payload}"


def _lines(headers: Mapping[str, str], names: Sequence[str]) -> str:
    lines = ""
    for name in names:
        lines += f"{name}:{headers.get(name, '')}\n"
    return lines


def string_to_sign(timestamp: int, scope: str, canonical: str) -> str:
    """Step 2. `timestamp` is in UNIX seconds."""
    digest = sha256(canonical.encode(WIRE_ENCODING)).hexdigest()
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{digest}"


@lru_cache(maxsize=4096)
def signing_key(secret_key: str, date: str, service: str, terminator: str = TERMINATOR) -> bytes:
    """Step 3. Cached: it is the same for all calls of a key, a day and a service."""
    key = f"TC3{secret_key}".encode()
    for part in (date, service, terminator):
        key = hmac.digest(key, part.encode(WIRE_ENCODING), "sha256")
    return key


def sign(key: bytes, text: str) -> str:
    """Step 4: 64 lower-case hex digits.

    HMAC by hand: hmac.digest looks up SHA-256 at each call, which takes longer than hashing.
    """
    started = _started_hashes(key)
    inner, outer = started[0].copy(), started[1].copy()
    inner.update(text.encode(WIRE_ENCODING))
    outer.update(inner.digest())
    return outer.hexdigest()


@lru_cache(maxsize=4096)
def _started_hashes(key: bytes) -> "tuple[HASH, HASH]":
    """The inner and the outer hash of HMAC (RFC 2104) after a key of at most 64 bytes."""
    block = key.ljust(64, b"\0")
    inner, outer = bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
    return sha256(inner), sha256(outer)


def verify(
    request: WireRequest, authorization: Authorization, timestamp: int, secret_key: str
) -> Signature:
    """Computes the signature of a request and compares it with the one that was sent.

    Tries each of `readings`. The result is that of the valid reading, or of the documented one if
    none is valid.
    """
    claim = authorization.claim
    hashed = payload_hash(request)
    covers_body = hashed != UNSIGNED_PAYLOAD_HASH and not (
        request.method == "GET" and request.body_bytes
    )
    key = signing_key(secret_key, claim.date, claim.service)

    def compute(lines: str) -> Signature:
        canonical = _canonical(request, lines, claim.signed_names, hashed)
        text = string_to_sign(timestamp, claim.scope, canonical)
        sent_signature = authorization.signature
        # compare_digest accepts only ASCII.
        valid = sent_signature.isascii() and hmac.compare_digest(sign(key, text), sent_signature)
        return Signature(text, valid, canonical, hashed, covers_body)

    documented = compute(lower(_lines(request.headers, claim.names)))
    if documented.valid:
        return documented
    for headers in islice(readings(request, authorization), 1, None):
        signature = compute(_lines(headers, claim.names))
        if signature.valid:
            as_sent = (name for name, value in headers.items() if value != lower(value))
            signature.as_sent = tuple(as_sent)
            return signature
    return documented


def readings(request: WireRequest, authorization: Authorization) -> Iterator[dict[str, str]]:
    """The values of the signed headers as documented, then as real clients sign them."""
    as_sent = {name: request.headers.get(name, "") for name in authorization.claim.names}
    documented = {name: lower(value) for name, value in as_sent.items()}
    yield documented
    candidates = [documented, as_sent]
    # Node signs the host without its port (docs/fidelity.md#host-without-port).
    host, _, port = as_sent.get("host", "").rpartition(":")
    if host and port.isdigit():
        candidates += [{**reading, "host": without_port(reading["host"])} for reading in candidates]
    for index, reading in enumerate(candidates):
        if index and reading not in candidates[:index]:
            yield reading


def without_port(host: str) -> str:
    return host.rpartition(":")[0]


def lower(text: str) -> str:
    """ASCII letters in lower case; all other bytes stay as they were signed."""
    return (
        text.lower() if text.isascii() else text.encode(WIRE_ENCODING).lower().decode(WIRE_ENCODING)
    )
