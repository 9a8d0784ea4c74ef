"""The journal in the admin API, health and the paths beside it."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.protocol.errors import Evidence, Refusal
from mockocr.version import __version__
from tests.records import an_exchange

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

BODY = {"ImageUrl": "https://bucket/a.jpg?sign=geheim", "CardSide": "FRONT"}
MEMBERS = {"RequestId", "time", "account", "action", "outcome", "rule", "milliseconds"}


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
    result = client.get(f"{server.url}/__admin/requests").json()

    assert set(result) == {"requests", "total"}
    assert result["total"] == 3
    assert [each["RequestId"] for each in result["requests"]] == ids[::-1]


def test_an_answered_call_is_listed_in_short(
    serve: "Serve", client: httpx.Client, call: Any
) -> None:
    server = serve(scenarios=("documented",))
    call(server, {"ImageUrl": "https://xx/a.jpg", "CardSide": "BACK"})
    result = client.get(f"{server.url}/__admin/requests").json()["requests"][0]

    assert set(result) >= MEMBERS
    assert (result["account"], result["action"], result["outcome"]) == (
        "default",
        "IDCardOCR",
        "ok",
    )
    assert result["rule"] == "example 3, back"
    assert result["milliseconds"] > 0
    assert datetime.fromisoformat(result["time"]) <= datetime.now(UTC)


def test_a_refused_call_is_listed_with_its_code(
    serve: "Serve", client: httpx.Client, call: Any
) -> None:
    server = serve()
    call(server, secret_key="wrong")
    result = client.get(f"{server.url}/__admin/requests").json()["requests"][0]

    assert result["outcome"] == "AuthFailure.SignatureFailure"
    assert result["rule"] is None


def test_one_call_is_shown_with_its_steps_and_without_secrets(
    server: "Running", client: httpx.Client, call: Any
) -> None:
    answered = call(server)
    reply = client.get(f"{server.url}/__admin/requests/{answered['RequestId']}")
    result = reply.json()

    assert reply.headers["content-type"] == "application/json"
    assert set(result) >= MEMBERS | {"method", "path", "headers", "signature", "parameters"}
    assert result["RequestId"] == answered["RequestId"]
    assert result["signature"]["canonical_request"].startswith("POST\n/\n\n")
    for secret in ("geheim", answered["Name"], answered["IdNum"], answered["Address"]):
        assert secret not in reply.text


def test_bytes_of_a_call_that_are_not_text_can_be_shown(
    server: "Running", client: httpx.Client
) -> None:
    proof = "Timestamp=1&Version=1&Nonce=1&SecretId=x&Signature=x"
    result = client.get(f"{server.url}/?Action=%FF&{proof}").json()["Response"]
    reply = client.get(f"{server.url}/__admin/requests/{result['RequestId']}")

    assert reply.json()["action"] == "?"


def test_an_unknown_request_id_is_404(server: "Running", client: httpx.Client) -> None:
    reply = client.get(f"{server.url}/__admin/requests/no-such-call")

    assert reply.status_code == 404
    assert reply.json() == {"error": "the journal has no call with this RequestId"}


@pytest.fixture
def three(serve: "Serve", client: httpx.Client, call: Any) -> tuple["Running", dict[str, str]]:
    """A server with three calls, and their RequestIds by outcome."""
    server = serve(scenarios=("documented",))
    fresh = client.post(f"{server.url}/__admin/accounts", json={"name": "账户 & co"}).json()
    pair = {"secret_id": fresh["keys"][0]["SecretId"], "secret_key": fresh["keys"][0]["SecretKey"]}
    documented = {"ImageUrl": "https://xx/a.jpg", "CardSide": "BACK"}
    made = {
        "ruled": call(server, documented)["RequestId"],
        "refused": call(server, secret_key="wrong")["RequestId"],
        "other": call(server, **pair)["RequestId"],
    }
    return server, made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["other", "refused", "ruled"]),
        ("?account=default", ["refused", "ruled"]),
        ("?account=%E8%B4%A6%E6%88%B7%20%26%20co", ["other"]),
        ("?outcome=ok", ["other", "ruled"]),
        ("?outcome=error", ["refused"]),
        ("?outcome=AuthFailure.SignatureFailure", ["refused"]),
        ("?outcome=FailedOperation.ImageBlur", []),
        ("?outcome=fault:TIMEOUT", []),
        ("?outcome=http:502", []),
        ("?rule=example%203,%20back", ["ruled"]),
        ("?unmatched=true", ["other"]),
        ("?unmatched=false", ["ruled"]),
        ("?since=1700000000", ["other", "refused", "ruled"]),
        ("?since=1700000000.5", ["other", "refused", "ruled"]),
        ("?since=9999999999", []),
        ("?since=2023-01-01", ["other", "refused", "ruled"]),
        ("?since=2023-01-01T12:00:00Z", ["other", "refused", "ruled"]),
        ("?since=9023-01-01T12:00:00+08:00", []),
        ("?since=00000000-0000-0000-0000-000000000000", ["other", "refused", "ruled"]),
        ("?account=default&outcome=ok", ["ruled"]),
    ],
)
def test_filters_select_calls(
    three: tuple["Running", dict[str, str]], client: httpx.Client, query: str, found: list[str]
) -> None:
    server, made = three
    result = client.get(f"{server.url}/__admin/requests{query}").json()

    assert [each["RequestId"] for each in result["requests"]] == [made[name] for name in found]
    assert result["total"] == len(found)


def test_since_a_request_id_lists_the_calls_after_it(
    three: tuple["Running", dict[str, str]], client: httpx.Client
) -> None:
    server, made = three
    result = client.get(f"{server.url}/__admin/requests", params={"since": made["refused"]}).json()

    assert [each["RequestId"] for each in result["requests"]] == [made["other"]]


def test_since_the_time_of_a_call_includes_that_call(
    three: tuple["Running", dict[str, str]], client: httpx.Client
) -> None:
    server, made = three
    url = f"{server.url}/__admin/requests"
    newest = client.get(url).json()["requests"][0]
    result = client.get(url, params={"since": newest["time"]}).json()["requests"]

    assert made["other"] in [each["RequestId"] for each in result]


@pytest.mark.parametrize(("limit", "found"), [(0, []), (2, ["other", "refused"]), (9, None)])
def test_a_limit_keeps_the_newest_calls_and_the_total_counts_all(
    three: tuple["Running", dict[str, str]],
    client: httpx.Client,
    limit: int,
    found: list[str] | None,
) -> None:
    server, made = three
    result = client.get(f"{server.url}/__admin/requests?limit={limit}").json()

    wanted = ["other", "refused", "ruled"] if found is None else found
    assert [each["RequestId"] for each in result["requests"]] == [made[name] for name in wanted]
    assert result["total"] == 3


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("acount=default", "unknown query parameter 'acount'; did you mean 'account'?"),
        (
            "zzz=1",
            "unknown query parameter 'zzz'; expected one of account, outcome, rule, unmatched",
        ),
        ("rule=a&rule=b", "expected rule once, got it several times"),
        ("account=defualt", "unknown account 'defualt'; did you mean 'default'?"),
        ("account=zzz", "unknown account 'zzz'"),
        (
            "outcome=FailedOperation.ImageBlurr",
            "unknown outcome 'FailedOperation.ImageBlurr';"
            " did you mean 'FailedOperation.ImageBlur'?",
        ),
        (
            "outcome=zzz",
            "unknown outcome 'zzz'; expected one of ok, error, ",
        ),
        ("unmatched=yes", "unmatched: expected true or false, got 'yes'"),
        ("since=yesterday", "since: expected a time (ISO 8601 or UNIX seconds) or a RequestId"),
        ("since=" + "9" * 30, "since: expected a time"),
        ("limit=-1", "limit: expected a whole number from 0, got '-1'"),
        ("limit=" + "9" * 30, "limit: expected a whole number"),
    ],
)
def test_a_wrong_filter_is_400_with_the_reason(
    server: "Running", client: httpx.Client, query: str, result: str
) -> None:
    reply = client.get(f"{server.url}/__admin/requests?{query}")

    assert reply.status_code == 400
    assert reply.json()["error"].startswith(result)


def test_a_journaled_outcome_is_a_known_filter_value(serve: "Serve", client: httpx.Client) -> None:
    server = serve()
    own = Refusal("Own.Code", "words", "话", Evidence.ASSUMED)
    server.state.journal.write_all([an_exchange(error=own.error())])
    result = client.get(f"{server.url}/__admin/requests?outcome=Own.Code").json()

    assert result["total"] == 1


def test_a_removed_account_is_a_known_filter_value_while_its_calls_are_kept(
    three: tuple["Running", dict[str, str]], client: httpx.Client
) -> None:
    server, made = three
    client.delete(f"{server.url}/__admin/accounts/账户 & co")
    query = {"account": "账户 & co"}
    result = client.get(f"{server.url}/__admin/requests", params=query).json()

    assert [each["RequestId"] for each in result["requests"]] == [made["other"]]


@pytest.mark.parametrize(
    ("query", "left"),
    [({}, []), ({"account": "default"}, ["other"])],
)
def test_calls_are_cleared_for_one_account_or_all(
    three: tuple["Running", dict[str, str]],
    client: httpx.Client,
    query: dict[str, str],
    left: list[str],
) -> None:
    server, made = three
    reply = client.delete(f"{server.url}/__admin/requests", params=query)
    result = client.get(f"{server.url}/__admin/requests").json()["requests"]

    assert (reply.status_code, reply.content) == (204, b"")
    assert [each["RequestId"] for each in result] == [made[name] for name in left]


def test_clearing_with_a_filter_is_refused(
    three: tuple["Running", dict[str, str]], client: httpx.Client
) -> None:
    server, _ = three
    reply = client.delete(f"{server.url}/__admin/requests?outcome=ok")

    assert reply.status_code == 400
    assert reply.json()["error"].startswith("unknown query parameter 'outcome'")
    assert client.get(f"{server.url}/__admin/requests").json()["total"] == 3


@pytest.mark.parametrize("below", ["", "/curl"])
def test_one_call_is_shown_to_its_own_account_only(
    three: tuple["Running", dict[str, str]], client: httpx.Client, below: str
) -> None:
    server, made = three
    url = f"{server.url}/__admin/requests/{made['ruled']}{below}"

    assert client.get(url, params={"account": "default"}).status_code == 200
    assert client.get(url, params={"account": "账户 & co"}).status_code == 404


def test_the_journal_keeps_as_many_calls_as_configured(
    serve: "Serve", client: httpx.Client, call: Any
) -> None:
    server = serve(journal_calls=2)
    ids = [call(server)["RequestId"] for _ in range(3)]
    result = client.get(f"{server.url}/__admin/requests").json()["requests"]

    assert [each["RequestId"] for each in result] == ids[:0:-1]


def test_only_calls_of_the_api_are_journaled(serve: "Serve", client: httpx.Client) -> None:
    server = serve()
    for path in ("/healthz", "/__admin/requests", "/nothing"):
        client.get(server.url + path)

    assert client.get(f"{server.url}/__admin/requests").json() == {"requests": [], "total": 0}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_returns_version_and_uptime(
    server: "Running", client: httpx.Client, path: str
) -> None:
    result = client.get(server.url + path).json()

    assert set(result) == {"status", "version", "uptime_seconds"}
    assert (result["status"], result["version"]) == ("healthy", __version__)
    assert result["uptime_seconds"] >= 0


@pytest.mark.parametrize("path", ["/nothing", "/__admin/nothing", "/healthz/x"])
def test_an_unknown_path_is_404_in_json(server: "Running", client: httpx.Client, path: str) -> None:
    reply = client.get(server.url + path)

    assert reply.status_code == 404
    assert f"there is nothing at {path}" in reply.json()["error"]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/requestss", "did you mean /__admin/requests? GET /__admin/ lists all routes"),
        ("/acounts/li-ming", "did you mean /__admin/accounts/li-ming? GET /__admin/ lists"),
        ("/requests/5d2f/explian", "did you mean /__admin/requests/5d2f/explain? GET"),
        ("/nothing", "/__admin/nothing; GET /__admin/ lists all routes"),
    ],
)
def test_a_misspelt_path_is_answered_with_the_right_one(
    admin: httpx.Client, path: str, hint: str
) -> None:
    reply = admin.get(path)

    assert hint in reply.json().get("error", "")


@pytest.mark.parametrize(
    ("path", "methods"), [("/healthz", "GET"), ("/__admin/requests", "DELETE or GET")]
)
def test_an_unsupported_method_is_405_and_the_right_ones_are_listed(
    server: "Running", client: httpx.Client, path: str, methods: str
) -> None:
    reply = client.put(server.url + path)

    assert reply.status_code == 405
    assert "GET" in reply.headers["allow"]
    assert reply.json() == {"error": f"expected {methods} at {path}, got PUT"}
