"""How a request may have been signed with TC3: the four steps, each as a value that can be changed.

Unchanged, an attempt gives what `protocol/tc3.py` computes; a test holds the two together.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from mockocr.explainer.work import Work
from mockocr.protocol import tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, Authorization
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest

Derive = Callable[[bytes, str, str, str], bytes]
"""From the bytes of the SecretKey, date, service and terminator to the signing key."""
Finish = Callable[[bytes, bytes], bytes]
"""From the signing key and the string to sign to the bytes of the signature."""
LayOut = Callable[["Attempt"], str]
"""The canonical request."""
State = Callable[["Attempt", str], str]
"""The string to sign, from the canonical request."""

KEY_FIELDS = 5
"""So many fields, the first ones, decide on the signing key."""

SHOWN_HEADERS = frozenset(
    {"content-type", "host", "x-tc-action", "x-tc-version", "x-tc-timestamp", "x-tc-region"}
)
"""Signed headers whose values are shown. For any other, only its presence is shown."""


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
    """Text from the wire is one character a byte; what is only tried may hold more."""
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
    """What each step was given, and how it was done."""

    secret_key: bytes
    derive: Derive
    date: str
    service: str
    terminator: str
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    """Name and value of each line, in their order."""
    names: str
    """The line behind them."""
    payload: str
    """The last line: a hash."""
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
        """Only of a header that is signed."""
        headers = tuple((it, text if it == name else old) for it, old in self.headers)
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
        """Without what must not be shown: to compare its lines with those of another."""
        headers = tuple(
            (name, text if name in SHOWN_HEADERS else "***") for name, text in self.headers
        )
        return self._replace(query=self.query and "***", headers=headers)


def as_received(
    request: WireRequest,
    given: Authorization,
    timestamp: int,
    secret_key: str,
    payload_hash: str,
) -> list[Attempt]:
    """The request in each reading in which it is verified, as it should have been signed."""
    query = request.query if request.method == "GET" else ""
    return [
        Attempt(
            secret_key.encode(),
            derive,
            given.date,
            given.service,
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
            given.scope,
            state,
            finish,
        )
        for headers in tc3.readings(request, given)
    ]


def in_order(headers: dict[str, str], names: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    return tuple((name, headers[name]) for name in names or sorted(headers))
