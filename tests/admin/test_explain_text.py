"""Pasted texts are recognized, and explained by the explainer."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.pasted import curl, hashed_again, raw, steps_of
from tests.requests import SECRET_ID, SECRET_KEY, a_call, a_get, signed, with_header

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

KEYS = (SECRET_ID, SECRET_KEY)


@pytest.fixture
def server(serve: "Serve") -> "Running":
    """With the key pair of tests/requests.py."""
    return serve(keys=(KEYS,))


def explained(admin: httpx.Client, text: str, **more: str) -> dict[str, Any]:
    reply = admin.post("/explain", json={"text": text, **more})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


CHARSET = {"content_type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    "form", [raw, lambda call: raw(call, "\r\n"), curl, lambda c: f"$ {curl(c)}"]
)
def test_a_header_that_was_changed_after_signing_is_found(
    server: "Running", admin: httpx.Client, form: Any
) -> None:
    told = explained(admin, form(with_header(a_call(), **CHARSET)))

    assert told["kind"] in ("request", "curl")
    assert told["explanation"]["cause"] == "content_type_charset"
    assert told["explanation"]["proven"]
    canonical, text = told["steps"]
    assert canonical["right"].split("\n")[3] == "content-type:application/json; charset=utf-8"
    assert canonical["yours"].split("\n")[3] == "content-type:application/json"
    line = "content-type:application/json"
    assert canonical["differs_at"] == {
        "line": 4,
        "column": len(line) + 1,
        "byte": len("POST\n/\n\n") + len(line),
    }
    assert text["differs_at"]["line"] == 4
    assert server.state.journal.newest_first() == []


def test_a_good_request_is_explained_as_good(admin: httpx.Client) -> None:
    for call in (a_call(), a_get()):
        told = explained(admin, raw(call))
        assert (told["explanation"]["outcome"], told["explanation"]["cause"]) == ("ok", None)
        assert [step["differs_at"] for step in told["steps"]] == [None, None]
        assert told["steps"][0]["yours"] == told["steps"][0]["right"]


def test_without_its_body_a_request_has_no_cause(admin: httpx.Client) -> None:
    told = explained(admin, raw(a_call()).partition("\n\n")[0])

    assert told["explanation"]["cause"] is None
    assert "body_reserialized" in told["explanation"]["not_tried"]


def test_a_text_that_looks_like_a_request_is_refused_in_words(admin: httpx.Client) -> None:
    for text in ("POST / HTTP/1.1\nno header", "curl -H 'a", "curl -s", "curl " + "x" * 2_000_000):
        told = explained(admin, text)
        assert told["problem"].startswith("expected"), text
        assert told["explanation"] is None


PRINTED = {
    "plain": "{canonical}\n\n{text}\n",
    "labels": "CanonicalRequest:\n{canonical}\nStringToSign:\n{text}",
    "the text first": "{text}\n\n{canonical}",
    "only the canonical request": "{canonical}",
}


@pytest.mark.parametrize("form", PRINTED)
def test_the_first_differing_byte_of_a_step_is_marked(admin: httpx.Client, form: str) -> None:
    canonical, text = steps_of(a_call())
    lines = canonical.split("\n")
    wrong = "\n".join([*lines[:3], lines[4], lines[3], "", "host;content-type", lines[-1]])
    told = explained(admin, PRINTED[form].format(canonical=wrong, text=hashed_again(wrong, text)))

    assert told["kind"] == "steps"
    step = told["steps"][0]
    assert (step["yours"], step["right"]) == (wrong, canonical)
    assert step["differs_at"] == {"line": 4, "column": 1, "byte": len("POST\n/\n\n")}
    assert told["explanation"]["cause"] == "signed_headers_order"


def test_right_steps_are_told_to_be_right(admin: httpx.Client) -> None:
    canonical, text = steps_of(a_call())
    told = explained(admin, f"{canonical}\n{text}")
    literal = explained(admin, f"canonical = {canonical!r}\ntext = {text!r}")

    for each in (told, literal):
        assert [step["differs_at"] for step in each["steps"]] == [None, None]
        assert [step["yours"] for step in each["steps"]] == [canonical, text]
        assert each["explanation"]["cause"] is None


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("/tc3_request", "/tc3_reques", "scope_terminator"),
        ("2026-11-22/", "2026-11-23/", "date_not_utc"),
    ],
)
def test_the_cause_in_a_string_to_sign_is_named(
    admin: httpx.Client, old: str, new: str, cause: str
) -> None:
    canonical, text = steps_of(a_call())
    told = explained(admin, f"{canonical}\n{text.replace(old, new)}")

    assert told["explanation"]["cause"] == cause
    assert told["steps"][1]["yours"] == text.replace(old, new)


def test_steps_are_compared_with_those_of_a_call(server: "Running", admin: httpx.Client) -> None:
    tried = admin.post("/try", json={"parameters": {"ImageUrl": "https://xx/a.jpg"}}).json()
    request_id = tried["RequestId"]
    # With another Host than the call has.
    canonical, text = steps_of(a_call())
    told = explained(admin, f"{canonical}\n{text}", call=request_id)

    assert (told["kind"], told["problem"]) == ("steps", None)
    assert told["explanation"]["RequestId"] == request_id
    assert f"host:{server.endpoint}" in told["steps"][0]["right"]
    assert told["steps"][0]["yours"] == canonical
    assert told["steps"][0]["differs_at"]["line"] == 5


def test_a_call_to_compare_with_must_be_recorded(server: "Running", admin: httpx.Client) -> None:
    canonical, _ = steps_of(a_call())
    unknown = admin.post("/explain", json={"text": canonical, "call": "0" * 8})
    httpx.post(server.url, content=b"{}", trust_env=False)
    request_id = server.state.journal.newest_first()[0].request_id
    told = explained(admin, canonical, call=request_id)

    assert unknown.status_code == 404
    assert told["problem"] == "the right steps are not known: see the reason"
    assert told["steps"][0]["right"] is None


def test_problems_are_told_in_the_requested_language(admin: httpx.Client) -> None:
    admin.headers["Accept-Language"] = "zh-CN"

    assert explained(admin, "hello")["problem"].startswith("无法识别")


@pytest.mark.parametrize(
    "text",
    [
        "TC3-HMAC-SHA256\nx\ny\nz",
        "POST\na:b",
        "GET\n/\na=b\nhost:x",
        "POST\n/\n\nhost:x\n\nhost\n" + "0" * 64 + "\nTC3-HMAC-SHA256\n" + "9" * 40 + "\na/b/c\nd",
        "TC3-HMAC-SHA256\n1\n" + "身份证/ocr/tc3_request\nz",
    ],
)
def test_any_steps_are_answered(admin: httpx.Client, text: str) -> None:
    assert explained(admin, text)["kind"] == "steps"


ERRORS = {
    "id": "{id}",
    "python": "[TencentCloudSDKException] code:AuthFailure.SignatureFailure requestId:{id}",
    "json": '{{"Response": {{"Error": {{"Code": "AuthFailure.SignatureFailure", "Message": ""}},'
    ' "RequestId": "{id}"}}}}',
}


@pytest.mark.parametrize("form", ERRORS)
def test_an_error_is_explained_by_its_call(
    server: "Running", admin: httpx.Client, form: str
) -> None:
    call = with_header(signed(a_call(), secret_key="wrong"), host=server.endpoint)
    httpx.post(server.url, content=call.body, headers=dict(call.headers), trust_env=False)
    request_id = server.state.journal.newest_first()[0].request_id
    told = explained(admin, ERRORS[form].format(id=request_id))

    assert told["kind"] == "call"
    assert told["explanation"]["RequestId"] == request_id
    assert told["code"] == (None if form == "id" else "AuthFailure.SignatureFailure")


def test_the_error_of_another_call_is_explained_by_its_code(admin: httpx.Client) -> None:
    other = "0f7a29d5-b9b0-4da1-8c2d-4a2f5e9f1b11"
    told = explained(admin, f"code:FailedOperation.ImageBlur requestId:{other}")
    bare = explained(admin, '{"Code": "FailedOperation.ImageBlur"}')

    for each in (told, bare):
        assert (each["kind"], each["code"]) == ("error", "FailedOperation.ImageBlur")
        assert set(each["meaning"]) == {"en", "zh"}
    assert told["problem"] == "the journal has no call with this RequestId"
    assert "has no RequestId" in bare["problem"]


@pytest.mark.parametrize("text", ["", "hello", "a\n" * 100_000, "\0\ud7ff", "GET", "POST"])
def test_any_other_text_is_unknown(admin: httpx.Client, text: str) -> None:
    told = explained(admin, text)

    assert (told["kind"], told["explanation"]) == ("unknown", None)
    assert told["problem"].startswith("expected a RequestId")


def test_nothing_secret_is_shown(admin: httpx.Client) -> None:
    call = a_get({"ImageUrl": "https://xx/a.jpg?sign=geheim"}, X_TC_Token="geheim")
    shown = json.dumps([explained(admin, raw(call)), explained(admin, curl(call))])

    assert "geheim" not in shown
    assert KEYS[1] not in shown
