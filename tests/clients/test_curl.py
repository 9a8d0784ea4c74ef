"""curl, with signatures by openssl in bash, like the vendor's demo for bash."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import certifi
import pytest

from tests.builders import URL, a_picture, base64

if TYPE_CHECKING:
    from mockocr.journal.exchange import Exchange
    from tests.conftest import Running

BUILT_IN = ("AKIDMOCKOCR", "mockocr")

ODD_URL = "https://xx/身份证 (1)~'*!+.jpg?a=1&b=%2F c/d:e"

FUNCTIONS = r"""
set -euo pipefail
read -r now date < <(date -u '+%s %F')

hex() { sed 's/^.* //'; }
sha256() { openssl dgst -sha256 | hex; }
hmac() { printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" | hex; }

# tc3 METHOD TYPE QUERY FILE: the value of Authorization for a payload in a file
tc3() {
  local scope=$date/$SERVICE/tc3_request signed='content-type;host;x-tc-action' canonical key
  canonical=$(printf '%s\n/\n%s\ncontent-type:%s\nhost:%s\nx-tc-action:idcardocr\n\n%s\n%s' \
    "$1" "$3" "$2" "$HOST" "$signed" "$(sha256 <"$4")")
  key=$(printf %s "$date" | openssl dgst -sha256 -hmac "TC3$SECRET_KEY" | hex)
  key=$(hmac "$(hmac "$key" "$SERVICE")" tc3_request)
  key=$(hmac "$key" "$(printf 'TC3-HMAC-SHA256\n%s\n%s\n%s' \
    "$now" "$scope" "$(printf %s "$canonical" | sha256)")")
  echo "TC3-HMAC-SHA256 Credential=$SECRET_ID/$scope, SignedHeaders=$signed, Signature=$key"
}

# v1 METHOD DIGEST NAME=VALUE...: the value of Signature
v1() {
  local method=$1 digest=$2 pairs
  shift 2
  pairs=$(printf '%s\n' "$@" | LC_ALL=C sort | paste -sd '&' -)
  printf %s "$method$HOST/?$pairs" | openssl dgst "-$digest" -hmac "$SECRET_KEY" -binary | base64
}

# call TYPE AUTHORIZATION ARGUMENT...: curl with the headers of a TC3 call
call() {
  local type=$1 authorization=$2
  shift 2
  "${curl[@]}" -H "Content-Type: $type" -H "Authorization: $authorization" \
    -H 'X-TC-Action: IDCardOCR' -H 'X-TC-Version: 2018-11-19' -H "X-TC-Timestamp: $now" "$@"
}

curl=(curl -q -sS --include --max-time 30 --cacert "$CA")
"""

POST = r"""
type='application/json; charset=utf-8'
call "$type" "$(tc3 POST "$type" '' body.json)" --data-binary @body.json "$@" "$URL/"
"""

GET = r"""
type=application/x-www-form-urlencoded
pairs=()
for pair in "$@"; do pairs+=(--data-urlencode "$pair"); done
# How curl escapes differs between its versions: it tells the URL of a call that reaches nobody.
url=$(curl -q -s -G "${pairs[@]}" -w '%{url_effective}' http://127.0.0.1:1/ || true)
call "$type" "$(tc3 GET "$type" "${url#*\?}" /dev/null)" -G "${pairs[@]}" "$URL/"
"""

V1 = r"""
method=$1 digest=$2
shift 2
pairs=(Action=IDCardOCR Version=2018-11-19 Region=ap-guangzhou "Timestamp=$now" "Nonce=$RANDOM"
  "SecretId=$SECRET_ID" "$@")
arguments=(--data-urlencode "Signature=$(v1 "$method" "$digest" "${pairs[@]}")")
for pair in "${pairs[@]}"; do arguments+=(--data-urlencode "$pair"); done
if [ "$method" = GET ]; then arguments+=(-G); fi
"${curl[@]}" "${arguments[@]}" "$URL/"
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The output of curl."""

    heads: str
    """Status line and headers, including those of `100 Continue`."""
    response: dict[str, Any]
    """The member Response."""

    @property
    def code(self) -> str:
        return str(self.response["Error"]["Code"])


Curl = Callable[..., Answer]
"""Runs one of the scripts above: `curl(server, GET, "CardSide=FRONT")`."""


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def curl(scheme: str, tmp_path: Path) -> Curl:
    def run(
        server: "Running",
        script: str,
        *arguments: str,
        host: str = "127.0.0.1",
        service: str = "ocr",
        secret_key: str = BUILT_IN[1],
        trust: Path | str | None = None,
        **parameters: str,
    ) -> Answer:
        for program in ("bash", "curl", "openssl"):
            if shutil.which(program) is None:
                pytest.fail(f"{program} is not installed: run scripts/install-test-clients")
        endpoint = server.endpoint if scheme == "http" else server.https_endpoint
        endpoint = endpoint.replace("127.0.0.1", host)
        environment = {
            "PATH": os.environ["PATH"],
            "URL": f"{scheme}://{endpoint}",
            "HOST": endpoint,
            "SERVICE": service,
            "CA": str(trust or server.ca),
            "SECRET_ID": BUILT_IN[0],
            "SECRET_KEY": secret_key,
        }
        (tmp_path / "body.json").write_text(json.dumps(parameters))
        finished = subprocess.run(
            ["bash", "-c", FUNCTIONS + script, "bash", *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            env=environment,
            timeout=60,
            check=False,
        )
        if finished.returncode:
            raise CurlError(finished.stderr.decode())
        heads, _, body = finished.stdout.decode().rpartition("\r\n\r\n")
        return Answer(heads, json.loads(body)["Response"])

    return run


class CurlError(Exception):
    """curl ended with an error; the message is curl's."""


def exchange_of(server: "Running", answer: Answer) -> "Exchange":
    """The record of a call in the journal."""
    request_id = answer.response["RequestId"]
    assert str(UUID(request_id)) == request_id
    exchange = server.state.journal.find(request_id)
    assert exchange is not None
    return exchange


def test_a_post_is_answered_with_status_200_and_json(server: "Running", curl: Curl) -> None:
    answer = curl(server, POST, ImageUrl=URL, CardSide="FRONT")

    assert answer.response["Name"]
    status, *headers = answer.heads.lower().split("\r\n")
    assert status == "http/1.1 200 ok"
    assert "content-type: application/json" in headers


def test_a_wrong_secret_key_is_a_signature_failure_with_status_200(
    server: "Running", curl: Curl
) -> None:
    answer = curl(server, POST, ImageUrl=URL, secret_key="wrong")

    assert answer.code == "AuthFailure.SignatureFailure"
    assert answer.heads.startswith("HTTP/1.1 200 ")
    assert "content-type: application/json" in answer.heads.lower().split("\r\n")


def test_a_body_over_1_mb_gets_100_continue(server: "Running", curl: Curl) -> None:
    """curl announces a body of this length, and sends it after `100 Continue`."""
    picture = base64(a_picture("BMP", 720, 500))
    answer = curl(server, POST, ImageBase64=picture, CardSide="BACK")

    assert answer.response["Authority"]
    exchange = exchange_of(server, answer)
    assert exchange.body_bytes > 1024 * 1024
    assert exchange.headers["expect"] == "100-continue"
    assert answer.heads.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")


def test_a_get_is_verified_as_curl_escapes_it(server: "Running", curl: Curl) -> None:
    pairs = [f"ImageUrl={ODD_URL}", "CardSide=FRONT", "EnableRecognitionRectify=false"]
    answer = curl(server, GET, *pairs)

    assert answer.response["Name"]
    exchange = exchange_of(server, answer)
    assert exchange.method == "GET"
    assert exchange.parameters is not None
    assert exchange.parameters["EnableRecognitionRectify"] is False
    assert curl(server, GET, *pairs, secret_key="wrong").code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize(
    ("digest", "named"),
    [
        pytest.param("sha1", (), id="no SignatureMethod"),
        pytest.param("sha1", ("SignatureMethod=HmacSHA1",), id="HmacSHA1"),
        pytest.param("sha256", ("SignatureMethod=HmacSHA256",), id="HmacSHA256"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_legacy_signature_is_verified(
    server: "Running", curl: Curl, method: str, digest: str, named: tuple[str, ...]
) -> None:
    pairs = [f"ImageUrl={ODD_URL}", "CardSide=BACK", "EnableRecognitionRectify=false", *named]
    answer = curl(server, V1, method, digest, *pairs)

    assert answer.response["Authority"]
    exchange = exchange_of(server, answer)
    assert exchange.method == method
    assert exchange.parameters is not None
    assert exchange.parameters["EnableRecognitionRectify"] is False
    refused = curl(server, V1, method, digest, *pairs, secret_key="wrong")
    assert refused.code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize(
    "host", ["ocr.tencentcloudapi.com", "ocr.ap-guangzhou.tencentcloudapi.com"]
)
def test_the_real_host_name_accepts_only_the_service_ocr(
    server: "Running", curl: Curl, scheme: str, host: str
) -> None:
    endpoint = server.endpoint if scheme == "http" else server.https_endpoint
    to_here = ("--resolve", f"{host}:{endpoint.rpartition(':')[2]}:127.0.0.1")
    answer = curl(server, POST, *to_here, host=host, ImageUrl=URL, CardSide="FRONT")
    other = curl(server, POST, *to_here, host=host, service="127", ImageUrl=URL)

    assert answer.response["Name"]
    assert exchange_of(server, answer).headers["host"].startswith(f"{host}:")
    assert other.code == "AuthFailure.InvalidAuthorization"


@pytest.mark.parametrize("scheme", ["https"], indirect=True)
def test_a_client_that_does_not_trust_the_ca_refuses_the_server(
    server: "Running", curl: Curl
) -> None:
    with pytest.raises(CurlError, match="certificate"):
        curl(server, POST, ImageUrl=URL, trust=certifi.where())
