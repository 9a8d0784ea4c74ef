"""Accounts and clocks over the admin API, and what they change for calls."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.server.app import create_app
from mockocr.settings import SettingError, Settings
from tests.documented import as_documented

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed


@pytest.fixture
def running(serve: "Serve") -> "Running":
    return serve()


@pytest.fixture
def admin(running: "Running") -> Iterator[httpx.Client]:
    hooks = {"response": [as_documented]}
    url = f"{running.url}/__admin"
    with httpx.Client(base_url=url, trust_env=False, event_hooks=hooks) as client:
        yield client


@pytest.fixture
def outcome_of(running: "Running", admin: httpx.Client, signed: "Signed") -> Any:
    """The code with which a call of a key pair is refused, or ok."""

    def call(pair: dict[str, str]) -> str:
        body = b'{"ImageUrl": "https://xx/a.jpg"}'
        secret_id, secret_key = pair["SecretId"], pair["SecretKey"]
        headers = signed(running.endpoint, body, secret_id=secret_id, secret_key=secret_key)
        told = admin.post(running.url, content=body, headers=headers).json()["Response"]
        return str(told["Error"]["Code"]) if "Error" in told else "ok"

    return call


def fresh(admin: httpx.Client, **words: Any) -> dict[str, Any]:
    reply = admin.post("/accounts", json=words)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


BUILT_IN_PAIR = {"SecretId": "AKIDMOCKOCR", "SecretKey": "mockocr"}


def test_an_empty_object_makes_an_account_that_can_call(
    admin: httpx.Client, outcome_of: Any
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
    assert outcome_of(account["keys"][0]) == "ok"


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
    ("words", "code"),
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
    admin: httpx.Client, outcome_of: Any, words: dict[str, Any], code: str
) -> None:
    assert outcome_of(fresh(admin, **words)["keys"][0]) == code
    assert outcome_of(BUILT_IN_PAIR) == "ok"


def test_the_keys_of_an_account_can_be_rotated(admin: httpx.Client, outcome_of: Any) -> None:
    old, new = ({"SecretId": f"AKID{n}", "SecretKey": f"secret-{n}"} for n in (1, 2))
    fresh(admin, name="rotating", keys=[old, new])
    assert [outcome_of(old), outcome_of(new)] == ["ok", "ok"]

    admin.patch("/accounts/rotating", json={"keys": [new]})

    assert [outcome_of(old), outcome_of(new)] == ["AuthFailure.SecretIdNotFound", "ok"]


def test_a_rate_counts_calls_of_one_second(admin: httpx.Client, outcome_of: Any) -> None:
    pair = fresh(admin, rate=2, clock={"freeze": time.time()})["keys"][0]

    assert [outcome_of(pair) for _ in range(3)] == ["ok", "ok", "RequestLimitExceeded"]


def test_a_package_shows_what_is_left_and_can_be_filled_again(
    admin: httpx.Client, outcome_of: Any
) -> None:
    account = fresh(admin, name="a", package=2)
    pair = account["keys"][0]
    assert outcome_of(pair) == "ok"

    assert admin.get("/accounts/a").json()["package"] == 1
    assert admin.patch("/accounts/a", json={"state": "ok"}).json()["package"] == 1
    assert admin.patch("/accounts/a", json={"package": 5}).json()["package"] == 5


def test_a_removed_account_cannot_call_and_leaves_nothing(
    admin: httpx.Client, outcome_of: Any
) -> None:
    pair = {"SecretId": "AKIDx", "SecretKey": "x"}
    fresh(admin, name="x", keys=[pair], package=1)
    assert outcome_of(pair) == "ok"

    assert admin.delete("/accounts/x").status_code == 204

    assert outcome_of(pair) == "AuthFailure.SecretIdNotFound"
    assert admin.get("/accounts/x").status_code == 404
    assert fresh(admin, name="x", keys=[pair], package=1)["package"] == 1


def test_a_clock_is_moved_and_reset(admin: httpx.Client, outcome_of: Any) -> None:
    one, other = fresh(admin, name="one"), fresh(admin, name="other")
    moved = admin.put("/clock", params={"account": "one"}, json={"offset": "+301s"})

    assert moved.json() == {"clocks": {"one": {"offset": "+301s"}}}
    assert outcome_of(one["keys"][0]) == "AuthFailure.SignatureExpire"
    assert outcome_of(other["keys"][0]) == "ok"
    admin.put("/clock", json={})
    assert outcome_of(one["keys"][0]) == "ok"


def test_a_clock_request_without_an_account_is_for_all(admin: httpx.Client) -> None:
    fresh(admin, name="one")
    admin.put("/clock", json={"freeze": "2026-01-01T00:00:00Z"})

    frozen = {"freeze": "2026-01-01T00:00:00+00:00"}
    assert admin.get("/clock").json() == {"clocks": {"default": frozen, "one": frozen}}


@pytest.mark.parametrize(
    ("method", "path", "words", "status", "said"),
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
        ("POST", "/accounts", {"keys": [{"SecretId": 5, "SecretKey": "planted"}]}, 422, "keys.0"),
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
    admin: httpx.Client, method: str, path: str, words: Any, status: int, said: str
) -> None:
    reply = admin.request(method, path, json=words)

    assert reply.status_code == status
    assert said in reply.json()["error"]
    assert "planted" not in reply.text
    assert [it["name"] for it in admin.get("/accounts").json()["accounts"]] == ["default"]


def test_a_key_of_another_account_is_refused(admin: httpx.Client) -> None:
    fresh(admin, name="b")

    reply = admin.patch("/accounts/b", json={"keys": [BUILT_IN_PAIR]})

    assert (reply.status_code, "default" in reply.json()["error"]) == (409, True)


def test_broken_json_and_an_endless_body_are_refused(admin: httpx.Client) -> None:
    assert admin.post("/accounts", content=b'{"name":').status_code == 400
    assert admin.post("/accounts", content=b" " * (1024 * 1024 + 1)).status_code == 413


def test_requests_can_be_listed_for_one_account(admin: httpx.Client, outcome_of: Any) -> None:
    account = fresh(admin, name="one")
    outcome_of(account["keys"][0])
    outcome_of(BUILT_IN_PAIR)

    told = admin.get("/requests", params={"account": "one"}).json()

    assert (told["total"], told["requests"][0]["account"]) == (1, "one")


def test_sixty_four_concurrent_accounts_over_sockets_are_isolated(
    admin: httpx.Client, outcome_of: Any
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
            pool.map(lambda n: (n % 64, outcome_of(accounts[n % 64]["keys"][0])), range(64 * 8))
        )

    for n in range(64):
        told = [outcome for which, outcome in outcomes if which == n]
        billed = 0 if n % 8 == 7 else 4 + n % 4
        refusal = "AuthFailure.SignatureExpire" if n % 8 == 7 else RUN_OUT
        assert sorted(told) == sorted(["ok"] * billed + [refusal] * (8 - billed))
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
    ("contract", "told"),
    [
        ("2023-11-14", "contract: expected 2023-11-15 or later (the oldest contract)"),
        ("soon", "contract: expected a date such as 2024-05-01"),
        (20240501, "contract: expected a date such as 2024-05-01"),
    ],
)
def test_an_unknown_contract_is_refused_with_the_reason(
    admin: httpx.Client, contract: object, told: str
) -> None:
    reply = admin.post("/accounts", json={"contract": contract})

    assert (reply.status_code, reply.json()["error"]) == (422, told)


REFUSING = {"name": "refusing", "rules": [{"name": "all", "then": {"error": "InternalError"}}]}
REFUSING_IN_YAML = """\
name: in yaml
rules:
  - name: all
    then: {error: FailedOperation.ImageBlur}
"""


def test_an_account_is_created_with_its_scenarios(
    running: "Running", admin: httpx.Client, outcome_of: Any
) -> None:
    account = fresh(admin, name="a", scenarios=[REFUSING_IN_YAML, REFUSING, "third-call-fails"])

    assert account["scenarios"] == ["in yaml", "refusing", "third-call-fails"]
    assert admin.get("/accounts/a").json()["scenarios"] == account["scenarios"]
    assert outcome_of(account["keys"][0]) == "FailedOperation.ImageBlur"
    assert outcome_of(BUILT_IN_PAIR) == "ok"


def test_updated_scenarios_of_an_account_replace_the_earlier_ones(
    admin: httpx.Client, outcome_of: Any
) -> None:
    account = fresh(admin, name="a", scenarios=[REFUSING])
    pair = account["keys"][0]

    assert admin.patch("/accounts/a", json={"rate": 0}).json()["scenarios"] == ["refusing"]
    assert outcome_of(pair) == "InternalError"
    changed = admin.patch("/accounts/a", json={"scenarios": [REFUSING_IN_YAML]})
    assert changed.json()["scenarios"] == ["in yaml"]
    assert outcome_of(pair) == "FailedOperation.ImageBlur"
    assert admin.patch("/accounts/a", json={"scenarios": []}).json()["scenarios"] == []
    assert outcome_of(pair) == "ok"


def test_a_new_account_does_not_inherit_the_scenarios_of_a_removed_one(
    admin: httpx.Client, outcome_of: Any
) -> None:
    fresh(admin, name="a", scenarios=[REFUSING])
    admin.delete("/accounts/a")

    again = fresh(admin, name="a")

    assert (again["scenarios"], outcome_of(again["keys"][0])) == ([], "ok")


WRONG_SCENARIOS = [
    "name: a\nrules: [{name: r, then: {error: Blurr}}]\n",
    REFUSING,
    {"name": "b", "rules": [{"name": "r", "then": {"fault": "TIMEOUTS"}}]},
    "third-call-fail",
    REFUSING,
]


@pytest.mark.parametrize(("method", "path"), [("POST", "/accounts"), ("PATCH", "/accounts/a")])
def test_every_error_of_an_accounts_scenarios_is_reported_and_nothing_changes(
    admin: httpx.Client, outcome_of: Any, method: str, path: str
) -> None:
    before = fresh(admin, name="a", scenarios=["third-call-fails"])
    words = {"state": "arrears", "scenarios": WRONG_SCENARIOS}

    reply = admin.request(method, path, json=words)

    assert reply.status_code == 422
    told = reply.json()
    places = [(it["path"], it["line"], it["column"]) for it in told["problems"]]
    assert places == [
        ("scenarios[0].rules[0].then.error", 2, 33),
        ("scenarios[2].rules[0].then.fault", None, None),
        ("scenarios[3]", None, None),
        ("scenarios[4]", None, None),
    ]
    lines = told["error"].splitlines()
    assert lines[0].startswith("scenarios[0]: 2:33: unknown value 'Blurr'")
    assert lines[1].startswith("scenarios[2].rules[0].then.fault: unknown value 'TIMEOUTS'")
    assert lines[2].startswith("scenarios[3]: unknown scenario 'third-call-fail'; did you mean")
    assert lines[3] == "scenarios[4]: duplicate scenario name 'refusing'"
    assert [it["name"] for it in admin.get("/accounts").json()["accounts"]] == ["default", "a"]
    assert admin.get("/accounts/a").json()["scenarios"] == ["third-call-fails"]
    assert outcome_of(before["keys"][0]) == "ok"


@pytest.mark.parametrize("scenarios", [None, "a", [5], {}])
def test_scenarios_are_a_list_of_texts_and_mappings(admin: httpx.Client, scenarios: Any) -> None:
    reply = admin.post("/accounts", json={"scenarios": scenarios})

    assert (reply.status_code, "scenarios" in reply.json()["error"]) == (422, True)


def test_an_account_whose_name_has_a_slash_can_be_read(admin: httpx.Client) -> None:
    fresh(admin, name="a/b c")

    assert admin.get("/accounts/a/b c").json()["name"] == "a/b c"
    assert admin.delete("/accounts/a%2Fb%20c").status_code == 204


def test_a_misspelt_filter_moves_no_clock(admin: httpx.Client) -> None:
    reply = admin.put("/clock?acount=default", json={"offset": "+400s"})

    assert reply.status_code == 400
    assert "did you mean 'account'?" in reply.json()["error"]
    assert admin.get("/clock").json() == {"clocks": {"default": {}}}


def test_an_updated_clock_of_an_account_overrides_a_moved_one(admin: httpx.Client) -> None:
    fresh(admin, name="a")
    admin.put("/clock?account=a", json={"offset": "+5s"})

    kept = admin.patch("/accounts/a", json={"state": "ok"}).json()["clock"]
    changed = admin.patch("/accounts/a", json={"clock": {"offset": "+9s"}}).json()["clock"]

    assert (kept, changed) == ({"offset": "+5s"}, {"offset": "+9s"})


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


def test_a_keys_file_can_give_scenarios_to_its_accounts(
    serve: "Serve", signed: "Signed", tmp_path: Path
) -> None:
    (tmp_path / "keys.yaml").write_text(KEYS_FILE)
    library = tmp_path / "library"
    library.mkdir()
    (library / "ours.yaml").write_text("name: ours\nseed: 7\n")
    server = serve(keys_file=tmp_path / "keys.yaml", library=library)

    with httpx.Client(base_url=f"{server.url}/__admin", trust_env=False) as admin:
        accounts = {it["name"]: it for it in admin.get("/accounts").json()["accounts"]}

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
