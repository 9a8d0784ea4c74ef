"""The tally: each call counts once, whether the journal still has it or not."""

from datetime import timedelta

import pytest

from mockocr.journal import tally as tally_module
from mockocr.journal.exchange import Exchange
from mockocr.journal.journal import Journal
from mockocr.journal.tally import Tally
from mockocr.protocol.refusals import INTERNAL_ERROR, REQUEST_SIZE_LIMIT_EXCEEDED
from mockocr.protocol.signature import Signature
from tests.records import REQUEST, an_exchange

MANY = 10**9
ACTION = "IDCardOCR"


def answered(request_id: str, *marks: str, body: str = "a", account: str = "alice") -> Exchange:
    return an_exchange(
        request_id, account=account, action=ACTION, marks=marks, signature=signed(body)
    )


def refused(request_id: str, body: str = "a", account: str = "alice") -> Exchange:
    error = INTERNAL_ERROR.error()
    return an_exchange(
        request_id, account=account, action=ACTION, error=error, signature=signed(body)
    )


def signed(body: str) -> Signature:
    return Signature("to sign", True, payload_hash=body, covers_body=True)


def calls(tally: Tally, account: str | None = "alice") -> dict[str, int]:
    counts = tally.counts().get((account, ACTION), {})
    return {mark: count.calls for mark, count in counts.items()}


def test_outcomes_and_the_marks_of_answers_are_counted_by_account_and_action() -> None:
    journal = Journal(MANY, MANY)

    journal.write_all([answered("1", "side:FRONT"), answered("2", "side:FRONT", "shape:crops")])
    journal.write_all([refused("3"), answered("4", "side:BACK", account="bob")])

    tally = journal.tally()
    assert calls(tally) == {"side:FRONT": 2, "shape:crops": 1, "InternalError": 1}
    assert calls(tally, "bob") == {"side:BACK": 1}


def test_the_first_and_the_last_call_are_known() -> None:
    journal = Journal(2, MANY)
    later = REQUEST.received_at + timedelta(hours=1)
    for request_id, moment in (("1", REQUEST.received_at), ("2", later), ("3", later)):
        exchange = answered(request_id, "side:FRONT")
        exchange.received_at = moment
        journal.write_all([exchange])

    count = journal.tally().counts()["alice", ACTION]["side:FRONT"]

    assert (count.calls, count.first, count.last) == (3, REQUEST.received_at, later)


def test_calls_that_the_journal_has_forgotten_are_counted_once() -> None:
    bounded = Journal(3, MANY)

    for number in range(10):
        bounded.write_all([answered(str(number), "side:FRONT")])
        assert calls(bounded.tally()) == {"side:FRONT": number + 1}


def test_many_different_answers_are_counted_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_module, "MAX_ALIKE", 3)
    tally = Tally()

    for number in range(10):
        tally.count(answered(str(number), "side:FRONT", f"flag:{number}"))
        tally.count(answered(str(number), "side:FRONT", "flag:0"))

    assert len(tally._alike) <= 3
    assert calls(tally) == {
        "side:FRONT": 20,
        "flag:0": 11,
        **{f"flag:{number}": 1 for number in range(1, 10)},
    }


@pytest.mark.parametrize("account", ["alice", None])
def test_clearing_the_journal_does_not_change_the_counts(account: str | None) -> None:
    journal = Journal(MANY, MANY)
    journal.write_all([answered("1", "side:FRONT")])

    journal.reset(account)

    assert journal.size().calls == 0
    assert calls(journal.tally()) == {"side:FRONT": 1}


def test_a_call_that_replaces_another_counts_too() -> None:
    journal = Journal(MANY, MANY)

    journal.write_all([answered("1", "side:FRONT"), answered("1", "side:BACK")])

    assert calls(journal.tally()) == {"side:FRONT": 1, "side:BACK": 1}


def test_counting_begins_anew_for_one_account_or_all() -> None:
    journal = Journal(2, MANY)
    for number, account in enumerate(["alice", "bob"] * 2):
        journal.write_all([answered(str(number), "side:FRONT", account=account)])

    journal.forget_tally("alice")
    assert (calls(journal.tally()), calls(journal.tally(), "bob")) == ({}, {"side:FRONT": 2})
    journal.write_all([answered("5", "side:BACK")])
    assert calls(journal.tally()) == {"side:BACK": 1}

    journal.forget_tally()
    assert journal.tally().counts() == {}
    assert journal.size().calls == 2


@pytest.mark.parametrize("most_calls", [MANY, 1, 0])
def test_a_success_of_the_same_body_is_a_recovery(most_calls: int) -> None:
    journal = Journal(most_calls, MANY)

    for exchange in (
        refused("1"),
        refused("2"),
        answered("3", body="another"),
        answered("4", account="bob"),
        answered("5"),
        answered("6"),
    ):
        journal.write_all([exchange])

    assert calls(journal.tally()) == {"InternalError": 2, "recovered:InternalError": 1}
    assert calls(journal.tally(), "bob") == {}


def test_a_recovery_is_after_each_outcome_that_the_body_had() -> None:
    tally = Tally()
    other = an_exchange(
        "2",
        account="alice",
        action=ACTION,
        error=REQUEST_SIZE_LIMIT_EXCEEDED.error(),
        signature=signed("a"),
    )

    for exchange in (refused("1"), other, answered("3")):
        tally.count(exchange)

    assert {mark for mark in calls(tally) if mark.startswith("recovered:")} == {
        "recovered:InternalError",
        "recovered:RequestSizeLimitExceeded",
    }


def test_an_unsigned_body_is_the_same_if_its_recorded_parameters_are() -> None:
    tally = Tally()
    for parameters, fails in (({"a": 1}, True), ({"a": 2}, False), ({"a": 1}, False)):
        exchange = refused("1") if fails else answered("1")
        exchange.signature, exchange.parameters = None, parameters
        tally.count(exchange)
        assert ("recovered:InternalError" in calls(tally)) is (parameters == {"a": 1} and not fails)


def test_only_registered_actions_are_told_apart() -> None:
    tally = Tally()
    exchange = refused("1")
    exchange.action = "NoSuchAction"

    tally.count(exchange)

    assert list(tally.counts()) == [("alice", None)]


def test_the_oldest_accounts_lose_their_names_and_not_their_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tally_module, "MAX_SOURCES", 2)
    tally = Tally()

    for account in ("a", "b", "c", "d", "e", "e"):
        tally.count(answered("1", "side:FRONT", account=account))

    assert [calls(tally, name) for name in (None, "a", "b", "c", "d", "e")] == [
        {"side:FRONT": 3},
        *[{}] * 3,
        {"side:FRONT": 1},
        {"side:FRONT": 2},
    ]


def test_few_failed_bodies_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_module, "MAX_FAILED_BODIES", 1)
    tally = Tally()

    for exchange in (
        refused("1", body="a"),
        refused("2", body="b"),
        answered("3", body="a"),
        answered("4", body="b"),
    ):
        tally.count(exchange)

    assert calls(tally)["recovered:InternalError"] == 1


def test_forgetting_an_account_forgets_its_failed_bodies() -> None:
    tally = Tally()
    tally.count(refused("1"))
    tally.count(refused("2", account="bob"))

    tally.forget("alice")
    tally.count(answered("3"))
    tally.count(answered("4", account="bob"))

    assert "recovered:InternalError" not in calls(tally)
    assert "recovered:InternalError" in calls(tally, "bob")


def test_a_call_of_which_nothing_is_known_is_no_try_of_a_body() -> None:
    tally = Tally()
    for exchange in (refused("1"), answered("2")):
        exchange.signature = None
        tally.count(exchange)

    assert calls(tally) == {"InternalError": 1}
