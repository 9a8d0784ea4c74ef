"""Which outcome a rule has for its first, second, n-th call."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockocr.scenario import call_counters
from mockocr.scenario.call_counters import Key, Turns
from mockocr.scenario.outcomes import Refused
from mockocr.scenario.rulebook import Book
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


def told(book: Book, turns: Turns, **given: Any) -> str:
    decision = decided(book, given.pop("parameters", {}), turns=turns, **given)
    outcome = decision.performed.outcome
    return outcome.refusal.code.rpartition(".")[2] if isinstance(outcome, Refused) else "ok"


def calls(text: str, count: int) -> list[str]:
    book, turns = Book([a_scenario(text)]), Turns()
    return [told(book, turns) for _ in range(count)]


def test_a_list_advances_with_each_call_and_stays_at_its_last_outcome() -> None:
    assert calls(FLAKY, 6) == ["ok", "ok", "OcrFailed", "ImageBlur", "ImageBlur", "ImageBlur"]


def test_a_list_can_start_over() -> None:
    text = FLAKY + "    after: cycle\n"

    assert calls(text, 9) == ["ok", "ok", "OcrFailed", "ImageBlur"] * 2 + ["ok"]


def test_a_finished_list_can_leave_calls_to_the_next_rule() -> None:
    text = FLAKY + "    after: fall_through\n" + OTHERWISE

    assert calls(text, 6)[2:] == ["OcrFailed", "ImageBlur", "InternalError", "InternalError"]


def test_an_outcome_alone_is_a_list_of_one() -> None:
    text = "name: n\nrules:\n  - name: a\n    then: {error: FailedOperation.ImageBlur, times: 2}\n"

    assert calls(text, 3) == ["ImageBlur"] * 3
    text += "    after: fall_through\n" + OTHERWISE
    assert calls(text, 3) == ["ImageBlur", "ImageBlur", "InternalError"]


def test_each_account_has_its_own_position_in_a_list() -> None:
    book, turns = Book([a_scenario(FLAKY)]), Turns()
    for _ in range(2):
        told(book, turns, account="bob")

    assert told(book, turns, account="alice") == "ok"
    assert told(book, turns, account="bob") == "OcrFailed"


def test_each_picture_can_have_its_own_position_in_a_list() -> None:
    book, turns = Book([a_scenario(FLAKY + "    per: picture\n")]), Turns()
    one, other = {"ImageUrl": URL}, {"ImageUrl": f"{URL}?2"}
    for _ in range(2):
        told(book, turns, parameters=one)

    assert told(book, turns, parameters=other) == "ok"
    assert told(book, turns, parameters=one) == "OcrFailed"


def test_a_call_that_another_rule_matches_is_not_counted() -> None:
    text = FLAKY.replace("    then:", "    when: {CardSide: FRONT}\n    then:")
    book, turns = Book([a_scenario(text)]), Turns()
    for _ in range(3):
        told(book, turns, parameters={"CardSide": "BACK"})

    assert told(book, turns, parameters={"CardSide": "FRONT"}) == "ok"


def test_a_thousand_calls_at_once_are_counted_exactly() -> None:
    text = FLAKY.replace("times: 2", "times: 600").replace("OcrFailed}", "OcrFailed, times: 300}")
    book, turns = Book([a_scenario(text)]), Turns()

    with ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(lambda _: told(book, turns), range(1000)))

    counted = {outcome: outcomes.count(outcome) for outcome in outcomes}
    assert counted == {"ok": 600, "OcrFailed": 300, "ImageBlur": 100}


def test_a_dry_run_counts_nothing() -> None:
    book, turns = Book([a_scenario(FLAKY + "    per: picture\n")]), Turns()
    told(book, turns)
    told(book, turns)

    previews = [decided(book, {}, turns=turns.preview()) for _ in range(3)]

    assert {type(preview.performed.outcome) for preview in previews} == {Refused}
    assert told(book, turns) == "OcrFailed"


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
    book, turns = Book([a_scenario(text)]), Turns()

    assert [decided(book, {}, turns=turns).rule for _ in range(3)] == ["first", "second", "third"]


def test_a_reset_restarts_the_lists_of_one_account_only() -> None:
    book, turns = Book([a_scenario(FLAKY)]), Turns()
    for account in ("alice", "bob"):
        for _ in range(2):
            told(book, turns, account=account)

    turns.reset("alice")

    assert told(book, turns, account="alice") == "ok"
    assert told(book, turns, account="bob") == "OcrFailed"


def test_a_reloaded_scenario_restarts_its_counters() -> None:
    turns = Turns()
    book = Book([a_scenario(FLAKY)])
    for _ in range(2):
        told(book, turns)

    assert told(Book([a_scenario(FLAKY)]), turns) == "ok"
    assert told(book, turns) == "OcrFailed"
    turns.forget(book.scenarios[0].edition)
    assert told(book, turns) == "ok"


def test_the_least_recently_used_pictures_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call_counters, "MAX_PICTURES", 2)
    turns = Turns()

    def take(picture: str) -> int:
        return turns.take(Key("alice", 1, "rule", picture))

    assert [take(picture) for picture in "abacba"] == [1, 1, 2, 1, 1, 1]
