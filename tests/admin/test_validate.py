"""Scenarios are checked without being played."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Running

WRONG = "name: blurry\nrules:\n  - name: all\n    then: {error: FailedOperation.ImageBlurr}\n"
ANY = {"name": "all", "then": {"error": "FailedOperation.ImageBlur"}}
UNREACHED = """\
name: twice
rules:
  - {name: all, then: {error: FailedOperation.ImageBlur}}
  - {name: never, then: {error: FailedOperation.OcrFailed}}
"""


def test_an_error_has_line_and_column_and_nothing_is_played(
    server: "Running", admin: httpx.Client
) -> None:
    checked = admin.post("/scenarios/validate", content=WRONG)
    refused = admin.post("/scenarios", content=WRONG)

    assert checked.status_code == 200
    result = checked.json()
    (problem,) = result["problems"]
    assert (result["valid"], result["name"], result["rules"]) == (False, None, [])
    assert (problem["line"], problem["column"]) == (4, 19)
    assert "did you mean 'FailedOperation.ImageBlur'?" in problem["text"]
    assert result["problems"] == refused.json()["problems"]
    assert server.state.registry.for_all == ()


@pytest.mark.parametrize("content", [UNREACHED, json.dumps({"name": "twice", "rules": [ANY]})])
def test_a_valid_scenario_is_not_played(
    server: "Running", admin: httpx.Client, content: str
) -> None:
    result = admin.post("/scenarios/validate", content=content).json()

    assert (result["valid"], result["name"], result["problems"]) == (True, "twice", [])
    assert result["rules"][0] == "all"
    assert server.state.registry.for_all == ()


def test_warnings_have_line_and_column(admin: httpx.Client) -> None:
    result: dict[str, Any] = admin.post("/scenarios/validate", content=UNREACHED).json()

    (warning,) = result["warnings"]
    assert (result["valid"], warning["line"]) == (True, 4)
    assert "never" in warning["text"]


@pytest.mark.parametrize("content", ["error-image-blur", '"error-image-blur"'])
def test_the_name_of_a_ready_made_scenario_is_valid(admin: httpx.Client, content: str) -> None:
    assert admin.post("/scenarios/validate", content=content).json()["valid"]


def test_the_contract_is_that_of_the_account(admin: httpx.Client) -> None:
    newer = admin.post("/accounts", json={"contract": "2026-03-13"}).json()["name"]
    script = "name: new\nrules: [{name: a, then: {card: {}, warnings: [electronic_id]}}]"
    query = f"?account={newer}"

    old = admin.post("/scenarios/validate", content=script).json()
    new = admin.post(f"/scenarios/validate{query}", content=script).json()

    assert "use contract: 2026-02-05 or later" in old["problems"][0]["text"]
    assert new["valid"]
    assert admin.post("/scenarios/validate?account=nobody", content=script).status_code == 404


def test_a_scenario_may_still_be_called_validate(admin: httpx.Client) -> None:
    script = "name: validate\nrules: [{name: a, then: {error: FailedOperation.ImageBlur}}]"

    assert admin.put("/scenarios/validate", content=script).status_code == 201
    assert admin.get("/scenarios/validate").json()["name"] == "validate"
    assert admin.delete("/scenarios/validate").status_code == 204
