"""The scenarios of an account: in the admin API and in a keys file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.server.app import create_app
from mockocr.settings import SettingError, Settings
from tests.admin.accounts import BUILT_IN_PAIR, fresh

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeWith
    from tests.conftest import Serve

REFUSING = {"name": "refusing", "rules": [{"name": "all", "then": {"error": "InternalError"}}]}


REFUSING_IN_YAML = """\
name: in yaml
rules:
  - name: all
    then: {error: FailedOperation.ImageBlur}
"""


def test_an_account_is_created_with_its_scenarios(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    account = fresh(admin, name="a", scenarios=[REFUSING_IN_YAML, REFUSING, "third-call-fails"])

    assert account["scenarios"] == ["in yaml", "refusing", "third-call-fails"]
    assert admin.get("/accounts/a").json()["scenarios"] == account["scenarios"]
    assert outcome_with(account["keys"][0]) == "FailedOperation.ImageBlur"
    assert outcome_with(BUILT_IN_PAIR) == "ok"


def test_updated_scenarios_of_an_account_replace_the_earlier_ones(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    account = fresh(admin, name="a", scenarios=[REFUSING])
    pair = account["keys"][0]

    assert admin.patch("/accounts/a", json={"rate": 0}).json()["scenarios"] == ["refusing"]
    assert outcome_with(pair) == "InternalError"
    changed = admin.patch("/accounts/a", json={"scenarios": [REFUSING_IN_YAML]})
    assert changed.json()["scenarios"] == ["in yaml"]
    assert outcome_with(pair) == "FailedOperation.ImageBlur"
    assert admin.patch("/accounts/a", json={"scenarios": []}).json()["scenarios"] == []
    assert outcome_with(pair) == "ok"


def test_a_new_account_does_not_inherit_the_scenarios_of_a_removed_one(
    admin: httpx.Client, outcome_with: "OutcomeWith"
) -> None:
    fresh(admin, name="a", scenarios=[REFUSING])
    admin.delete("/accounts/a")

    again = fresh(admin, name="a")

    assert (again["scenarios"], outcome_with(again["keys"][0])) == ([], "ok")


WRONG_SCENARIOS = [
    "name: a\nrules: [{name: r, then: {error: Blurr}}]\n",
    REFUSING,
    {"name": "b", "rules": [{"name": "r", "then": {"fault": "TIMEOUTS"}}]},
    "third-call-fail",
    REFUSING,
]


@pytest.mark.parametrize(("method", "path"), [("POST", "/accounts"), ("PATCH", "/accounts/a")])
def test_every_error_of_an_accounts_scenarios_is_reported_and_nothing_changes(
    admin: httpx.Client, outcome_with: "OutcomeWith", method: str, path: str
) -> None:
    before = fresh(admin, name="a", scenarios=["third-call-fails"])
    settings = {"state": "arrears", "scenarios": WRONG_SCENARIOS}

    reply = admin.request(method, path, json=settings)

    assert reply.status_code == 422
    result = reply.json()
    places = [(each["path"], each["line"], each["column"]) for each in result["problems"]]
    assert places == [
        ("scenarios[0].rules[0].then.error", 2, 33),
        ("scenarios[2].rules[0].then.fault", None, None),
        ("scenarios[3]", None, None),
        ("scenarios[4]", None, None),
    ]
    lines = result["error"].splitlines()
    assert lines[0].startswith("scenarios[0]: 2:33: unknown value 'Blurr'")
    assert lines[1].startswith("scenarios[2].rules[0].then.fault: unknown value 'TIMEOUTS'")
    assert lines[2].startswith("scenarios[3]: unknown scenario 'third-call-fail'; did you mean")
    assert lines[3] == "scenarios[4]: duplicate scenario name 'refusing'"
    assert [each["name"] for each in admin.get("/accounts").json()["accounts"]] == ["default", "a"]
    assert admin.get("/accounts/a").json()["scenarios"] == ["third-call-fails"]
    assert outcome_with(before["keys"][0]) == "ok"


@pytest.mark.parametrize("scenarios", [None, "a", [5], {}])
def test_scenarios_are_a_list_of_texts_and_mappings(admin: httpx.Client, scenarios: Any) -> None:
    reply = admin.post("/accounts", json={"scenarios": scenarios})

    assert (reply.status_code, "scenarios" in reply.json()["error"]) == (422, True)


KEYS_FILE = """\
- name: alice
  keys: [{SecretId: AKIDalice, SecretKey: planted}]
  contract: 2026-03-13
  scenarios:
    - ours
    - name: of alice
      rules:
        - {name: new, when: {CardWarnType: Basic}, then: {error: InternalError}}
    - |
      name: in yaml
      rules: [{name: all, then: {error: FailedOperation.ImageBlur}}]
- keys: [{SecretId: AKIDbob, SecretKey: planted}]
"""


def test_a_keys_file_can_give_scenarios_to_its_accounts(serve: "Serve", tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text(KEYS_FILE)
    library = tmp_path / "library"
    library.mkdir()
    (library / "ours.yaml").write_text("name: ours\nseed: 7\n")
    server = serve(keys_file=tmp_path / "keys.yaml", library=library)

    with httpx.Client(base_url=f"{server.url}/__admin", trust_env=False) as admin:
        accounts = {each["name"]: each for each in admin.get("/accounts").json()["accounts"]}

    assert accounts["alice"]["scenarios"] == ["ours", "of alice", "in yaml"]
    assert (accounts["alice"]["seed"], accounts["AKIDbob"]["seed"]) == (7, 0)
    assert accounts["AKIDbob"]["scenarios"] == []


def test_wrong_scenarios_of_a_keys_file_are_reported_with_locations_in_that_file(
    tmp_path: Path,
) -> None:
    keys_file = tmp_path / "keys.yaml"
    wrong = KEYS_FILE.replace("InternalError", "Internal").replace("ImageBlur", "ImageBlurr")
    keys_file.write_text(wrong)

    with pytest.raises(SettingError) as refused:
        create_app(Settings(keys_file=keys_file))

    head, *lines = str(refused.value).splitlines()
    assert head == "--keys-file: invalid:"
    assert [line.partition(" ")[0] for line in lines] == [
        f"{keys_file}:{place}:" for place in ("5:7", "8:66", "9:7")
    ]
    assert "unknown scenario 'ours'" in lines[0]
    assert "unknown value 'Internal'" in lines[1]
    assert ": 2:35: unknown value 'FailedOperation.ImageBlurr'" in lines[2]
    assert "planted" not in str(refused.value)
