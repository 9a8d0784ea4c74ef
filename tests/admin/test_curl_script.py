"""The script that repeats a journaled call, run by bash against the server that gave it."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.code_samples.curl import curl
from mockocr.code_samples.sample_call import of_exchange
from mockocr.images.image import Picture
from mockocr.protocol.wire import WireRequest
from tests.builders import a_picture, base64
from tests.records import an_exchange
from tests.requests import a_call, a_get, a_v1_call

if TYPE_CHECKING:
    from mockocr.journal.exchange import Exchange
    from tests.conftest import Running, Serve

KEYS = ("AKIDtest", "key-of-the-test")
NOON = 1795348800
"""The time at which the calls of tests/requests.py are signed."""
ODD = {"ImageUrl": "https://xx/身份证 (1)~'*!+$HOME`.jpg", "CardSide": "BACK"}


@pytest.fixture
def here(serve: "Serve") -> "Running":
    """A server whose clock is frozen at the time of the calls."""
    server = serve(keys=(KEYS,))
    clock = {"freeze": NOON}
    httpx.put(f"{server.url}/__admin/clock", json=clock, trust_env=False).raise_for_status()
    return server


def make(server: "Running", request: WireRequest) -> "Exchange":
    """The journaled call."""
    url = f"{server.url}/?{request.query}" if request.query else server.url
    headers = [(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()]
    sent = httpx.Request(request.method, url, headers=headers, content=request.body or None)
    with httpx.Client(trust_env=False) as client:
        client.send(sent)
    return server.state.journal.newest_first()[0]


def script_of(server: "Running", exchange: "Exchange") -> str:
    url = f"{server.url}/__admin/requests/{exchange.request_id}/curl"
    reply = httpx.get(url, trust_env=False)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    return reply.text


def run(script: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    keys = {"TENCENTCLOUD_SECRET_ID": KEYS[0], "TENCENTCLOUD_SECRET_KEY": KEYS[1]}
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "TIMESTAMP": str(NOON), **keys, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def again(server: "Running", exchange: "Exchange", folder: Path, **more: str) -> "Exchange":
    """The journaled call that the script made."""
    done = run(script_of(server, exchange), folder, **more)
    assert (done.returncode, done.stderr) == (0, "")
    repeated = server.state.journal.newest_first()[0]
    assert json.loads(done.stdout)["Response"]["RequestId"] == repeated.request_id
    assert repeated.request_id != exchange.request_id
    return repeated


Made = Callable[..., WireRequest]
WAYS: dict[str, Made] = {
    "post": a_call,
    "get": a_get,
    "legacy post": a_v1_call,
    "legacy get": lambda parameters: a_v1_call(parameters, "GET"),
    "legacy sha1": lambda parameters: a_v1_call(parameters, signature_method=None),
    "unsigned payload": lambda parameters: a_call(
        parameters, X_TC_Content_SHA256="UNSIGNED-PAYLOAD"
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_script_makes_the_same_call_again(here: "Running", tmp_path: Path, way: Made) -> None:
    exchange = make(here, way(ODD))
    repeated = again(here, exchange, tmp_path)

    assert exchange.outcome == repeated.outcome == "ok"
    assert (repeated.method, repeated.parameters) == (exchange.method, exchange.parameters)
    assert repeated.response == exchange.response
    assert repeated.signature is not None
    assert repeated.signature.valid


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("BMP", "bmp")])
def test_the_picture_is_a_file_named_by_its_digest(
    here: "Running", tmp_path: Path, way: Made, kind: str, suffix: str
) -> None:
    picture = a_picture(kind)
    digest = sha256(picture).hexdigest()
    exchange = make(here, way({"ImageBase64": base64(picture), "CardSide": "FRONT"}))
    file = f"picture-{digest[:12]}.{suffix}"
    (tmp_path / file).write_bytes(picture)
    script = script_of(here, exchange)
    repeated = again(here, exchange, tmp_path)

    assert f"({kind}, 80 x 50, {len(picture)} bytes, SHA-256 {digest})" in script
    assert base64(picture) not in script
    assert repeated.outcome == "ok"
    assert repeated.picture == exchange.picture
    assert repeated.response == exchange.response


def test_a_picture_that_was_not_examined_has_no_digest(here: "Running", tmp_path: Path) -> None:
    parameters = {"ImageUrl": "https://xx/a.jpg", "ImageBase64": "AAAA", "CardSide": "FRONT"}
    exchange = make(here, a_call(parameters))
    (tmp_path / "picture.jpg").write_bytes(bytes(3))
    repeated = again(here, exchange, tmp_path)

    assert "which the journal does not store (4 characters of Base64)" in script_of(here, exchange)
    assert repeated.parameters == exchange.parameters


def test_the_digest_of_an_image_at_a_url_is_not_that_of_the_other_picture() -> None:
    parameters = {"ImageUrl": "https://xx/a.jpg", "ImageBase64": "<4 characters>"}
    found = Picture("PNG", 80, 50, 9, "d" * 64)
    headers = {"authorization": "***"}
    exchange = an_exchange(parameters=parameters, picture=found, headers=headers)

    script = curl(of_exchange(exchange, "http://localhost"))

    assert "picture=$(base64 <picture.jpg |" in script
    assert "dddd" not in script


def test_headers_of_the_call_are_sent_again(here: "Running", tmp_path: Path) -> None:
    more = {"X_TC_Region": "ap-beijing", "X_TC_Language": "zh-CN", "X_TC_Empty": "", "X_It's": "我"}
    sent = a_call(
        {**ODD, "CardSide": "SIDE"}, **{k: v.encode().decode("latin-1") for k, v in more.items()}
    )
    exchange = make(here, sent)
    repeated = again(here, exchange, tmp_path)

    assert repeated.outcome == exchange.outcome != "ok"
    assert repeated.language == "zh-CN"
    for name in ("host", "content-type", "x-tc-region", "x-tc-empty"):
        assert repeated.headers[name] == exchange.headers[name]
    # The journal has only the length of any other value: it has to be put in by hand.
    assert exchange.headers["x-it's"] == "<3 characters>"
    assert repeated.headers["x-it's"] == "<6 characters>"
    assert ": X-It'S; replace MASKED below.\n" in script_of(here, exchange)


def test_a_masked_value_is_a_placeholder_that_says_so(here: "Running", tmp_path: Path) -> None:
    secret = {"ImageUrl": "https://xx/a.jpg?sign=geheim", "CardSide": "FRONT", "Namee": "geheim"}
    exchange = make(here, a_call(secret))
    script = script_of(here, exchange)
    result = "# Masked in the journal: ImageUrl, Namee; replace MASKED below.\n"

    assert "geheim" not in script
    assert result in script
    assert '"ImageUrl": "https://xx/a.jpg?MASKED"' in script
    assert '"Namee": "MASKED"' in script
    assert again(here, exchange, tmp_path).outcome == exchange.outcome == "UnknownParameter"


@pytest.mark.parametrize("way", ["post", "get", "legacy post"])
def test_nothing_secret_is_in_a_script(here: "Running", way: str) -> None:
    token = {"Token": "correct-horse"} if way == "legacy post" else {"X_TC_Token": "correct-horse"}
    made = {"post": a_call, "get": a_get, "legacy post": a_v1_call}[way]
    script = script_of(here, make(here, made(ODD, **token)))

    assert "correct-horse" not in script
    assert KEYS[1] not in script
    assert "Signature=" + "0" not in script
    assert ': "${TENCENTCLOUD_TOKEN:?}"' in script


@pytest.mark.parametrize("way", ["post", "legacy post"])
def test_a_token_is_taken_from_the_environment(here: "Running", tmp_path: Path, way: str) -> None:
    patch = f"{here.url}/__admin/accounts/{KEYS[0]}"
    httpx.patch(patch, json={"tokens": ["correct-horse"]}, trust_env=False).raise_for_status()
    if way == "post":
        exchange = make(here, a_call(ODD, X_TC_Token="correct-horse"))
    else:
        exchange = make(here, a_v1_call(ODD, Token="correct-horse"))

    assert exchange.outcome == "ok"
    assert again(here, exchange, tmp_path, TENCENTCLOUD_TOKEN="correct-horse").outcome == "ok"


@pytest.mark.parametrize("missing", ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"])
def test_a_script_without_keys_names_the_missing_variables(
    here: "Running", tmp_path: Path, missing: str
) -> None:
    done = run(script_of(here, make(here, a_call(ODD))), tmp_path, **{missing: ""})

    assert done.returncode != 0
    assert missing in done.stderr


def test_a_body_that_was_not_read_must_be_put_beside_the_script(
    here: "Running", tmp_path: Path
) -> None:
    good = a_call(ODD)
    wrong = good.headers["authorization"][:-64] + "0" * 64
    exchange = make(here, replace(good, headers={**good.headers, "authorization": wrong}))
    (tmp_path / "request-body").write_bytes(good.body)
    script = script_of(here, exchange)

    assert exchange.outcome == "AuthFailure.SignatureFailure"
    assert f"({len(good.body)} bytes, SHA-256 {sha256(good.body).hexdigest()})" in script
    assert again(here, exchange, tmp_path).outcome == "ok"


def test_a_body_that_was_not_hashed_is_shown_by_its_length(here: "Running") -> None:
    good = a_call(ODD)
    exchange = make(here, replace(good, headers={**good.headers, "authorization": "SKIP"}))

    result = f"before its body was read: save it here ({len(good.body)} bytes)\n"
    assert result in script_of(here, exchange)


def test_a_query_that_was_not_read_is_put_into_the_script(here: "Running", tmp_path: Path) -> None:
    good = a_get(ODD)
    exchange = make(here, replace(good, headers={**good.headers, "authorization": "SKIP"}))
    script = script_of(here, exchange)
    done = run(script.replace("query=MASKED", f"query='{good.query}'"), tmp_path)

    assert "set the query as it was sent.\nquery=MASKED\n" in script
    assert "Authority" in json.loads(done.stdout)["Response"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"SecretId": "AKIDother"}, "AuthFailure.SignatureExpire"),
        ({"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
    ],
)
def test_a_legacy_call_that_was_refused_early_cannot_be_made_again(
    here: "Running", wrong: dict[str, Any], code: str
) -> None:
    exchange = make(here, a_v1_call(ODD, **wrong))
    url = f"{here.url}/__admin/requests/{exchange.request_id}/curl"
    reply = httpx.get(url, trust_env=False)

    assert reply.status_code == 409
    assert reply.json()["error"] == (
        f"this legacy call was refused ({code}) before its parameters were read,"
        " so the journal does not have them"
    )


def test_a_method_that_the_api_does_not_answer_is_not_repeated(here: "Running") -> None:
    exchange = make(here, replace(a_call(ODD), method="PUT"))
    url = f"{here.url}/__admin/requests/{exchange.request_id}/curl"
    reply = httpx.get(url, trust_env=False)

    assert (reply.status_code, reply.json()) == (
        409,
        {"error": "expected the method GET or POST, got PUT"},
    )


def test_a_value_that_no_shell_can_hold_is_not_repeated(here: "Running") -> None:
    exchange = make(here, a_v1_call({**ODD, "CardSide": "a\0b"}))
    url = f"{here.url}/__admin/requests/{exchange.request_id}/curl"
    reply = httpx.get(url, trust_env=False)

    assert reply.status_code == 409
    assert "which a shell cannot represent" in reply.json()["error"]


EVIL = "x\ntouch evil; $(touch evil) `touch evil` '; touch evil; '"


@pytest.mark.parametrize("way", ["post", "legacy post"])
def test_a_script_runs_nothing_that_a_client_sent(
    here: "Running", tmp_path: Path, way: str
) -> None:
    parameters = {**ODD, "CardSide": EVIL, EVIL: "1"}
    if way == "post":
        exchange = make(here, a_call(parameters, X_TC_Evil="'; touch evil; '$(touch evil)"))
    else:
        exchange = make(here, a_v1_call(parameters, Action=EVIL, RequestClient=EVIL))
        parameters_read = {"CardSide": EVIL, EVIL: "***"}
        exchange.parameters = parameters_read
    exchange.account = EVIL
    again(here, exchange, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_over_https_the_ca_is_trusted(here: "Running", tmp_path: Path) -> None:
    exchange = make(here, a_call(ODD))
    url = f"{here.https_url}/__admin/requests/{exchange.request_id}/curl"
    script = httpx.get(url, verify=False, trust_env=False).text  # noqa: S501 - the CA is tested below

    assert f"\nurl={here.https_url}\n" in script
    assert '--cacert "$(mockocr ca path)"' in script
    trusting = script.replace("$(mockocr ca path)", str(here.ca))
    done = run(trusting, tmp_path)
    assert "Authority" in json.loads(done.stdout)["Response"]
