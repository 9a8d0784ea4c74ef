"""Whole requests that are read in one turn of the loop, answered together."""

import asyncio
import logging
from collections.abc import Callable
from itertools import count
from typing import Any

from mockocr.pipeline.pipeline import Service
from mockocr.protocol.wire import WireReply, WireRequest
from mockocr.server.app import App, create_service
from mockocr.server.batch import BATCH_SECONDS, Batch
from mockocr.server.connection import Connection
from mockocr.server.limits import DEFAULT_LIMITS
from mockocr.server.state import ServerState
from mockocr.settings import Settings

CALL = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
PIECE = b"a" * 200_000
LONG = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n"


class Transport(asyncio.Transport):
    """What a connection writes, and what was journaled when it did."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service
        self.written: list[tuple[bytes, int]] = []
        self.is_reading_paused = False
        self.is_closed = False

    def write(self, data: Any) -> None:
        self.written.append((bytes(data), self._service.journal.size().calls))

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def write_eof(self) -> None:
        self.is_closed = True

    abort = close

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        self.is_reading_paused = True

    def resume_reading(self) -> None:
        self.is_reading_paused = False


class Edge:
    """Connections of one loop that need no sockets."""

    def __init__(self, clock: Callable[[], float]) -> None:
        settings = Settings(port=0)
        self.service = create_service(settings)
        self.app = App(self.service, settings)
        self.state = ServerState(self.app, DEFAULT_LIMITS)
        loop = asyncio.get_running_loop()
        batch = Batch(self.app.api, loop, lambda: len(self.state.connections) == 1, clock)
        self.state.is_direct, self.state.answer_at_once = True, batch.add
        self.batch = batch

    def connection(self) -> tuple[Connection, Transport]:
        connection = Connection(self.state, asyncio.get_running_loop())
        transport = Transport(self.service)
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
            ((answer, journaled),) = transport.written
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert journaled == 3

    run(test)


def test_a_request_that_nobody_else_waits_beside_is_answered_at_once() -> None:
    async def test() -> None:
        connection, transport = Edge(lambda: 0.0).connection()

        connection.data_received(CALL * 2)

        assert len(transport.written) == 2

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
        is_slow = edge.service.is_slow

        def with_a_bug(request: WireRequest) -> bool:
            if "x-bug" in request.headers:
                raise ZeroDivisionError
            return is_slow(request)

        edge.app.api.is_slow = with_a_bug
        several = [edge.connection() for _ in range(3)]
        for number, (connection, _) in enumerate(several):
            bug = b"X-Bug: a\r\nContent-Length" if number == 1 else b"Content-Length"
            connection.data_received(CALL.replace(b"Content-Length", bug))

        await asyncio.sleep(0)

        statuses = [transport.written[0][0].split()[1] for _, transport in several]
        assert statuses == [b"200", b"500", b"200"]
        assert edge.service.journal.size().calls == 2

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
        del edge.service.metrics
        connection, transport = edge.connection()

        connection.data_received(CALL)

        assert transport.written[0][0].startswith(b"HTTP/1.1 200 OK\r\n")

    run(test)
    assert bugs.pop().getMessage().startswith("a bug of mockocr: recording calls")


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
        answer_now = edge.service.answer_now

        def late(request: WireRequest) -> Any:
            reply, exchange = answer_now(request)
            return WireReply(reply.body, delay_seconds=3600), exchange

        edge.app.api.answer_now = late
        connection, transport = edge.connection()

        connection.data_received(CALL)

        assert edge.service.journal.size().calls == 1
        assert not transport.written
        for task in edge.state.tasks:
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
