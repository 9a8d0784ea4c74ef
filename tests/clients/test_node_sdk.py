"""The official Node SDK, unmodified, over real sockets: http and https.

It signs the Host without its port. Its service is everything in the endpoint before the first dot:
`127`, or all of `localhost:PORT` (docs/fidelity.md#host-without-port and
docs/fidelity.md#scope-service).
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from mockocr.accounts.clock import Clock
from tests.builders import URL, a_picture, advanced_info, base64, config
from tests.test_docs import blocks, environment

if TYPE_CHECKING:
    from mockocr.journal.exchange import Exchange
    from tests.conftest import Running, Serve

CALL = Path(__file__).parent / "node/call.js"
MODULES = Path(__file__).parents[2] / ".clients/node/node_modules"

ODD_URL = "https://xx/身份证 (1)~'*!+.jpg?a=1&b=%2F c/d:e"

BUILT_IN = ("AKIDMOCKOCR", "mockocr")

SIGN_METHODS = ("TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1")

IDCardQuery = Callable[..., dict[str, Any]]
"""One call for the driver: `asked(server, CardSide="FRONT", language="en-US")`."""

Call = Callable[..., dict[str, Any]]
"""Makes one call in its own process. Returns the members of Response, or of the error."""


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def asked(scheme: str) -> IDCardQuery:
    def ask(
        server: "Running",
        *,
        host: str = "127.0.0.1",
        secret_id: str = BUILT_IN[0],
        secret_key: str = BUILT_IN[1],
        region: str = "",
        language: str | None = None,
        sign_method: str = SIGN_METHODS[0],
        method: str = "POST",
        **parameters: Any,
    ) -> dict[str, Any]:
        endpoint = server.endpoint if scheme == "http" else server.https_endpoint
        http_profile = {
            "protocol": f"{scheme}://",
            "endpoint": endpoint.replace("127.0.0.1", host),
            "reqMethod": method,
            "reqTimeout": 30,
        }
        config = {
            "credential": {"secretId": secret_id, "secretKey": secret_key},
            "region": region,
            "profile": {
                "signMethod": sign_method,
                "language": language,
                "httpProfile": http_profile,
            },
        }
        return {"config": config, "params": parameters}

    return ask


@pytest.fixture
def call(asked: IDCardQuery) -> Call:
    def call_once(server: "Running", **given: Any) -> dict[str, Any]:
        (answer,) = run_node([asked(server, **given)], trust=server.ca)
        response: dict[str, Any] = answer.get("response") or answer["error"]
        return response

    return call_once


def run_node(calls: list[dict[str, Any]], trust: Path | None) -> list[dict[str, Any]]:
    """The results of calls that are made in one process. `trust`: a CA in addition to Node's
    own."""
    node = shutil.which("node")
    if node is None or not MODULES.is_dir():
        pytest.fail("the Node SDK is not installed: run scripts/install-test-clients")
    environment = {"PATH": os.environ["PATH"], "NODE_PATH": str(MODULES)}
    if trust:
        environment["NODE_EXTRA_CA_CERTS"] = str(trust)
    # The server of the tests is on 127.0.0.1 only, and Node before 20 tries no second address.
    finished = subprocess.run(
        [node, "--dns-result-order=ipv4first", CALL],
        input=json.dumps(calls).encode(),
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr.decode()
    answers: list[dict[str, Any]] = json.loads(finished.stdout)
    return answers


def exchange_of(server: "Running", answer: dict[str, Any]) -> "Exchange":
    """The record of a call in the journal."""
    request_id = answer.get("RequestId") or answer["requestId"]
    assert str(UUID(request_id)) == request_id
    exchange = server.state.journal.find(request_id)
    assert exchange is not None
    return exchange


def test_a_front_by_image_url_has_the_front_fields_only(server: "Running", call: Call) -> None:
    response = call(server, ImageUrl=URL, CardSide="FRONT", region="ap-guangzhou")

    front = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum")
    assert all(response[name] for name in front)
    assert (response["Authority"], response["ValidDate"]) == ("", "")
    assert (response["AdvancedInfo"], response["ReflectDetailInfos"]) == ("{}", [])
    assert exchange_of(server, response).outcome == "ok"


def test_a_back_of_200_kb_as_base64_has_the_back_fields_only(server: "Running", call: Call) -> None:
    picture = a_picture("BMP", 300, 223)
    assert len(picture) > 200_000
    response = call(server, ImageBase64=base64(picture), CardSide="BACK")

    assert response["Authority"]
    assert response["ValidDate"]
    assert (response["Name"], response["IdNum"]) == ("", "")


def test_flags_of_config_fill_advanced_info(server: "Running", call: Call) -> None:
    flags = config("CropIdCard", "CropPortrait", "Quality", "TempIdWarn")
    response = call(server, ImageUrl=URL, CardSide="FRONT", Config=flags)

    assert set(advanced_info(response)) == {"IdCard", "Portrait", "Quality", "WarnInfos"}


def test_a_wrong_secret_key_is_a_signature_failure(server: "Running", call: Call) -> None:
    refused = call(server, ImageUrl=URL, secret_key="wrong")

    assert refused["code"] == "AuthFailure.SignatureFailure"
    assert exchange_of(server, refused).outcome == "AuthFailure.SignatureFailure"


def test_an_unknown_secret_id_is_not_found(server: "Running", call: Call) -> None:
    assert call(server, ImageUrl=URL, secret_id="AKIDNOBODY")["code"] == (
        "AuthFailure.SecretIdNotFound"
    )


@pytest.mark.parametrize("seconds", [-400, 400])
def test_a_time_more_than_five_minutes_off_the_clock_of_the_account_is_expired(
    serve: "Serve", asked: IDCardQuery, seconds: int
) -> None:
    server = serve()
    account = server.state.accounts.first()
    assert account is not None
    moved = replace(account, clock=Clock(offset=timedelta(seconds=seconds)))
    server.state.accounts.replace(moved)
    calls = [
        asked(server, ImageUrl=URL, sign_method=sign_method, method=method)
        for sign_method in SIGN_METHODS
        for method in ("POST", "GET")
    ]

    codes = [answer["error"]["code"] for answer in run_node(calls, server.ca)]

    assert codes == ["AuthFailure.SignatureExpire"] * 6


def test_the_server_answers_in_the_requested_language(
    server: "Running", asked: IDCardQuery
) -> None:
    languages = (None, "en-US", "zh-CN")
    calls = [
        asked(server, ImageUrl=URL, language=language, **given)
        for given in ({"secret_key": "wrong"}, {"Config": "{CropIdCard}"})
        for language in languages
    ]

    errors = [answer["error"] for answer in run_node(calls, server.ca)]

    codes = [error["code"] for error in errors]
    assert codes[:3] == ["AuthFailure.SignatureFailure"] * 3
    assert codes[3:] == ["InvalidParameter.ConfigFormatError"] * 3
    gateway = "The provided credentials could not be validated."
    words = [gateway, gateway, "请求签名验证失败", "Config不是", "Config is not", "Config不是"]
    begins = [error["message"].startswith(word) for error, word in zip(errors, words, strict=True)]
    assert all(begins), errors


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("sign_method", SIGN_METHODS)
def test_the_signature_of_every_form_of_call_is_verified(
    server: "Running", asked: IDCardQuery, sign_method: str, method: str, host: str
) -> None:
    given = {
        "host": host,
        "method": method,
        "sign_method": sign_method,
        "language": "en-US",
        "region": "ap-beijing",
        "ImageUrl": ODD_URL,
        "CardSide": "FRONT",
        "EnableRecognitionRectify": False,
    }
    good, bad = run_node(
        [asked(server, **given), asked(server, secret_key="wrong", **given)], server.ca
    )

    assert good["response"]["Name"]
    exchange = exchange_of(server, good["response"])
    assert exchange.method == method
    assert exchange.language == "en-US"
    assert exchange.parameters is not None
    assert exchange.parameters["EnableRecognitionRectify"] is False
    assert exchange.signature is not None
    assert exchange.signature.valid
    signed = exchange.signature.canonical_request
    if sign_method == "TC3-HMAC-SHA256":
        service = "127" if host == "127.0.0.1" else exchange.headers["host"]
        assert f"/{service}/tc3_request" in exchange.signature.string_to_sign
        assert signed is not None
        assert f"\nhost:{host}\n" in signed
    else:
        assert signed is None
    assert bad["error"]["code"] == "AuthFailure.SignatureFailure"


def test_a_connection_is_reused_for_the_next_call(server: "Running", asked: IDCardQuery) -> None:
    calls = [
        asked(server, ImageBase64=base64(a_picture("BMP", 300, 223)), CardSide="FRONT"),
        asked(server, ImageUrl=URL, secret_key="wrong"),
        asked(server, ImageUrl=URL, CardSide="BACK", method="GET"),
    ]

    answers = run_node(calls, server.ca)

    assert [answer["connectionReused"] for answer in answers] == [False, True, True]
    assert ["error" in answer for answer in answers] == [False, True, False]


def test_an_error_carries_the_trace_id_of_its_call(server: "Running", call: Call) -> None:
    refused = call(server, ImageUrl=URL, secret_key="wrong")

    assert refused["traceId"] == exchange_of(server, refused).headers["x-tc-traceid"]


@pytest.mark.parametrize("scheme", ["https"], indirect=True)
def test_a_client_that_does_not_trust_the_ca_refuses_the_server(
    server: "Running", asked: IDCardQuery
) -> None:
    (answer,) = run_node([asked(server, ImageUrl=URL)], trust=None)

    assert "certificate" in answer["error"]["message"]


PROJECT = Path(__file__).parent / "node_project"


def test_mockocr_run_runs_the_tests_of_a_node_project(tmp_path: Path, state_dir: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder)
    (folder / "node_modules").symlink_to(MODULES)
    variables = environment() | {
        "MOCKOCR_STATE_DIR": str(state_dir),
        "HTTP_PROXY": "http://127.0.0.1:9",
    }

    ended = subprocess.run(
        ["sh", "-ec", blocks("docs/ci.md", "sh")[0]],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "# pass 5\n# fail 0\n" in ended.stdout
    assert ended.stderr.endswith(
        "mockocr run: 6 calls, 0 refused, 0 without a rule, 3 of 3 expectations met\n"
    )
