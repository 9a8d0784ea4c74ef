"""The official Python SDK, unmodified, over real sockets: sync and async, http and https."""

import asyncio
import base64
import json
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import certifi
import pytest
from tencentcloud.common import abstract_client, abstract_client_async
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient
from tencentcloud.ocr.v20181119.ocr_client_async import OcrClient as AsyncOcrClient

from tests.builders import FRONT_OF_LI_MING

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

FRONT_FIELDS = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum")
BACK_FIELDS = ("Authority", "ValidDate")
URL = "https://xx/a.jpg"

BUILT_IN = ("AKIDMOCKOCR", "mockocr")

Call = Callable[..., Any]
"""`call(server, CardSide="FRONT", language="en-US")`: the SDK's response, or its exception."""


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def call(kind: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    def call_once(
        server: "Running",
        *,
        secret_id: str = BUILT_IN[0],
        secret_key: str = BUILT_IN[1],
        language: str = "zh-CN",
        region: str = "",
        trust: Path | None = None,
        **parameters: Any,
    ) -> Any:
        # The sync client takes a CA from its profile, the async one (httpx) from the environment.
        monkeypatch.setenv("SSL_CERT_FILE", str(trust or server.ca))
        endpoint = server.endpoint if scheme == "http" else server.https_endpoint
        http_profile = HttpProfile(protocol=scheme, endpoint=endpoint)
        if kind == "sync":
            http_profile.certification = str(trust or server.ca)
        profile = ClientProfile(httpProfile=http_profile, language=language)
        request = models.IDCardOCRRequest()
        for name, value in parameters.items():
            setattr(request, name, value)
        credential = Credential(secret_id, secret_key)
        if kind == "sync":
            return OcrClient(credential, region, profile).IDCardOCR(request)
        return asyncio.run(_call_async(credential, region, profile, request))

    return call_once


async def _call_async(credential: Any, region: str, profile: Any, request: Any) -> Any:
    async with AsyncOcrClient(credential, region, profile) as client:
        return await client.IDCardOCR(request)


def refusal(call: Call, server: "Running", **given: Any) -> Any:
    """The exception that the SDK raises: code, message, requestId."""
    with pytest.raises(TencentCloudSDKException) as raised:
        call(server, **given)
    assert str(UUID(raised.value.requestId)) == raised.value.requestId
    return raised.value


def fields_of(response: Any) -> dict[str, Any]:
    """The members of Response without RequestId."""
    fields = json.loads(response.to_json_string())
    del fields["RequestId"]
    return dict(fields)


def picture(size_bytes: int) -> str:
    """Base64 of a PNG of this length; its pixels are not compressed."""
    width = 640
    row = b"\0" + bytes(range(256)) * 7 + bytes(3 * width - 256 * 7)
    rows = row * (size_bytes // len(row) + 1)

    def chunk(name: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, len(rows) // len(row), 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)
    return base64.b64encode(png).decode()


def test_a_front_by_image_url_has_the_front_fields_only(server: "Running", call: Call) -> None:
    response = call(server, ImageUrl=URL, CardSide="FRONT")

    assert all(getattr(response, name) for name in FRONT_FIELDS)
    assert [getattr(response, name) for name in BACK_FIELDS] == ["", ""]
    assert response.AdvancedInfo == "{}"
    assert response.ReflectDetailInfos == []


def test_a_back_of_200_kb_as_base64_has_the_back_fields_only(server: "Running", call: Call) -> None:
    response = call(server, ImageBase64=picture(200_000), CardSide="BACK")

    assert all(getattr(response, name) for name in BACK_FIELDS)
    assert [getattr(response, name) for name in FRONT_FIELDS] == [""] * 6


def test_a_picture_of_2_mb_is_answered(server: "Running", call: Call) -> None:
    assert call(server, ImageBase64=picture(2_000_000), CardSide="FRONT").Name


def test_flags_of_config_fill_advanced_info(server: "Running", call: Call) -> None:
    config = {"CropIdCard": True, "CropPortrait": True, "Quality": True, "TempIdWarn": True}
    response = call(server, ImageUrl=URL, CardSide="FRONT", Config=json.dumps(config))

    advanced = json.loads(response.AdvancedInfo)
    assert set(advanced) == {"IdCard", "Portrait", "Quality", "WarnInfos"}
    assert base64.b64decode(advanced["IdCard"], validate=True)
    assert base64.b64decode(advanced["Portrait"], validate=True)
    assert advanced["WarnInfos"] == []


def test_the_same_picture_is_the_same_person_for_every_account_and_client(
    server: "Running", call: Call
) -> None:
    image = picture(100_000)
    first = call(server, ImageBase64=image, CardSide="FRONT", region="ap-guangzhou")
    second = call(server, ImageBase64=image, CardSide="FRONT", language="en-US")

    assert fields_of(first) == fields_of(second)
    assert first.RequestId != second.RequestId


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en-US",
            "The provided credentials could not be validated."
            " Please check your signature is correct.",
        ),
        ("zh-CN", "请求签名验证失败，请检查您的签名计算是否正确。"),
    ],
)
def test_a_wrong_secret_key_is_a_signature_failure(
    server: "Running", call: Call, language: str, words: str
) -> None:
    refused = refusal(call, server, ImageUrl=URL, secret_key="wrong", language=language)

    assert refused.code == "AuthFailure.SignatureFailure"
    assert refused.message == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-US", "The SecretId is not found, please ensure that your SecretId is correct."),
        ("zh-CN", "SecretId不存在，请输入正确的密钥。"),
    ],
)
def test_an_unknown_secret_id_is_not_found(
    server: "Running", call: Call, language: str, words: str
) -> None:
    refused = refusal(call, server, ImageUrl=URL, secret_id="AKIDNOBODY", language=language)

    assert refused.code == "AuthFailure.SecretIdNotFound"
    assert refused.message == words


@pytest.mark.parametrize("seconds", [-310, 310])
def test_a_time_more_than_five_minutes_off_is_expired(
    server: "Running", call: Call, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    clock = SimpleNamespace(time=lambda: time.time() + seconds)
    for module in (abstract_client, abstract_client_async):
        monkeypatch.setattr(module, "time", clock)

    refused = refusal(call, server, ImageUrl=URL, language="en-US")

    assert refused.code == "AuthFailure.SignatureExpire"
    assert refused.message == "The signature is expired, please request again."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-US", "Config is not in valid JSON format"),
        ("zh-CN", "Config不是有效的JSON格式。"),
    ],
)
def test_a_config_that_is_not_json_is_a_format_error(
    server: "Running", call: Call, language: str, words: str
) -> None:
    refused = refusal(call, server, ImageUrl=URL, Config="{CropIdCard}", language=language)

    assert refused.code == "InvalidParameter.ConfigFormatError"
    assert refused.message.startswith(words)


@pytest.mark.parametrize(
    ("region", "code"),
    [("eu-frankfurt", "UnsupportedRegion"), ("ap-atlantis", "InvalidParameterValue")],
)
def test_a_region_that_the_api_does_not_serve_is_refused(
    server: "Running", call: Call, region: str, code: str
) -> None:
    assert refusal(call, server, ImageUrl=URL, region=region).code == code


def test_keys_of_the_user_replace_the_built_in_one(serve: "Serve", call: Call) -> None:
    server = serve(keys=(("AKIDOURS", "ours"), ("AKIDTHEIRS", "theirs")))

    assert call(server, ImageUrl=URL, secret_id="AKIDTHEIRS", secret_key="theirs").RequestId
    mixed = refusal(call, server, ImageUrl=URL, secret_id="AKIDOURS", secret_key="theirs")
    assert mixed.code == "AuthFailure.SignatureFailure"
    assert refusal(call, server, ImageUrl=URL).code == "AuthFailure.SecretIdNotFound"


NOBODY: dict[str, Any] = dict.fromkeys((*FRONT_FIELDS, *BACK_FIELDS), "")
NOBODY["ReflectDetailInfos"] = []
LI_MING = NOBODY | FRONT_OF_LI_MING
ZHAO_COUNTY = NOBODY | {"Authority": "赵县公安局", "ValidDate": "2010.07.21-2020.07.21"}
CROPS = '{"IdCard":"/9j/4AAA.........","Portrait":"/9j/4AAQSkZJRBA=..........."}'


@pytest.mark.parametrize(
    ("side", "config", "fields"),
    [
        pytest.param(
            "FRONT",
            '{"TempIdWarn":true}',
            NOBODY | {"AdvancedInfo": '{"WarnInfos":[-9104]}'},
            id="1 temporary card",
        ),
        pytest.param("FRONT", None, LI_MING | {"AdvancedInfo": "{}"}, id="2 front"),
        pytest.param("BACK", None, ZHAO_COUNTY | {"AdvancedInfo": "{}"}, id="3 back"),
        pytest.param(
            "FRONT",
            '{"CropIdCard":true,"CropPortrait":true}',
            LI_MING | {"AdvancedInfo": CROPS},
            id="4 crops",
        ),
    ],
)
def test_the_documented_scenario_answers_as_the_api_page(
    serve: "Serve", call: Call, side: str, config: str | None, fields: dict[str, Any]
) -> None:
    server = serve(scenarios=("documented",))
    response = call(server, ImageUrl=URL, CardSide=side, Config=config)

    assert fields_of(response) == fields


@pytest.mark.parametrize(
    ("outcome", "sync_code", "async_kind"),
    [
        ("fault: CONNECTION_RESET_BY_PEER", "ClientNetworkError", "ReadError"),
        ("fault: EMPTY_RESPONSE", "ClientNetworkError", "RemoteProtocolError"),
        ("fault: RANDOM_DATA_THEN_CLOSE", "ClientNetworkError", "RemoteProtocolError"),
        ("fault: MALFORMED_RESPONSE_CHUNK", "ChunkedEncodingError", "RemoteProtocolError"),
        ("fault: TRUNCATED_BODY", "ChunkedEncodingError", "RemoteProtocolError"),
        ("fault: BAD_JSON", "JSONDecodeError", "JSONDecodeError"),
        ("http: 502", "ServerNetworkError", "TencentCloudSDKException"),
    ],
)
def test_a_client_sees_a_fault_as_the_page_on_faults_says(
    serve: "Serve",
    call: Call,
    kind: str,
    tmp_path: Path,
    outcome: str,
    sync_code: str,
    async_kind: str,
) -> None:
    """The sync client raises its own exceptions, the async client those of httpx."""
    file = tmp_path / "faulty.yaml"
    file.write_text(f"name: faulty\nrules:\n  - name: always\n    then: {{{outcome}}}\n")
    server = serve(scenarios=(str(file),))

    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is looked at below
        call(server, ImageUrl=URL)

    if kind == "sync":
        assert isinstance(raised.value, TencentCloudSDKException)
        assert raised.value.code == sync_code
    else:
        assert type(raised.value).__name__ == async_kind


@pytest.mark.parametrize("scheme", ["https"], indirect=True)
def test_a_client_that_does_not_trust_the_ca_refuses_the_server(
    server: "Running", call: Call
) -> None:
    with pytest.raises(Exception, match=r"CERTIFICATE_VERIFY_FAILED"):
        call(server, ImageUrl=URL, trust=Path(certifi.where()))
