"""From the call of a case to an HTTP request. It is signed with the functions that verify."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockocr.contract_check.case_spec import RequestSpec
from mockocr.contract_check.cases import Case
from mockocr.contract_check.pictures import picture_text
from mockocr.protocol import legacy
from mockocr.protocol.signing import FORM, query_of, sign_tc3


class CaseError(Exception):
    """A case that cannot be sent as it is written."""


class Moment(NamedTuple):
    """What differs from call to call."""

    seconds: int
    """The time of signing if the case does not change it."""
    nonce: int


class Credentials(NamedTuple):
    secret_id: str
    secret_key: str
    token: str | None = None
    """Of a temporary key pair."""


class HttpCall(NamedTuple):
    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes | None


def http_call(case: Case, url: str, keys: Credentials, moment: Moment) -> HttpCall:
    """Raises CaseError."""
    spec, host = case.spec.request, urlsplit(url).netloc
    parameters = _parameters(case)
    match spec.signature:
        case "none":
            return _unsigned(spec, host, parameters)
        case "HmacSHA1" | "HmacSHA256":
            return _legacy(case, host, parameters, keys, moment)
        case _:
            return _tc3(case, host, parameters, keys, moment)


def _parameters(case: Case) -> Mapping[str, Any]:
    spec = case.spec.request
    if spec.picture is not None:
        return {"ImageBase64": picture_text(spec.picture, case.action), **spec.parameters}
    if spec.padding:
        return {"ImageBase64": "A" * spec.padding, **spec.parameters}
    return spec.parameters


def _tc3(
    case: Case, host: str, parameters: Mapping[str, Any], keys: Credentials, moment: Moment
) -> HttpCall:
    spec, action = case.spec.request, case.action
    seconds = moment.seconds + spec.signed_at
    is_get = spec.method == "GET"
    common = {
        "Action": action.name,
        "Version": action.version,
        "Timestamp": str(seconds),
        "Token": keys.token,
        **_named(spec),
    }
    headers = {
        "Host": host,
        "Content-Type": FORM if is_get else "application/json",
        **{f"X-TC-{name}": text for name, text in common.items() if text is not None},
    }
    headers = _changed(headers, spec.headers)
    query = query_of(_texts(parameters)) if is_get else ""
    body = b"" if is_get else _json(spec, parameters)
    signed = sign_tc3(
        spec.method,
        query,
        headers,
        body,
        spec.service or action.service,
        (keys.secret_id, keys.secret_key),
        seconds,
        signed_headers=spec.signed_headers,
        as_sent=spec.signed_values == "as_sent",
    )
    authorization = _edited(spec, signed.authorization)
    headers = _changed({**headers, "Authorization": authorization}, spec.headers)
    return HttpCall(spec.method, query, headers, None if is_get else body)


def _legacy(
    case: Case, host: str, parameters: Mapping[str, Any], keys: Credentials, moment: Moment
) -> HttpCall:
    spec = case.spec.request
    defaults = {
        "Action": case.action.name,
        "Version": case.action.version,
        "Timestamp": str(moment.seconds + spec.signed_at),
        "Nonce": str(moment.nonce),
        "SecretId": keys.secret_id,
        "Token": keys.token,
        "SignatureMethod": spec.signature,
    }
    common = {name: text for name, text in {**defaults, **_named(spec)}.items() if text is not None}
    sent = {**_texts(parameters), **common}
    if "Signature" not in spec.common:
        text = legacy.string_to_sign(spec.method, host, sent)
        signature = legacy.sign(keys.secret_key, text, common.get("SignatureMethod"))
        sent["Signature"] = _edited(spec, signature)
    return _with_pairs(spec, host, sent)


def _unsigned(spec: RequestSpec, host: str, parameters: Mapping[str, Any]) -> HttpCall:
    """Only what the case names."""
    common = {name: text for name, text in _named(spec).items() if text is not None}
    return _with_pairs(spec, host, {**_texts(parameters), **common})


def _with_pairs(spec: RequestSpec, host: str, pairs: Mapping[str, str]) -> HttpCall:
    """In the query of a GET, or as a form."""
    query = query_of(pairs)
    headers = _changed({"Host": host, "Content-Type": FORM}, spec.headers)
    if spec.method == "GET":
        return HttpCall(spec.method, query, headers, None)
    body = query.encode() if spec.body is None else spec.body.encode()
    return HttpCall(spec.method, "", headers, body)


def _named(spec: RequestSpec) -> dict[str, str | None]:
    return {str(name): text for name, text in spec.common.items()}


def _texts(parameters: Mapping[str, Any]) -> dict[str, str]:
    """As SDKs write parameters into a query or form."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
        if value is not None
    }


def _json(spec: RequestSpec, parameters: Mapping[str, Any]) -> bytes:
    return json.dumps(parameters).encode() if spec.body is None else spec.body.encode()


def _changed(headers: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The headers with those of the case, in any spelling of their names."""
    lower = {name.lower() for name in changes}
    kept = {name: text for name, text in headers.items() if name.lower() not in lower}
    return kept | {name: text for name, text in changes.items() if text is not None}


def _edited(spec: RequestSpec, signature: str) -> str:
    if spec.edit is None:
        return signature
    by = spec.edit.by
    edited, count = re.subn(spec.edit.pattern, lambda _: by, signature, count=1)
    if not count:
        raise CaseError(f"edit: {spec.edit.pattern!r} is not in the signature")
    return edited
