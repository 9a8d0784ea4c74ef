"""Masks calls before they are stored and shown. It lists what may be shown; for everything else,
only the name and the length remain (docs/security.md).

Parameters and responses are masked by their action, `Action.mask`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mockocr.protocol.signature import Signature

MASK = "***"

SHOWN_HEADERS = frozenset(
    {
        *("host", "content-type", "content-length", "transfer-encoding", "expect", "date"),
        *("accept", "accept-encoding", "accept-language", "connection", "user-agent"),
        *("x-tc-action", "x-tc-version", "x-tc-region", "x-tc-timestamp", "x-tc-language"),
        *("x-tc-requestclient", "x-tc-traceid", "x-tc-content-sha256"),
    }
)
"""The headers whose values are shown. Authorization is shown without its secret parts."""
_SHOWN_OR_IN_PARTS = SHOWN_HEADERS | {"authorization"}

_SHOWN_PARAMETERS = frozenset(
    {
        *("Action", "Version", "Region", "Timestamp", "Nonce"),
        *("SignatureMethod", "Language", "RequestClient"),
    }
)
"""The parameters of a query or form that contain no picture, token or personal data."""

MAX_NAME_CHARACTERS = 40
"""The maximum length of the name of a parameter. Longer names are masked."""
MAX_CONDITION_CHARACTERS = 200
"""The maximum length of a text in a condition. A longer one may be a picture, and is masked."""
MAX_CACHED_CHARACTERS = 512


def length_of(text: str) -> str:
    return f"<{len(text)} characters>"


# Headers


def redacted_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of a request, by name in lower case."""
    if _SHOWN_OR_IN_PARTS.issuperset(headers):
        # The usual case.
        redacted = dict(headers)
    else:
        redacted = {
            name: value if name in _SHOWN_OR_IN_PARTS or not value else length_of(value)
            for name, value in headers.items()
        }
    if redacted.get("authorization"):
        redacted["authorization"] = redacted_authorization(redacted["authorization"])
    if "host" in redacted and "@" in redacted["host"]:
        redacted["host"] = without_userinfo(redacted["host"])
    return redacted


def redacted_header(name: str, value: str) -> str:
    return redacted_headers({name: value})[name]


def without_userinfo(host: str) -> str:
    """A host, which may include the `user:password@` of the client's URL; this is masked."""
    _, at, rest = host.rpartition("@")
    return f"{MASK}@{rest}" if at else host


_ALGORITHM = re.compile(r"(?:TC3(?:-[A-Z0-9]{1,8}){1,3}|SKIP)(?=\s|$)")
_PART = re.compile(r"(?P<before>[\s,]*)(?P<name>[A-Za-z]+)(?P<equals>\s*=\s*)(?P<value>[^\s,]*)")
_PARTS = frozenset({"credential", "signedheaders", "signature"})
_HEADER_NAMES = re.compile(r"[\w;-]*", re.ASCII)
_SCOPE_PART = re.compile(r"[\w.:-]{0,20}", re.ASCII)


def redacted_authorization(text: str) -> str:
    """The parts of a TC3 header without the signature. Another scheme (`Bearer ...`, `Basic ...`)
    may be a secret as a whole."""
    claim, _, signature = text.rpartition("=")
    if (
        len(claim) <= MAX_CACHED_CHARACTERS
        and signature.isalnum()
        and (redacted := _with_masked_signature(claim))
    ):
        return redacted
    return _in_parts(text)


@lru_cache(maxsize=1024)
def _with_masked_signature(claim: str) -> str | None:
    """`claim`: the Authorization up to its last `=`, which is the same for all calls that a client
    signs on one day. Returns None if its last part is not the signature."""
    return _in_parts(f"{claim}=x") if claim.endswith("Signature") else None


def _in_parts(authorization: str) -> str:
    algorithm = _ALGORITHM.match(authorization)
    if algorithm is None:
        return MASK
    redacted, at = [algorithm[0]], algorithm.end()
    while part := _PART.match(authorization, at):
        name, value = part["name"], part["value"]
        redacted += [part["before"], name if name.lower() in _PARTS else MASK, part["equals"]]
        redacted.append(_redacted_part(name, value))
        at = part.end()
    rest = authorization[at:]
    return "".join(redacted) + (length_of(rest) if rest.strip() else "")


def _redacted_part(name: str, value: str) -> str:
    if name == "SignedHeaders" and _HEADER_NAMES.fullmatch(value):
        return value
    if name == "Credential":
        secret_id, *scope = value.split("/")
        return "/".join([redacted_secret_id(secret_id), *map(redacted_scope_part, scope)])
    return MASK


def redacted_secret_id(secret_id: str) -> str:
    """The ends of a SecretId, to tell it from others; only the length of any other text, which may
    be a SecretKey."""
    if secret_id.startswith("AKID") and len(secret_id) > 10:
        return f"{secret_id[:6]}{MASK}{secret_id[-2:]}"
    return length_of(secret_id)


def redacted_scope_part(text: str) -> str:
    """A date, service or terminator; only the length of any other text."""
    return text if _SCOPE_PART.fullmatch(text) else length_of(text)


# URLs, queries and forms

_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#\\]*@)?(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\])(?P<port>:\d{1,5})?"
    r"(?P<path>/[^?#@]*)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)


def redacted_url(url: str) -> str:
    """Scheme, host and path, and `?***` for the rest. Only the length if these may contain a
    password, or if the text is not a URL: it may be a picture in the wrong parameter."""
    match = _URL.fullmatch(url)
    if match is None:
        is_http = url.lower().startswith(("http://", "https://"))
        return length_of(url) if is_http else f"<{len(url)} characters, not http or https>"
    shown = f"{match['scheme']}://{match['host']}{match['port'] or ''}{match['path'] or ''}"
    return url if shown == url else f"{shown}?{MASK}"


def redacted_pairs(pairs: str) -> str:
    """A query or form. A value with an `&` in it, such as an ImageUrl in a v1 signature, is masked
    to its end."""
    return "&".join(map(_redacted_pair, pairs.split("&")))


def _redacted_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not pair or name in _SHOWN_PARAMETERS:
        return pair
    if name == "SecretId":
        return f"{name}={redacted_secret_id(value)}"
    if len(name) > MAX_NAME_CHARACTERS or not name.isidentifier():
        return MASK
    return f"{name}={MASK}" if equals else MASK


# Signatures


def redacted_signature(signature: Signature) -> Signature:
    """The steps of a signature without tokens, pictures, URLs and headers that are not shown."""
    text, canonical = signature.string_to_sign, signature.canonical_request
    if canonical is None:
        target, mark, pairs = text.partition("/?")
        text = without_userinfo(target) + mark + redacted_pairs(pairs)
        return replace(signature, string_to_sign=text)
    _, _, names_and_hash = canonical.rpartition("\n\n")
    if (
        canonical[:8] == "POST\n/\n\n"
        and _are_shown(names_and_hash[:-_HASH_CHARACTERS])
        and "@" not in canonical
        and "@" not in text
        and not text[_MAX_STRING_TO_SIGN_CHARACTERS:]
    ):
        # The usual case.
        return signature
    return replace(
        signature,
        string_to_sign="\n".join(map(_redacted_scope, text.split("\n"))),
        canonical_request=_redacted_canonical(canonical),
    )


_HASH_CHARACTERS = 65
"""The length of the last line of a canonical request, with the line end before it."""
_MAX_STRING_TO_SIGN_CHARACTERS = len("TC3-HMAC-SHA256\n\n2026-11-22//tc3_request\n") + 11 + 20 + 64
"""The longest string to sign: with a timestamp of 11 digits, a service of 20 characters (which SDKs
take from the host), and a hash."""


def _redacted_scope(line: str) -> str:
    if "/" not in line:
        return line
    return "/".join(map(redacted_scope_part, line.split("/")))


def _redacted_canonical(canonical: str) -> str:
    method, path, query, rest = canonical.split("\n", 3)
    lines, _, payload_hash = rest.rpartition("\n")
    headers = map(_redacted_line, lines.split("\n"))
    return "\n".join([method, path, redacted_pairs(query), *headers, payload_hash])


@lru_cache(maxsize=256)
def _are_shown(names: str) -> bool:
    return SHOWN_HEADERS.issuperset(names.split(";"))


def _redacted_line(line: str) -> str:
    """The line of a header; the empty line and that of the names have no colon."""
    name, colon, value = line.partition(":")
    return f"{name}:{redacted_header(name.lower(), value)}" if colon else line


# Conditions of rules

_HEADER = "header."
_BEHIND_PATH = re.compile(r"([?#=]).+", re.DOTALL)


def redacted_condition(name: str, expected: Any) -> Any:
    """The expected value of a rule's condition as written. Pictures and headers that are not shown
    are masked; URLs are reduced to scheme, host and path."""
    match expected:
        case list():
            return [redacted_condition(name, value) for value in expected]
        case dict():
            return {matcher: redacted_condition(name, value) for matcher, value in expected.items()}
        case str() if len(expected) > MAX_CONDITION_CHARACTERS:
            return length_of(expected)
        case str() if not name.startswith(_HEADER):
            return _BEHIND_PATH.sub(rf"\1{MASK}", without_userinfo(expected))
        case _:
            return redacted_fact(name, expected)


_MASK_SHAPE = re.compile(
    rf"{re.escape(MASK)}(?:@.*)?|.*[?#=]{re.escape(MASK)}|<[0-9]+ characters(?:, [^<>]*)?>",
    re.DOTALL,
)


def is_mask(text: str) -> bool:
    """Whether a text is what a function of this module shows instead of a value."""
    return _MASK_SHAPE.fullmatch(text) is not None


def is_masked_condition(name: str) -> bool:
    """Whether a condition is about a header whose value is not shown."""
    return name.startswith(_HEADER) and name.removeprefix(_HEADER).lower() not in SHOWN_HEADERS


def redacted_fact(name: str, fact: Any) -> Any:
    """The value of a call that a condition was compared with; not for conditions on parameters."""
    if name.startswith(_HEADER) and isinstance(fact, str):
        return redacted_header(name.removeprefix(_HEADER).lower(), fact)
    return fact
