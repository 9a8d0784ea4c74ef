"""The clocks of accounts over the admin API."""

from typing import TYPE_CHECKING

import httpx

from tests.admin.accounts import fresh

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeWith


def test_a_clock_is_moved_and_reset(admin: httpx.Client, outcome_with: "OutcomeWith") -> None:
    one, other = fresh(admin, name="one"), fresh(admin, name="other")
    moved = admin.put("/clock", params={"account": "one"}, json={"offset": "+301s"})

    assert moved.json() == {"clocks": {"one": {"offset": "+301s"}}}
    assert outcome_with(one["keys"][0]) == "AuthFailure.SignatureExpire"
    assert outcome_with(other["keys"][0]) == "ok"
    admin.put("/clock", json={})
    assert outcome_with(one["keys"][0]) == "ok"


def test_a_clock_request_without_an_account_is_for_all(admin: httpx.Client) -> None:
    fresh(admin, name="one")
    admin.put("/clock", json={"freeze": "2026-01-01T00:00:00Z"})

    frozen = {"freeze": "2026-01-01T00:00:00+00:00"}
    assert admin.get("/clock").json() == {"clocks": {"default": frozen, "one": frozen}}


def test_a_misspelt_filter_moves_no_clock(admin: httpx.Client) -> None:
    reply = admin.put("/clock?acount=default", json={"offset": "+400s"})

    assert reply.status_code == 400
    assert "did you mean 'account'?" in reply.json()["error"]
    assert admin.get("/clock").json() == {"clocks": {"default": {}}}


def test_an_updated_clock_of_an_account_overrides_a_moved_one(admin: httpx.Client) -> None:
    fresh(admin, name="a")
    admin.put("/clock?account=a", json={"offset": "+5s"})

    unchanged = admin.patch("/accounts/a", json={"state": "ok"}).json()["clock"]
    changed = admin.patch("/accounts/a", json={"clock": {"offset": "+9s"}}).json()["clock"]

    assert (unchanged, changed) == ({"offset": "+5s"}, {"offset": "+9s"})
