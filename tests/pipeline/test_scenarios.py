"""Scenarios in the pipeline: overrides, faults, near misses, dry runs, resets."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import Clock
from mockocr.journal.journal import Journal
from mockocr.pipeline.dry_run import match
from mockocr.pipeline.near_misses import near_misses
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import Fault, WireReply
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from tests.requests import FRONT, NOW, SECRET_ID, SECRET_KEY, a_call
from tests.scenario.scripts import a_scenario

ALICE = Account("alice", {SECRET_ID: SECRET_KEY})


def pipeline_with(*texts: str, account: Account = ALICE, **defaults: Any) -> Pipeline:
    """The first scenario is for the account, the others are for all."""
    own, *others = texts
    registry = ScenarioRegistry(CallCounters(), [a_scenario(text) for text in others])
    registry.play(a_scenario(own), account.name)
    journal = Journal(max_calls=1000, max_bytes=2**24)
    return Pipeline(State(Accounts([account]), registry, journal, Defaults(**defaults)))


def outcome(pipeline: Pipeline, **headers: Any) -> str:
    pipeline.answer(a_call(FRONT, **headers))
    return pipeline.state.journal.newest_first()[0].outcome


def scenario_with(then: str, more: str = "") -> str:
    return f"name: n\nrules: [{{name: a, then: {then}}}]\n{more}"


ARREARS = "name: poor\naccount: {state: arrears}"


def test_overrides_of_a_scenario_apply_where_the_account_has_none() -> None:
    assert outcome(pipeline_with(ARREARS)) == "ResourceUnavailable.InArrears"
    assert outcome(pipeline_with(ARREARS, account=replace(ALICE, state="ok"))) == "ok"


def test_the_first_scenario_with_an_override_applies() -> None:
    pipeline = pipeline_with("name: rich\naccount: {state: ok, rate: 1}", ARREARS)

    assert outcome(pipeline) == "ok"
    assert outcome(pipeline) == "RequestLimitExceeded"


def test_a_scenario_can_limit_rate_and_package() -> None:
    throttled = pipeline_with("name: n\naccount: {rate: 1}")
    limited = pipeline_with("name: n\naccount: {package: 1}")

    assert [outcome(throttled) for _ in range(2)] == ["ok", "RequestLimitExceeded"]
    run_out = "ResourceUnavailable.ResourcePackageRunOut"
    assert [outcome(limited) for _ in range(2)] == ["ok", run_out]


def test_a_scenario_can_lift_the_rate_of_the_server() -> None:
    pipeline = pipeline_with("name: n\naccount: {rate: 0}", rate=1)

    assert [outcome(pipeline) for _ in range(3)] == ["ok"] * 3


def test_generated_people_follow_the_seed_of_the_scenario() -> None:
    def name(pipeline: Pipeline) -> str:
        response = json.loads(pipeline.answer(a_call(FRONT)).body)["Response"]
        return str(response["Name"] + response["IdNum"])

    by_scenario = name(pipeline_with("name: n\nseed: 7"))

    assert by_scenario == name(pipeline_with("name: n\naccount: {rate: 0}", seed=7))
    assert by_scenario != name(pipeline_with("name: n\naccount: {rate: 0}"))


def test_calls_follow_the_contract_of_the_scenario() -> None:
    pipeline = pipeline_with("name: n\ncontract: 2024-11-21")

    response = json.loads(pipeline.answer(a_call(FRONT)).body)["Response"]

    assert response["AdvancedInfo"] == '{"WarnInfos":[]}'


def test_the_clock_of_a_scenario_moves_the_signature_window_and_a_moved_clock_overrides_it() -> (
    None
):
    pipeline = pipeline_with("name: n\nclock: {offset: +301s}")

    assert outcome(pipeline) == "AuthFailure.SignatureExpire"
    pipeline.state.clocks.move("alice", Clock(offset=timedelta(seconds=300)))
    assert outcome(pipeline) == "ok"
    pipeline.state.clocks.reset("alice")
    assert outcome(pipeline) == "AuthFailure.SignatureExpire"


def test_the_clock_of_an_account_overrides_that_of_a_scenario() -> None:
    pipeline = pipeline_with(
        "name: n\nclock: {offset: +301s}", account=replace(ALICE, clock=Clock())
    )

    assert outcome(pipeline) == "ok"


def replied(then: str) -> tuple[WireReply, Pipeline]:
    pipeline = pipeline_with(scenario_with(then))
    return pipeline.answer(a_call(FRONT)), pipeline


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.BAD_JSON])
def test_a_fault_is_part_of_the_reply_and_journaled(fault: Fault) -> None:
    reply, pipeline = replied(f"{{fault: {fault}, delay: 2s}}")

    assert (reply.fault, reply.delay_seconds) == (fault, 2.0)
    exchange = pipeline.state.journal.newest_first()[0]
    assert (exchange.outcome, exchange.rule, exchange.response) == (f"fault:{fault}", "a", None)
    assert exchange.details()["delay_seconds"] == 2.0


def test_bad_json_is_an_answer_that_ends_too_early() -> None:
    reply, pipeline = replied("{fault: BAD_JSON}")

    assert (reply.status, reply.content_type, reply.fault) == (200, "application/json", None)
    assert reply.body.startswith(b'{"Response":{"Name":"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)
    assert outcome(pipeline) == "fault:BAD_JSON"


def test_a_truncated_answer_has_a_card_in_it() -> None:
    reply, _ = replied("{fault: TRUNCATED_BODY}")

    assert json.loads(reply.body)["Response"]["IdNum"]


@pytest.mark.parametrize("status", [400, 429, 502, 503, 504, 599])
def test_a_gateway_answers_with_its_status_and_no_json(status: int) -> None:
    reply, pipeline = replied(f"{{http: {status}, dribble: 1s}}")

    assert (reply.status, reply.content_type, reply.dribble_seconds) == (status, "text/html", 1.0)
    assert str(status).encode() in reply.body
    if status in list(HTTPStatus):
        assert HTTPStatus(status).phrase.encode() in reply.body
    assert outcome(pipeline) == f"http:{status}"


@pytest.mark.parametrize("then", ["{fault: TIMEOUT}", "{http: 502}", "{error: InternalError}"])
def test_a_call_without_an_answer_of_the_api_is_not_charged(then: str) -> None:
    pipeline = pipeline_with(
        scenario_with(f"[{then}, {{card: invented}}]", "account: {package: 1}")
    )

    outcomes = [outcome(pipeline) for _ in range(3)]

    assert outcomes[1:] == ["ok", "ResourceUnavailable.ResourcePackageRunOut"]


def test_the_message_of_an_error_can_be_overridden_in_every_language() -> None:
    pipeline = pipeline_with(scenario_with('{error: InternalError, message: "{so} it is"}'))

    for language in ("zh-CN", "en-US"):
        reply = pipeline.answer(a_call(FRONT, X_TC_Language=language))
        error = json.loads(reply.body)["Response"]["Error"]
        assert error == {"Code": "InternalError", "Message": "{so} it is"}


def test_a_scripted_answer_overrides_the_picture() -> None:
    pipeline = pipeline_with(scenario_with("{card: {Name: 李明}}"))

    pipeline.answer(a_call({"ImageBase64": "ZmFrZQ=="}))

    exchange = pipeline.state.journal.newest_first()[0]
    assert (exchange.outcome, exchange.picture) == ("ok", None)


PICKY = """
name: picky
rules:
  - name: by secrets
    when:
      header: {Authorization: x, X-TC-Token: x, X-Other: x}
      ImageUrl: {contains: nothing}
    then: {card: invented}
  - name: used up
    after: fall_through
    then: {http: 502}
  - {name: matched, then: {card: invented}}
  - {name: after it, then: {card: invented}}
"""


def test_near_misses_contain_no_secrets() -> None:
    pipeline = pipeline_with(PICKY)
    pipeline.answer(a_call(FRONT))
    pipeline.answer(a_call({"ImageUrl": "https://xx/a.jpg?token=1"}, X_TC_Token="t"))

    misses = near_misses(pipeline.state.journal.newest_first()[0])

    assert [each["rule"] for each in misses] == ["by secrets", "used up"]
    found = {each["name"]: each["found"] for each in misses[0]["differences"]}
    assert found["header.Authorization"].endswith("Signature=***")
    assert "token" not in json.dumps(misses)
    assert misses[1] == {
        "scenario": "picky",
        "rule": "used up",
        "conditions": 0,
        "differences": [],
    }


def test_a_call_decided_by_chaos_has_no_near_misses() -> None:
    pipeline = pipeline_with(PICKY + "chaos: [{probability: 1, http: 502}]\n")
    pipeline.answer(a_call(FRONT))

    assert near_misses(pipeline.state.journal.newest_first()[0]) == []


def test_near_misses_are_those_of_the_rules_active_at_the_time() -> None:
    pipeline = pipeline_with(PICKY)
    pipeline.answer(a_call(FRONT))
    pipeline.answer(a_call(FRONT))
    pipeline.state.registry.stop(account="alice")

    exchange = pipeline.state.journal.newest_first()[0]

    assert [each["rule"] for each in near_misses(exchange)] == ["by secrets", "used up"]


def matched(pipeline: Pipeline, parameters: Mapping[str, Any], **more: Any) -> tuple[Any, ...]:
    account = pipeline.state.accounts.all()[0]
    decision, misses = match(pipeline.state, account, parameters, **more)
    return decision.rule, decision.scenario, [each["rule"] for each in misses]


def test_a_dry_run_returns_the_matching_rule_and_counts_nothing() -> None:
    pipeline = pipeline_with(PICKY)

    for _ in range(3):
        assert matched(pipeline, FRONT) == ("used up", "picky", ["by secrets"])
    headers = {"authorization": "x", "X-TC-TOKEN": "x", "x-other": "x"}
    url = {"ImageUrl": "https://nothing"}
    assert matched(pipeline, url, headers=headers) == ("by secrets", "picky", [])
    assert pipeline.state.journal.newest_first() == []


def test_a_dry_run_sees_what_is_left_of_the_package_and_takes_nothing_from_it() -> None:
    pipeline = pipeline_with(scenario_with("{card: invented}", "account: {package: 2}"))
    outcome(pipeline)

    for _ in range(3):
        assert matched(pipeline, FRONT) == ("a", "n", [])
    outcome(pipeline)
    with pytest.raises(ApiError) as refused:
        matched(pipeline, FRONT)

    assert refused.value.code == "ResourceUnavailable.ResourcePackageRunOut"


def test_a_dry_run_matches_by_region() -> None:
    text = "name: n\nrules: [{name: a, when: {Region: ap-beijing}, then: {http: 502}}]"
    pipeline = pipeline_with(text)

    assert matched(pipeline, FRONT, region="ap-beijing") == ("a", "n", [])
    assert matched(pipeline, FRONT) == (None, None, ["a"])


def test_a_reset_account_is_like_one_that_never_called() -> None:
    text = scenario_with("[{card: invented}, {http: 502}]", "account: {package: 2, rate: 2}")
    pipeline = pipeline_with(text, account=replace(ALICE, package=None))
    first = [outcome(pipeline) for _ in range(3)]
    pipeline.state.clocks.move("alice", Clock(frozen_at=datetime(2020, 1, 1, tzinfo=UTC)))
    outcome(pipeline)

    pipeline.state.reset("alice")

    assert pipeline.state.journal.newest_first() == []
    assert pipeline.state.journal.rule_counts() == {}
    assert [outcome(pipeline) for _ in range(3)] == first == ["ok", "http:502", first[2]]


def test_matched_calls_are_counted_beyond_the_limit_of_the_journal() -> None:
    pipeline = pipeline_with(scenario_with("{card: invented}"))
    pipeline.state.journal = Journal(max_calls=1, max_bytes=2**20)

    for _ in range(3):
        outcome(pipeline)

    journal = pipeline.state.journal
    assert journal.rule_counts("alice") == journal.rule_counts() == {("n", "a"): 3}
    assert journal.rule_counts("bob") == {}


def test_a_removed_account_leaves_no_active_scenario() -> None:
    pipeline = pipeline_with(scenario_with("{http: 502}"))
    outcome(pipeline)

    pipeline.state.forget("alice")

    assert outcome(pipeline) == "ok"
    assert pipeline.state.metrics.counts().calls == {("alice", "IDCardOCR", "ok"): 1}


def test_the_day_of_an_account_is_that_of_its_clock() -> None:
    pipeline = pipeline_with("name: n\nclock: {freeze: 2030-06-01}", auth="off")

    settings = pipeline.state.settings_of(
        ALICE, pipeline.state.registry.rulebook(ALICE.name), pipeline.state.clock_of(ALICE).at(NOW)
    )

    assert settings.today == date(2030, 6, 1)
