"""Random choices: by weight, chaos, delays. They can be reproduced."""

from collections import Counter
from datetime import timedelta
from statistics import fmean, median
from typing import Any

import pytest

from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.delays import Fixed, LogNormal, Uniform
from mockocr.scenario.draws import Draws
from mockocr.scenario.outcomes import FaultOutcome, GatewayError, Refused
from mockocr.scenario.rulebook import Decision, Rulebook
from tests.builders import NOW
from tests.scenario.scripts import a_scenario, decided

WEIGHTED = """
name: weighted
rules:
  - name: weighted
    then:
      one_of:
        - {card: invented, weight: 90}
        - {error: FailedOperation.ImageBlur, weight: 9}
        - {http: 502}
"""


def kind(decision: Decision) -> str:
    match decision.resolved.outcome:
        case Refused(refusal):
            return refusal.code.rpartition(".")[2]
        case FaultOutcome(fault):
            return str(fault)
        case GatewayError(status):
            return str(status)
        case _:
            return "ok"


def run(text: str, count: int, **more: Any) -> list[str]:
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()
    return [kind(decided(rulebook, {}, call_counters=call_counters, **more)) for _ in range(count)]


def test_choices_are_drawn_by_their_weights() -> None:
    charge = Counter(run(WEIGHTED, 5000))

    assert charge.keys() == {"ok", "ImageBlur", "502"}
    assert 4300 < charge["ok"] < 4700
    assert 350 < charge["ImageBlur"] < 550
    assert 20 < charge["502"] < 90


def test_one_choice_alone_is_always_chosen() -> None:
    text = "name: n\nrules: [{name: a, then: {one_of: [{http: 503, weight: 0.001}]}}]\n"

    assert run(text, 3) == ["503"] * 3


@pytest.mark.parametrize(
    ("more", "unusual"),
    [
        ({}, {24: "ImageBlur"}),
        (
            {"seed": 1},
            {0: "ImageBlur", 7: "502", 14: "ImageBlur", 22: "ImageBlur", 24: "ImageBlur"},
        ),
        ({"account": "bob"}, {0: "ImageBlur", 6: "ImageBlur", 9: "502"}),
    ],
)
def test_the_outcomes_follow_from_seed_account_and_call_number(
    more: dict[str, Any], unusual: dict[int, str]
) -> None:
    outcomes = run(WEIGHTED, 40, **more)

    assert {number: each for number, each in enumerate(outcomes) if each != "ok"} == unusual


def test_calls_of_other_accounts_change_no_draw() -> None:
    rulebook, call_counters = Rulebook([a_scenario(WEIGHTED)]), CallCounters()
    outcomes = []
    for _ in range(100):
        decided(rulebook, {}, call_counters=call_counters, account="bob")
        outcomes.append(kind(decided(rulebook, {}, call_counters=call_counters)))

    assert outcomes == run(WEIGHTED, 100)


CHAOS = """
name: bad day
chaos:
  - {probability: 0.2, fault: CONNECTION_RESET_BY_PEER}
  - {probability: 0.1, one_of: [{error: InternalError}, {http: 502}]}
rules:
  - {name: blurred, then: {error: FailedOperation.ImageBlur}}
"""


def test_chaos_applies_with_its_probability_and_otherwise_rules_decide() -> None:
    charge = Counter(run(CHAOS, 3000))

    assert 500 < charge["CONNECTION_RESET_BY_PEER"] < 700
    assert 60 < charge["InternalError"] < 200
    assert 60 < charge["502"] < 200
    assert charge["ImageBlur"] > 1900


def test_a_chaos_entry_is_identified_by_its_index() -> None:
    scenario = a_scenario(
        "name: n\nchaos: [{probability: 0, http: 502}, {probability: 1, http: 503}]"
    )

    decision = decided(Rulebook([scenario]), {})

    assert (decision.rule, decision.scenario, kind(decision)) == ("chaos[1]", "n", "503")


def test_a_call_decided_by_chaos_counts_for_no_rule() -> None:
    text = """
name: n
chaos: [{after_calls: 1, for: 2, http: 502}]
rules:
  - {name: a, then: [{card: invented}, {error: FailedOperation.ImageBlur}]}
"""
    assert run(text, 5) == ["ok", "502", "502", "ImageBlur", "ImageBlur"]


def test_an_outage_without_a_length_does_not_end() -> None:
    assert run("name: n\nchaos: [{after_calls: 2, http: 503}]", 5) == ["ok"] * 2 + ["503"] * 3


def test_outages_count_every_call_of_the_account() -> None:
    text = """
name: n
chaos:
  - {after_calls: 0, for: 2, http: 502}
  - {after_calls: 3, for: 1, http: 503}
"""
    assert run(text, 5) == ["502", "502", "ok", "503", "ok"]


def at(rulebook: Rulebook, call_counters: CallCounters, seconds: float) -> str:
    return kind(
        decided(rulebook, {}, call_counters=call_counters, now=NOW + timedelta(seconds=seconds))
    )


def test_the_length_of_an_outage_is_measured_by_the_accounts_clock() -> None:
    text = "name: n\nchaos: [{after_calls: 1, for: 30s, http: 503}]"
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()

    kinds = [at(rulebook, call_counters, seconds) for seconds in (0, 100, 129, 130, 200)]

    assert kinds == ["ok", "503", "503", "ok", "ok"]


def test_a_dry_run_begins_no_outage() -> None:
    text = "name: n\nchaos: [{after_calls: 0, for: 30s, http: 503}]"
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()

    assert kind(decided(rulebook, {}, call_counters=call_counters.snapshot("alice"))) == "503"
    assert at(rulebook, call_counters, 100) == "503"
    assert at(rulebook, call_counters, 129) == "503"


def test_chaos_can_only_delay_the_outcome_of_a_rule() -> None:
    text = """
name: n
chaos: [{probability: 1, delay: 5s}]
rules: [{name: a, then: {error: FailedOperation.ImageBlur, delay: 1s, dribble: 2s}}]
"""
    decision = decided(Rulebook([a_scenario(text)]), {})

    assert (decision.rule, kind(decision)) == ("a", "ImageBlur")
    assert decision.delayed_by == "n: chaos[0]"
    assert decision.resolved.delay_seconds == 5.0
    assert decision.resolved.dribble_seconds == 2.0


def test_chaos_can_delay_the_answer_of_the_picture() -> None:
    text = "name: n\nchaos: [{probability: 1, delay: {uniform: [1s, 2s]}, dribble: 3s}]"
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()

    decisions = [decided(rulebook, {}, call_counters=call_counters) for _ in range(20)]

    delays = {decision.resolved.delay_seconds for decision in decisions}
    assert len(delays) == 20
    assert all(1 <= delay < 2 for delay in delays)
    assert {(each.rule, each.resolved.dribble_seconds) for each in decisions} == {(None, 3.0)}


def test_a_delay_by_chaos_is_reported_and_hides_no_later_entry() -> None:
    text = """
name: n
chaos:
  - {probability: 1, delay: 5s}
  - {probability: 1, delay: 7s}
  - {probability: 1, error: InternalError, delay: 1s}
"""
    decision = decided(Rulebook([a_scenario(text)]), {})

    assert (decision.rule, kind(decision)) == ("chaos[2]", "InternalError")
    assert decision.resolved.delay_seconds == 5.0
    assert decision.delayed_by == "n: chaos[0]"


def test_the_delay_of_a_choice_wins_over_that_of_its_step() -> None:
    text = """
name: n
rules:
  - name: a
    then: {one_of: [{http: 502, delay: 2s}, {http: 503}], delay: 1s}
"""
    rulebook, call_counters = Rulebook([a_scenario(text)]), CallCounters()

    resolved = {
        (kind(each), each.resolved.delay_seconds)
        for each in (decided(rulebook, {}, call_counters=call_counters) for _ in range(50))
    }

    assert resolved == {("502", 2.0), ("503", 1.0)}


def test_noise_on_the_wire_is_reproducible_and_differs_between_calls() -> None:
    text = "name: n\nrules: [{name: a, then: {fault: RANDOM_DATA_THEN_CLOSE}}]"
    rulebook, call_counters, again = Rulebook([a_scenario(text)]), CallCounters(), CallCounters()

    noises = [decided(rulebook, {}, call_counters=call_counters).resolved.outcome for _ in range(2)]
    repeated = [decided(rulebook, {}, call_counters=again).resolved.outcome for _ in range(2)]

    assert noises == repeated
    assert noises[0] != noises[1]
    for each in noises:
        assert isinstance(each, FaultOutcome)
        assert (len(each.noise), each.noise[0] >= 0x80, each.noise[-2:]) == (34, True, b"\r\n")


DRAWS = [Draws(0, "alice", "rule", n) for n in range(2000)]


def test_a_fixed_delay_is_fixed() -> None:
    assert Fixed(0.25).draw(DRAWS[0]) == 0.25


def test_a_uniform_delay_is_spread_over_its_range() -> None:
    delays = [Uniform(0.05, 0.2).draw(draws) for draws in DRAWS]

    assert 0.05 <= min(delays) < 0.06
    assert 0.19 < max(delays) <= 0.2
    assert fmean(delays) == pytest.approx(0.125, rel=0.05)


def test_a_lognormal_delay_has_its_median_and_its_cap() -> None:
    delays = [LogNormal(0.08, 0.4, 0.2).draw(draws) for draws in DRAWS]

    assert median(delays) == pytest.approx(0.08, rel=0.05)
    assert max(delays) == 0.2
    assert min(delays) > 0.01


def test_a_lognormal_delay_without_spread_is_its_median() -> None:
    assert {LogNormal(0.08, 0, 1).draw(draws) for draws in DRAWS} == {0.08}


def test_the_widest_spread_can_be_computed() -> None:
    assert {LogNormal(600, 10, 600).draw(draws) <= 600 for draws in DRAWS} == {True}


def test_every_part_of_a_draw_changes_it() -> None:
    draws = DRAWS[0]
    others = [
        draws._replace(seed=1),
        draws._replace(account="bob"),
        draws._replace(rule="other"),
        draws._replace(n=1),
    ]

    assert draws.number("a") != draws.number("b")
    assert all(other.number("a") != draws.number("a") for other in others)
