"""How a client may have signed a request with TC3, as values that mistakes change.

Without a change, an attempt gives the same as `protocol/tc3.py`; a test compares the two.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from mockocr.explainer.work import Work
from mockocr.protocol import tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, Authorization
from mockocr.protocol.redact import MASK, redacted_header
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest

Derive = Callable[[bytes, str, str, str], bytes]
"""Derives the signing key from the SecretKey, date, service and terminator."""
Finish = Callable[[bytes, bytes], bytes]
"""Computes the signature from the signing key and the string to sign."""
LayOut = Callable[["Attempt"], str]
"""Builds the canonical request."""
State = Callable[["Attempt", str], str]
"""Builds the string to sign from the canonical request."""

KEY_FIELDS = 5
"""The first fields of an attempt, which the signing key depends on."""


def derive(secret_key: bytes, date: str, service: str, terminator: str) -> bytes:
    key = b"TC3" + secret_key
    for part in (date, service, terminator):
        key = hmac.digest(key, part.encode(WIRE_ENCODING), "sha256")
    return key


def finish(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def hmac_of(algorithm: str) -> Finish:
    return lambda key, text: hmac.digest(key, text, algorithm)


def encoded(text: str) -> bytes:
    """The bytes of a text. Text of the request has one character for each byte; other characters,
    which only mistakes add, become `?`."""
    return text.encode(WIRE_ENCODING, "replace")


def lay_out(attempt: "Attempt") -> str:
    return "\n".join(
        [
            attempt.method,
            attempt.path,
            attempt.query,
            *attempt.header_lines,
            "",
            attempt.names,
            attempt.payload,
        ]
    )


def state(attempt: "Attempt", canonical: str) -> str:
    digest = sha256(encoded(canonical)).hexdigest()
    return f"{attempt.algorithm}\n{attempt.timestamp}\n{attempt.scope}\n{digest}"


class Attempt(NamedTuple):
    """What goes into each step, and how the step is done."""

    secret_key: bytes
    derive: Derive
    date: str
    service: str
    terminator: str
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    """The names and values of the header lines, in order."""
    names: str
    """The line of the header names."""
    payload: str
    """The last line: the hash of the payload."""
    lay_out: LayOut
    algorithm: str
    timestamp: str
    scope: str
    state: State
    finish: Finish

    @property
    def header_lines(self) -> list[str]:
        return [f"{name}:{text}" for name, text in self.headers]

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)

    def with_header(self, name: str, text: str) -> "Attempt":
        """With another value of a signed header."""
        headers = tuple((each, text if each == name else old) for each, old in self.headers)
        return self._replace(headers=headers)

    def canonical_request(self) -> str:
        return self.lay_out(self)

    def string_to_sign(self) -> str:
        return self.state(self, self.lay_out(self))

    def key(self, work: Work) -> bytes:
        """The signing key."""
        return work.key(
            self[:KEY_FIELDS],
            lambda: self.derive(self.secret_key, self.date, self.service, self.terminator),
        )

    def text(self, work: Work) -> bytes:
        """The string to sign."""
        return work.text(self[KEY_FIELDS:-1], lambda: encoded(self.string_to_sign()))

    def masked(self) -> "Attempt":
        """A copy with masked query and secret headers, so that any line may be shown."""
        headers = tuple((name, redacted_header(name, text)) for name, text in self.headers)
        return self._replace(query=self.query and MASK, headers=headers)


def as_received(
    request: WireRequest,
    authorization: Authorization,
    timestamp: int,
    secret_key: str,
    payload_hash: str,
) -> list[Attempt]:
    """The right attempts: one for each reading of the signed headers that the server accepts."""
    query = request.query if request.method == "GET" else ""
    return [
        Attempt(
            secret_key.encode(),
            derive,
            authorization.date,
            authorization.service,
            TERMINATOR,
            request.method,
            "/",
            query,
            in_order(headers),
            ";".join(sorted(headers)),
            payload_hash,
            lay_out,
            ALGORITHM,
            str(timestamp),
            authorization.scope,
            state,
            finish,
        )
        for headers in tc3.readings(request, authorization)
    ]


def in_order(headers: dict[str, str], names: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    return tuple((name, headers[name]) for name in names or sorted(headers))
