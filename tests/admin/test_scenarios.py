"""Active scenarios: listed, played and stopped over the admin API."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf, OutcomeOf
    from tests.conftest import Running, Serve

BLUR = "FailedOperation.ImageBlur"
OCR_FAILED = "FailedOperation.OcrFailed"


def refusing(code: str, name: str = "refusing") -> dict[str, Any]:
    """A scenario as data."""
    return {"name": name, "rules": [{"name": f"{name} all", "then": {"error": code}}]}


def as_yaml(scenario: dict[str, Any]) -> str:
    return f"# in YAML\nname: {scenario['name']}\nrules: {json.dumps(scenario['rules'])}\n"


FLOW = "{name: flow, rules: [{name: a, then: {error: FailedOperation.ImageBlur}}]}"
"""Begins like JSON, but is YAML."""


def names(admin: httpx.Client, **query: str) -> list[str]:
    result = admin.get("/scenarios", params=query).json()
    return [each["name"] for each in result["scenarios"]]


@pytest.mark.parametrize(
    ("content", "content_type", "outcome"),
    [
        (as_yaml(refusing(BLUR)), "application/yaml", BLUR),
        (as_yaml(refusing(BLUR)), "", BLUR),
        (as_yaml(refusing(BLUR)), "application/x-www-form-urlencoded", BLUR),
        (json.dumps(refusing(BLUR)), "application/json", BLUR),
        (json.dumps(refusing(BLUR)), "application/json; charset=utf-8", BLUR),
        (json.dumps(refusing(BLUR)), "text/plain", BLUR),
        (json.dumps(as_yaml(refusing(BLUR))), "application/json", BLUR),
        (FLOW, "", BLUR),
        ('"error-image-blur"', "application/json", BLUR),
        ('"error-image-blur"', "", BLUR),
        ("error-image-blur", "", BLUR),
        ("error-image-blur\n", "text/plain", BLUR),
        ("'error-image-blur'  # by name\n", "", BLUR),
        ("\ufefferror-image-blur", "", BLUR),
    ],
)
def test_a_scenario_can_be_sent_in_any_format(
    server: "Running",
    admin: httpx.Client,
    outcome_of: "OutcomeOf",
    content: str,
    content_type: str,
    outcome: str,
) -> None:
    assert outcome_of(server) == "ok"

    reply = admin.post("/scenarios", content=content, headers={"Content-Type": content_type})

    assert reply.status_code == 201
    assert reply.json()["from"] == "admin"
    assert outcome_of(server) == outcome


def test_active_scenarios_are_listed_with_their_source(
    serve: "Serve", admin_of: "AdminOf", tmp_path: Path
) -> None:
    file = tmp_path / "filed.yaml"
    file.write_text("name: filed\nseed: 4\nclock: {offset: +1s}\nexpect: {}\nrules: []\n")
    admin = admin_of(serve(scenarios=(str(file),)))
    admin.post("/accounts", json={"name": "alice", "scenarios": [refusing(BLUR, "own")]})
    admin.post("/scenarios", content="third-call-fails")

    result = admin.get("/scenarios").json()

    short = [(each["name"], each["from"], each["account"]) for each in result["scenarios"]]
    assert short == [
        ("own", "account", "alice"),
        ("third-call-fails", "admin", None),
        ("filed", "file", None),
    ]
    own, shipped, from_files = result["scenarios"]
    assert (own["source"], own["rules"]) == ("inline", ["own all"])
    assert shipped["source"].endswith("third-call-fails.yaml")
    assert shipped["description"]
    assert (from_files["source"], from_files["overrides"]) == (
        str(file),
        {"seed": 4, "clock": {"offset": "+1s"}},
    )
    assert result["refused"] == {}
    assert {"documented", "third-call-fails"} <= set(result["known"])


def test_scenarios_of_an_account_and_global_ones_are_listed_in_order(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    admin = admin_of(serve(scenarios=("documented",)))
    for name in ("alice", "bob"):
        own = [refusing(BLUR, f"of {name}"), "third-call-fails"]
        admin.post("/accounts", json={"name": name, "scenarios": own})
    admin.post("/scenarios", content="outage")

    assert names(admin, account="bob") == ["of bob", "third-call-fails", "outage", "documented"]
    assert names(admin, account="default") == ["outage", "documented"]


def test_a_broken_file_is_listed_while_its_last_good_version_plays(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    server = serve(scenarios=("documented",))
    broken = {"/x/a.yaml": "/x/a.yaml:1:1: is empty"}
    server.state.registry.set_from_files(server.state.registry.from_files, broken)

    result = admin_of(server).get("/scenarios").json()

    assert result["refused"] == broken
    assert [each["name"] for each in result["scenarios"]] == ["documented"]


def test_scenarios_of_the_library_are_listed(
    serve: "Serve", admin_of: "AdminOf", outcome_of: "OutcomeOf", tmp_path: Path
) -> None:
    (tmp_path / "ours.yaml").write_text(as_yaml(refusing(BLUR, "of the library")))
    server = serve(library=tmp_path)
    admin = admin_of(server)
    assert "ours" in admin.get("/scenarios").json()["known"]

    played = admin.post("/scenarios", content="ours")

    assert (played.json()["name"], outcome_of(server)) == ("of the library", BLUR)


def test_a_missing_library_is_reported(serve: "Serve", admin_of: "AdminOf", tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "a.yaml").write_text(as_yaml(refusing(BLUR)))
    admin = admin_of(serve(library=folder))
    (folder / "a.yaml").unlink()

    listed = admin.get("/scenarios")
    played = admin.post("/scenarios", content="documented")
    made = admin.post("/accounts", json={"scenarios": ["documented"]})

    assert "no scenario files" in listed.json()["refused"][str(folder)]
    for refused in (played, made):
        assert refused.status_code == 422
        assert "no scenario files" in refused.json()["error"]


def test_a_scenario_of_the_same_name_replaces_the_earlier_one_and_restarts_counters(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    steps = [{"error": BLUR}, {"error": OCR_FAILED}]
    scenario = {"name": "a", "rules": [{"name": "r", "then": steps}]}
    admin.post("/scenarios", json=scenario)
    admin.post("/scenarios", json=refusing("InternalError", "b"))
    assert [outcome_of(server), outcome_of(server)] == [BLUR, OCR_FAILED]

    again = admin.post("/scenarios", json=scenario)

    assert again.status_code == 200
    assert names(admin) == ["a", "b"]
    assert outcome_of(server) == BLUR


def test_a_scenario_can_be_played_before_the_others(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    admin.post("/scenarios", json=refusing(BLUR, "older"))
    admin.post("/scenarios", params={"first": "true"}, json=refusing(OCR_FAILED, "newer"))
    refused = admin.post("/scenarios", params={"first": "yes"}, json=refusing(BLUR))

    assert names(admin) == ["newer", "older"]
    assert outcome_of(server) == OCR_FAILED
    assert refused.json()["error"] == "first: expected true or false, got 'yes'"


def test_a_scenario_of_an_account_does_not_apply_to_others(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    pair = admin.post("/accounts", json={"name": "alice"}).json()["keys"][0]
    admin.post("/scenarios", json=refusing(OCR_FAILED))

    reply = admin.post("/scenarios?account=alice", json=refusing(BLUR))

    assert (reply.status_code, reply.json()["account"]) == (201, "alice")
    assert reply.json()["from"] == "account"
    assert (outcome_of(server, pair), outcome_of(server)) == (BLUR, OCR_FAILED)
    assert admin.get("/accounts/alice").json()["scenarios"] == ["refusing"]


def test_put_plays_a_scenario_under_its_name(admin: httpx.Client) -> None:
    nameless = {"rules": refusing(BLUR)["rules"]}

    assert admin.put("/scenarios/refusing", json=refusing(BLUR)).status_code == 201
    assert admin.put("/scenarios/a/b c", json=nameless).status_code == 201
    assert admin.put("/scenarios/in yaml", content="rules: []\n").status_code == 201
    assert admin.put("/scenarios/outage", content="outage").status_code == 201
    assert admin.put("/scenarios/outage", content="outage").status_code == 200
    assert names(admin) == ["refusing", "a/b c", "in yaml", "outage"]
    assert admin.get("/scenarios/a/b c").json()["name"] == "a/b c"


def test_put_under_another_name_is_refused(admin: httpx.Client) -> None:
    reply = admin.put("/scenarios/other", json=refusing(BLUR))

    assert reply.status_code == 422
    assert reply.json()["error"] == "expected the name 'other' as in the path, got 'refusing'"
    assert reply.json()["problems"][0]["path"] == "name"
    assert names(admin) == []


def test_scenarios_can_be_stopped_one_by_one_and_all_at_once(
    serve: "Serve", admin_of: "AdminOf", outcome_of: "OutcomeOf"
) -> None:
    server = serve(scenarios=("documented",))
    admin = admin_of(server)
    for name in ("a", "b", "c"):
        admin.post("/scenarios", json=refusing(BLUR, name))

    assert admin.delete("/scenarios/a").status_code == 204
    assert names(admin) == ["b", "c", "documented"]
    assert admin.delete("/scenarios").status_code == 204
    assert names(admin) == ["documented"]
    assert admin.delete("/scenarios").status_code == 204
    assert outcome_of(server) == "ok"


def test_stopping_the_scenarios_of_one_account_stops_no_others(admin: httpx.Client) -> None:
    own = [refusing(BLUR, "a"), refusing(BLUR, "b")]
    admin.post("/accounts", json={"name": "alice", "scenarios": own})
    admin.post("/scenarios", json=refusing(BLUR, "a"))

    assert admin.delete("/scenarios/a?account=alice").status_code == 204
    assert names(admin, account="alice") == ["b", "a"]
    assert admin.delete("/scenarios?account=alice").status_code == 204
    assert names(admin, account="alice") == ["a"]


@pytest.mark.parametrize(
    ("method", "path", "status", "result"),
    [
        ("GET", "/scenarios/refusin", 404, "unknown active scenario 'refusin'; did you mean 'ref"),
        ("DELETE", "/scenarios/refusin", 404, "did you mean 'refusing'?"),
        ("DELETE", "/scenarios/zzz", 404, "unknown active scenario 'zzz'; expected 'refusing'"),
        ("DELETE", "/scenarios/refusing?account=alice", 404, "scenario 'refusing'; there are none"),
        ("GET", "/scenarios?account=alize", 404, "unknown account 'alize'; did you mean 'alice'?"),
        ("POST", "/scenarios?account=alize", 404, "unknown account 'alize'; did you mean 'alice'?"),
        (
            "DELETE",
            "/scenarios?account=alize",
            404,
            "unknown account 'alize'; did you mean 'alice'?",
        ),
        ("GET", "/scenarios?acount=alice", 400, "unknown query parameter 'acount'; did you mean"),
        ("GET", "/scenarios/own", 404, "'own' is active for bob only; add ?account=NAME"),
        ("DELETE", "/scenarios/documented", 409, "'documented' is active from a file; remove the"),
        (
            "PUT",
            "/scenarios/documented",
            409,
            "'documented' is active from a file; change the file",
        ),
    ],
)
def test_unknown_or_unchangeable_scenarios_are_refused_with_the_remedy(
    serve: "Serve", admin_of: "AdminOf", method: str, path: str, status: int, result: str
) -> None:
    admin = admin_of(serve(scenarios=("documented",)))
    admin.post("/scenarios", json=refusing(BLUR))
    admin.post("/accounts", json={"name": "alice"})
    admin.post("/accounts", json={"name": "bob", "scenarios": [refusing(BLUR, "own")]})

    content = "documented" if method in ("PUT", "POST") else None
    reply = admin.request(method, path, content=content)

    assert reply.status_code == status
    assert result in reply.json()["error"]
    assert names(admin) == ["own", "refusing", "documented"]


WRONG = """\
name: wrong
rules:
  - name: a
    then: {error: FailedOperation.ImageBlurr}
  - nme: b
"""


def test_every_error_of_a_text_is_reported_with_line_and_column(
    admin: httpx.Client,
) -> None:
    reply = admin.post("/scenarios", content=WRONG)

    assert reply.status_code == 422
    result = reply.json()
    assert result["error"].splitlines()[0] == f"4:19: {result['problems'][0]['text']}"
    places = [(each["path"], each["line"], each["column"]) for each in result["problems"]]
    assert places[0] == ("rules[0].then.error", 4, 19)
    assert "did you mean 'FailedOperation.ImageBlur'?" in result["problems"][0]["text"]
    assert [line for _, line, _ in places] == [4, 5, 5]
    assert names(admin) == []


def test_every_error_of_json_is_reported_with_its_path(admin: httpx.Client) -> None:
    wrong = {"name": "w", "rules": [{"name": "a", "then": {"error": "Blurr"}, "colour": 1}]}

    result = admin.post("/scenarios", json=wrong).json()

    by_path = {each["path"]: each for each in result["problems"]}
    assert set(by_path) == {"rules[0].then.error", "rules[0].colour"}
    assert {each["line"] for each in result["problems"]} == {None}
    assert f"rules[0].colour: {by_path['rules[0].colour']['text']}" in result["error"].splitlines()


NO_SCENARIO = "expected a scenario or the name of a scenario, got"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "result"),
    [
        ("", "", 422, f"{NO_SCENARIO} an empty text"),
        (" \n", "", 422, f"{NO_SCENARIO} an empty text"),
        ("[]", "application/json", 422, f"{NO_SCENARIO} array"),
        ("5", "application/json", 422, f"{NO_SCENARIO} number"),
        ('""', "application/json", 422, f"{NO_SCENARIO} an empty text"),
        ("null", "application/json", 422, f"{NO_SCENARIO} null"),
        ('{"name":', "application/json", 400, "expected JSON: "),
        ('{"seed": NaN}', "application/json", 400, "expected JSON: "),
        ("[" * 5000, "application/json", 400, "expected JSON: "),
        ('{"name":', "", 422, "1:"),
        (b"\xff\xfe", "", 400, "expected UTF-8 text"),
        ("third-call-fail", "", 422, "unknown scenario 'third-call-fail'; did you mean"),
        ("42", "", 422, "unknown scenario '42'; expected one of "),
        ("../scenarios/documented", "", 422, "unknown scenario '../scenarios/documented'"),
        ("/etc/passwd", "", 422, "unknown scenario '/etc/passwd'"),
        ("- a: 1\n", "", 422, "1:1: expected a mapping, got a list"),
        ("name: a\n", "", 422, "the scenario is empty"),
        ("name: a\n" + "#" * 1024 * 1024, "", 413, "expected a body of at most 1048576 bytes"),
    ],
)
def test_an_invalid_scenario_is_refused(
    admin: httpx.Client, content: Any, content_type: str, status: int, result: str
) -> None:
    reply = admin.post("/scenarios", content=content, headers={"Content-Type": content_type})

    assert reply.status_code == status
    assert result in reply.json()["error"]
    assert names(admin) == []


def test_a_scenario_is_refused_by_the_contract_of_its_account(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    """CardWarnType is in later contracts than the server's."""
    admin = admin_of(serve())
    admin.post("/accounts", json={"name": "new", "contract": "2026-03-13"})
    admin.post("/accounts", json={"name": "old"})
    newer = {
        "name": "newer",
        "rules": [{"name": "a", "when": {"CardWarnType": "Basic"}, "then": {"card": "invented"}}],
    }

    by_account = {
        name: admin.post(f"/scenarios?account={name}", json=newer) for name in ("new", "old")
    }

    assert by_account["new"].status_code == 201
    assert by_account["old"].status_code == 422
    assert admin.post("/scenarios", json=newer).status_code == 422
    patched = admin.patch("/accounts/old", json={"contract": "2026-03-13", "scenarios": [newer]})
    assert patched.json()["scenarios"] == ["newer"]
