"""What is sent to the upstream, and what happens if its reply is not one of the API."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.protocol.signing import FORM, sign_form
from mockocr.record import upstream as upstream_module
from mockocr.scenario.library import Library
from tests.builders import a_picture, base64, config
from tests.conftest import BUILT_IN, Running, Signed
from tests.record.recording_servers import OTHER, PERSON, UPSTREAM_KEYS
from tests.strangers import http, something_else

if TYPE_CHECKING:
    from tests.conftest import Serve
    from tests.record.conftest import Record

Call = Callable[..., Mapping[str, Any]]
Stranger = Callable[..., str]
"""The URL of a server that answers with these bytes."""

QUALITY = {"CardSide": "FRONT", "Config": config("Quality", "ReflectWarn")}


@pytest.fixture
def call(signed: Signed) -> Call:
    def call_once(server: Running, more: Mapping[str, str] | None = None, **parameters: Any) -> Any:
        body = json.dumps({"ImageBase64": base64(a_picture()), **parameters}).encode()
        headers = signed(server.endpoint, body, more=more)
        reply = httpx.post(f"{server.url}/", content=body, headers=headers, trust_env=False)
        return reply.json()["Response"]

    return call_once


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with ExitStack() as stack:
        yield lambda *answers, **more: stack.enter_context(something_else(*answers, **more))


def reply(members: Mapping[str, Any]) -> bytes:
    return http(json.dumps({"Response": members}).encode())


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


NO_ANSWERS = {
    "a page of a gateway": (http(b"<html>502</html>", "502 Bad Gateway"), "status 502, 16 bytes"),
    "JSON of another API": (http(b'{"ok": true}'), "status 200, 12 bytes"),
    "nested JSON": (http(b"[" * 100_000), "status 200, 100000 bytes"),
    "a code that is no code": (
        reply({"Error": {"Code": "身份证 12", "Message": "x"}, "RequestId": "r"}),
        "its reply is not one of the API",
    ),
    "a redirect": (http(b"", "302 Found", "Location: http://127.0.0.1:1/\r\n"), "status 302"),
    "half a reply": (http(b"{}" * 100)[:-10], "bytes read"),
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", "the reply is not HTTP"),
    "a huge reply": (http(b" " * 3000), "the reply has more than 2000 bytes"),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_no_answer_of_the_api_is_a_documented_error_and_not_recorded(
    name: str,
    record: "Record",
    stranger: Stranger,
    path: Path,
    call: Call,
    bugs: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if name == "a huge reply":
        monkeypatch.setattr(upstream_module, "MAX_REPLY_BYTES", 2000)
    answer, words = NO_ANSWERS[name]
    refused = call(record(stranger(answer), path))["Error"]

    assert refused["Code"] == "ServiceUnavailable"
    assert refused["Message"].startswith("mockocr record: no answer from 127.0.0.1")
    (error,) = bugs
    assert words in error.getMessage()
    assert words in refused["Message"]
    assert not path.exists()
    bugs.clear()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ({"fault": "TIMEOUT"}, "timed out"),
        ({"fault": "CONNECTION_RESET_BY_PEER"}, "onnection"),
        ({"fault": "EMPTY_RESPONSE"}, "emote end closed connection without response"),
        ({"fault": "MALFORMED_RESPONSE_CHUNK"}, "IncompleteRead"),
        ({"fault": "RANDOM_DATA_THEN_CLOSE"}, "not HTTP"),
        ({"fault": "TRUNCATED_BODY"}, "IncompleteRead"),
        ({"fault": "BAD_JSON"}, "its reply is not one of the API: status 200"),
        ({"http": 504}, "its reply is not one of the API: status 504"),
    ],
)
def test_a_fault_of_the_upstream_is_not_passed_on(
    outcome: Mapping[str, Any],
    words: str,
    upstream: Running,
    record: "Record",
    path: Path,
    call: Call,
    bugs: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upstream_module, "TIMEOUT_SECONDS", 0.2 if words == "timed out" else 30)
    faulty = Library().inline({"name": "faulty", "rules": [{"then": outcome}]})
    upstream.state.registry.set_for_account(UPSTREAM_KEYS[0], [faulty])
    refused = call(record(upstream.url, path))["Error"]

    assert refused["Code"] == "ServiceUnavailable"
    assert words in bugs.pop().getMessage()
    assert not path.exists()


def test_an_upstream_that_is_down_is_named(
    record: "Record", path: Path, call: Call, bugs: list[Any]
) -> None:
    refused = call(record("http://127.0.0.1:9", path), {"X-TC-Language": "zh-CN"})["Error"]

    assert refused["Code"] == "ServiceUnavailable"
    assert "127.0.0.1 没有返回结果：connection refused" in refused["Message"]
    assert "connection refused" in bugs.pop().getMessage()


def test_a_spy_names_an_upstream_that_is_down(
    record: "Record", call: Call, bugs: list[Any]
) -> None:
    assert call(record("http://127.0.0.1:9", None, "spy"))["Error"]["Code"] == "ServiceUnavailable"
    assert "connection refused" in bugs.pop().getMessage()


def test_an_untrusted_certificate_is_named(
    serve: "Serve",
    record: "Record",
    path: Path,
    tmp_path: Path,
    call: Call,
    bugs: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upstream = serve()
    # The CA of another installation.
    monkeypatch.setenv("MOCKOCR_STATE_DIR", str(tmp_path))
    refused = call(record(upstream.https_url, path))["Error"]

    assert "certificate verify failed" in refused["Message"]
    assert "certificate verify failed" in bugs.pop().getMessage()


def test_a_trusted_certificate_is_enough(
    upstream: Running, path: Path, record: "Record", call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKOCR_STATE_DIR", str(upstream.ca.parents[1]))

    assert call(record(upstream.https_url, path), CardSide="FRONT")["Name"]


@pytest.mark.parametrize("keys", [(UPSTREAM_KEYS[0], "wrong"), ("AKIDUNKNOWN", "wrong")])
def test_wrong_real_keys_are_not_a_refusal_of_the_client(
    keys: tuple[str, str],
    upstream: Running,
    record: "Record",
    path: Path,
    call: Call,
    bugs: list[Any],
) -> None:
    refused = call(record(upstream.url, path, keys=keys))["Error"]

    assert refused["Code"] == "ServiceUnavailable"
    assert "refused the key pair of the recording server, with AuthFailure." in refused["Message"]
    assert "TEST_SECRET_ID and TEST_SECRET_KEY" in bugs.pop().getMessage()
    assert not path.exists()


def test_a_refusal_with_an_undocumented_code_is_passed_on_and_not_recorded(
    record: "Record", stranger: Stranger, path: Path, call: Call, bugs: list[Any]
) -> None:
    error = {"Code": "FailedOperation.Brandnew", "Message": f"{PERSON['Name']} new"}
    refused = call(record(stranger(reply({"Error": error, "RequestId": "r"})), path))["Error"]

    assert refused == error
    assert "FailedOperation.Brandnew, which is not a documented code" in bugs.pop().getMessage()
    assert not path.exists()


def test_a_documented_message_is_not_written(
    record: "Record", stranger: Stranger, path: Path, call: Call
) -> None:
    error = {"Code": "FailedOperation.ImageBlur", "Message": "图片模糊。"}
    call(record(stranger(reply({"Error": error, "RequestId": "r"})), path))

    assert "then: {error: FailedOperation.ImageBlur}\n" in text(path)


def test_undocumented_and_wrong_members_are_left_out(
    record: "Record",
    serve: "Serve",
    stranger: Stranger,
    path: Path,
    call: Call,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    members = {
        **OTHER,
        "Name": "多" * 300,
        "Sex": 5,
        "Nation": None,
        "Authority": "秘密公安局",
        "ValidDate": "",
        "Portrait": base64(b"a planted picture"),
        "秘密 成员": "x",
        "Id310115198807082345": "x",
        "AdvancedInfo": json.dumps(
            {"Quality": 101, "WarnInfos": [110101199003071234], "Owner": "秘密", "IdCard": "aGk="}
        ),
        "ReflectDetailInfos": [{"Position": "秘密"}, {"Position": "Portrait", "X": "秘密"}, 3],
        "RequestId": "秘密-request-id",
    }
    server = record(stranger(reply(members)), path)

    answered = call(server, **QUALITY)
    assert {name: answered[name] for name in members if name != "RequestId"} == {
        name: value for name, value in members.items() if name != "RequestId"
    }
    (exchange,) = server.state.journal.newest_first()
    shown = json.dumps(exchange.details(), ensure_ascii=False)
    for secret in ("多多", "11010119", base64(b"a planted picture"), OTHER["IdNum"]):
        assert secret not in text(path) + shown + caplog.text
    for name in ("秘密", "310115198807082345"):
        assert name not in text(path) + caplog.text
    for left_out in (
        "Name (more than 200 characters)",
        "Sex (not a text)",
        "Nation (not a text)",
        "Authority (not on the side FRONT)",
        "Portrait (not documented)",
        "<5 characters> (not documented)",
        "<20 characters> (not documented)",
        "AdvancedInfo.Quality (not documented)",
        "AdvancedInfo.WarnInfos (not documented)",
        "AdvancedInfo.Owner (not documented)",
        "ReflectDetailInfos (not documented)",
    ):
        assert f"# left out: {left_out}\n" in text(path)
        assert left_out in caplog.text
    replayed = call(serve(scenarios=(str(path),)), **QUALITY)
    assert replayed["IdNum"] not in ("", OTHER["IdNum"])


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ('{"Quality":91,"WarnInfos":[-9101]}', "quality: 91"),
        ("not json", "left out: AdvancedInfo (not a JSON object)"),
        ("[]", "left out: AdvancedInfo (not a JSON object)"),
        (3, "left out: AdvancedInfo (not a JSON object)"),
        ('{"IsKeyValid":true}', """AdvancedInfo: '{"IsKeyValid": true}'"""),
    ],
)
def test_advanced_info_is_written_if_it_is_known(
    info: Any, words: str, record: "Record", stranger: Stranger, path: Path, call: Call
) -> None:
    members = {**OTHER, "AdvancedInfo": info, "RequestId": "r"}
    call(record(stranger(reply(members)), path), **QUALITY)

    assert words in text(path)


def test_what_differs_beside_crops_is_left_out(
    record: "Record", stranger: Stranger, path: Path, call: Call
) -> None:
    members = {**OTHER, "AdvancedInfo": '{"IsKeyValid":true}', "RequestId": "r"}
    call(record(stranger(reply(members)), path), CardSide="FRONT", Config=config("CropIdCard"))

    assert "left out: AdvancedInfo beside the crops, which are drawn" in text(path)


def test_texts_that_card_cannot_have_are_written_beside_it(
    record: "Record", serve: "Serve", stranger: Stranger, path: Path, call: Call
) -> None:
    members = {**OTHER, "Birth": "2011年11月", "Sex": "未知", "RequestId": "r"}
    call(record(stranger(reply(members)), path), CardSide="FRONT", EnableRecognitionRectify=False)
    replayed = call(serve(scenarios=(str(path),)), CardSide="FRONT", EnableRecognitionRectify=False)

    assert re.fullmatch(r"\d{4}某\d\d某", replayed["Birth"])
    assert replayed["Sex"] == "某某"
    assert "      Birth: " in text(path)


def test_reflections_that_the_side_cannot_have_are_replayed_as_they_were(
    record: "Record", serve: "Serve", stranger: Stranger, path: Path, call: Call
) -> None:
    details = [{"Position": "NationalEmblem"}]
    members = {**OTHER, "AdvancedInfo": "{}", "ReflectDetailInfos": details, "RequestId": "r"}
    sent = {**QUALITY, "EnableReflectDetail": True}
    call(record(stranger(reply(members)), path), **sent)

    assert call(serve(scenarios=(str(path),)), **sent)["ReflectDetailInfos"] == details


def test_a_reply_without_texts_is_replayed_without_them(
    record: "Record", serve: "Serve", stranger: Stranger, path: Path, call: Call
) -> None:
    call(record(stranger(reply({"Name": "", "RequestId": "r"})), path), CardSide="FRONT")

    assert call(serve(scenarios=(str(path),)), CardSide="FRONT")["Name"] == ""


def test_an_image_url_that_cannot_be_written_is_not_recorded(
    record: "Record", upstream: Running, path: Path, call: Call, bugs: list[Any]
) -> None:
    server = record(upstream.url, path)
    call(server, ImageUrl="https://xx/" + "a" * 2000)

    assert "its ImageUrl is not a URL" in bugs.pop().getMessage()
    assert not path.exists()


def test_the_common_parameters_are_forwarded_and_nothing_else(
    record: "Record", upstream: Running, path: Path, call: Call
) -> None:
    more = {
        "X-TC-Region": "ap-guangzhou",
        "X-TC-Language": "en-US",
        "Cookie": "session=geheim",
        "X-TC-Token": "a local token",
    }
    call(record(upstream.url, path), more, CardSide="FRONT")
    (exchange,) = upstream.state.journal.newest_first()

    assert exchange.headers["x-tc-region"] == "ap-guangzhou"
    assert exchange.headers["x-tc-language"] == "en-US"
    assert exchange.headers["user-agent"].startswith("mockocr/")
    assert not {"cookie", "x-tc-token"} & exchange.headers.keys()


def test_a_call_with_a_legacy_signature_is_forwarded_with_tc3(
    record: "Record", upstream: Running, path: Path
) -> None:
    server = record(upstream.url, path)
    parameters = {
        "Action": "IDCardOCR",
        "Version": "2018-11-19",
        "Timestamp": str(int(time.time())),
        "Nonce": "1",
        "SecretId": BUILT_IN[0],
        "ImageUrl": "https://xx/a.jpg",
        "EnableReflectDetail": "true",
    }
    body = sign_form("POST", server.endpoint, parameters, BUILT_IN[1]).body
    headers = {"Content-Type": FORM}
    answered = httpx.post(f"{server.url}/", content=body, headers=headers).json()["Response"]
    (exchange,) = upstream.state.journal.newest_first()

    assert answered["Name"]
    assert exchange.parameters == {"ImageUrl": "https://xx/a.jpg", "EnableReflectDetail": True}
    assert (exchange.method, exchange.outcome) == ("POST", "ok")


def test_a_temporary_key_pair_is_sent_with_its_token(
    record: "Record", upstream: Running, path: Path, call: Call
) -> None:
    accounts = upstream.state.accounts
    account = accounts.all()[0]
    accounts.replace(replace(account, tokens=frozenset({"sts-token"})))
    try:
        answered = call(record(upstream.url, path, token="sts-token"), CardSide="FRONT")
    finally:
        accounts.replace(account)

    assert answered["Name"]
    assert "sts-token" not in text(path)


def test_a_proxy_is_not_used_for_an_upstream_on_this_machine(
    upstream: Running, record: "Record", path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert call(record(upstream.url, path), CardSide="FRONT")["Name"]
