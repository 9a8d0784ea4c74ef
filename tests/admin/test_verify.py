"""Whether rules matched the expected number of calls, by the admin API."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf, OutcomeOf
    from tests.conftest import Running, Serve


def a_scenario(name: str, expect: dict[str, Any] | None = None) -> dict[str, Any]:
    """A scenario with a rule for each side."""
    rules = [
        {"name": side.lower(), "when": {"CardSide": side}, "then": {"card": "invented"}}
        for side in ("FRONT", "BACK")
    ]
    return {"name": name, "rules": rules, "expect": expect or {}}


def verdict(admin: httpx.Client, body: Any = None, **query: str) -> dict[str, Any]:
    reply = admin.post("/requests/verify", params=query, json=body)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def found(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    members = ("rule", "scenario", "account", "found", "ok")
    return [tuple(each[name] for name in members) for each in result["expectations"]]


@pytest.mark.parametrize(
    ("expected", "at_least", "at_most", "ok"),
    [
        (2, 2, 2, True),
        (3, 3, 3, False),
        (0, 0, 0, False),
        ({"at_least": 1}, 1, None, True),
        ({"at_least": 3}, 3, None, False),
        ({"at_most": 2}, 0, 2, True),
        ({"at_least": 1, "at_most": 4}, 1, 4, True),
        ({"at_most": 1}, 0, 1, False),
    ],
)
def test_calls_of_rules_are_compared_with_expectations(
    server: "Running",
    admin: httpx.Client,
    outcome_of: "OutcomeOf",
    expected: Any,
    at_least: int,
    at_most: int | None,
    ok: bool,
) -> None:
    admin.post("/scenarios", json=a_scenario("a"))
    for side in ("FRONT", "FRONT", "BACK"):
        outcome_of(server, CardSide=side)

    result = verdict(admin, {"front": expected, "back": 1})

    assert result["ok"] is ok
    front, back = result["expectations"]
    assert front == {
        "rule": "front",
        "scenario": "a",
        "account": None,
        "at_least": at_least,
        "at_most": at_most,
        "found": 2,
        "ok": ok,
    }
    assert back["ok"] is True


@pytest.mark.parametrize("body", [None, {}])
def test_a_request_without_a_body_checks_the_expectations_of_active_scenarios(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf", body: Any
) -> None:
    admin.post("/scenarios", json=a_scenario("everybodys", {"front": 3}))
    own = a_scenario("own", {"front": 1, "back": 0})
    pair = admin.post("/accounts", json={"name": "alice", "scenarios": [own]}).json()["keys"][0]
    outcome_of(server, pair, CardSide="FRONT")
    for _ in range(2):
        outcome_of(server, CardSide="FRONT")

    result = verdict(admin, body)

    assert result["ok"] is False
    assert found(result) == [
        ("front", "own", "alice", 1, True),
        ("back", "own", "alice", 0, True),
        ("front", "everybodys", None, 2, False),
    ]


def test_only_the_calls_of_the_given_account_count(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    admin.post("/scenarios", json=a_scenario("everybodys", {"front": 1}))
    pair = admin.post("/accounts", json={"name": "alice"}).json()["keys"][0]
    outcome_of(server, pair, CardSide="FRONT")
    outcome_of(server, CardSide="FRONT")

    assert found(verdict(admin, account="alice")) == [("front", "everybodys", "alice", 1, True)]
    assert found(verdict(admin, {"front": 1}, account="alice"))[0][3:] == (1, True)
    assert found(verdict(admin, {"front": 1}))[0][3:] == (2, False)


def test_a_scenario_of_an_account_does_not_count_for_a_global_one_of_its_name(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    scenario = a_scenario("same", {"front": 1})
    admin.post("/scenarios", json=scenario)
    account = admin.post("/accounts", json={"name": "alice", "scenarios": [scenario]}).json()
    outcome_of(server, account["keys"][0], CardSide="FRONT")
    outcome_of(server, CardSide="FRONT")

    assert found(verdict(admin)) == [
        ("front", "same", "alice", 1, True),
        ("front", "same", None, 1, True),
    ]


def test_a_recreated_account_starts_at_zero_and_earlier_calls_count_for_all(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    admin.post("/scenarios", json=a_scenario("s", {"front": 1}))
    for _ in range(2):
        admin.delete("/accounts/alice")
        account = admin.post("/accounts", json={"name": "alice"}).json()
        outcome_of(server, account["keys"][0], CardSide="FRONT")

    assert found(verdict(admin, {"front": 1}, account="alice")) == [
        ("front", "s", "alice", 1, True)
    ]
    assert found(verdict(admin, {"front": 2})) == [("front", "s", None, 2, True)]


def test_rules_of_one_name_are_counted_together(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    accounts = [
        admin.post("/accounts", json={"scenarios": [a_scenario(name)]}).json()
        for name in ("one", "other")
    ]
    for account in accounts:
        outcome_of(server, account["keys"][0], CardSide="FRONT")

    assert found(verdict(admin, {"front": 2})) == [("front", None, None, 2, True)]


def test_calls_beyond_the_limit_of_the_journal_count(
    serve: "Serve", admin_of: "AdminOf", outcome_of: "OutcomeOf"
) -> None:
    server = serve(journal_calls=1)
    admin = admin_of(server)
    admin.post("/scenarios", json=a_scenario("a"))
    for _ in range(3):
        outcome_of(server, CardSide="FRONT")

    assert verdict(admin, {"front": 3})["ok"]


def test_a_rule_of_a_stopped_scenario_is_known_by_its_calls(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    admin.post("/scenarios", json=a_scenario("a"))
    outcome_of(server, CardSide="FRONT")
    admin.delete("/scenarios")

    assert verdict(admin, {"front": 1})["ok"]
    assert admin.post("/requests/verify", json={"back": 0}).status_code == 422


def test_expectations_can_be_about_chaos(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    chaos = {"name": "late", "chaos": [{"after_calls": 1, "for": 1, "error": "InternalError"}]}
    admin.post("/scenarios", json=chaos)
    assert verdict(admin, {"chaos[0]": 0})["ok"]
    outcomes = [outcome_of(server) for _ in range(3)]

    assert outcomes == ["ok", "InternalError", "ok"]
    assert verdict(admin, {"chaos[0]": 1})["ok"]


def test_an_empty_expectation_is_reported(admin: httpx.Client) -> None:
    assert verdict(admin) == {"ok": True, "expectations": []}


@pytest.mark.parametrize(
    ("query", "body", "status", "result"),
    [
        ("", {"frond": 1}, 422, "unknown rule 'frond'; did you mean 'front'?"),
        ("", {"zzz": 1}, 422, "unknown rule 'zzz'; expected one of back, front"),
        ("", {"front": -1}, 422, "front"),
        ("", {"front": "3"}, 422, "front"),
        ("", {"front": {}}, 422, "expected at_least or at_most, got neither"),
        ("", {"front": {"at_lest": 1}}, 422, "at_lest"),
        ("", [], 422, "body"),
        ("?account=defalt", {}, 400, "unknown account 'defalt'; did you mean 'default'?"),
        ("?rule=a", {}, 400, "unknown query parameter 'rule'; expected 'account'"),
    ],
)
def test_an_invalid_expectation_is_refused(
    admin: httpx.Client, query: str, body: Any, status: int, result: str
) -> None:
    admin.post("/scenarios", json=a_scenario("a"))

    reply = admin.post(f"/requests/verify{query}", json=body)

    assert reply.status_code == status
    assert result in reply.json()["error"]
