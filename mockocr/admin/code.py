"""Endpoints that write the code of a call: of a recorded one, and of one that was not sent."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.admin.call_spec import CallSpec
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import account_or_first
from mockocr.admin.replies import Reply
from mockocr.admin.requests import ACCOUNT, UNKNOWN_CALL, requested_call
from mockocr.admin.try_call import own_url
from mockocr.code_samples.languages import FILES, LANGUAGES
from mockocr.code_samples.sample_call import (
    TC3,
    NotRepeatableError,
    PictureFile,
    SampleCall,
    is_long,
    of_exchange,
    picture_file,
)
from mockocr.images.header import read_header
from mockocr.images.image import Picture
from mockocr.pipeline.state import State
from mockocr.protocol.signing import FORM
from mockocr.protocol.wire import MAX_BODY_BYTES
from mockocr.suggestions import unknown

LANGUAGE = Parameter(
    "language", "The language of the code.", {"type": "string", "enum": list(LANGUAGES)}
)
_STATUSES = {
    200: "The code.",
    404: UNKNOWN_CALL,
    409: "There is not enough data of the call, or the language cannot express it.",
}


class Code(Reply):
    language: str
    file: str
    """The name of a file for it."""
    code: str
    """Reads the key pair from the environment, and pictures from files."""


def code_endpoints(state: State, urls: Mapping[str, str]) -> list[Endpoint]:
    def show_code(request: Request) -> Code:
        exchange = requested_call(request, state)
        url = f"{request.url.scheme}://{request.url.netloc}"
        return _code(request, lambda: of_exchange(exchange, url))

    def write_code(request: Request, spec: CallSpec) -> Code:
        account = account_or_first(spec.account, state)
        url = reached_url(request, urls, spec.endpoint)
        call = sample_of(spec, account.name, bool(account.tokens), url)
        return _code(request, lambda: call)

    return [
        Endpoint(
            "GET",
            "/requests/{request_id}/code",
            "Code that makes the call, in a language",
            show_code,
            (ACCOUNT, LANGUAGE),
            _STATUSES,
        ),
        Endpoint(
            "POST",
            "/code",
            "Code of a call that was not sent, in a language",
            write_code,
            (LANGUAGE,),
            statuses={**_STATUSES, 404: "No account has this name."},
            max_body_bytes=MAX_BODY_BYTES,
        ),
    ]


def _code(request: Request, call: Callable[[], SampleCall]) -> Code:
    """Raises HTTPException. `call` may raise NotRepeatableError."""
    language = request.query_params.get("language", "")
    if language not in LANGUAGES:
        raise HTTPException(400, unknown("language", language, list(LANGUAGES)))
    try:
        code = LANGUAGES[language](call())
    except NotRepeatableError as error:
        raise HTTPException(409, str(error)) from None
    code = code.encode(errors="replace").decode()
    return Code(language=language, file=FILES[language], code=code)


def reached_url(request: Request, urls: Mapping[str, str], scheme: str | None) -> str:
    """The server's URL under the name by which the request reached it. Raises HTTPException."""
    if scheme in (None, request.url.scheme):
        return f"{request.url.scheme}://{request.url.netloc}"
    port = urlsplit(own_url(urls, scheme)).port
    name = request.url.hostname or ""
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def sample_of(spec: CallSpec, account: str, has_token: bool, url: str) -> SampleCall:
    action = spec.chosen_action()
    version = action.version if spec.version is None else spec.version
    is_v1 = spec.signature_method != TC3
    common = {
        "Action": action.name,
        "Version": version,
        "Region": spec.region,
        "Language": spec.language,
        "SignatureMethod": spec.signature_method,
    }
    names = ("Timestamp", "Nonce", "SecretId", *(["Token"] if has_token else []))
    headers = {"X-TC-Action": action.name, "X-TC-Version": version}
    headers |= {"X-TC-Region": spec.region} if spec.region else {}
    headers |= {"X-TC-Language": spec.language} if spec.language else {}
    given = {name.lower(): text for name, text in spec.headers.items()}
    is_form = is_v1 or spec.method == "GET"
    content_type = given.pop("content-type", FORM if is_form else "application/json")
    return SampleCall(
        about=f"Calls {action.name}.",
        account=account,
        action=action.name,
        service=action.service,
        version=version,
        types=action.parameters(date.max),
        url=url,
        host=urlsplit(url).netloc,
        content_type=content_type,
        method=spec.method,
        signature_method=spec.signature_method,
        region=spec.region,
        language=spec.language,
        parameters={name: _value(name, value) for name, value in spec.parameters.items()},
        headers=spec.headers if is_v1 else {**headers, **spec.headers},
        common={**{name: text for name, text in common.items() if text}, **dict.fromkeys(names, "")}
        if is_v1
        else {},
        has_token=has_token,
    )


def _value(name: str, value: Any) -> Any:
    """A PictureFile for a picture."""
    if not (is_long(name) and isinstance(value, str) and value):
        return value
    try:
        content = b64decode(value, validate=False)
    except ValueError:
        content = b""
    picture = read_header(content, sha256(content).hexdigest())
    if isinstance(picture, Picture):
        return picture_file(picture)
    return PictureFile("picture.jpg", f"{len(value)} characters of Base64")
