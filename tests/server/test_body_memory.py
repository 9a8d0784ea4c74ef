"""All long bodies together have a bound: a further one waits, unread, until memory is released."""

import asyncio
import gc
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from mockocr.protocol.wire import LongBody
from mockocr.server.app import App, create_app
from mockocr.server.batch import Batch
from mockocr.server.body_memory import BodyMemory, Reservation
from mockocr.server.connection import Connection
from mockocr.server.limits import Limits
from mockocr.server.state import ServerState
from mockocr.settings import Settings
from tests.scenario.scripts import a_scenario
from tests.server.sockets import SECONDS, answer, served
from tests.server.transports import Transport

LONG = 80_000


@pytest.mark.asyncio
async def test_bodies_get_memory_in_their_order_and_each_byte_once() -> None:
    memory = BodyMemory(asyncio.get_running_loop(), 100)
    admitted: list[tuple[str, Reservation]] = []
    first, second = (memory.reserve(size, lambda _: None) for size in (60, 40))
    assert first
    assert second
    for name, size in (("a", 50), ("b", 30), ("c", 1000)):

        def admit(reservation: Reservation, name: str = name) -> None:
            admitted.append((name, reservation))

        assert memory.reserve(size, admit) is None

    del second
    await asyncio.sleep(0)
    assert admitted == []
    del first
    await asyncio.sleep(0)
    assert [name for name, _ in admitted] == ["a", "b"]
    assert memory.is_waited_for
    admitted.clear()
    await asyncio.sleep(0)
    assert [name for name, _ in admitted] == ["c"]
    assert not memory.is_waited_for


@pytest.mark.asyncio
async def test_a_body_that_a_thread_drops_makes_room_for_the_next_one() -> None:
    memory = BodyMemory(asyncio.get_running_loop(), 100)
    body, admitted = LongBody(), asyncio.Event()
    body.reservation = memory.reserve(100, lambda _: None)
    bodies = [body]
    del body
    assert memory.reserve(1, lambda _: admitted.set()) is None

    thread = Thread(target=bodies.clear)
    thread.start()

    await asyncio.wait_for(admitted.wait(), SECONDS)
    thread.join()


class Edge:
    """Connections without sockets, in the running loop."""

    def __init__(self, app: App, **limits: Any) -> None:
        loop = asyncio.get_running_loop()
        self._state = ServerState(app, Limits(**limits))
        batch = Batch(app.api, loop, self._state.connections)
        self._state.is_direct, self._state.answer_at_once = True, batch.add
        self._loop = loop

    def connection(self) -> tuple[Connection, Transport]:
        connection, transport = Connection(self._state, self._loop), Transport()
        connection.connection_made(transport)
        return connection, transport


def a_call(side: str = "FRONT", **headers: str) -> bytes:
    body = json.dumps({"ImageBase64": "A" * LONG, "CardSide": side}).encode()
    head = {
        "Host": "localhost",
        "Content-Length": str(len(body)),
        "Content-Type": "application/json",
        "X-TC-Action": "IDCardOCR",
        "X-TC-Version": "2018-11-19",
        "X-TC-Timestamp": "1",
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST / HTTP/1.1\r\n{lines}\r\n".encode() + body


@contextmanager
def busy_threads(app: App) -> Iterator[Callable[[], None]]:
    """Occupies the threads for pictures until the function is called."""
    go = Event()
    working = [asyncio.create_task(app.state.pools.pictures.run(go.wait)) for _ in range(4)]
    try:
        yield go.set
    finally:
        go.set()
        for task in working:
            task.cancel()
        app.state.close()


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    pytest.fail("it never happened")


@pytest.mark.asyncio
async def test_a_long_body_is_not_read_until_there_is_memory() -> None:
    app = create_app(Settings(auth="off"))
    with busy_threads(app) as release:
        edge = Edge(app, long_bodies_bytes=100_000)
        (first, answered), (second, waiting) = edge.connection(), edge.connection()
        await asyncio.sleep(0)
        first.data_received(a_call())
        second.data_received(a_call("BACK")[:1000])
        await asyncio.sleep(0)
        assert waiting.is_reading_paused
        assert not answered.written

        release()
        await until(lambda: not waiting.is_reading_paused)

        assert b"HTTP/1.1 200 OK" in b"".join(answered.written)


@pytest.mark.asyncio
async def test_a_body_keeps_its_memory_when_its_client_has_left_until_a_thread_has_read_it() -> (
    None
):
    app = create_app(Settings(auth="off"))
    with busy_threads(app) as release:
        edge = Edge(app, long_bodies_bytes=100_000)
        (first, _), (second, waiting) = edge.connection(), edge.connection()
        await asyncio.sleep(0)
        first.data_received(a_call())
        await asyncio.sleep(0)
        first.connection_lost(None)
        del first
        gc.collect()
        second.data_received(a_call("BACK")[:1000])
        assert waiting.is_reading_paused

        release()

        await until(lambda: not waiting.is_reading_paused)
        assert app.state.journal.size().calls == 1


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
@pytest.mark.asyncio
async def test_a_body_that_is_never_complete_gives_its_memory_back(chunked: bool) -> None:
    app = create_app(Settings(auth="off"))
    edge = Edge(app, long_bodies_bytes=100_000)
    (first, _), (second, waiting) = edge.connection(), edge.connection()
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    rest = (
        b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n" if chunked else a_call()[len(head) : 1000]
    )
    first.data_received(head + rest)
    second.data_received(a_call()[:1000])
    await asyncio.sleep(0)
    assert waiting.is_reading_paused

    first.connection_lost(None)
    del first

    await until(lambda: not waiting.is_reading_paused)


@pytest.mark.asyncio
async def test_a_slow_body_is_refused_if_others_wait_for_its_memory() -> None:
    app = create_app(Settings(auth="off"))
    edge = Edge(app, long_bodies_bytes=100_000, read_seconds=10, body_seconds=300)
    now = asyncio.get_running_loop().time()
    (slow, refused), (alone, _) = edge.connection(), edge.connection()
    slow.data_received(a_call()[:1000])
    slow.close_if_late(now)
    for _ in range(3):
        slow.data_received(b"A")
    assert not refused.written

    alone.data_received(a_call()[:1000])
    slow.close_if_late(now)
    for seconds in (5, 11, 20):
        alone.close_if_late(now + seconds)
    assert not refused.written
    slow.close_if_late(now + 11)

    assert b"HTTP/1.1 408 " in b"".join(refused.written)


def test_an_answer_that_is_delayed_keeps_no_body() -> None:
    app = create_app(Settings(auth="off"))
    rules = "rules: [{name: r, when: {CardSide: FRONT}, then: {card: invented, delay: 60s}}]"
    app.state.registry.play(a_scenario(f"name: n\n{rules}"))
    with (
        served(app, long_bodies_bytes=100_000) as address,
        socket.create_connection(address, SECONDS) as slow,
        socket.create_connection(address, SECONDS) as next_one,
    ):
        slow.sendall(a_call())
        next_one.sendall(a_call("BACK"))

        assert b'"Response"' in answer(next_one)
