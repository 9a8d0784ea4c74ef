"""What the journal leaves out of headers, signatures and conditions (docs/security.md).

Parameters and responses are masked by their action: `Action.mask`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mockocr.accounts.identity import masked_secret_id
from mockocr.protocol.parameters import MASK
from mockocr.protocol.signature import Signature

SECRET_HEADERS = ("x-tc-token", "cookie", "proxy-authorization")
"""Their values are masked whole. Of Authorization, only the signature is."""
_HIDDEN_IN_CONDITIONS = frozenset({*SECRET_HEADERS, "authorization"})

_SECRET_HEADER_LINE = re.compile(rf"^({'|'.join(SECRET_HEADERS)}):.*$", re.MULTILINE)
_CREDENTIAL = re.compile(r"(Credential\s*=\s*)([^/]*)", re.IGNORECASE)
_SIGNATURE = re.compile(r"(Signature\s*=\s*)\S+", re.IGNORECASE)
_URL_QUERY = re.compile(r"(://[^?]*\?).+", re.DOTALL)
_VISIBLE_PARAMETERS = frozenset(
    {
        "Action",
        "Version",
        "Region",
        "Timestamp",
        "Nonce",
        "SecretId",
        "SignatureMethod",
        "Language",
        "RequestClient",
    }
)
"""The parameters of a query or form that contain no picture, token or personal data."""

MAX_CACHED_CHARACTERS = 512
MAX_CONDITION_CHARACTERS = 200
"""A longer text in a condition is a picture."""


def redacted_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Request headers (names in lower case) without the signature, tokens and cookies."""
    redacted = dict(headers)
    if authorization := redacted.get("authorization"):
        redacted["authorization"] = _without_signature(authorization)
    for name in SECRET_HEADERS:
        if name in redacted:
            redacted[name] = MASK
    return redacted


def _without_signature(authorization: str) -> str:
    """An Authorization of another scheme (`Bearer ...`) may be a secret as a whole."""
    if not authorization.startswith(("TC3-", "SKIP")):
        return MASK
    claim, _, signature = authorization.rpartition("=")
    if (
        len(claim) <= MAX_CACHED_CHARACTERS
        and signature.isalnum()
        and (masked := _with_masked_signature(claim))
    ):
        # Nearly every call: a tenth of the cost of the regular expression.
        return masked
    return _SIGNATURE.sub(rf"\1{MASK}", authorization)


@lru_cache(maxsize=1024)
def _with_masked_signature(claim: str) -> str | None:
    """The claim is the Authorization before its last `=`, the same for all calls that a client
    signs on one day. None if more than the signature may follow the word Signature."""
    if claim.endswith("Signature") and claim.lower().count("signature") == 1:
        return f"{claim}={MASK}"
    return None


def without_secret_id(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of a call with an unknown SecretId, which may be a SecretKey."""
    authorization = headers.get("authorization", "")
    masked = _CREDENTIAL.sub(lambda it: it[1] + masked_secret_id(it[2]), authorization)
    return {**headers, "authorization": masked} if authorization else headers


def redacted_signature(signature: Signature) -> Signature:
    """The steps of a signature without signed tokens, pictures and URLs."""
    if signature.canonical_request is None:
        target, mark, pairs = signature.string_to_sign.partition("/?")
        return replace(signature, string_to_sign=target + mark + _without_values(pairs))
    canonical = signature.canonical_request
    method, path, query, rest = canonical.split("\n", 3)
    if not query and not any(map(rest.__contains__, SECRET_HEADERS)):
        return signature
    rest = _SECRET_HEADER_LINE.sub(rf"\1:{MASK}", rest)
    canonical = "\n".join([method, path, _without_values(query), rest])
    return replace(signature, canonical_request=canonical)


def _without_values(pairs: str) -> str:
    """A value with an `&` in it, such as an ImageUrl in a v1 signature, is masked to its end."""
    return "&".join(_without_value(pair) for pair in pairs.split("&"))


def _without_value(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    if not pair or name in _VISIBLE_PARAMETERS:
        return pair
    return f"{name}={MASK}" if equals else MASK


def is_secret_condition(name: str) -> bool:
    """Whether a condition named `header.NAME` is about a header that contains a secret."""
    return name.removeprefix("header.").lower() in _HIDDEN_IN_CONDITIONS


def redacted_condition(name: str, expected: Any) -> Any:
    """The expected value of a rule's condition as it was written, without tokens, pictures and the
    query of URLs."""
    match expected:
        case _ if is_secret_condition(name):
            return MASK
        case list():
            return [redacted_condition(name, value) for value in expected]
        case dict():
            return {matcher: redacted_condition(name, it) for matcher, it in expected.items()}
        case str() if len(expected) > MAX_CONDITION_CHARACTERS:
            return f"<{len(expected)} characters>"
        case str():
            return _URL_QUERY.sub(rf"\1{MASK}", expected)
        case _:
            return expected
