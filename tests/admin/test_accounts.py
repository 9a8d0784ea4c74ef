"""Accounts over the admin API, and what their settings change for calls."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.admin.accounts import BUILT_IN_PAIR, fresh

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeWith


def test_an_empty_object_makes_an_account_that_can_call(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    account = fresh(admin)

    assert account == {
        "name": account["name"],
        "keys": account["keys"],
        "tokens": [],
        "state": "ok",
        "package": None,
        "rate": 0,
        "allow": None,
        "seed": 0,
        "contract": "2024-05-01",
        "clock": {},
        "scenarios": [],
    }
    assert outcome_with(account["keys"][0]) == "ok"


def test_an_empty_body_is_like_an_empty_object(admin: httpx.Client) -> None:
    assert admin.post("/accounts").status_code == 201


def test_a_secret_is_shown_once_and_later_only_its_ending(admin: httpx.Client) -> None:
    account = fresh(admin, tokens=["a-token-of-twenty-six-chars"])
    secret = account["keys"][0]["SecretKey"]
    assert account["tokens"] == ["a-token-of-twenty-six-chars"]

    for path in ("/accounts", f"/accounts/{account['name']}"):
        later = admin.get(path).text
        assert secret not in later
        assert f"…{secret[-4:]}" in later
        assert "a-token-of" not in later


def test_the_ending_of_a_short_secret_is_hidden(admin: httpx.Client) -> None:
    keys = admin.get("/accounts/default").json()["keys"]

    assert keys == [{"SecretId": "AKIDMOCKOCR", "SecretKey": "…"}]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"state": "unopened"}, "FailedOperation.UnOpenError"),
        ({"state": "arrears"}, "ResourceUnavailable.InArrears"),
        ({"state": "charge_exception"}, "ResourcesSoldOut.ChargeStatusException"),
        ({"package": 0}, "ResourceUnavailable.ResourcePackageRunOut"),
        ({"allow": []}, "AuthFailure.UnauthorizedOperation"),
        ({"allow": ["IDCardOCR"]}, "ok"),
        ({"tokens": ["t"]}, "AuthFailure.TokenFailure"),
        ({"clock": {"offset": "+301s"}}, "AuthFailure.SignatureExpire"),
        ({"clock": {"freeze": 0}}, "AuthFailure.SignatureExpire"),
        ({"clock": {"offset": "+200s"}}, "ok"),
    ],
)
def test_settings_of_an_account_apply_to_its_calls(
    admin: httpx.Client, outcome_with: "OutcomeWith", settings: dict[str, Any], code: str
) -> None:
    assert outcome_with(fresh(admin, **settings)["keys"][0]) == code
    assert outcome_with(BUILT_IN_PAIR) == "ok"


def test_the_keys_of_an_account_can_be_rotated(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    old, new = ({"SecretId": f"AKID{n}", "SecretKey": f"secret-{n}"} for n in (1, 2))
    fresh(admin, name="rotating", keys=[old, new])
    assert [outcome_with(old), outcome_with(new)] == ["ok", "ok"]

    admin.patch("/accounts/rotating", json={"keys": [new]})

    assert [outcome_with(old), outcome_with(new)] == ["AuthFailure.SecretIdNotFound", "ok"]


def test_a_rate_counts_calls_of_one_second(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    pair = fresh(admin, rate=2, clock={"freeze": time.time()})["keys"][0]

    assert [outcome_with(pair) for _ in range(3)] == ["ok", "ok", "RequestLimitExceeded"]


def test_a_package_shows_what_is_left_and_can_be_filled_again(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    account = fresh(admin, name="a", package=2)
    pair = account["keys"][0]
    assert outcome_with(pair) == "ok"

    assert admin.get("/accounts/a").json()["package"] == 1
    assert admin.patch("/accounts/a", json={"state": "ok"}).json()["package"] == 1
    assert admin.patch("/accounts/a", json={"package": 5}).json()["package"] == 5


def test_a_removed_account_cannot_call_and_leaves_nothing(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    pair = {"SecretId": "AKIDx", "SecretKey": "x"}
    fresh(admin, name="x", keys=[pair], package=1)
    assert outcome_with(pair) == "ok"

    assert admin.delete("/accounts/x").status_code == 204

    assert outcome_with(pair) == "AuthFailure.SecretIdNotFound"
    assert admin.get("/accounts/x").status_code == 404
    assert fresh(admin, name="x", keys=[pair], package=1)["package"] == 1


@pytest.mark.parametrize(
    ("method", "path", "settings", "status", "message"),
    [
        ("POST", "/accounts", {"name": "default"}, 409, "account 'default' already exists"),
        (
            "POST",
            "/accounts",
            {"name": "b", "keys": [{"SecretId": "AKIDMOCKOCR", "SecretKey": "planted"}]},
            409,
            "belongs to account 'default'",
        ),
        ("POST", "/accounts", {"colour": "red"}, 422, "colour"),
        (
            "POST",
            "/accounts",
            {"keys": [{"SecretId": 5, "SecretKey": "planted"}]},
            422,
            "keys[0].SecretId: expected text",
        ),
        (
            "POST",
            "/accounts",
            {"keys": [{"SecretId": "a"}]},
            422,
            "keys[0]: missing key 'SecretKey'",
        ),
        ("POST", "/accounts", [], 422, "body"),
        ("PATCH", "/accounts/default", {"package": -1}, 422, "package"),
        ("PATCH", "/accounts/default", {"name": "new"}, 422, "name"),
        ("PATCH", "/accounts/nobody", {}, 404, "unknown account 'nobody'"),
        ("DELETE", "/accounts/nobody", None, 404, "unknown account 'nobody'"),
        ("PUT", "/clock", {"offset": "soon"}, 422, "offset"),
        ("PUT", "/clock?account=nobody", {}, 404, "unknown account 'nobody'"),
        ("GET", "/clock?account=nobody", None, 404, "unknown account 'nobody'"),
    ],
)
def test_an_invalid_account_is_refused_with_the_reason_and_no_secret(
    admin: httpx.Client, method: str, path: str, settings: Any, status: int, message: str
) -> None:
    reply = admin.request(method, path, json=settings)

    assert reply.status_code == status
    assert message in reply.json()["error"]
    assert "planted" not in reply.text
    assert [each["name"] for each in admin.get("/accounts").json()["accounts"]] == ["default"]


def test_a_key_of_another_account_is_refused(admin: httpx.Client) -> None:
    fresh(admin, name="b")

    reply = admin.patch("/accounts/b", json={"keys": [BUILT_IN_PAIR]})

    assert (reply.status_code, "default" in reply.json()["error"]) == (409, True)


def test_broken_json_and_an_endless_body_are_refused(admin: httpx.Client) -> None:
    assert admin.post("/accounts", content=b'{"name":').status_code == 400
    assert admin.post("/accounts", content=b" " * (1024 * 1024 + 1)).status_code == 413


def test_requests_can_be_listed_for_one_account(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    account = fresh(admin, name="one")
    outcome_with(account["keys"][0])
    outcome_with(BUILT_IN_PAIR)

    result = admin.get("/requests", params={"account": "one"}).json()

    assert (result["total"], result["requests"][0]["account"]) == (1, "one")


def test_sixty_four_concurrent_accounts_over_sockets_are_isolated(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    """Each has its own package, clock and journal; each makes eight calls."""
    accounts = [
        fresh(
            admin,
            name=f"account-{n}",
            package=4 + n % 4,
            seed=n,
            clock={"offset": "+301s"} if n % 8 == 7 else {},
        )
        for n in range(64)
    ]

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(
            pool.map(lambda n: (n % 64, outcome_with(accounts[n % 64]["keys"][0])), range(64 * 8))
        )

    for n in range(64):
        result = [outcome for which, outcome in outcomes if which == n]
        billed = 0 if n % 8 == 7 else 4 + n % 4
        refusal = "AuthFailure.SignatureExpire" if n % 8 == 7 else RUN_OUT
        assert sorted(result) == sorted(["ok"] * billed + [refusal] * (8 - billed))
        journaled = admin.get("/requests", params={"account": f"account-{n}"}).json()
        assert journaled["total"] == 8


RUN_OUT = "ResourceUnavailable.ResourcePackageRunOut"


def test_an_account_has_its_own_contract_or_that_of_the_server(
    admin: httpx.Client,
) -> None:
    account = fresh(admin, contract="2026-03-13")
    path = f"/accounts/{account['name']}"

    shown = admin.get(path).json()
    again = admin.patch(path, json={"contract": None}).json()

    assert (shown["contract"], again["contract"]) == ("2026-03-13", "2024-05-01")


@pytest.mark.parametrize(
    ("contract", "result"),
    [
        ("2023-11-14", "contract: expected 2023-11-15 or later (the oldest contract)"),
        ("soon", "contract: expected a date such as 2024-05-01"),
        (20240501, "contract: expected a date such as 2024-05-01"),
    ],
)
def test_an_unknown_contract_is_refused_with_the_reason(
    admin: httpx.Client, contract: object, result: str
) -> None:
    reply = admin.post("/accounts", json={"contract": contract})

    assert (reply.status_code, reply.json()["error"]) == (422, result)


def test_an_account_whose_name_has_a_slash_can_be_read(admin: httpx.Client) -> None:
    fresh(admin, name="a/b c")

    assert admin.get("/accounts/a/b c").json()["name"] == "a/b c"
    assert admin.delete("/accounts/a%2Fb%20c").status_code == 204
