"""Whole requests that are read in one turn of the loop, answered together."""

import asyncio
import logging
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from mockocr.pipeline.pools import Pool
from mockocr.pipeline.state import State
from mockocr.protocol.wire import WireReply, WireRequest
from mockocr.server.app import create_app
from mockocr.server.batch import BATCH_SECONDS, Batch
from mockocr.server.connection import Connection
from mockocr.server.limits import DEFAULT_LIMITS
from mockocr.server.state import ServerState
from mockocr.settings import Settings
from tests.server.transports import Transport

CALL = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
PIECE = b"a" * 200_000
LONG = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n"


class JournalingTransport(Transport):
    """What a connection writes, and how many calls were journaled when it did."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.journaled: list[int] = []

    def write(self, data: Any) -> None:
        super().write(data)
        self.journaled.append(self._state.journal.size().calls)


class Edge:
    """Connections of one loop that need no sockets."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.app = create_app(Settings())
        self.state = self.app.state
        self.server_state = ServerState(self.app, DEFAULT_LIMITS)
        loop = asyncio.get_running_loop()
        batch = Batch(self.app.api, loop, self.server_state.connections, clock)
        self.server_state.is_direct, self.server_state.answer_at_once = True, batch.add
        self.batch = batch

    def connection(self) -> tuple[Connection, JournalingTransport]:
        connection = Connection(self.server_state, asyncio.get_running_loop())
        transport = JournalingTransport(self.state)
        connection.connection_made(transport)
        return connection, transport


def run(test: Callable[[], Any]) -> None:
    asyncio.run(test())


def test_requests_of_one_turn_are_journaled_together_and_before_any_answer_is_sent() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        several = [edge.connection() for _ in range(3)]
        for connection, _ in several:
            connection.data_received(CALL)
        assert not any(transport.written for _, transport in several)

        await asyncio.sleep(0)

        for _, transport in several:
            (answer,) = transport.written
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert transport.journaled == [3]

    run(test)


def test_a_request_that_nobody_else_waits_beside_is_answered_at_once() -> None:
    async def test() -> None:
        connection, transport = Edge(lambda: 0.0).connection()

        connection.data_received(CALL * 2)

        assert len(transport.written) == 2

    run(test)


def test_of_many_requests_of_one_client_only_some_are_answered_in_one_turn() -> None:
    async def test() -> None:
        connection, transport = Edge(lambda: 0.0).connection()
        connection.data_received(CALL * 1000)

        first = len(transport.written)
        for _ in range(100):
            await asyncio.sleep(0)

        assert first < 50
        assert len(transport.written) == 1000

    run(test)


def test_a_batch_takes_a_bounded_time_and_the_rest_waits_for_the_next_turn() -> None:
    async def test() -> None:
        ticks = count()
        edge = Edge(lambda: next(ticks) * BATCH_SECONDS / 2)
        several = [edge.connection() for _ in range(5)]
        for connection, _ in several:
            connection.data_received(CALL)

        answered = []
        for _ in range(3):
            await asyncio.sleep(0)
            answered.append(sum(len(transport.written) for _, transport in several))

        assert answered == [2, 4, 5]

    run(test)


def test_a_bug_in_one_call_does_not_touch_the_others(bugs: list[logging.LogRecord]) -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        pool_of = edge.app.api.pool_of

        def with_a_bug(request: WireRequest) -> Pool | None:
            if "x-bug" in request.headers:
                raise ZeroDivisionError
            return pool_of(request)

        edge.app.api.pool_of = with_a_bug
        several = [edge.connection() for _ in range(3)]
        for number, (connection, _) in enumerate(several):
            bug = b"X-Bug: a\r\nContent-Length" if number == 1 else b"Content-Length"
            connection.data_received(CALL.replace(b"Content-Length", bug))

        await asyncio.sleep(0)

        statuses = [transport.written[0].split()[1] for _, transport in several]
        assert statuses == [b"200", b"500", b"200"]
        assert edge.state.journal.size().calls == 2

    run(test)
    (bug,) = bugs
    assert bug.exc_info
    assert bug.exc_info[0] is ZeroDivisionError
    bugs.clear()


def test_calls_that_cannot_be_recorded_are_answered_all_the_same(
    bugs: list[logging.LogRecord],
) -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        del edge.state.metrics
        connection, transport = edge.connection()

        connection.data_received(CALL)

        assert transport.written[0].startswith(b"HTTP/1.1 200 OK\r\n")

    run(test)
    assert bugs.pop().getMessage().startswith("bug in mockocr: cannot record calls")


def test_a_client_that_left_before_its_answer_costs_nobody_else_theirs() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        (left, gone), (stays, transport) = edge.connection(), edge.connection()
        for connection in (left, stays):
            connection.data_received(CALL)
        left.connection_lost(None)

        await asyncio.sleep(0)

        assert (len(gone.written), len(transport.written)) == (0, 1)

    run(test)


def test_what_waits_for_the_next_turn_is_answered_before_the_stop() -> None:
    async def test() -> None:
        ticks = count()
        edge = Edge(lambda: next(ticks) * BATCH_SECONDS)
        several = [edge.connection() for _ in range(3)]
        for connection, _ in several:
            connection.data_received(CALL)

        edge.batch.finish()

        assert all(transport.written for _, transport in several)

    run(test)


def test_a_late_reply_is_journaled_with_its_batch_and_sent_later() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        in_time = edge.app.api.reply

        def late(request: WireRequest) -> Any:
            reply, exchange = in_time(request)
            return WireReply(reply.body, delay_seconds=3600), exchange

        edge.app.api.reply = late
        connection, transport = edge.connection()

        connection.data_received(CALL)

        assert edge.state.journal.size().calls == 1
        assert not transport.written
        for task in edge.server_state.tasks:
            task.cancel()

    run(test)


def test_after_a_piece_of_a_long_body_it_is_the_turn_of_others() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        connection, transport = edge.connection()
        connection.data_received(LONG)
        assert not transport.is_reading_paused

        connection.data_received(PIECE)
        assert transport.is_reading_paused
        await asyncio.sleep(0)

        assert not transport.is_reading_paused

    run(test)


def test_calls_behind_one_another_are_answered_in_their_order_beside_other_connections() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        (connection, transport), _ = edge.connection(), edge.connection()
        connection.data_received(b"".join(_traced(number) for number in range(5)))

        for _ in range(20):
            await asyncio.sleep(0)

        order = [answer.partition(b"TraceId: ")[2][:1] for answer in transport.written]
        assert order == [b"0", b"1", b"2", b"3", b"4"]

    run(test)


def _traced(number: int) -> bytes:
    return CALL.replace(b"Host", b"X-TC-TraceId: %d\r\nHost" % number)


@pytest.mark.parametrize("version", [b"1.1\r\nConnection: close", b"1.0\r\nConnection: keep-alive"])
def test_behind_the_last_request_of_a_connection_nothing_is_answered(version: bytes) -> None:
    async def test() -> None:
        connection, transport = Edge(lambda: 0.0).connection()

        connection.data_received(CALL.replace(b"1.1", version) + CALL)

        (answer,) = transport.written
        assert b"\r\nconnection: close\r\n" in answer
        assert transport.is_closed

    run(test)


def test_a_call_that_waits_when_the_server_stops_is_answered_and_the_last_one() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        (connection, transport), _ = edge.connection(), edge.connection()
        connection.data_received(CALL + CALL)

        connection.shutdown()
        edge.batch.finish()

        (answer,) = transport.written
        assert b"\r\nconnection: close\r\n" in answer

    run(test)


def test_a_client_that_is_gone_when_it_is_the_turn_of_its_answer_gets_none() -> None:
    async def test() -> None:
        edge = Edge(lambda: 0.0)
        (connection, transport), _ = edge.connection(), edge.connection()
        connection.data_received(CALL)
        in_time = edge.app.api.reply

        def and_the_client_leaves(request: WireRequest) -> Any:
            transport.abort()
            return in_time(request)

        edge.app.api.reply = and_the_client_leaves
        edge.batch.finish()

        assert not transport.written

    run(test)
