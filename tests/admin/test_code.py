"""The routes of code. tests/code_samples compares and parses it, tests/clients runs it."""

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.code_samples.languages import FILES, LANGUAGES
from tests.builders import a_picture

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeWith
    from tests.conftest import Running

PICTURE = a_picture("JPEG")
SECRET = "https://xx/a.jpg?sign=geheim"


def written(admin: httpx.Client, code: str, **spec: Any) -> str:
    reply = admin.post("/code", params={"language": code}, json=spec)
    assert reply.status_code == 200, reply.text
    assert reply.json()["file"] == FILES[code]
    return str(reply.json()["code"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_of_a_recorded_call_has_no_secret(
    server: "Running", admin: httpx.Client, outcome_with: "OutcomeWith", language: str
) -> None:
    assert outcome_with({"SecretId": "AKIDMOCKOCR", "SecretKey": "mockocr"}) == "ok"
    admin.post("/try", json={"parameters": {"ImageUrl": SECRET}})
    (call, _) = admin.get("/requests").json()["requests"]
    code = admin.get(f"/requests/{call['RequestId']}/code", params={"language": language})

    assert code.status_code == 200
    assert call["RequestId"] in code.json()["code"]
    assert "https://xx/a.jpg?MASKED" in code.json()["code"]
    assert "geheim" not in code.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_named_by_its_digest(admin: httpx.Client, language: str) -> None:
    text = b64encode(PICTURE).decode()
    code = written(admin, language, parameters={"ImageBase64": text})
    unreadable = written(admin, language, parameters={"ImageBase64": "AAAA"})

    digest = sha256(PICTURE).hexdigest()
    assert text not in code
    assert f"picture-{digest[:12]}.jpg" in code
    assert digest in code
    assert "picture.jpg" in unreadable


def test_the_endpoint_is_named_as_it_was_reached(server: "Running", admin: httpx.Client) -> None:
    port, tls_port = (url.rpartition(":")[2] for url in (server.url, server.https_url))
    admin.headers["Host"] = f"mockocr:{port}"

    assert f'"mockocr:{port}"' in written(admin, "python")
    https = written(admin, "python", endpoint="https")
    assert f'protocol="https", endpoint="mockocr:{tls_port}"' in https


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature_method", ["HmacSHA1", "HmacSHA256", "TC3-HMAC-SHA256"])
def test_curl_signs_in_the_way_of_the_form(
    admin: httpx.Client, method: str, signature_method: str
) -> None:
    admin.post("/accounts", json={"name": "alice", "tokens": ["correct-horse"]})
    code = written(
        admin,
        "curl",
        account="alice",
        method=method,
        signature_method=signature_method,
        parameters={"CardSide": "BACK", "EnableReflectDetail": True},
        region="ap-beijing",
        language="en-US",
        headers={"X-Note": "a"},
    )

    assert "TENCENTCLOUD_TOKEN" in code
    assert "correct-horse" not in code
    assert ("openssl dgst -sha1" in code) == (signature_method == "HmacSHA1")
    assert "X-Note: a" in code
    assert "ap-beijing" in code


@pytest.mark.parametrize(
    ("query", "spec", "status", "words"),
    [
        ({}, {}, 400, "unknown language"),
        ({"language": "pyton"}, {}, 400, "did you mean 'python'?"),
        ({"language": "curl"}, {"parameters": {"CardSide": "\0"}}, 409, "NUL"),
        ({"language": "curl"}, {"account": "nobody"}, 404, "nobody"),
        ({"language": "curl"}, {"action": "X"}, 422, "IDCardOCR"),
    ],
)
def test_what_no_code_can_do_is_refused(
    admin: httpx.Client, query: dict[str, str], spec: dict[str, Any], status: int, words: str
) -> None:
    # JSON escapes a NUL in a body; a legacy call has it in its form.
    legacy = {"signature_method": "HmacSHA256"} if "parameters" in spec else {}
    refused = admin.post("/code", params=query, json={**spec, **legacy})

    assert refused.status_code == status
    assert words in refused.json()["error"]
    assert admin.get("/requests/x/code", params=query).status_code in (400, 404)
