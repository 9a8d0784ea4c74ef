"""How a client may have signed a request with the legacy method (v1), as values that mistakes
change.

Without a change, an attempt gives the same as `protocol/legacy.py`; a test compares the two.
"""

from collections.abc import Callable
from typing import NamedTuple

from mockocr.explainer.attempt import Finish, hmac_of
from mockocr.explainer.work import Work
from mockocr.protocol.call import Call
from mockocr.protocol.wire import WireRequest

Pairs = tuple[tuple[str, str], ...]
LayOut = Callable[["LegacyAttempt"], str]


def lay_out(attempt: "LegacyAttempt") -> str:
    pairs = "&".join(f"{name}={text}" for name, text in attempt.pairs)
    return f"{attempt.method}{attempt.host}{attempt.path}{attempt.mark}{pairs}"


class LegacyAttempt(NamedTuple):
    secret_key: bytes
    method: str
    host: str
    path: str
    mark: str
    """The `?` between path and parameters."""
    pairs: Pairs
    lay_out: LayOut
    finish: Finish

    def key(self, work: Work) -> bytes:
        """The SecretKey itself: the legacy method derives no key."""
        return self.secret_key

    def text(self, work: Work) -> bytes:
        """The string to sign."""
        made_of = self[1:-1]
        return work.text(made_of, lambda: self.lay_out(self).encode(errors="surrogateescape"))


def algorithm_of(call: Call) -> str:
    """The hash algorithm: SHA-256 for HmacSHA256, and SHA-1 for any other SignatureMethod or
    none."""
    return "sha256" if call.signed.get("SignatureMethod") == "HmacSHA256" else "sha1"


def as_received(request: WireRequest, call: Call, secret_key: str) -> LegacyAttempt:
    parameters = call.signed
    names = sorted(name for name in parameters if name != "Signature")
    return LegacyAttempt(
        secret_key.encode(),
        request.method,
        request.headers.get("host", ""),
        "/",
        "?",
        tuple((name, parameters[name]) for name in names),
        lay_out,
        hmac_of(algorithm_of(call)),
    )
