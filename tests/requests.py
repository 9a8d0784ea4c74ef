"""Requests as the server receives them, signed as clients sign them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from mockocr.protocol import legacy, tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, read_authorization, utc_date
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WIRE_ENCODING, LongBody, WireRequest

SECRET_ID, SECRET_KEY = "AKIDtest", "key-of-the-test"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TIMESTAMP = int(NOW.timestamp())
HOST = "127.0.0.1:8018"
FRONT = {"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"}


def a_request(
    method: str = "POST",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes | LongBody = b"",
    **more: Any,
) -> WireRequest:
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    size_bytes = len(query) + sum(len(name) + len(value) for name, value in lower.items())
    more.setdefault("head_bytes", size_bytes)
    return WireRequest("request-id", NOW, method, "/", query, lower, body, **more)


def common_headers(**changes: Any) -> dict[str, str]:
    """X_TC_Region="ap-beijing" sets a header, None leaves one out."""
    headers = {
        "Host": HOST,
        "Content-Type": "application/json",
        "X-TC-Action": "IDCardOCR",
        "X-TC-Version": "2018-11-19",
        "X-TC-Timestamp": str(TIMESTAMP),
    }
    for name, value in changes.items():
        header = name.replace("_", "-")
        headers.pop(header, None)
        if value is not None:
            headers[header] = value
    return headers


def signed(
    request: WireRequest,
    *,
    secret_id: str = SECRET_ID,
    secret_key: str = SECRET_KEY,
    signed_headers: str = "content-type;host",
    signed_as: Mapping[str, str] | None = None,
    scope: str | None = None,
) -> WireRequest:
    """With an Authorization header. `signed_as`: headers that are signed with other values than
    they are sent."""
    timestamp = int(request.headers.get("x-tc-timestamp", TIMESTAMP))
    scope = scope or f"{utc_date(timestamp)}/ocr/{TERMINATOR}"
    sent = {**request.headers, **(signed_as or {})}
    headers = {name: sent.get(name, "").lower() for name in signed_headers.split(";")}
    hashed = tc3.payload_hash(request)
    canonical = tc3.canonical_request(request, headers, hashed)
    date, service, _ = scope.split("/")
    key = tc3.signing_key(secret_key, date, service)
    signature = tc3.sign(key, tc3.string_to_sign(timestamp, scope, canonical))
    authorization = (
        f"{ALGORITHM} Credential={secret_id}/{scope},"
        f" SignedHeaders={signed_headers}, Signature={signature}"
    )
    return replace(request, headers={**request.headers, "authorization": authorization})


def a_call(parameters: Any = FRONT, **headers: Any) -> WireRequest:
    """POST application/json with TC3, as every SDK makes it by default."""
    body = parameters if isinstance(parameters, bytes) else json.dumps(parameters).encode()
    return signed(a_request(headers=common_headers(**headers), body=body))


def a_get(parameters: Mapping[str, str] = FRONT, **headers: Any) -> WireRequest:
    """GET with TC3."""
    form = "application/x-www-form-urlencoded"
    wanted = common_headers(**{"Content_Type": form, **headers})
    return signed(a_request("GET", urlencode(parameters), wanted))


def a_v1_call(
    parameters: Mapping[str, str] = FRONT,
    method: str = "POST",
    signature_method: str | None = "HmacSHA256",
    secret_key: str = SECRET_KEY,
    headers: Mapping[str, str] | None = None,
    **changes: Any,
) -> WireRequest:
    """With the legacy signature and changed common parameters; None leaves one out."""
    common: dict[str, str | None] = {
        "Action": "IDCardOCR",
        "Version": "2018-11-19",
        "Timestamp": str(TIMESTAMP),
        "Nonce": "11886",
        "SecretId": SECRET_ID,
        "SignatureMethod": signature_method,
        **changes,
    }
    sent = {name: value for name, value in {**parameters, **common}.items() if value is not None}
    if "Signature" not in changes:
        text = legacy.string_to_sign(method, HOST, sent)
        sent["Signature"] = legacy.sign(secret_key, text, signature_method)
    form = urlencode(sent)
    if method == "GET":
        return a_request("GET", form, {"Host": HOST, **(headers or {})})
    content_type = {"Content-Type": "application/x-www-form-urlencoded"}
    wanted = {"Host": HOST, **content_type, **(headers or {})}
    return a_request("POST", "", wanted, form.encode(WIRE_ENCODING))


def verified(request: WireRequest, secret_key: str = SECRET_KEY) -> Signature:
    authorization = read_authorization(request, TIMESTAMP)
    return tc3.verify(request, authorization, TIMESTAMP, secret_key)


def with_header(request: WireRequest, **headers: str) -> WireRequest:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(request, headers={**request.headers, **changed})


def with_authorization(request: WireRequest, old: str, new: str) -> WireRequest:
    authorization = request.headers["authorization"]
    assert old in authorization
    return with_header(request, authorization=authorization.replace(old, new))
