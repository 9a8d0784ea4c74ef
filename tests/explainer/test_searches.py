"""Searches that continue in their thread: bounded, and with the same cause."""

import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from logging import LogRecord
from threading import Event

import pytest

from mockocr.explainer.causes import Cause
from mockocr.explainer.search import Search
from mockocr.explainer.searches import MAX_WAITING, Searches
from mockocr.explainer.work import ALL_HASHES, Work
from mockocr.pipeline.state import settle
from tests.explainer.calls import ALICE, BOB, received, search_of
from tests.explainer.signing import BODY, SECRET_ID, SECRET_KEY, LegacySigner, Signer
from tests.memory import traced_memory
from tests.pipelines import a_pipeline
from tests.requests import a_v1_call
from tests.searches import finish_searches

WRONG = Cause("wrong_secret_key", proven=False)


class Settled:
    """The settled causes, and an event that is set when each call has one."""

    def __init__(self) -> None:
        self.request_ids: list[str] = []

    def __call__(self, request_id: str, cause: Cause) -> None:
        self.request_ids.append(request_id)


def a_search() -> Search:
    return Search(lambda: (iter([None, None, WRONG]), Work()))


def held_until(gate: Event) -> Search:
    def steps() -> Iterator[Cause | None]:
        gate.wait(30)
        yield WRONG

    return Search(lambda: (steps(), Work()))


def paused(begun: Event, gate: Event) -> Search:
    """A search that waits for the gate, and then pauses once more."""
    work = Work()

    def steps() -> Iterator[Cause | None]:
        begun.set()
        gate.wait(30)
        work.hashes += 1000
        yield None
        yield WRONG

    return Search(lambda: (steps(), work))


def finished(searches: Searches) -> None:
    """Returns when all waiting searches are done, because a later request is done later."""
    while searches._is_running:
        searches.ask("last", a_search()).result(30)


def test_a_search_that_is_asked_for_goes_on_before_those_that_wait() -> None:
    settled, gate = Settled(), Event()
    searches = Searches(settled)
    kept = [held_until(gate), a_search(), a_search()]
    searches.add("first", kept[0])
    searches.add("waiting", kept[1])
    future = searches.ask("asked", kept[2])

    gate.set()
    future.result(30)
    finished(searches)

    assert settled.request_ids.index("asked") < settled.request_ids.index("waiting")
    assert [each.cause for each in kept] == [WRONG, WRONG, WRONG]


def test_a_search_that_only_waited_makes_room_for_one_that_is_asked_for() -> None:
    settled, begun, gate = Settled(), Event(), Event()
    searches, slow, quick = Searches(settled), paused(begun, gate), a_search()
    searches.add("slow", slow)
    begun.wait(30)
    future = searches.ask("quick", quick)
    gate.set()
    future.result(30)
    finished(searches)

    assert settled.request_ids[:2] == ["quick", "slow"]


def test_no_more_searches_wait_than_there_is_room_for_and_the_others_are_made_when_asked() -> None:
    settled, gate = Settled(), Event()
    searches = Searches(settled)
    first = held_until(gate)
    asked = searches.ask("first", first)
    kept = [a_search() for _ in range(MAX_WAITING + 2)]
    for number, search in enumerate(kept):
        searches.add(str(number), search)

    gate.set()
    asked.result(30)
    finished(searches)

    assert [each.is_over for each in kept[-3:]] == [True, False, False]
    searches.ask("asked", kept[-1]).result(30)
    assert kept[-1].cause == WRONG


def test_while_the_queue_is_full_a_cause_is_searched_for_only_when_it_is_asked_for() -> None:
    pipeline, gate = a_pipeline(ALICE, BOB), Event()
    searches, journal = pipeline.state.searches, pipeline.state.journal
    searches.ask("held", held_until(gate))
    for number in range(MAX_WAITING):
        pipeline.answer(replace(received(Signer(secret_key="another")), request_id=str(number)))

    pipeline.answer(received(Signer(secret_key=f"{SECRET_KEY}\n")))

    exchange = journal.find("id")
    assert exchange is not None
    assert exchange.search is not None
    begun = exchange.summary()["cause"]
    asked = searches.ask("id", exchange.search)
    gate.set()
    asked.result(30)
    searches.close()
    assert (begun, exchange.summary()["cause"]) == ("searching", "secret_has_whitespace")


def test_a_search_that_is_over_does_not_go_on() -> None:
    search = a_search()
    search.finish()

    search.advance()

    assert search.cause == WRONG


def test_a_search_whose_call_is_forgotten_is_not_made() -> None:
    settled, gate = Settled(), Event()
    searches = Searches(settled)
    first = held_until(gate)
    asked = searches.ask("first", first)
    forgotten = a_search()
    searches.add("forgotten", forgotten)
    del forgotten
    gc.collect()

    gate.set()
    asked.result(30)
    finished(searches)

    assert "forgotten" not in settled.request_ids


def test_the_searches_of_a_server_that_ended_stop_unless_they_are_asked_for() -> None:
    settled, begun, gate = Settled(), Event(), Event()
    searches, running, waiting = Searches(settled), paused(begun, gate), a_search()
    searches.add("running", running)
    searches.add("waiting", waiting)
    begun.wait(30)
    searches.close()
    late = a_search()
    searches.add("late", late)
    gate.set()
    finish_searches()
    searches.ask("asked", asked := a_search()).result(30)

    assert settled.request_ids == ["asked"]
    assert asked.is_over
    assert [each.is_over for each in (running, waiting, late)] == [False, False, False]


def test_a_search_that_is_over_is_settled_once() -> None:
    settled = Settled()
    searches = Searches(settled)
    search = a_search()

    searches.ask("one", search).result(30)
    searches.ask("one", search).result(30)

    assert settled.request_ids == ["one"]


def test_a_bug_in_one_search_ends_no_other(bugs: list[LogRecord]) -> None:
    def broken() -> Iterator[Cause | None]:
        raise ZeroDivisionError
        yield

    searches = Searches(Settled())

    searches.ask("broken", Search(lambda: (broken(), Work()))).result(30)

    assert "bug in mockocr" in bugs.pop().getMessage()
    search = a_search()
    searches.ask("good", search).result(30)
    assert search.cause == WRONG


def test_the_journal_says_searching_until_the_cause_is_final() -> None:
    pipeline = a_pipeline(ALICE, BOB)
    request = received(Signer(secret_key="another"))

    pipeline.answer(request)

    exchange = pipeline.state.journal.find("id")
    assert exchange is not None
    # The search may be over by now: then it was settled.
    if (search := exchange.search) is not None:
        assert exchange.size_bytes > len(BODY)
        pipeline.state.searches.ask("id", search).result(30)
    assert exchange.cause == WRONG
    assert exchange.search is None


def test_a_cause_that_is_found_later_is_logged_with_its_hint(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pipeline = a_pipeline(ALICE, BOB)
    pipeline.answer(received(Signer(secret_key="another")))

    with caplog.at_level("INFO", "mockocr.calls"):
        settle(pipeline.state.journal, "id", WRONG)

    # The thread of the searches may write the same line meanwhile.
    assert WRONG.hint in [vars(record)["hint"] for record in caplog.records]


def test_a_call_that_is_forgotten_is_not_settled() -> None:
    pipeline = a_pipeline(ALICE)
    settle(pipeline.state.journal, "unknown", WRONG)

    assert pipeline.state.journal.find("unknown") is None


@pytest.mark.parametrize(
    "secret_id", [SECRET_KEY, f"{SECRET_KEY} ", f"AKID-{SECRET_KEY}", "AKIDabc"]
)
def test_what_was_sent_as_the_secret_id_of_nobody_is_masked(secret_id: str) -> None:
    pipeline = a_pipeline(ALICE, BOB)

    pipeline.answer(received(Signer(secret_id=secret_id, secret_key=SECRET_ID)))

    exchange = pipeline.state.journal.find("id")
    assert exchange is not None
    assert exchange.cause is not None
    result = f"{exchange.summary()} {exchange.details()} {exchange.cause} {exchange.cause.hint}"
    assert SECRET_KEY not in result
    assert secret_id not in result


def test_a_legacy_call_with_the_pair_swapped_is_called_so() -> None:
    request = received(LegacySigner(secret_id=SECRET_KEY, secret_key=SECRET_ID))

    cause = search_of(request).finish()

    assert (cause.name, cause.proven) == ("secret_id_and_key_swapped", True)
    assert SECRET_KEY not in f"{cause} {cause.hint} {[each.to_dict() for each in cause.details]}"


def test_a_search_that_finds_no_room_keeps_no_progress_and_begins_again_when_it_is_asked_for() -> (
    None
):
    begun, gate = 0, Event()
    searches = Searches(Settled())

    def start() -> tuple[Iterator[Cause | None], Work]:
        nonlocal begun
        begun += 1
        work = Work()
        work.hashes = ALL_HASHES
        return iter([None, WRONG]), work

    kept = [held_until(gate) for _ in range(MAX_WAITING + 1)]
    for number, waiting in enumerate(kept):
        searches.add(f"{number}", waiting)
        while number == 0 and searches._waiting:
            os.sched_yield()
    assert searches.is_full
    search = Search(start)
    search.begin()
    searches.add("no room", search)
    future = searches.ask("no room", search)
    gate.set()
    future.result(30)

    assert (begun, search.cause) == (2, WRONG)


def test_the_search_for_a_long_legacy_form_takes_the_memory_of_a_few_copies() -> None:
    """The strings to sign of all mistakes took 50 MB for each search."""
    pipeline = a_pipeline()
    pipeline.answer(a_v1_call(Signature="AAAA"))
    form = {"ImageBase64": "A" * 1_000_000}

    with traced_memory() as memory:
        pipeline.answer(a_v1_call(form, Signature="AAAA"))

    assert memory.peak_bytes < 15_000_000
