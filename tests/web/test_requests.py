"""The journal as /__admin shows it, and what stands beside it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.version import __version__

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

BODY = {"ImageUrl": "https://bucket/a.jpg?sign=geheim", "CardSide": "FRONT"}
MEMBERS = {"RequestId", "time", "account", "action", "outcome", "rule", "milliseconds"}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as opened:
        yield opened


@pytest.fixture
def call(client: httpx.Client, signed: "Signed") -> Any:
    def call_once(server: "Running", parameters: Any = BODY, **more: str) -> dict[str, Any]:
        body = json.dumps(parameters).encode()
        headers = signed(server.endpoint, body, **more)
        return dict(client.post(server.url, content=body, headers=headers).json()["Response"])

    return call_once


def test_calls_are_listed_newest_first(serve: "Serve", client: httpx.Client, call: Any) -> None:
    server = serve()
    ids = [call(server)["RequestId"] for _ in range(3)]
    told = client.get(f"{server.url}/__admin/requests").json()

    assert set(told) == {"requests", "total"}
    assert told["total"] == 3
    assert [each["RequestId"] for each in told["requests"]] == ids[::-1]


def test_a_call_that_was_answered_is_told_in_short(
    serve: "Serve", client: httpx.Client, call: Any
) -> None:
    server = serve(scenarios=("documented",))
    call(server, {"ImageUrl": "https://xx/a.jpg", "CardSide": "BACK"})
    told = client.get(f"{server.url}/__admin/requests").json()["requests"][0]

    assert set(told) >= MEMBERS
    assert (told["account"], told["action"], told["outcome"]) == ("default", "IDCardOCR", "ok")
    assert told["rule"] == "example 3, back"
    assert told["milliseconds"] > 0
    assert datetime.fromisoformat(told["time"]) <= datetime.now(UTC)


def test_a_call_that_was_refused_is_told_by_its_code(
    serve: "Serve", client: httpx.Client, call: Any
) -> None:
    server = serve()
    call(server, secret_key="wrong")
    told = client.get(f"{server.url}/__admin/requests").json()["requests"][0]

    assert told["outcome"] == "AuthFailure.SignatureFailure"
    assert told["rule"] is None


def test_one_call_is_told_with_its_steps_and_without_secrets(
    server: "Running", client: httpx.Client, call: Any
) -> None:
    answered = call(server)
    reply = client.get(f"{server.url}/__admin/requests/{answered['RequestId']}")
    told = reply.json()

    assert reply.headers["content-type"] == "application/json"
    assert set(told) >= MEMBERS | {"method", "path", "headers", "signature", "parameters"}
    assert told["RequestId"] == answered["RequestId"]
    assert told["signature"]["canonical_request"].startswith("POST\n/\n\n")
    for secret in ("geheim", answered["Name"], answered["IdNum"], answered["Address"]):
        assert secret not in reply.text


def test_what_a_call_sent_that_is_no_text_can_be_shown(
    server: "Running", client: httpx.Client
) -> None:
    proof = "Timestamp=1&Version=1&Nonce=1&SecretId=x&Signature=x"
    told = client.get(f"{server.url}/?Action=%FF&{proof}").json()["Response"]
    reply = client.get(f"{server.url}/__admin/requests/{told['RequestId']}")

    assert reply.json()["action"] == "?"


def test_an_unknown_request_id_is_404(server: "Running", client: httpx.Client) -> None:
    reply = client.get(f"{server.url}/__admin/requests/no-such-call")

    assert reply.status_code == 404
    assert reply.json() == {"error": "the journal has no call of this RequestId"}


def test_the_journal_keeps_no_more_than_it_is_told(
    serve: "Serve", client: httpx.Client, call: Any
) -> None:
    server = serve(journal_calls=2)
    ids = [call(server)["RequestId"] for _ in range(3)]
    told = client.get(f"{server.url}/__admin/requests").json()["requests"]

    assert [each["RequestId"] for each in told] == ids[:0:-1]


def test_only_calls_of_the_api_are_journaled(serve: "Serve", client: httpx.Client) -> None:
    server = serve()
    for path in ("/healthz", "/__admin/requests", "/nothing"):
        client.get(server.url + path)

    assert client.get(f"{server.url}/__admin/requests").json() == {"requests": [], "total": 0}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_tells_version_and_age(server: "Running", client: httpx.Client, path: str) -> None:
    told = client.get(server.url + path).json()

    assert set(told) == {"status", "version", "uptimeInSeconds"}
    assert (told["status"], told["version"]) == ("healthy", __version__)
    assert told["uptimeInSeconds"] >= 0


@pytest.mark.parametrize("path", ["/nothing", "/__admin/nothing", "/healthz/x"])
def test_a_path_with_nothing_there_is_404_in_json(
    server: "Running", client: httpx.Client, path: str
) -> None:
    reply = client.get(server.url + path)

    assert reply.status_code == 404
    assert f"there is nothing at {path}" in reply.json()["error"]


@pytest.mark.parametrize("path", ["/healthz", "/__admin/requests"])
def test_another_method_is_405_in_json(server: "Running", client: httpx.Client, path: str) -> None:
    reply = client.put(server.url + path)

    assert reply.status_code == 405
    assert "GET" in reply.headers["allow"]
    assert "error" in reply.json()
