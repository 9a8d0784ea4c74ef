"""The info of a server, its reset, and the schema of its scenarios."""

import time
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from mockocr.version import __version__
from tests.records import an_exchange

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf, OutcomeOf
    from tests.conftest import Serve


def test_the_info_route_describes_the_server_without_secrets(
    serve: "Serve", admin_of: "AdminOf", outcome_of: "OutcomeOf"
) -> None:
    server = serve(scenarios=("documented",), seed=5, journal_calls=7, keys=(("a", "geheim"),))
    admin = admin_of(server)
    admin.post("/scenarios", content="outage")
    admin.post("/accounts", json={})
    outcome_of(server)

    reply = admin.get("/info")

    result = reply.json()
    assert result.pop("uptime_seconds") > 0
    assert 0 < result["journal"].pop("bytes") < 10_000
    assert result == {
        "version": __version__,
        "contract": "2024-05-01",
        "seed": 5,
        "auth": "strict",
        "accounts": 2,
        "scenarios": ["outage", "documented"],
        "journal": {"calls": 1, "max_calls": 7, "max_bytes": 64 * 1024**2},
        "actions": ["IDCardOCR"],
    }
    assert "geheim" not in reply.text


def test_a_head_request_gets_only_the_head(serve: "Serve", admin_of: "AdminOf") -> None:
    reply = admin_of(serve()).head("/info")

    assert (reply.status_code, reply.content) == (200, b"")
    assert int(reply.headers["content-length"]) > 100


@pytest.mark.parametrize("query", ["", "?account=alice"])
def test_a_reset_forgets_all_calls_and_keeps_accounts_and_scenarios(
    serve: "Serve", admin_of: "AdminOf", outcome_of: "OutcomeOf", query: str
) -> None:
    server = serve()
    admin = admin_of(server)
    then = [{"error": "InternalError"}, {"error": "FailedOperation.ImageBlur"}]
    own = {"name": "own", "rules": [{"name": "r", "then": then}]}
    account = {"name": "alice", "package": 9, "rate": 1, "scenarios": [own]}
    pair = admin.post("/accounts", json=account).json()["keys"][0]
    admin.put("/clock?account=alice", json={"offset": "+5s"})
    assert outcome_of(server, pair) == "InternalError"
    outcome_of(server)

    reply = admin.post(f"/reset{query}")

    assert reply.status_code == 204
    shown = admin.get("/accounts/alice").json()
    assert (shown["clock"], shown["scenarios"], shown["package"]) == ({}, ["own"], 9)
    assert outcome_of(server, pair) == "InternalError"
    rows = admin.get("/requests").json()["requests"]
    assert [each["account"] for each in rows] == ["alice", *(["default"] if query else [])]


def test_a_reset_of_all_forgets_calls_of_unknown_and_removed_accounts(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    server = serve()
    admin = admin_of(server)
    for number, account in enumerate((None, "gone", "default")):
        server.state.journal.write_all([an_exchange(str(number), account=account)])

    assert admin.post("/reset").status_code == 204

    assert admin.get("/requests").json()["total"] == 0


def test_a_reset_of_a_removed_account_forgets_its_calls_only(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    server = serve()
    admin = admin_of(server)
    for number, account in enumerate((None, "gone", "default")):
        server.state.journal.write_all([an_exchange(str(number), account=account)])

    assert admin.post("/reset?account=gone").status_code == 204

    rows = admin.get("/requests").json()["requests"]
    assert [each["account"] for each in rows] == ["default", None]
    assert admin.post("/reset?account=gone").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "result"),
    [
        ("account=defalt", 404, "unknown account 'defalt'; did you mean 'default'?"),
        ("acount=default", 400, "unknown query parameter 'acount'; did you mean 'account'?"),
    ],
)
def test_a_misspelt_reset_forgets_nothing(
    serve: "Serve",
    admin_of: "AdminOf",
    outcome_of: "OutcomeOf",
    query: str,
    status: int,
    result: str,
) -> None:
    server = serve()
    admin = admin_of(server)
    outcome_of(server)

    reply = admin.post(f"/reset?{query}")

    assert (reply.status_code, result in reply.json()["error"]) == (status, True)
    assert admin.get("/requests").json()["total"] == 1


def test_the_schema_is_that_of_the_scenario_language(serve: "Serve", admin_of: "AdminOf") -> None:
    reply = admin_of(serve()).get("/schema")

    assert reply.headers["content-type"] == "application/schema+json"
    schema = reply.json()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    language = Draft202012Validator(schema)
    assert language.is_valid({"name": "a", "rules": [{"name": "r", "then": {"http": 502}}]})
    assert not language.is_valid({"name": "a", "rules": [{"name": "r", "then": {"http": None}}]})
    assert not language.is_valid({"name": "a", "colour": "red"})


def test_uptime_is_counted_from_the_start_of_the_server(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    server = serve()
    ready = time.monotonic()
    admin = admin_of(server)
    waited = round(time.monotonic() - ready, 3)

    assert admin.get("/info").json()["uptime_seconds"] >= waited
    assert admin.get(f"{server.url}/healthz").json()["uptime_seconds"] >= waited
