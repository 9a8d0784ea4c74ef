"""The parameters of an action are described by the contract of an account."""

from datetime import date
from typing import TYPE_CHECKING, Any

import httpx

from mockocr.actions.catalogue import choose_action
from mockocr.actions.idcard.contract import CHANGES
from mockocr.actions.idcard.documentation import SENTENCES

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf
    from tests.conftest import Serve


def described(admin: httpx.Client, **query: str) -> dict[str, Any]:
    reply = admin.get("/parameters", params=query)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def test_every_parameter_and_flag_has_a_sentence_in_both_languages(admin: httpx.Client) -> None:
    told = described(admin)

    names = {name for change in CHANGES for name in (*change.parameters, *change.flags)}
    assert names == set(SENTENCES)
    assert {each["name"] for each in told["parameters"]} == names
    for each in told["parameters"]:
        assert all(each["sentence"].values()), each["name"]
        assert each["sentence"]["en"].isascii()


def test_the_form_has_the_parameters_of_the_contract(admin: httpx.Client) -> None:
    told = described(admin)
    by_name = {each["name"]: each for each in told["parameters"]}
    action = choose_action()

    assert (told["action"], told["contract"]) == (action.name, "2024-05-01")
    assert set(told["regions"]) == action.regions
    of_the_day = action.parameters(date(2024, 5, 1))
    assert {
        name: each["type"]
        for name, each in by_name.items()
        if each["is_known"] and each["part_of"] is None
    } == of_the_day
    assert by_name["CardSide"]["values"] == ["FRONT", "BACK"]
    assert by_name["ReflectWarn"]["part_of"] == "Config"
    assert by_name["CardWarnType"]["since"] == "2025-07-03"
    assert not by_name["CardWarnType"]["is_known"]
    assert [name for name, each in by_name.items() if each["is_required"]] == [
        "ImageBase64",
        "ImageUrl",
    ]


def test_an_account_or_a_scenario_sets_the_contract(admin: httpx.Client) -> None:
    admin.post("/accounts", json={"name": "newer", "contract": "2026-10-01"})
    assert described(admin, account="newer")["contract"] == "2026-10-01"
    admin.post("/scenarios", json={"name": "old", "contract": "2024-12-07", "rules": []})

    assert described(admin)["contract"] == "2024-12-07"
    assert described(admin, account="newer")["contract"] == "2026-10-01"


def test_without_accounts_the_contract_is_the_servers(serve: "Serve", admin_of: "AdminOf") -> None:
    admin = admin_of(serve(contract=date(2025, 7, 3)))
    admin.delete("/accounts/default")

    assert described(admin)["contract"] == "2025-07-03"


def test_an_unknown_action_is_refused_with_a_suggestion(admin: httpx.Client) -> None:
    refused = admin.get("/parameters", params={"action": "IDCardOCRR"})

    assert refused.status_code == 400
    assert "did you mean 'IDCardOCR'" in refused.json()["error"]
