"""tccli, unmodified, in its own process: http and https.

It has no option for http. With a whole URL as its endpoint it uses http, and sends and signs that
URL as the Host (docs/fidelity.md#client-tccli-host). It trusts only the certificates of the package
certifi, and no environment variable changes that (`REQUESTS_CA_BUNDLE` has no effect, because the
SDK passes `verify=` to requests). So these tests give it a copy of certifi with the CA appended.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from mockocr.accounts.clock import Clock
from tests.builders import URL, a_picture, advanced_info, base64, config

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

VENV = Path(__file__).parents[2] / ".clients/tccli"

BUILT_IN = ("AKIDMOCKOCR", "mockocr")

REFUSAL = re.compile(r"\[TencentCloudSDKException\] code:(\S+) message:(.*) requestId:(\S+)\n")


@dataclass(frozen=True, slots=True)
class Finished:
    code: int
    stdout: str
    stderr: str


Tccli = Callable[..., Finished]
"""Runs `tccli ocr IDCardOCR`: `tccli(server, "--language", "en-US", CardSide="FRONT")`."""


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def trusting(server: "Running", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH: certifi with the CA of these servers added."""
    folder = tmp_path_factory.mktemp("certifi")
    for certifi in VENV.glob("lib/python*/site-packages/certifi"):
        shutil.copytree(certifi, folder / "certifi")
        with (folder / "certifi/cacert.pem").open("a") as bundle:
            bundle.write(server.ca.read_text())
    return folder


@pytest.fixture
def tccli(scheme: str, trusting: Path, tmp_path: Path) -> Tccli:
    def run(
        server: "Running",
        *options: str,
        secret_id: str = BUILT_IN[0],
        secret_key: str = BUILT_IN[1],
        trust: Mapping[str, str] = MappingProxyType({"PYTHONPATH": str(trusting)}),
        **parameters: str,
    ) -> Finished:
        program = VENV / "bin/tccli"
        if not program.exists():
            pytest.fail("tccli is not installed: run scripts/install-test-clients")
        endpoint = server.url if scheme == "http" else server.https_endpoint
        given = [text for name, value in parameters.items() for text in (f"--{name}", value)]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TENCENTCLOUD_SECRET_ID": secret_id,
            "TENCENTCLOUD_SECRET_KEY": secret_key,
            "TENCENTCLOUD_REGION": "ap-guangzhou",
            **trust,
        }
        finished = subprocess.run(
            [program, "ocr", "IDCardOCR", "--endpoint", endpoint, *options, *given],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=60,
            check=False,
        )
        return Finished(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return run


def answered(finished: Finished) -> dict[str, Any]:
    """The members of Response, which it prints."""
    assert (finished.code, finished.stderr) == (0, "")
    response: dict[str, Any] = json.loads(finished.stdout)
    assert str(UUID(response["RequestId"])) == response["RequestId"]
    return response


def refused(finished: Finished) -> tuple[str, str]:
    """The code and message of its error."""
    assert (finished.code, finished.stdout) == (255, "")
    result = REFUSAL.fullmatch(finished.stderr)
    assert result, finished.stderr
    code, message, request_id = result.groups()
    assert str(UUID(request_id)) == request_id
    return code, message


def test_a_front_by_image_url_has_the_front_fields_only(
    server: "Running", tccli: Tccli, scheme: str
) -> None:
    given = {"ImageUrl": URL, "CardSide": "FRONT", "EnableRecognitionRectify": "false"}
    response = answered(tccli(server, **given))

    front = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum")
    assert all(response[name] for name in front)
    assert (response["Authority"], response["ValidDate"]) == ("", "")
    exchange = server.state.journal.find(response["RequestId"])
    assert exchange is not None
    assert exchange.parameters is not None
    assert exchange.parameters["EnableRecognitionRectify"] is False
    assert exchange.headers["host"] == (server.url if scheme == "http" else server.https_endpoint)
    assert "_CLI_" in exchange.headers["x-tc-requestclient"]


def test_a_back_of_200_kb_from_a_json_file_has_the_back_fields_only(
    server: "Running", tccli: Tccli, tmp_path: Path
) -> None:
    """No argument of a program may be this long on Linux, and `file://` is only possible for all
    parameters together."""
    picture = a_picture("BMP", 300, 223)
    assert len(picture) > 200_000
    parameters = tmp_path / "back.json"
    parameters.write_text(json.dumps({"ImageBase64": base64(picture), "CardSide": "BACK"}))
    response = answered(tccli(server, "--cli-input-json", f"file://{parameters}"))

    assert response["Authority"]
    assert response["ValidDate"]
    assert (response["Name"], response["IdNum"]) == ("", "")


def test_flags_of_config_fill_advanced_info(server: "Running", tccli: Tccli) -> None:
    flags = config("CropIdCard", "CropPortrait", "Quality", "TempIdWarn")
    response = answered(tccli(server, ImageUrl=URL, CardSide="FRONT", Config=flags))

    assert set(advanced_info(response)) == {"IdCard", "Portrait", "Quality", "WarnInfos"}


def test_a_wrong_secret_key_is_a_signature_failure(server: "Running", tccli: Tccli) -> None:
    code, message = refused(tccli(server, ImageUrl=URL, secret_key="wrong"))

    assert code == "AuthFailure.SignatureFailure"
    assert message == "请求签名验证失败，请检查您的签名计算是否正确。"


def test_an_unknown_secret_id_is_not_found(server: "Running", tccli: Tccli) -> None:
    english = ("--language", "en-US")
    code, message = refused(tccli(server, *english, ImageUrl=URL, secret_id="AKIDNOBODY"))

    assert code == "AuthFailure.SecretIdNotFound"
    assert message == "The SecretId is not found, please ensure that your SecretId is correct."


def test_a_time_more_than_five_minutes_off_the_clock_of_the_account_is_expired(
    serve: "Serve", tccli: Tccli
) -> None:
    server = serve()
    account = server.state.accounts.first()
    assert account is not None
    late = replace(account, clock=Clock(offset=timedelta(seconds=400)))
    server.state.accounts.replace(late)

    code, _ = refused(tccli(server, ImageUrl=URL))

    assert code == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize(
    ("scheme", "language", "words"),
    [("http", "zh-CN", "Config不是有效的JSON格式。"), ("https", "en-US", "Config is not in valid")],
    indirect=["scheme"],
)
def test_a_config_that_is_not_json_is_a_format_error(
    server: "Running", tccli: Tccli, language: str, words: str
) -> None:
    code, message = refused(
        tccli(server, "--language", language, ImageUrl=URL, Config="{CropIdCard}")
    )

    assert code == "InvalidParameter.ConfigFormatError"
    assert message.startswith(words)


@pytest.mark.parametrize("scheme", ["https"], indirect=True)
def test_a_client_without_the_ca_in_certifi_refuses_the_server(
    server: "Running", tccli: Tccli
) -> None:
    finished = tccli(server, ImageUrl=URL, trust={"REQUESTS_CA_BUNDLE": str(server.ca)})

    assert finished.code == 255
    assert "CERTIFICATE_VERIFY_FAILED" in finished.stderr
