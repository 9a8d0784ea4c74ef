"""The rule that a call would match, by the admin API."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.pictures import picture_of
from tests.builders import a_picture

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf, OutcomeOf
    from tests.conftest import Running

SCENARIO = """\
name: played
rules:
  - name: beijing
    when: {Region: ap-beijing}
    then: {http: 502, delay: 250ms, dribble: 1s}
  - name: by header
    when: {header: {X-TC-Language: en-US}}
    then: {fault: TIMEOUT}
  - name: secret header
    when: {header: {X-TC-Token: planted}}
    then: {fault: TIMEOUT}
  - name: wide
    when: {picture: {min_width: 500}}
    then: {error: FailedOperation.ImageBlur}
  - name: back
    when: {CardSide: BACK}
    then: [{error: FailedOperation.OcrFailed}, {card: invented}]
    after: fall_through
"""
FRONT = {"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"}
BACK = {"ImageUrl": "https://xx/a.jpg", "CardSide": "BACK"}


@pytest.fixture
def admin(server: "Running", admin_of: "AdminOf") -> httpx.Client:
    client = admin_of(server)
    assert client.post("/scenarios", content=SCENARIO).status_code == 201
    return client


def match(admin: httpx.Client, **sent: Any) -> dict[str, Any]:
    reply = admin.post("/match", json=sent)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


@pytest.mark.parametrize(
    ("sent", "rule", "outcome"),
    [
        ({"parameters": FRONT}, None, "ok"),
        ({"parameters": BACK}, "back", "FailedOperation.OcrFailed"),
        ({"parameters": FRONT, "region": "ap-beijing"}, "beijing", "http:502"),
        (
            {"parameters": FRONT, "headers": {"X-TC-LANGUAGE": "en-US"}},
            "by header",
            "fault:TIMEOUT",
        ),
        (
            {"parameters": {"ImageBase64": b64encode(a_picture(width=600)).decode()}},
            "wide",
            "FailedOperation.ImageBlur",
        ),
        ({"parameters": {"ImageBase64": "ZmFrZQ=="}}, None, "ok"),
    ],
)
def test_the_matching_rule_is_returned_with_its_outcome(
    admin: httpx.Client, sent: dict[str, Any], rule: str | None, outcome: str
) -> None:
    result = match(admin, **sent)

    assert (result["rule"], result["outcome"], result["message"]) == (rule, outcome, None)
    assert result["scenario"] == (rule and "played")


def test_the_timing_of_the_outcome_is_returned(admin: httpx.Client) -> None:
    result = match(admin, parameters=FRONT, region="ap-beijing")

    assert (result["delay_seconds"], result["dribble_seconds"], result["delayed_by"]) == (
        0.25,
        1.0,
        None,
    )


def test_chaos_that_only_delays_is_returned(admin: httpx.Client) -> None:
    late = {"name": "late", "chaos": [{"probability": 1, "delay": "2s"}]}
    admin.post("/scenarios", json=late)

    result = match(admin, parameters=FRONT)

    assert (result["delayed_by"], result["delay_seconds"]) == ("late: chaos[0]", 2.0)


def test_near_misses_are_returned_with_differences_and_no_secrets(
    admin: httpx.Client,
) -> None:
    secret = "https://xx/a.jpg?sign=planted"
    sent = {"parameters": BACK | {"ImageUrl": secret}, "headers": {"X-TC-Token": "planted too"}}

    reply = admin.post("/match", json=sent)

    near_misses = {each["rule"]: each["differences"] for each in reply.json()["near_misses"]}
    assert list(near_misses) == ["beijing", "by header", "secret header", "wide"]
    assert near_misses["beijing"] == [{"name": "Region", "expected": ["ap-beijing"], "found": ""}]
    assert near_misses["secret header"] == [
        {"name": "header.X-TC-Token", "expected": ["<7 characters>"], "found": "<11 characters>"}
    ]
    assert near_misses["wide"] == [{"name": "picture.min_width", "expected": 500, "found": None}]
    assert "planted" not in reply.text


def test_a_dry_run_moves_no_counter(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf"
) -> None:
    admin.post("/scenarios", json={"name": "late", "chaos": [{"after_calls": 2, "http": 503}]})
    for _ in range(5):
        assert match(admin, parameters=BACK)["outcome"] == "FailedOperation.OcrFailed"
    assert outcome_of(server, CardSide="BACK") == "FailedOperation.OcrFailed"
    for _ in range(5):
        assert match(admin, parameters=BACK)["outcome"] == "ok"
    assert outcome_of(server, CardSide="BACK") == "ok"

    assert match(admin, parameters=FRONT)["outcome"] == "http:503"
    assert admin.get("/requests").json()["total"] == 2
    assert admin.get("/accounts/default").json()["package"] is None


@pytest.mark.parametrize(
    ("account", "sent", "outcome"),
    [
        ({}, {"parameters": {}}, "FailedOperation.EmptyImageError"),
        ({}, {}, "FailedOperation.EmptyImageError"),
        ({}, {"parameters": {"Imageurl": "x"}}, "UnknownParameter"),
        ({}, {"parameters": {"ImageUrl": 5}}, "InvalidParameter"),
        ({}, {"parameters": FRONT, "headers": {"X-TC-Region": "mars"}}, "InvalidParameterValue"),
        ({}, {"parameters": FRONT, "region": "ap-tokyo"}, "UnsupportedRegion"),
        ({"state": "arrears"}, {"parameters": FRONT}, "ResourceUnavailable.InArrears"),
        ({"package": 0}, {"parameters": FRONT}, "ResourceUnavailable.ResourcePackageRunOut"),
        ({"allow": []}, {"parameters": FRONT}, "AuthFailure.UnauthorizedOperation"),
    ],
)
def test_a_call_refused_before_the_rules_has_its_code_and_no_rule(
    admin: httpx.Client, account: dict[str, Any], sent: dict[str, Any], outcome: str
) -> None:
    admin.post("/accounts", json={"name": "alice", **account})

    result = match(admin, account="alice", **sent)

    assert (result["outcome"], result["rule"], result["scenario"]) == (outcome, None, None)
    assert result["message"]
    assert result["near_misses"] == []


def test_a_dry_run_uses_the_scenarios_of_the_account(admin: httpx.Client) -> None:
    own = {"name": "own", "rules": [{"name": "mine", "then": {"error": "InternalError"}}]}
    admin.post("/accounts", json={"name": "alice", "scenarios": [own]})

    assert match(admin, account="alice", parameters=BACK)["rule"] == "mine"
    assert match(admin, parameters=BACK)["rule"] == "back"


@pytest.mark.parametrize(
    ("content", "status", "result"),
    [
        ('{"account": "defalt"}', 404, "unknown account 'defalt'; did you mean 'default'?"),
        ('{"colour": 1}', 422, "colour"),
        ('{"parameters": []}', 422, "parameters"),
        ('{"headers": {"a": 1}}', 422, "headers.a"),
        ("{", 400, "body"),
        (" " * (10 * 1024 * 1024 + 1), 413, "expected a body of at most 10485760 bytes"),
    ],
)
def test_an_invalid_call_is_refused(
    admin: httpx.Client, content: str, status: int, result: str
) -> None:
    reply = admin.post("/match", content=content)

    assert reply.status_code == status
    assert result in reply.json()["error"]


def test_the_largest_picture_of_the_api_can_be_matched(admin: httpx.Client) -> None:
    result = match(admin, parameters={"ImageBase64": "A" * (7 * 1024 * 1024)})

    assert result["outcome"] == "ok"


def test_a_dry_run_without_any_account_is_refused(admin: httpx.Client) -> None:
    admin.delete("/accounts/default")

    assert admin.post("/match", json={}).status_code == 404


def test_a_difference_names_the_specimen_that_was_found(
    server: "Running", admin_of: "AdminOf"
) -> None:
    admin = admin_of(server)
    sent = "name: n\nrules: [{name: a, when: {picture: {specimen: minor}}, then: {http: 502}}]\n"
    assert admin.post("/scenarios", content=sent).status_code == 201

    def result(name: str) -> dict[str, Any]:
        picture = b64encode(picture_of(BY_NAME[name])).decode()
        return match(admin, parameters={"ImageBase64": picture})

    assert (result("minor")["rule"], result("minor")["outcome"]) == ("a", "http:502")
    (near_misses,) = result("li-ming")["near_misses"]
    assert near_misses["differences"] == [
        {"name": "picture.specimen", "expected": ["minor"], "found": ["li-ming"]}
    ]


NESTED = """\
name: nested
rules:
  - priority: 1
    when:
      not: {CardSide: BACK, header: {X-TC-Token: planted-0}}
      any: [{header: {X-TC-Token: planted-1}}, {ImageUrl: "https://xx/b.jpg?sign=planted-2"}]
    then: {http: 502}
"""


def test_the_parts_of_not_and_any_are_returned_without_secrets(admin: httpx.Client) -> None:
    admin.post("/scenarios", content=NESTED)
    url = {"ImageUrl": "https://xx/a.jpg?sign=planted-3"}

    negated = admin.post(
        "/match", json={"parameters": BACK | url, "headers": {"X-TC-Token": "planted-0"}}
    )
    written = admin.get("/scenarios/nested")

    (near_miss,) = [each for each in negated.json()["near_misses"] if each["rule"] == "rules[0]"]
    assert near_miss["conditions"] == 2
    assert [each["name"] for each in near_miss["differences"]] == [
        "not header.X-TC-Token",
        "not CardSide",
        "any[0].header.X-TC-Token",
        "any[1].ImageUrl",
    ]
    assert written.json()["rules"][0]["when"]["not"]["CardSide"] == "BACK"
    assert "planted" not in negated.text + written.text


def test_a_window_is_compared_with_the_clock_of_the_account(admin: httpx.Client) -> None:
    rule = {"when": {"between": ["22:00", "06:00"]}, "then": {"http": 503}}
    admin.post("/scenarios", json={"name": "nights", "rules": [{**rule, "priority": 1}]})

    admin.put("/clock", json={"freeze": "2026-11-30T23:30:00Z"})
    assert match(admin, parameters=FRONT)["outcome"] == "http:503"

    admin.put("/clock", json={"freeze": "2026-11-30T12:00:00Z"})
    day = match(admin, parameters=FRONT)
    assert day["outcome"] != "http:503"
    assert day["near_misses"][0]["differences"] == [
        {"name": "between", "expected": "22:00 and 06:00", "found": "12:00:00"}
    ]
    admin.put("/clock", json={})
