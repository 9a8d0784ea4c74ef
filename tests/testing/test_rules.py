"""The rules that an account gets from `respond`, and their counts."""

from typing import TYPE_CHECKING

import pytest

from mockocr import Account, CardFields, UsageError
from tests.testing.calling import call, outcome

if TYPE_CHECKING:
    pass

LI_MING: CardFields = {"Name": "李明", "IdNum": "440524198701010014"}
FLAKY = """\
name: flaky
rules:
  - name: second
    when: {CardSide: FRONT}
    then:
      - {card: invented}
      - {error: FailedOperation.OcrFailed}
"""


def test_respond_answers_every_later_call_before_active_scenarios(ocr: Account) -> None:
    ocr.play(FLAKY)
    ocr.respond(card=LI_MING)
    first = call(ocr, CardSide="FRONT")
    ocr.respond(error="FailedOperation.ImageBlur")

    assert (first.Name, first.IdNum) == ("李明", "440524198701010014")
    assert outcome(ocr, CardSide="BACK") == "FailedOperation.ImageBlur"
    assert [each.rule for each in ocr.requests] == ["respond 1", "respond 2"]


def test_rules_with_conditions_are_active_together(ocr: Account) -> None:
    front = ocr.respond(when={"CardSide": "FRONT"}, card={"Name": "李明"})
    back = ocr.respond(when={"CardSide": "BACK"}, card={"Authority": "赵县公安局"})

    assert call(ocr, CardSide="FRONT").Name == "李明"
    assert call(ocr, CardSide="BACK").Authority == "赵县公安局"
    front.assert_called(times=1)
    back.assert_called()
    assert [each.parameters["CardSide"] for each in back.calls] == ["BACK"]
    assert repr(back) == "<mockocr rule 'respond 2'>"


def test_several_outcomes_are_a_sequence_and_the_last_one_is_repeated(ocr: Account) -> None:
    ocr.respond(
        {"error": "FailedOperation.OcrFailed", "times": 2},
        {"card": {"Name": "李明"}},
        {"error": "FailedOperation.ImageBlur"},
    )

    codes = [outcome(ocr, CardSide="FRONT").rpartition(".")[2] for _ in range(5)]
    assert codes == ["OcrFailed", "OcrFailed", "ok", "ImageBlur", "ImageBlur"]


def test_a_last_outcome_with_times_leaves_later_calls_to_older_rules(ocr: Account) -> None:
    ocr.respond(error="FailedOperation.ImageBlur")
    flaky = ocr.respond(error="FailedOperation.OcrFailed", times=2)

    codes = [outcome(ocr).rpartition(".")[2] for _ in range(4)]
    assert codes == ["OcrFailed", "OcrFailed", "ImageBlur", "ImageBlur"]
    flaky.assert_called(times=2)


def test_a_newer_rule_comes_first_and_does_not_reset_the_count_of_older_ones(ocr: Account) -> None:
    ocr.respond({"error": "FailedOperation.OcrFailed"}, {"card": "invented"})
    first = outcome(ocr, CardSide="FRONT")
    ocr.respond(when={"CardSide": "BACK"}, error="FailedOperation.ImageBlur")

    codes = [first, outcome(ocr, CardSide="BACK"), outcome(ocr, CardSide="FRONT")]
    assert [each.rpartition(".")[2] for each in codes] == ["OcrFailed", "ImageBlur", "ok"]


def test_a_rule_is_replaced_by_one_that_answers_all_its_calls(ocr: Account) -> None:
    front = ocr.respond(when={"CardSide": "FRONT"}, card="invented")
    ocr.respond(when={"CardSide": "BACK"}, card="invented")
    ocr.respond(when={"CardSide": "BACK"}, error="FailedOperation.ImageBlur")
    assert active(ocr) == ["respond 3", "respond 1"]
    outcome(ocr, CardSide="FRONT")

    ocr.respond(error="FailedOperation.OcrFailed")

    assert active(ocr) == ["respond 4"]
    front.assert_called(times=1)


def active(account: Account) -> list[str]:
    shown = account.server.admin.ask("GET", "scenarios", query={"account": account.name})
    return [each["name"] for each in shown["scenarios"]]


def test_a_refused_rule_is_not_active_and_replaces_nothing(ocr: Account) -> None:
    ocr.respond(card="invented")
    with pytest.raises(UsageError, match=r"^respond\.error: unknown value"):
        ocr.respond(error="FailedOperation.ImageBlurr")
    ocr.respond(when={"CardSide": "BACK"}, card="invented")

    assert active(ocr) == ["respond 3", "respond 1"]


def test_a_failed_assertion_on_a_rule_says_why_it_did_not_answer(ocr: Account) -> None:
    rule = ocr.respond(when={"CardSide": "FRONT"}, error="FailedOperation.OcrFailed", times=1)
    rule.assert_not_called()
    codes = [outcome(ocr, CardSide="FRONT"), outcome(ocr, CardSide="BACK")]
    codes += [outcome(ocr, CardSide="FRONT"), outcome(ocr, key="worn")]
    ocr.respond(card="invented")
    call(ocr, CardSide="FRONT")
    _, back, again, worn, newer = (each.request_id for each in ocr.requests)

    with pytest.raises(AssertionError) as failed:
        rule.assert_called(times=2)

    assert codes == ["FailedOperation.OcrFailed", "ok", "ok", "AuthFailure.SignatureFailure"]
    assert str(failed.value).splitlines() == [
        "expected 2 matching calls, got 1 (5 calls in total)",
        f"  not {back}: expected CardSide FRONT, got BACK",
        f"  not {again}: its outcomes were used up",
        f"  not {worn}: AuthFailure.SignatureFailure",
        f"  not {newer}: answered by rule 'respond 2' of scenario 'respond 2'",
    ]
    with pytest.raises(AssertionError, match=r"^expected 0 matching calls, got 1 \(5 calls in"):
        rule.assert_not_called()
