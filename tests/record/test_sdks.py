"""Recordings through the official SDKs, and their replays: no planted text is in the file, and the
replay has the same codes, shapes and consistency."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.people import number
from mockocr.people.validity import is_documented_span
from tests.clients.test_node_sdk import run_node
from tests.conftest import BUILT_IN, Running
from tests.record.recording_servers import CALLS, CASES, PERSON, PLANTED, advanced

if TYPE_CHECKING:
    from tests.conftest import Run, Serve
    from tests.record.conftest import Record

Replies = Sequence[Mapping[str, Any]]
CallAll = Callable[[Running], Replies]
"""Makes all calls. Returns the members of Response, or of the error."""

TEXTS = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum", "Authority", "ValidDate")


def with_python(server: Running) -> Replies:
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=server.endpoint))
    client = OcrClient(Credential(*BUILT_IN), "", profile)
    return [_python_call(client, parameters) for parameters in CALLS]


def _python_call(client: Any, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    request = models.IDCardOCRRequest()
    for name, value in parameters.items():
        setattr(request, name, value)
    try:
        return dict(json.loads(client.IDCardOCR(request).to_json_string()))
    except TencentCloudSDKException as error:
        return {"Code": error.get_code(), "Message": error.get_message()}


def with_node(server: Running) -> Replies:
    config = {
        "credential": {"secretId": BUILT_IN[0], "secretKey": BUILT_IN[1]},
        "region": "",
        "profile": {"httpProfile": {"protocol": "http://", "endpoint": server.endpoint}},
    }
    answers = run_node(
        [{"config": config, "params": dict(each)} for each in CALLS], trust=server.ca
    )
    return [
        answer.get("response")
        or {"Code": answer["error"]["code"], "Message": answer["error"]["message"]}
        for answer in answers
    ]


@pytest.fixture(params=[with_python, with_node], ids=["python", "node"])
def call_all(request: pytest.FixtureRequest) -> CallAll:
    found: CallAll = request.param
    return found


def test_a_recording_has_no_personal_data_and_replays_the_same(
    call_all: CallAll,
    upstream: Running,
    record: "Record",
    serve: "Serve",
    path: Path,
    run: "Run",
) -> None:
    recorded = call_all(record(upstream.url, path))

    assert recorded[0]["Name"] == PERSON["Name"]
    assert "13912345678" in recorded[list(CASES).index("an error with personal data")]["Message"]
    check_nothing_planted(path.read_text(encoding="utf-8"))
    validated = run("validate", str(path))
    assert (validated.code, validated.stderr) == (0, "")
    replayed = call_all(serve(scenarios=(str(path),)))
    for before, after, parameters in zip(recorded, replayed, CALLS, strict=True):
        assert shape(after) == shape(before), parameters
        check_consistency(after, parameters)
    of = dict(zip(CASES, replayed, strict=False))
    check_stability(of)


def check_nothing_planted(text: str) -> None:
    every = [
        *PLANTED,
        *(b64encode(each.encode()).decode().rstrip("=") for each in PLANTED),
        *(case.parameters.get("ImageBase64", SECRET) for case in CASES.values()),
    ]
    assert [planted for planted in every if planted in text] == []


SECRET = "geheim"


def shape(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    """What must be equal: codes, members, which texts are empty, and what is not personal."""
    if "Code" in reply:
        return {"Code": reply["Code"]}
    texts = {name: _shape_of_text(name, reply[name]) for name in TEXTS}
    info = {
        name: bool(value) if name in ("IdCard", "Portrait") else value
        for name, value in advanced(reply).items()
        if name != "Owner"
    }
    return {**texts, "AdvancedInfo": info, "ReflectDetailInfos": reply["ReflectDetailInfos"]}


def _shape_of_text(name: str, text: str) -> Any:
    match name:
        case "Name":
            dotted = "·" in text
            return dotted, None if dotted else len(text)
        case "IdNum":
            return text[-1:] == "X", number.is_valid(text)
        case "Nation":
            return text == "汉", bool(text)
        case "ValidDate" if span := read_validity(text):
            first, last = span
            years = last.year - first.year if last else None
            return years, is_documented_span(first, last), bool(last and last < date.today())
        case "Birth" if day := read_day(text):
            return (date.today() - day).days // 365 < 18
        case _:
            return bool(text)


def check_consistency(reply: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
    facts = number.read(reply.get("IdNum", ""))
    if facts is None:
        return
    contradicts = parameters.get("EnableRecognitionRectify") is False
    assert (read_day(reply["Birth"]) != facts.birth) is contradicts
    assert (reply["Sex"] != facts.sex) is contradicts


def check_stability(of: Mapping[str, Mapping[str, Any]]) -> None:
    """The same person is the same invented person."""
    first, second = of["front"], of["the same person on another picture"]
    assert [first[name] for name in TEXTS] == [second[name] for name in TEXTS]
    assert of["both sides"]["IdNum"] == of["a URL"]["IdNum"] == of["crops"]["IdNum"]
    message = of["an error with personal data"]["Message"]
    assert first["IdNum"] in message
    assert first["Name"] in message
    assert first["Name"] != PERSON["Name"]
