"""Slow work is done in threads: a few for each kind, and stopping waits for none of them."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from threading import Event

import pytest

from mockocr.pipeline.pools import NICENESS, Pool, PoolFullError, Pools

SECONDS = 10


@pytest.fixture
def pool() -> Iterator[Pool]:
    with closing(Pool("test", 2)) as opened:
        yield opened


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "mockocr test"}


@pytest.mark.asyncio
async def test_work_runs_in_a_thread_and_its_result_is_returned(pool: Pool) -> None:
    def work(left: int, *, right: int) -> tuple[int, str]:
        return left + right, threading.current_thread().name

    assert await pool.run(work, 1, right=2) == (3, "mockocr test")


@pytest.mark.asyncio
async def test_an_exception_of_the_work_is_raised(pool: Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        await pool.run(lambda: 1 // 0)


@pytest.mark.asyncio
async def test_a_thread_starts_if_none_is_idle_up_to_the_maximum(pool: Pool) -> None:
    before = threads()
    for _ in range(3):
        await pool.run(int)
    assert len(threads() - before) == 1

    go = Event()
    working = [asyncio.create_task(pool.run(go.wait)) for _ in range(5)]
    await asyncio.sleep(0)
    assert len(threads() - before) == 2
    go.set()
    assert await asyncio.gather(*working) == [True] * 5
    assert len(threads() - before) == 2


@pytest.mark.asyncio
async def test_too_much_waiting_work_is_refused_and_logged_once(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mockocr.pipeline.pools.MAX_WAITING", 3)
    go, begun = Event(), [Event(), Event()]

    def work(has_begun: Event) -> bool:
        has_begun.set()
        return go.wait()

    working = [asyncio.create_task(pool.run(work, each)) for each in begun]
    await asyncio.sleep(0)
    for each in begun:
        assert each.wait(SECONDS)
    waiting = [asyncio.create_task(pool.run(go.wait)) for _ in range(3)]
    await asyncio.sleep(0)
    for _ in range(2):
        with pytest.raises(PoolFullError, match="more than 3 calls wait for a thread of test"):
            await pool.run(go.wait)

    go.set()
    assert await asyncio.gather(*working, *waiting) == [True] * 5
    assert caplog.messages == [
        "limit reached: more than 3 calls wait for a thread of test",
    ]
    assert await pool.run(lambda: "again") == "again"


@pytest.mark.asyncio
async def test_one_kind_of_work_never_delays_another() -> None:
    go = Event()
    with closing(Pools()) as pools:
        slow = [asyncio.create_task(pools.downloads.run(go.wait)) for _ in range(50)]
        await asyncio.sleep(0)

        assert await pools.pictures.run(lambda: "a picture") == "a picture"
        assert await pools.admin.run(lambda: "an admin call") == "an admin call"
        assert not any(task.done() for task in slow)
        go.set()
        await asyncio.gather(*slow)


@pytest.mark.asyncio
async def test_closing_cancels_what_waits_and_waits_for_nothing(pool: Pool) -> None:
    go, begun = Event(), [Event(), Event()]
    before = threads()

    def work(has_begun: Event) -> bool:
        has_begun.set()
        return go.wait()

    under_way = [asyncio.create_task(pool.run(work, each)) for each in begun]
    for each in begun:
        await asyncio.to_thread(each.wait)
    waiting = asyncio.create_task(pool.run(int))
    await asyncio.sleep(0)
    pool.close()

    for late in (waiting, pool.run(int)):
        with pytest.raises(asyncio.CancelledError):
            await late
    go.set()
    assert await asyncio.gather(*under_way) == [True, True]
    for thread in threads() - before:
        await asyncio.to_thread(thread.join)


@pytest.mark.asyncio
async def test_work_that_was_cancelled_while_it_waited_never_begins(pool: Pool) -> None:
    go, begun = Event(), Event()
    busy = [asyncio.create_task(pool.run(go.wait)) for _ in range(2)]
    cancelled = asyncio.create_task(pool.run(begun.set))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    go.set()
    await asyncio.gather(*busy)
    await pool.run(int)

    assert not begun.is_set()


@pytest.mark.asyncio
async def test_work_whose_caller_has_left_is_finished(pool: Pool) -> None:
    go, begun, ended = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        go.wait()
        ended.set()

    under_way = asyncio.create_task(pool.run(work))
    await asyncio.to_thread(begun.wait)
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)
    go.set()
    await asyncio.to_thread(ended.wait)
    assert await pool.run(lambda: "the next") == "the next"


def test_a_result_for_a_loop_that_has_ended_is_dropped(pool: Pool) -> None:
    go, begun, ended = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        go.wait()
        ended.set()

    async def begin() -> None:
        task = asyncio.create_task(pool.run(work))
        await asyncio.to_thread(begun.wait)
        del task

    asyncio.run(begin())
    go.set()
    assert ended.wait(60)
    assert asyncio.run(pool.run(lambda: "another loop")) == "another loop"


@pytest.mark.asyncio
@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a priority")
async def test_a_thread_has_a_lower_priority_than_the_event_loop(pool: Pool) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    # Of a thread, 0 is the thread itself.
    assert await pool.run(os.getpriority, os.PRIO_PROCESS, 0) == min(19, own + NICENESS)
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


@pytest.mark.asyncio
async def test_a_closed_pool_says_whether_a_thread_still_works(pool: Pool) -> None:
    go, begun = Event(), Event()

    def work() -> bool:
        begun.set()
        return go.wait()

    await pool.run(int)
    idle = Pool("test", 1)
    await idle.run(int)
    idle.close()
    assert not idle.is_left_working

    working = asyncio.create_task(pool.run(work))
    await asyncio.sleep(0)
    assert begun.wait(SECONDS)
    pool.close()
    assert pool.is_left_working
    go.set()
    await working
