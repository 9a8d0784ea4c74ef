"""A scenario that the admin API returns is the one that was written, and can be sent again."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from mockocr.scenario.library import SHIPPED
from mockocr.scenario.outcomes import Step
from mockocr.scenario.scenario import Scenario

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf
    from tests.conftest import Running, Serve


WRITTEN = """\
name: written  # a comment
action: IDCardOCR
seed: 7
rules:
  - name: first
    priority: 2
    when:
      CardSide: FRONT
      ImageUrl: {glob: "https://xx/*.jpg"}
      Config: {TempIdWarn: true}
      picture: {min_width: 500}
      header: {X-TC-Language: en-US}
    then:
      - {card: {Sex: 男}, times: 2, delay: 250ms}
      - one_of:
          - {error: FailedOperation.ImageBlur, weight: 3}
          - {fault: TIMEOUT, delay: {uniform: [1s, 2s]}}
          - {http: 502, dribble: 1s}
    after: cycle
    per: picture
  - {name: second, then: {card: li-ming, warnings: [-9102]}}
chaos:
  - {probability: 0.5, delay: {lognormal: {median: 80ms, sigma: 0.4, max: 2s}}}
  - {after_calls: 3, for: 30s, fault: BAD_JSON}
expect: {first: {at_most: 4}}
contract: 2024-06-01
clock: {offset: +1s}
account: {state: arrears, package: 0}
"""


def test_a_scenario_is_returned_in_the_words_it_was_written_in(admin: httpx.Client) -> None:
    admin.post("/scenarios", content=WRITTEN)

    returned = admin.get("/scenarios/written").json()

    assert list(returned)[:3] == ["name", "action", "seed"]
    first, second = returned["rules"]
    assert first["when"] == {
        "CardSide": "FRONT",
        "ImageUrl": {"glob": "https://xx/*.jpg"},
        "Config": {"TempIdWarn": True},
        "picture": {"min_width": 500},
        "header": {"X-TC-Language": "en-US"},
    }
    assert first["then"][0] == {"card": {"Sex": "男"}, "times": 2, "delay": "250ms"}
    assert first["then"][1]["one_of"][1] == {
        "fault": "TIMEOUT",
        "delay": {"uniform": ["1s", "2s"]},
    }
    assert second == {"name": "second", "then": {"card": "li-ming", "warnings": [-9102]}}
    assert returned["chaos"][1] == {"after_calls": 3, "for": "30s", "fault": "BAD_JSON"}
    assert returned["expect"] == {"first": {"at_most": 4}}


def test_the_list_has_settings_and_expectations_as_written(admin: httpx.Client) -> None:
    admin.post("/scenarios", content=WRITTEN)

    (listed,) = admin.get("/scenarios").json()["scenarios"]

    assert listed["rules"] == ["first", "second"]
    assert listed["expect"] == {"first": {"at_most": 4}}
    assert listed["overrides"] == {
        "seed": 7,
        "contract": "2024-06-01",
        "clock": {"offset": "+1s"},
        "state": "arrears",
        "package": 0,
    }


def compiled(scenario: Scenario) -> Any:
    """Everything that decides an answer, except the functions that test conditions."""
    rules = [
        rule._replace(conditions=tuple(each._replace(test=None) for each in rule.leaves()))  # type: ignore[arg-type]
        for rule in scenario.rules
    ]
    chaos = [
        (each.name, each.when, each.step if isinstance(each.step, Step) else None, each.timing)
        for each in scenario.chaos
    ]
    return scenario.name, rules, chaos, scenario.expect, scenario.overrides


def test_a_returned_scenario_can_be_sent_again(server: "Running", admin: httpx.Client) -> None:
    registry = server.state.registry
    admin.post("/scenarios", content=WRITTEN)
    before = compiled(registry.for_all[0])
    returned = admin.get("/scenarios/written")

    admin.delete("/scenarios")
    posted = admin.post("/scenarios", json=returned.json())
    put = admin.put("/scenarios/written", content=returned.content)

    assert (posted.status_code, put.status_code) == (201, 200)
    assert compiled(registry.for_all[0]) == before
    assert admin.get("/scenarios/written").json() == returned.json()


def test_every_shipped_scenario_without_personal_data_can_be_returned_and_sent_again(
    server: "Running", admin: httpx.Client
) -> None:
    for file in SHIPPED.glob("*.yaml"):
        personal = re.search(r"\b(Name|Birth|IdNum|Address): ", file.read_text(encoding="utf-8"))
        name = admin.post("/scenarios", content=file.stem).json()["name"]
        before = compiled(server.state.registry.for_all[0])
        returned = admin.get(f"/scenarios/{name}")

        assert ("***" in returned.text) is bool(personal)
        if not personal:
            assert admin.put(f"/scenarios/{name}", json=returned.json()).status_code == 200
            assert compiled(server.state.registry.for_all[0]) == before
        admin.delete("/scenarios")


def test_a_scenario_put_without_a_name_is_returned_with_one(admin: httpx.Client) -> None:
    admin.put("/scenarios/named", json={"rules": []})

    assert admin.get("/scenarios/named").json() == {"name": "named", "rules": []}


SECRET = """\
name: secret
rules:
  - name: first
    when:
      ImageUrl: {glob: "https://xx/*?sign=planted"}
      ImageBase64: [PICTURE]
      header: {X-TC-Token: planted, X-TC-Language: en-US}
    then:
      - {card: {Name: 种植人, Sex: 男}}
      - {Name: 种植人, card: invented}
      - one_of: [{card: {IdNum: "11010119900307002X"}}, {http: 502}]
chaos:
  - {probability: 0.5, card: {Address: 种植街}}
""".replace("PICTURE", "p" * 300)


def test_tokens_pictures_queries_and_personal_data_are_masked(admin: httpx.Client) -> None:
    assert admin.post("/scenarios", content=SECRET).status_code == 201

    returned = admin.get("/scenarios/secret").json()

    (rule,) = returned["rules"]
    assert rule["when"] == {
        "ImageUrl": {"glob": "https://xx/*?***"},
        "ImageBase64": ["<300 characters>"],
        "header": {"X-TC-Token": "<7 characters>", "X-TC-Language": "en-US"},
    }
    assert rule["then"] == [
        {"card": {"Name": "***", "Sex": "男"}},
        {"Name": "***", "card": "invented"},
        {"one_of": [{"card": {"IdNum": "***"}}, {"http": 502}]},
    ]
    assert returned["chaos"] == [{"probability": 0.5, "card": {"Address": "***"}}]


def test_a_masked_scenario_that_is_sent_again_is_refused_at_each_mask(admin: httpx.Client) -> None:
    admin.post("/scenarios", content=SECRET)
    masked = admin.get("/scenarios/secret").json()

    refused = admin.put("/scenarios/secret", json=masked)

    assert refused.status_code == 422
    assert {problem["path"] for problem in refused.json()["problems"]} == {
        "rules[0].when.ImageUrl.glob",
        "rules[0].when.ImageBase64[0]",
        "rules[0].when.header.X-TC-Token",
        "rules[0].then[0].card.Name",
        "rules[0].then[1].Name",
        "rules[0].then[2].one_of[0].card.IdNum",
        "chaos[0].card.Address",
    }
    (text,) = {each["text"] for each in refused.json()["problems"] if "then[1]" in each["path"]}
    assert (
        text == "'***' is a mask, which the admin API returns instead of a value; write the value"
    )
    assert admin.get("/scenarios/secret").json() == masked


YAML = {"Accept": "application/yaml"}


def test_the_text_is_returned_with_its_comments(admin: httpx.Client) -> None:
    admin.post("/scenarios", content=WRITTEN)

    returned = admin.get("/scenarios/written", headers=YAML)

    assert returned.headers["content-type"] == "application/yaml"
    assert returned.text == WRITTEN


def test_a_text_keeps_its_comments_where_values_are_masked(admin: httpx.Client) -> None:
    admin.post("/scenarios", content=SECRET.replace("chaos:", "# at times\nchaos:"))

    text = admin.get("/scenarios/secret", headers=YAML).text

    assert "# at times\nchaos:\n" in text
    assert '- {card: {Name: "***", Sex: 男}}' in text
    assert "planted" not in text
    assert "种植" not in text
    assert "p" * 20 not in text


def test_a_scenario_that_was_sent_as_data_or_without_a_name_is_written(
    admin: httpx.Client,
) -> None:
    admin.put("/scenarios/data", json={"rules": []})
    admin.put("/scenarios/named", content="rules: []  # none\n")

    assert admin.get("/scenarios/data", headers=YAML).text == "name: data\nrules: []\n"
    assert admin.get("/scenarios/named", headers=YAML).text == "name: named\nrules: []\n"


def test_a_masked_value_that_cannot_be_replaced_in_place_is_written(admin: httpx.Client) -> None:
    scenario = "name: a  # lost\nrules:\n- then: {card: {Name: &n 李明, Address: *n}}\n"
    assert admin.post("/scenarios", content=scenario).status_code == 201

    text = admin.get("/scenarios/a", headers=YAML).text

    assert "李明" not in text
    assert "Address: '***'" in text


def test_a_ready_made_scenario_is_returned_as_in_its_file(admin: httpx.Client) -> None:
    text = admin.get("/library/arrears", headers=YAML).text

    assert text == (SHIPPED / "arrears.yaml").read_text(encoding="utf-8")


def test_the_text_of_a_watched_file_is_the_newest_valid_one(
    serve: "Serve", admin_of: "AdminOf", tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("name: own  # first\nrules: []\n", encoding="utf-8")
    server = serve(scenarios=(str(file),))
    admin = admin_of(server)
    first = admin.get("/scenarios/own", headers=YAML).text
    newer = "name: own  # second\nrules: []\n"
    with httpx.stream("GET", f"{server.url}/__admin/events", timeout=20) as stream:
        lines = stream.iter_lines()
        file.write_text(newer, encoding="utf-8")
        while next(lines) != "event: scenarios":
            pass

    assert first == "name: own  # first\nrules: []\n"
    assert admin.get("/scenarios/own", headers=YAML).text == newer
