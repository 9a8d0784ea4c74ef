"""Outcome coverage, by the admin API."""

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeOf
    from tests.conftest import Running


def coverage(admin: httpx.Client, **query: str) -> dict[str, Any]:
    reply = admin.get("/coverage", params=query)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def seen(report: dict[str, Any]) -> dict[str, int]:
    return {row["id"]: row["calls"] for row in report["rows"] if row["calls"]}


FRONT = {"side:FRONT": 1, "shape:no_advanced_info": 1}


def test_it_shows_what_calls_have_had_and_who_made_them(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    assert seen(coverage(admin)) == {}
    outcome_of(server, CardSide="FRONT")
    outcome_of(server, CardSide="SIDE")

    report = coverage(admin)

    error = "error:InvalidParameterValue.InvalidParameterValueLimit"
    assert seen(report) == {**FRONT, error: 1}
    (row,) = (row for row in report["rows"] if row["id"] == "side:FRONT")
    assert [source["name"] for source in row["sources"]] == ["default"]
    assert (report["contract"], report["totals"]["seen"]) == ("2024-05-01", 3)


def test_one_account_can_be_asked_for_with_its_contract_and_after_its_removal(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    outcome_of(server, CardSide="BACK")
    spec = {"name": "alice", "contract": "2026-03-09"}
    (pair,) = admin.post("/accounts", json=spec).json()["keys"]
    outcome_of(server, pair, CardSide="FRONT")

    report = coverage(admin, account="alice")
    assert (seen(report), report["contract"]) == (FRONT, "2026-03-09")

    admin.delete("/accounts/alice")
    admin.delete("/requests")
    assert seen(coverage(admin, account="alice")) == FRONT


def test_the_contract_of_a_scenario_decides_what_is_possible(
    server: "Running", admin: httpx.Client
) -> None:
    admin.post("/scenarios", json="warning-watermark", params={"account": "default"})

    assert coverage(admin, account="default")["contract"] == "2026-03-09"
    assert coverage(admin)["contract"] == "2024-05-01"


def test_a_reset_and_a_cleared_journal_do_not_change_it(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    outcome_of(server, CardSide="FRONT")

    admin.post("/reset")
    admin.delete("/requests")

    assert seen(coverage(admin)) == FRONT


def test_counting_can_begin_anew_and_the_calls_stay(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    outcome_of(server, CardSide="FRONT")

    assert admin.delete("/coverage").status_code == 204

    assert seen(coverage(admin)) == {}
    assert admin.get("/requests").json()["total"] == 1


def test_an_unknown_account_is_refused(admin: httpx.Client) -> None:
    for reply in (
        admin.get("/coverage", params={"account": "defualt"}),
        admin.delete("/coverage", params={"account": "defualt"}),
    ):
        assert (reply.status_code, reply.json()["error"]) == (
            400,
            "unknown account 'defualt'; did you mean 'default'?",
        )


def test_the_crops_and_names_of_an_answer_are_seen_and_not_shown(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    number = "11010519491231002X"
    then = {"card": {"IdNum": number}}
    admin.post("/scenarios", json={"name": "x", "rules": [{"name": "x", "then": then}]})

    outcome_of(server, CardSide="FRONT", Config='{"CropPortrait": true}')

    assert {"shape:x_check_digit", "shape:crops"} < seen(coverage(admin)).keys()
    assert number not in admin.get("/coverage").text
