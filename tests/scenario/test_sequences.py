"""The outcome of a rule for its first, second and n-th call."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockocr.scenario.call_counters import CallCounters, Key
from mockocr.scenario.outcomes import Refused
from mockocr.scenario.rulebook import Rulebook
from tests.builders import URL
from tests.scenario.scripts import a_scenario, decided

FLAKY = """
name: flaky
rules:
  - name: flaky
    then:
      - {card: invented, times: 2}
      - {error: FailedOperation.OcrFailed}
      - {error: FailedOperation.ImageBlur}
"""
OTHERWISE = "  - {name: otherwise, then: {error: InternalError}}\n"


def outcome(rulebook: Rulebook, call_counters: CallCounters, **more: Any) -> str:
    decision = decided(rulebook, more.pop("parameters", {}), call_counters=call_counters, **more)
    found = decision.resolved.outcome
    return found.refusal.code.rpartition(".")[2] if isinstance(found, Refused) else "ok"


def calls(text: str, count: int) -> list[str]:
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()
    return [outcome(rulebook, call_counters) for _ in range(count)]


def test_a_list_advances_with_each_call_and_stays_at_its_last_outcome() -> None:
    assert calls(FLAKY, 6) == ["ok", "ok", "OcrFailed", "ImageBlur", "ImageBlur", "ImageBlur"]


def test_a_list_can_start_over() -> None:
    text = FLAKY + "    after: cycle\n"

    assert calls(text, 9) == ["ok", "ok", "OcrFailed", "ImageBlur"] * 2 + ["ok"]


def test_a_finished_list_can_leave_calls_to_the_next_rule() -> None:
    text = FLAKY + "    after: fall_through\n" + OTHERWISE

    assert calls(text, 6)[2:] == ["OcrFailed", "ImageBlur", "InternalError", "InternalError"]


def test_an_outcome_alone_is_a_list_of_one() -> None:
    rule = "name: n\nrules:\n  - name: a\n    then: {error: FailedOperation.ImageBlur"

    assert calls(f"{rule}}}\n", 3) == ["ImageBlur"] * 3
    text = f"{rule}, times: 2}}\n    after: fall_through\n" + OTHERWISE
    assert calls(text, 3) == ["ImageBlur", "ImageBlur", "InternalError"]


def test_each_account_has_its_own_position_in_a_list() -> None:
    rulebook, call_counters = Rulebook([a_scenario(FLAKY)]), CallCounters()
    for _ in range(2):
        outcome(rulebook, call_counters, account="bob")

    assert outcome(rulebook, call_counters, account="alice") == "ok"
    assert outcome(rulebook, call_counters, account="bob") == "OcrFailed"


def test_each_picture_can_have_its_own_position_in_a_list() -> None:
    rulebook, call_counters = Rulebook([a_scenario(FLAKY + "    per: picture\n")]), CallCounters()
    one, other = {"ImageUrl": URL}, {"ImageUrl": f"{URL}?2"}
    for _ in range(2):
        outcome(rulebook, call_counters, parameters=one)

    assert outcome(rulebook, call_counters, parameters=other) == "ok"
    assert outcome(rulebook, call_counters, parameters=one) == "OcrFailed"


def test_a_call_that_another_rule_matches_is_not_counted() -> None:
    text = FLAKY.replace("    then:", "    when: {CardSide: FRONT}\n    then:")
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()
    for _ in range(3):
        outcome(rulebook, call_counters, parameters={"CardSide": "BACK"})

    assert outcome(rulebook, call_counters, parameters={"CardSide": "FRONT"}) == "ok"


def test_a_thousand_calls_at_once_are_counted_exactly() -> None:
    text = FLAKY.replace("times: 2", "times: 600").replace("OcrFailed}", "OcrFailed, times: 300}")
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()

    with ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(lambda _: outcome(rulebook, call_counters), range(1000)))

    charge = {outcome: outcomes.count(outcome) for outcome in outcomes}
    assert charge == {"ok": 600, "OcrFailed": 300, "ImageBlur": 100}


def test_a_dry_run_counts_nothing() -> None:
    rulebook, call_counters = Rulebook([a_scenario(FLAKY + "    per: picture\n")]), CallCounters()
    outcome(rulebook, call_counters)
    outcome(rulebook, call_counters)

    previews = [
        decided(rulebook, {}, call_counters=call_counters.snapshot("alice")) for _ in range(3)
    ]

    assert {type(snapshot.resolved.outcome) for snapshot in previews} == {Refused}
    assert outcome(rulebook, call_counters) == "OcrFailed"


def test_rules_are_tried_by_priority_then_in_order() -> None:
    text = """
name: n
rules:
  - {name: third, then: {card: invented}}
  - {name: fourth, then: {card: invented}}
  - {name: last, priority: 9, then: {card: invented}}
  - {name: second, priority: 2, then: {card: invented}, after: fall_through}
  - {name: first, priority: 1, then: {card: invented}, after: fall_through}
"""
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()

    assert [decided(rulebook, {}, call_counters=call_counters).rule for _ in range(3)] == [
        "first",
        "second",
        "third",
    ]


def test_a_reset_restarts_the_lists_of_one_account_only() -> None:
    rulebook, call_counters = Rulebook([a_scenario(FLAKY)]), CallCounters()
    for account in ("alice", "bob"):
        for _ in range(2):
            outcome(rulebook, call_counters, account=account)

    call_counters.reset("alice")

    assert outcome(rulebook, call_counters, account="alice") == "ok"
    assert outcome(rulebook, call_counters, account="bob") == "OcrFailed"


def test_a_reloaded_scenario_restarts_its_counters() -> None:
    call_counters = CallCounters()
    rulebook = Rulebook([a_scenario(FLAKY)])
    for _ in range(2):
        outcome(rulebook, call_counters)

    assert outcome(Rulebook([a_scenario(FLAKY)]), call_counters) == "ok"
    assert outcome(rulebook, call_counters) == "OcrFailed"
    call_counters.forget(rulebook.scenarios[0].edition)
    assert outcome(rulebook, call_counters) == "ok"


def test_the_least_recently_used_pictures_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mockocr.scenario.call_counters.MAX_PICTURES", 2)
    call_counters = CallCounters()

    def take(picture: str) -> int:
        return call_counters.next_number(Key("alice", 1, "rule", picture))

    assert [take(picture) for picture in "abacba"] == [1, 1, 2, 1, 1, 1]


def test_a_snapshot_has_the_counters_of_its_account_and_counts_for_itself() -> None:
    counters = CallCounters()
    alice, bob = Key("alice", 1, "rule"), Key("bob", 1, "rule")
    for key in (alice, bob, bob):
        counters.next_number(key)

    snapshot = counters.snapshot("alice")

    assert [snapshot.next_number(key) for key in (alice, alice, bob)] == [2, 3, 1]
    assert [counters.next_number(key) for key in (alice, bob)] == [2, 3]
