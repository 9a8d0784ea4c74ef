"""Calls that the admin API signs and sends to its own server."""

import json
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.exceptions import HTTPException

from mockocr.admin import try_call

if TYPE_CHECKING:
    from tests.conftest import Running

FRONT = {"ImageUrl": "https://xx/身份证.jpg?sign=geheim", "CardSide": "FRONT"}
FLAG = {**FRONT, "EnableReflectDetail": True}


def tried(admin: httpx.Client, **spec: Any) -> dict[str, Any]:
    reply = admin.post("/try", json={"parameters": FRONT, **spec}, timeout=60)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


@pytest.mark.parametrize("endpoint", ["http", "https"])
@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("signature_method", ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"])
def test_a_call_is_signed_and_sent_in_every_way(
    server: "Running", admin: httpx.Client, endpoint: str, method: str, signature_method: str
) -> None:
    way = {"endpoint": endpoint, "method": method, "signature_method": signature_method}
    result = tried(admin, parameters=FLAG, **way)

    response = json.loads(result["body"])["Response"]
    assert response["Name"]
    assert (result["ended"], result["status"]) == ("complete", 200)
    exchange = server.state.journal.find(result["RequestId"])
    assert exchange is not None
    assert exchange.outcome == "ok"
    assert exchange.signature is not None
    assert exchange.signature.string_to_sign == result["signature"]["string_to_sign"]
    assert exchange.signature.canonical_request == result["signature"]["canonical_request"]
    assert exchange.parameters == result["request"]["parameters"]
    assert result["request"]["url"].startswith(f"{endpoint}://")


def test_common_parameters_and_headers_are_sent(server: "Running", admin: httpx.Client) -> None:
    headers = {"X-TC-TraceId": "trace-1", "X-Note": "我", "Content-Type": "application/json; a=b"}
    result = tried(
        admin, region="ap-beijing", language="zh-CN", version="2017-01-01", headers=headers
    )
    exchange = server.state.journal.find(result["RequestId"])

    assert exchange is not None
    assert exchange.headers["x-tc-region"] == "ap-beijing"
    assert exchange.headers["x-tc-version"] == "2017-01-01"
    assert exchange.headers["content-type"] == "application/json; a=b"
    assert exchange.headers["x-note"] == "<3 characters>"
    assert exchange.language == "zh-CN"
    sent = {**result["request"]["headers"], "content-length": "90", "connection": "close"}
    assert dict(exchange.headers) == {**sent, "content-length": exchange.headers["content-length"]}


def test_the_request_is_shown_as_the_journal_masks_it(admin: httpx.Client) -> None:
    admin.post("/accounts", json={"name": "alice", "tokens": ["correct-horse"]})
    for way in ("TC3-HMAC-SHA256", "HmacSHA256"):
        result = tried(admin, account="alice", signature_method=way, headers={"Cookie": "geheim"})
        shown = json.dumps({**result, "body": ""})

        assert '"Error"' not in result["body"]
        assert "geheim" not in shown
        assert "correct-horse" not in shown


FAULTS = {
    "EMPTY_RESPONSE": ("empty", None),
    "CONNECTION_RESET_BY_PEER": ("reset", None),
    "MALFORMED_RESPONSE_CHUNK": ("malformed", 200),
    "RANDOM_DATA_THEN_CLOSE": ("malformed", None),
    "TRUNCATED_BODY": ("truncated", 200),
    "TIMEOUT": ("timeout", None),
}


@pytest.mark.parametrize("endpoint", ["http", "https"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_as_the_client_sees_it(
    server: "Running", admin: httpx.Client, fault: str, endpoint: str
) -> None:
    rule = {"name": "r", "then": {"fault": fault}}
    admin.post("/scenarios", json={"name": "faulty", "rules": [rule]})
    result = tried(admin, endpoint=endpoint, timeout_seconds=1 if fault == "TIMEOUT" else 30)

    ended, status = FAULTS[fault]
    if endpoint == "https" and fault == "CONNECTION_RESET_BY_PEER":
        assert result["ended"] in ("reset", "empty")
    else:
        assert result["ended"] == ended
    assert result["status"] == status
    exchange = server.state.journal.newest_first()[0]
    assert (exchange.outcome, result["RequestId"]) == (f"fault:{fault}", exchange.request_id)


def test_a_slow_reply_is_cut_off_in_time(admin: httpx.Client) -> None:
    rule = {"name": "r", "then": {"card": {}, "dribble": "60s"}}
    admin.post("/scenarios", json={"name": "slow", "rules": [rule]}).raise_for_status()
    result = tried(admin, timeout_seconds=1)

    assert (result["ended"], result["status"]) == ("timeout", 200)
    assert 900 < result["milliseconds"] < 30_000


def test_a_frozen_clock_is_the_time_of_the_signature(admin: httpx.Client) -> None:
    admin.put("/clock", json={"freeze": "2020-01-01T00:00:00Z"})

    assert json.loads(tried(admin)["body"])["Response"].get("Error") is None


def test_the_limits_of_the_account_hold(admin: httpx.Client) -> None:
    admin.post("/accounts", json={"name": "poor", "package": 1})

    bodies = [tried(admin, account="poor")["body"] for _ in range(2)]
    assert "ResourcePackageRunOut" not in bodies[0]
    assert "ResourcePackageRunOut" in bodies[1]


def test_no_more_calls_are_under_way_than_allowed(
    admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(try_call, "MAX_AT_ONCE", 1)
    rule = {"name": "r", "then": {"fault": "TIMEOUT"}}
    admin.post("/scenarios", json={"name": "slow", "rules": [rule]})
    slow = threading.Thread(target=tried, args=(admin,), kwargs={"timeout_seconds": 2})
    slow.start()
    while not admin.get("/requests").json()["total"]:
        pass
    refused = admin.post("/try", json={"parameters": FRONT})
    slow.join()

    assert (refused.status_code, "try again later" in refused.text) == (503, True)
    assert tried(admin, timeout_seconds=1)["ended"] == "timeout"


@pytest.mark.parametrize(
    ("spec", "status", "words"),
    [
        ({"account": "nobody"}, 404, "nobody"),
        ({"action": "IDCard"}, 422, "did you mean 'IDCardOCR'?"),
        ({"headers": {"Host": "x"}}, 422, "headers.Host"),
        ({"headers": {"A b": "x"}}, 422, "headers"),
        ({"headers": {"A": "x\r\nB: y"}}, 422, "headers.A"),
        ({"region": "a\nb"}, 422, "region"),
        ({"timeout_seconds": 61}, 422, "timeout_seconds"),
        ({"url": "http://example.com"}, 422, "url"),
    ],
)
def test_a_call_that_cannot_be_sent_is_refused(
    admin: httpx.Client, spec: dict[str, Any], status: int, words: str
) -> None:
    refused = admin.post("/try", json=spec)

    assert refused.status_code == status
    assert words in refused.json()["error"]


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        ({"http": "http://127.0.0.1:1"}, "this server has no https port"),
        ({}, "this application runs in another ASGI server"),
    ],
)
def test_a_port_that_the_server_does_not_have_is_refused(urls: dict[str, str], words: str) -> None:
    with pytest.raises(HTTPException, match=words):
        try_call.own_url(urls, "https")
