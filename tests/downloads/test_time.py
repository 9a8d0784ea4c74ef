"""Time limits and concurrency of downloads. No test waits: limits are tiny, and clocks are fake."""

import socket
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import current_thread, main_thread
from typing import Any

import pytest

from mockocr.downloads.downloads import Limits
from mockocr.downloads.fetched import Failure, TooLarge
from tests.downloads.downloading import MOST, TINY, downloads
from tests.downloads.servers import (
    Script,
    ok,
    redirect,
    saying,
    saying_and_waiting,
    saying_without_end,
    serving,
    silent,
)


@pytest.mark.parametrize(
    "script",
    [
        silent,
        saying_and_waiting(b"HTTP/1.1 200 OK\r\n"),
        saying_and_waiting(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npict"),
        saying_and_waiting(b"HTTP/1.1 200 OK\r\n\r\npicture"),
        saying_and_waiting(b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_is_not_waited_for_longer_than_the_limit(script: Script, scheme: str) -> None:
    with serving(script) as host:
        url = f"{scheme}://127.0.0.1:{host.port}/"

        assert downloads(limits=TINY).get(url, MOST) == Failure(
            "the picture was not complete after 0.05 seconds"
        )


def test_the_time_limit_is_one_for_all_pieces_of_an_answer() -> None:
    seconds = iter(range(10**9))
    drip = saying_without_end(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", b"x")

    with serving(drip) as host:
        loads = downloads(limits=Limits(seconds=50), clock=lambda: next(seconds))
        found = loads.get(host.url(), 10**9)

    assert found == Failure("the picture was not complete after 50 seconds")


def test_the_time_limit_is_one_for_all_redirects() -> None:
    seconds = iter(range(10**9))

    with serving(saying(redirect("/a"))) as host:
        loads = downloads(limits=Limits(seconds=50, redirects=10**6), clock=lambda: next(seconds))

        assert loads.get(host.url(), MOST) == Failure(
            "the picture was not complete after 50 seconds"
        )


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[float | None] = []
    connect = socket.socket.connect

    def slow(made: socket.socket, target: Any) -> None:
        given.append(made.gettimeout())
        if target[0] == "127.0.0.2":
            raise TimeoutError("timed out")
        connect(made, target)

    monkeypatch.setattr(socket.socket, "connect", slow)
    with serving(saying(ok(b"picture"))) as host:
        loads = downloads(
            "cards.test:*",
            resolve=lambda _: ["127.0.0.2", "127.0.0.1"],
            limits=Limits(seconds=10),
            clock=lambda: 0,
        )

        assert loads.get(host.url(host="cards.test"), MOST) == b"picture"

    assert given[:2] == [5, 10]


def test_waiting_for_a_slot_counts_towards_the_time_limit() -> None:
    ticks: deque[float] = deque()

    def clock() -> float:
        """Time passes for this thread only."""
        return ticks.popleft() if current_thread() is main_thread() else 0

    with serving(saying_and_waiting(b"")) as host, ThreadPoolExecutor(1) as threads:
        loads = downloads(limits=Limits(seconds=100, at_once=1), clock=clock)
        first = threads.submit(loads.get, host.url(), MOST)
        host.asked.acquire()
        ticks.extend([0, 99.99])

        second = loads.get(host.url(), MOST)

        host.over.set()
        assert second == Failure("the picture was not complete after 100 seconds")
        assert isinstance(first.result(), Failure)
        assert host.connections == 1


def test_a_slot_is_freed_after_any_outcome() -> None:
    loads = downloads(limits=Limits(at_once=1))

    with serving(saying(b"bad", ok(b"large" * MOST), redirect("x:y"), ok(b"picture"))) as host:
        found = [loads.get(host.url(), MOST) for _ in range(4)]

    assert [type(each) for each in found] == [Failure, TooLarge, Failure, bytes]
