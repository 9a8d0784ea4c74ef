"""A connection without a socket: the edges that loopback seldom shows."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from mockocr.server.connection import HELD_BYTES, Connection
from mockocr.server.deadlines import Deadlines
from mockocr.server.limits import LimitLog, Limits, affordable
from mockocr.server.reader import Reader, RefusalError, parse_target
from mockocr.server.request import SHARED_TEXTS, header_texts
from mockocr.server.state import ServerState
from tests.server.transports import Transport

GET = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"


class Answering:
    """An application whose answers wait until they may be given."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.may_answer.wait()
        body = scope["path"].encode()
        head = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})


def connected(app: Any, **limits: Any) -> tuple[Connection, Transport]:
    state = ServerState(app, Limits(**limits))
    connection = Connection(state, asyncio.get_running_loop())
    transport = Transport()
    connection.connection_made(transport)
    return connection, transport


def run(test: Callable[[], Any]) -> None:
    asyncio.run(test())


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_requests_that_come_in_any_pieces_are_answered_in_their_order() -> None:
    async def test() -> None:
        app = Answering()
        connection, transport = connected(app)
        sent = b"".join(GET % number for number in range(200))
        for at in range(0, len(sent), 700):
            connection.data_received(sent[at : at + 700])
        app.may_answer.set()
        await turns(4000)

        received = b"".join(transport.written)
        order = [received.index(b"\r\n\r\n/%dH" % number) for number in range(199)]
        assert order == sorted(order)
        assert received.endswith(b"/199")

    run(test)


def test_reading_pauses_when_enough_waits_and_goes_on_afterwards() -> None:
    async def test() -> None:
        app = Answering()
        connection, transport = connected(app)
        connection.data_received(GET % 1)
        connection.data_received(GET % 2 + b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n")
        assert not transport.is_reading_paused

        connection.data_received(bytes(HELD_BYTES))
        assert transport.is_reading_paused
        app.may_answer.set()
        await turns()

        assert not transport.is_reading_paused

    run(test)


def test_the_last_answer_before_the_stop_closes_and_what_waits_behind_it_is_dropped() -> None:
    async def test() -> None:
        app = Answering()
        connection, transport = connected(app)
        connection.data_received(GET % 1 + GET % 2)
        connection.shutdown()
        app.may_answer.set()
        await turns()

        assert b"connection: close\r\n\r\n/1" in b"".join(transport.written)
        assert transport.is_closed
        assert b"/2" not in b"".join(transport.written)

    run(test)


def test_nonsense_that_waits_behind_a_request_is_refused_once_and_after_its_answer() -> None:
    async def test() -> None:
        app = Answering()
        connection, transport = connected(app)
        connection.data_received(GET % 1)
        connection.data_received(b"NONSENSE\r\n\r\n")
        app.may_answer.set()
        await turns()

        received = b"".join(transport.written)
        assert received.count(b"HTTP/1.1 400 ") == 1
        assert received.index(b"/1HTTP/1.1 400 ")

    run(test)


def test_a_body_that_ends_after_its_answer_is_followed_by_the_next_request() -> None:
    async def test() -> None:
        app = Answering()
        app.may_answer.set()
        connection, transport = connected(app)
        connection.data_received(b"POST /1 HTTP/1.1\r\nContent-Length: 3\r\n\r\na")
        await turns()
        assert transport.written

        connection.data_received(b"bc" + GET % 2)
        await turns()

        assert b"".join(transport.written).endswith(b"/2")

    run(test)


def test_half_a_body_that_waited_has_to_end_in_time_too() -> None:
    async def test() -> None:
        app = Answering()
        connection, transport = connected(app, read_seconds=10)
        now = asyncio.get_running_loop().time()
        connection.data_received(GET % 1 + b"POST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\na")
        connection.close_if_late(now + 20)
        app.may_answer.set()
        while not transport.written:
            await turns(1)
        app.may_answer.clear()
        await turns()
        connection.close_if_late(now + 20)

        app.may_answer.set()
        await turns()

        received = b"".join(transport.written)
        assert received.index(b"/1HTTP/1.1 408 ")

    run(test)


def test_a_connection_beyond_all_limits_is_closed_without_a_word() -> None:
    async def test() -> None:
        state = ServerState(Answering(), Limits(connections=1))
        transports = [Transport() for _ in range(40)]
        for transport in transports:
            Connection(state, asyncio.get_running_loop()).connection_made(transport)

        words = [b"".join(transport.written) for transport in transports]
        assert words[0] == b""
        assert words[1].startswith(b"HTTP/1.1 503 ")
        assert words[-1] == b""
        assert transports[-1].is_closed

    run(test)


def test_an_answer_that_is_read_slowly_has_as_long_as_it_takes() -> None:
    deadlines = Deadlines(lambda: 0.0, Limits(write_seconds=10))
    deadlines.expect_to_be_read(100)

    assert not deadlines.is_reading_late(9, 100)
    assert not deadlines.is_reading_late(11, 99)
    assert not deadlines.is_reading_late(9, 99)
    assert deadlines.is_reading_late(11, 99)


def test_only_a_body_that_is_awaited_has_to_hurry() -> None:
    now = 0.0
    deadlines = Deadlines(lambda: now, Limits(read_seconds=10, body_seconds=100))
    deadlines.rest()
    deadlines.hurry()
    assert not deadlines.is_late(1000)

    deadlines.expect_more(in_head=False)
    now = 5.0
    deadlines.expect_more(in_head=False)
    assert not deadlines.is_late(14)

    deadlines.hurry()
    now = 14.0
    deadlines.expect_more(in_head=False)
    assert (deadlines.is_late(14), deadlines.is_late(16)) == (False, True)


def test_an_application_that_fails_in_its_answer_does_not_leave_the_connection_open() -> None:
    async def test() -> None:
        connection, transport = connected(Answering(), write_seconds=10)
        now = asyncio.get_running_loop().time()
        transport.unread_bytes = 5
        transport.close()

        connection.close_if_late(now)
        assert not transport.is_aborted
        connection.close_if_late(now + 11)

        assert transport.is_aborted

    run(test)


def test_a_connection_that_waits_for_nothing_but_its_end_is_no_limit_that_was_hit() -> None:
    async def test() -> None:
        connection, transport = connected(Answering(), write_seconds=10)
        now = asyncio.get_running_loop().time()
        transport.close()

        connection.close_if_late(now)
        connection.close_if_late(now + 11)

        assert transport.is_aborted

    run(test)


@pytest.mark.parametrize("ends", ["lost", "closed"])
def test_an_answer_to_a_client_that_has_left_ends_nothing_twice(ends: str) -> None:
    async def test() -> None:
        app = Answering()
        connection, transport = connected(app)
        connection.data_received(GET % 1 + GET % 2)
        await turns()
        if ends == "closed":
            app.may_answer.set()
            while not transport.written:
                await turns(1)
            transport.close()
        else:
            connection.connection_lost(None)
            app.may_answer.set()
        await turns()

        assert b"/2" not in b"".join(transport.written)

    run(test)


@pytest.mark.parametrize("target", [b"http://a", b"a", b"/\xff#"])
def test_a_target_that_is_none_is_refused(target: bytes) -> None:
    with pytest.raises(RefusalError, match="is invalid"):
        parse_target(target)


def test_a_bug_in_what_a_request_leads_to_is_not_taken_for_a_bad_request() -> None:
    class FaultOutcome:
        stopped_reading = False

        def on_head(self, incoming: object) -> None:
            raise ZeroDivisionError

        def on_piece(self, incoming: object, piece: bytes) -> None: ...

        def on_request(self, incoming: object) -> None: ...

    with pytest.raises(ZeroDivisionError):
        Reader(FaultOutcome(), Limits()).feed(GET % 1)


def test_texts_of_headers_are_shared_and_bounded() -> None:
    values = [b"value %d" % number for number in range(2 * SHARED_TEXTS)]

    first, again = (header_texts([(b"Name", value)]) for value in values[:1] * 2)
    for value in values:
        assert header_texts([(b"Name", value)]) == {"name": value.decode()}

    assert first["name"] is again["name"]


def test_a_limit_that_is_hit_is_said_once_with_how_often(caplog: pytest.LogCaptureFixture) -> None:
    log = LimitLog()
    for _ in range(3):
        log.hit("too much")
    log.write()
    log.write()

    (record,) = caplog.records
    assert record.getMessage() == "limit reached: too much (3 in the last second)"


def test_more_files_allow_no_more_connections_than_were_asked_for() -> None:
    assert affordable(Limits(connections=3)).connections == 3
