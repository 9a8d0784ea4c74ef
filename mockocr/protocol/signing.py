"""A request that is signed as clients sign it, with the functions that verify. Pure: no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from mockocr.protocol import legacy, tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, utc_date
from mockocr.protocol.wire import WireRequest

SIGNED_HEADERS = ("content-type", "host")
"""The headers that every official SDK signs."""

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed request and the steps of its signature; never the key."""

    headers: Mapping[str, str]
    """As sent, Authorization included."""
    query: str
    body: bytes
    payload_hash: str
    canonical_request: str
    canonical_request_hash: str
    scope: str
    string_to_sign: str
    authorization: str


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A request with the legacy signature, which is one of its parameters."""

    query: str
    body: bytes
    string_to_sign: str


def query_of(texts: Mapping[str, str]) -> str:
    return urlencode(texts, quote_via=quote)


def sign_tc3(
    method: str,
    query: str,
    headers: Mapping[str, str],
    content: bytes,
    service: str,
    keys: tuple[str, str],
    seconds: int,
    *,
    signed_headers: Sequence[str] = SIGNED_HEADERS,
    as_sent: bool = False,
) -> Signed:
    """`headers` without Authorization; `keys`: SecretId and SecretKey; `seconds`: the time of
    signing; `signed_headers`: sorted, in lower case; `as_sent`: sign their values as they are sent,
    not in lower case (docs/fidelity.md#signed-values-as-sent)."""
    secret_id, secret_key = keys
    lower = {name.lower(): value.strip(" \t") for name, value in headers.items()}
    moment = datetime.fromtimestamp(seconds, UTC)
    request = WireRequest("", moment, method, "/", query, lower, content)
    sent = {name: lower.get(name, "") for name in signed_headers}
    values = sent if as_sent else {name: value.lower() for name, value in sent.items()}
    hashed = tc3.payload_hash(request)
    canonical = tc3.canonical_request(request, values, hashed)
    date = utc_date(seconds)
    scope = f"{date}/{service}/{TERMINATOR}"
    text = tc3.string_to_sign(seconds, scope, canonical)
    signature = tc3.sign(tc3.signing_key(secret_key, date, service), text)
    authorization = (
        f"{ALGORITHM} Credential={secret_id}/{scope},"
        f" SignedHeaders={';'.join(signed_headers)}, Signature={signature}"
    )
    return Signed(
        {**headers, "Authorization": authorization},
        query,
        content,
        hashed,
        canonical,
        text.rpartition("\n")[2],
        scope,
        text,
        authorization,
    )


def sign_form(method: str, host: str, parameters: Mapping[str, str], secret_key: str) -> SignedForm:
    """`parameters`: those of the action and the common ones, without the signature."""
    text = legacy.string_to_sign(method, host, parameters)
    signature = legacy.sign(secret_key, text, parameters.get("SignatureMethod"))
    pairs = query_of({**parameters, "Signature": signature})
    is_get = method == "GET"
    return SignedForm(pairs if is_get else "", b"" if is_get else pairs.encode(), text)
