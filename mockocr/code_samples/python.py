"""A call with the Python SDK, as a script and as a test."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import python as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_CAN_SET = frozenset({"method", "signature", "language"})


def python(call: SampleCall) -> str:
    http = [f"protocol={quoted(call.url.partition('://')[0])}", f"endpoint={quoted(call.endpoint)}"]
    if call.is_https:
        http.append('certification="mockocr-ca.pem"')
    keys = ", ".join(f'os.environ["{name}"]' for name in call.variables)
    return "\n".join(
        [
            *_remarks(call),
            *_imports(call, "import os"),
            "",
            f"credential = Credential({keys})",
            *_client(call, http),
            *_request(call),
            f"print(client.{call.action}(request).to_json_string(indent=2))",
            "",
        ]
    )


def pytest(call: SampleCall) -> str:
    lines = [
        "credential = Credential(mockocr.secret_id, mockocr.secret_key)",
        *_client(call, ['protocol="http"', "endpoint=mockocr.endpoint"]),
        *_request(call),
        f"response = client.{call.action}(request)",
        "",
        "assert response.RequestId",
    ]
    return "\n".join(
        [
            *_remarks(replace(call, url=f"http://{call.endpoint}"), is_test=True),
            *_imports(call),
            "",
            "",
            f"def test_{call.action.lower()}(mockocr):",
            *(f"    {line}" if line else "" for line in lines),
            "",
        ]
    )


def _remarks(call: SampleCall, is_test: bool = False) -> list[str]:
    """A test has the key pair of its fixture."""
    remarks = [f"# {comment(text)}" for text in call.remarks(_CAN_SET)]
    return remarks[:1] + remarks[2:] if is_test else remarks


def _imports(call: SampleCall, *more: str) -> Iterator[str]:
    yield from more
    if call.pictures:
        yield from ("from base64 import b64encode", "from pathlib import Path")
    if more or call.pictures:
        yield ""
    yield "from tencentcloud.common.credential import Credential"
    yield "from tencentcloud.common.profile.client_profile import ClientProfile"
    yield "from tencentcloud.common.profile.http_profile import HttpProfile"
    package = f"tencentcloud.{call.service}.{call.package}"
    yield f"from {package}.models import {call.action}Request"
    yield f"from {package}.{call.service}_client import {call.product}Client"


def _client(call: SampleCall, http: list[str]) -> Iterator[str]:
    names = {"signature": "signMethod", "language": "language"}
    settings = dict(call.settings())
    if "method" in settings:
        http = [*http, f"reqMethod={quoted(settings['method'])}"]
    profile = ["httpProfile=http"]
    profile += [f"{names[key]}={quoted(settings[key])}" for key in names if key in settings]
    yield f"http = HttpProfile({', '.join(http)})"
    yield f"profile = ClientProfile({', '.join(profile)})"
    yield f"client = {call.product}Client(credential, {quoted(call.region)}, profile)"


def _request(call: SampleCall) -> Iterator[str]:
    yield f"request = {call.action}Request()"
    for name, value in call.typed():
        yield f"request.{name} = {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case PictureFile(name):
            return f"b64encode(Path({quoted(name)}).read_bytes()).decode()"
        case str():
            return quoted(value)
        case _:
            return repr(value)
