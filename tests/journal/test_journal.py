"""The last calls: how they are found, and when they are forgotten."""

import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from mockocr.actions.facts import Facts
from mockocr.explainer.causes import Cause, Detail
from mockocr.journal.exchange import Exchange, exchange_of
from mockocr.journal.journal import CallFilter, Journal
from mockocr.protocol.errors import ApiError
from mockocr.protocol.reasons import Hint, Note, Reason
from mockocr.protocol.refusals import INTERNAL_ERROR, UNKNOWN_PARAMETER
from mockocr.protocol.signature import Signature
from mockocr.scenario.rulebook import Rulebook
from tests.memory import traced_memory
from tests.records import REQUEST, an_exchange
from tests.scenario.scripts import a_scenario

MANY = 10**9


def ids(journal: Journal) -> list[str]:
    return [exchange.request_id for exchange in journal.newest_first()]


def test_calls_are_listed_newest_first() -> None:
    journal = Journal(MANY, MANY)

    for name in "abc":
        journal.write_all([an_exchange(name)])

    assert ids(journal) == ["c", "b", "a"]


def test_a_call_is_found_by_its_request_id() -> None:
    journal = Journal(MANY, MANY)
    for name in "abc":
        journal.write_all([an_exchange(name)])

    found = journal.find("b")

    assert found is not None
    assert found.request_id == "b"
    assert journal.find("d") is None


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("aaaaaaaa", "aaaaaaaa-1"),
        ("bbbbbbbb-1", "bbbbbbbb-1"),
        ("bbbbbbbb", None),
        ("aaaaaaa", None),
        ("bbbbbbbb-2", "bbbbbbbb-2"),
    ],
)
def test_a_call_is_found_by_the_beginning_that_no_other_has(
    beginning: str, found: str | None
) -> None:
    journal = Journal(MANY, MANY)
    for name in ("aaaaaaaa-1", "bbbbbbbb-1", "bbbbbbbb-2", "bbbbbbbb-22"):
        journal.write_all([an_exchange(name)])

    exchange = journal.find(beginning)

    assert (exchange.request_id if exchange else None) == found


def test_a_call_written_twice_is_kept_once_and_counted_once() -> None:
    journal = Journal(MANY, 10_000)

    for _ in range(100):
        journal.write_all([an_exchange("a")])

    assert ids(journal) == ["a"]


def test_the_rule_counts_of_removed_accounts_are_summed() -> None:
    journal = Journal(MANY, MANY)
    for account in ("alice", "bob", "carol"):
        journal.write_all([an_exchange(account, account=account, scenario="s", rule="r")])
    journal.forget("alice")
    journal.forget("bob")

    assert journal.rule_counts("alice") == {}
    assert journal.rule_counts("carol") == {("s", "r"): 1}
    assert journal.rule_counts() == {("s", "r"): 3}
    assert len(ids(journal)) == 3


def test_removed_accounts_take_no_memory() -> None:
    journal = Journal(1, MANY)
    with traced_memory() as memory:
        for number in range(2000):
            journal.write_all([an_exchange("one", account=f"{number}", scenario="s", rule="r")])
            journal.forget(f"{number}")

    assert memory.held_bytes < 100_000


NOON = REQUEST.received_at
OK = an_exchange("ok", account="a", rule="r")
REFUSED = an_exchange("refused", account="b", error=INTERNAL_ERROR.error())
LATER = an_exchange("later", received_at=NOON + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("call_filter", "found"),
    [
        (CallFilter(), ["later", "refused", "ok"]),
        (CallFilter(account="a"), ["ok"]),
        (CallFilter(account="c"), []),
        (CallFilter(outcome="ok"), ["later", "ok"]),
        (CallFilter(outcome="error"), ["refused"]),
        (CallFilter(outcome="InternalError"), ["refused"]),
        (CallFilter(outcome="InvalidAction"), []),
        (CallFilter(rule="r"), ["ok"]),
        (CallFilter(unmatched=False), ["ok"]),
        (CallFilter(since=NOON), ["later", "refused", "ok"]),
        (CallFilter(since=NOON + timedelta(milliseconds=1)), ["later"]),
        (CallFilter(since="ok"), ["later", "refused"]),
        (CallFilter(since="later"), []),
        (CallFilter(since="forgotten"), ["later", "refused", "ok"]),
        (CallFilter(since="ok", outcome="ok"), ["later"]),
    ],
)
def test_calls_are_found_by_filters(call_filter: CallFilter, found: list[str]) -> None:
    journal = Journal(MANY, MANY)
    for exchange in (OK, REFUSED, LATER):
        journal.write_all([exchange])

    assert [exchange.request_id for exchange in journal.newest_first(call_filter)] == found


RULES = Rulebook([a_scenario("name: n\nrules: [{name: r, then: {card: invented}}]")])
CHAOS = Rulebook([a_scenario("name: n\nchaos: [{probability: 0.5, http: 502}]")])


def test_a_call_is_unmatched_if_there_were_rules_and_none_matched() -> None:
    journal = Journal(MANY, MANY)
    for exchange in (
        an_exchange("refused before the rules"),
        an_exchange("no rules", rulebook=CHAOS),
        an_exchange("chaos", rulebook=CHAOS, rule="chaos[0]"),
        an_exchange("not matched", rulebook=RULES),
        an_exchange("matched", rulebook=RULES, rule="r"),
    ):
        journal.write_all([exchange])

    without_match, with_match = (
        [each.request_id for each in journal.newest_first(CallFilter(unmatched=unmatched))]
        for unmatched in (True, False)
    )

    assert without_match == ["not matched"]
    assert with_match == ["matched", "chaos"]


@pytest.mark.parametrize(("account", "left"), [(None, []), ("a", ["later", "refused"])])
def test_a_reset_forgets_the_calls_of_an_account_or_all(
    account: str | None, left: list[str]
) -> None:
    journal = Journal(MANY, MANY)
    for exchange in (OK, REFUSED, LATER):
        journal.write_all([exchange])

    journal.reset(account)

    assert ids(journal) == left
    assert journal.find("ok") is None


def test_a_reset_frees_the_bytes_of_the_limit() -> None:
    journal = Journal(MANY, 10_000)
    for _ in range(10):
        journal.write_all([an_exchange("a", parameters={"Config": "x" * 6000})])
        journal.reset()

    journal.write_all([an_exchange("b", parameters={"Config": "x" * 6000})])

    assert ids(journal) == ["b"]


@pytest.mark.parametrize(("limit", "kept"), [(2, ["c", "b"]), (1, ["c"]), (0, [])])
def test_the_oldest_calls_over_the_limit_are_forgotten(limit: int, kept: list[str]) -> None:
    journal = Journal(limit, MANY)

    for name in "abc":
        journal.write_all([an_exchange(name)])

    assert ids(journal) == kept


def test_the_oldest_calls_over_the_byte_limit_are_forgotten() -> None:
    journal = Journal(MANY, 50_000)

    for name in "abc":
        journal.write_all([an_exchange(name, parameters={"Config": "x" * 20_000})])

    assert ids(journal) == ["c", "b"]


def test_a_call_larger_than_the_journal_is_dropped_and_the_next_one_kept() -> None:
    journal = Journal(MANY, 10_000)

    journal.write_all([an_exchange("large", response={"AdvancedInfo": "x" * 20_000})])
    journal.write_all([an_exchange("small")])

    assert ids(journal) == ["small"]


LONG = "x" * 10_000
HINT = Hint("a", "a")
DETAIL = Detail("a", "a", ("a", "a"), found=LONG)
LARGE = {
    "head": an_exchange(head_bytes=len(LONG)),
    "many headers": an_exchange(headers={str(n): "a" for n in range(200)}),
    "reason": an_exchange(error=INTERNAL_ERROR.error(Reason(HINT, "a", LONG))),
    "note": an_exchange(notes=(Note("a", Reason(HINT, LONG)),)),
    "facts": an_exchange(facts=Facts({"header.a": LONG}, {})),
    "cause": an_exchange(cause=Cause("a", True, (LONG, "a"))),
    "detail of a cause": an_exchange(cause=Cause("a", True, details=(DETAIL,))),
    "action": an_exchange(action=LONG),
    "parameter": an_exchange(parameters={"Config": LONG}),
    "name of a parameter": an_exchange(parameters={LONG: "***"}),
    "many parameters": an_exchange(parameters={str(n): "***" for n in range(200)}),
    "member": an_exchange(response={"Name": LONG}),
    "error": an_exchange(error=UNKNOWN_PARAMETER.error(name=LONG)),
    "canonical request": an_exchange(signature=Signature("", True, LONG)),
    "string to sign": an_exchange(signature=Signature(LONG, True)),
}


@pytest.mark.parametrize("exchange", LARGE.values(), ids=LARGE)
def test_every_long_part_of_a_call_counts(exchange: Exchange) -> None:
    journal = Journal(MANY, 10_000)

    journal.write_all([exchange])

    assert ids(journal) == []


def test_the_journal_takes_about_as_many_bytes_as_its_limit() -> None:
    limit = 2_000_000
    journal = Journal(MANY, limit)

    with traced_memory() as memory:
        for n in range(3000):
            headers = {"host": f"localhost:{n}", "authorization": "TC3-" + "x" * 200 + str(n)}
            parameters = {f"Config{n}": "***", "CardSide": f"FRONT {n}"}
            head_bytes = sum(len(it) for pair in headers.items() for it in pair)
            request = replace(REQUEST, request_id=f"id-{n}", headers=headers, head_bytes=head_bytes)
            exchange = exchange_of(request)
            exchange.parameters, exchange.action = parameters, "IDCardOCR"
            journal.write_all([exchange])

    assert memory.held_bytes < 1.2 * limit


def test_concurrent_threads_stay_within_the_limits() -> None:
    journal = Journal(100, MANY)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: journal.write_all([an_exchange(str(n))]), range(1000)))

    assert len(journal.newest_first()) == 100


class Body:
    """A refused call with megabytes of body."""


def refuse() -> tuple[ApiError, "weakref.ref[Body]"]:
    body = Body()
    try:
        raise UNKNOWN_PARAMETER.error(name="x")
    except ApiError as error:
        return error, weakref.ref(body)


def test_a_refused_call_does_not_keep_its_body() -> None:
    journal = Journal(MANY, MANY)
    error, body = refuse()
    assert body() is not None

    journal.write_all([an_exchange(error=error)])
    del error

    assert body() is None
    (exchange,) = journal.newest_first()
    assert exchange.details()["error"] == {
        "Code": "UnknownParameter",
        "Message": "The parameter `x` is not recognized.",
    }
