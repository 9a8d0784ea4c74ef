"""What changes between calls changes in one step, however many threads call: nothing is counted
twice or lost, and no call meets half of a change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep
from typing import Any, TypeVar

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import Clock
from mockocr.accounts.quotas import Packages, RateWindow
from mockocr.journal.events import Events
from mockocr.journal.journal import Journal
from mockocr.journal.metrics import Metrics
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.scenario.call_counters import CallCounters, Key
from mockocr.scenario.library import Library
from mockocr.scenario.registry import ScenarioRegistry
from tests.records import an_exchange
from tests.requests import SECRET_ID, SECRET_KEY, a_call

THREADS, TIMES = 8, 200

ResultT = TypeVar("ResultT")


class Text(str):
    """Whoever looks it up lets other threads go first: so what is not one step is interrupted."""

    __slots__ = ()

    def __hash__(self) -> int:
        sleep(0)
        return super().__hash__()


OURS, RULE, DIGEST = Text("ours"), Text("rule"), Text("digest")


def at_once(act: Callable[[], ResultT], threads: int = THREADS) -> list[ResultT]:
    """What many threads get that each act many times."""
    with ThreadPoolExecutor(threads) as pool:
        acting = [pool.submit(lambda: [act() for _ in range(TIMES)]) for _ in range(threads)]
        return [got for each in acting for got in each.result()]


ALL = list(range(1, THREADS * TIMES + 1))


def test_each_concurrent_call_of_a_second_has_its_own_number() -> None:
    window = RateWindow()

    assert sorted(at_once(lambda: window.count(OURS, "IDCardOCR", 7))) == ALL


def test_concurrent_calls_use_exactly_the_calls_of_a_package() -> None:
    packages = Packages()

    assert sum(at_once(lambda: packages.take(OURS, 100) is not None)) == 100
    assert packages.left(OURS, 100) == 0


def test_refunded_calls_are_available_again() -> None:
    packages = Packages()

    def take_and_give_back() -> None:
        taken = packages.take(OURS, THREADS)
        assert taken
        taken.give_back()

    at_once(take_and_give_back)
    assert packages.left(OURS, THREADS) == THREADS


@pytest.mark.parametrize("picture", [None, DIGEST])
def test_each_concurrent_call_of_a_rule_has_its_own_call_number(picture: str | None) -> None:
    call_counters = CallCounters()

    assert sorted(at_once(lambda: call_counters.next_number(Key(OURS, 1, RULE, picture)))) == ALL


def test_every_concurrent_call_is_counted_in_metrics_and_sent_to_listeners() -> None:
    metrics, events = Metrics(), Events()
    result: list[Any] = []
    events.listen(lambda kind, facts: result.append(facts))
    exchange = an_exchange(account=OURS, action="IDCardOCR", milliseconds=1.0)

    def happen() -> None:
        metrics.count_all([exchange])
        events.publish("call", exchange.summary)

    at_once(happen)
    counts = metrics.counts()
    assert list(counts.calls.values()) == [len(ALL)]
    assert sum(counts.durations) == len(ALL) == len(result)
    assert counts.seconds == pytest.approx(len(ALL) / 1000)


def test_calls_are_answered_while_everything_changes_around_them() -> None:
    """A bug that a call met would be logged, and fail this test."""
    account = Account("ours", {SECRET_ID: SECRET_KEY}, rate=0)
    journal = Journal(100, 1 << 20)
    state = State(
        Accounts([account]), ScenarioRegistry(CallCounters()), journal, Defaults(auth="off")
    )
    pipeline = Pipeline(state)
    library = Library()
    played = [library.named(name) for name in ("third-call-fails", "flaky-network", "arrears")]

    def change(number: int) -> None:
        scenario = played[number % len(played)]
        other = Account(f"other {number}", {f"AKID{number}": "key"})
        state.accounts.add(other)
        state.accounts.replace(replace(account, keys={SECRET_ID: SECRET_KEY, "AKIDnew": "k"}))
        state.registry.play(scenario)
        state.registry.set_for_account("ours", [scenario] if number % 2 else [])
        state.clocks.move("ours", Clock())
        state.journal.newest_first()
        state.metrics.counts()
        state.registry.stop()
        state.reset("ours")
        state.accounts.remove(other.name)
        state.forget(other.name)

    def call() -> int:
        return len(pipeline.answer(a_call()).body)

    with ThreadPoolExecutor(THREADS) as pool:
        changing = pool.submit(lambda: list(map(change, range(TIMES))))
        calling = [pool.submit(lambda: [call() for _ in range(TIMES)]) for _ in range(6)]
        assert all(each.result() for each in calling)
        changing.result()

    outcomes = {outcome for _, _, outcome in state.metrics.counts().calls}
    assert "ok" in outcomes
    assert "InternalError" not in outcomes
    assert sum(state.metrics.counts().calls.values()) == 6 * TIMES
    assert journal.size().calls <= 100
    assert [each.name for each in state.accounts.all()] == ["ours"]
