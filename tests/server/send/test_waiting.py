"""Replies that leave late, slowly or not at all, as raw sockets see them: http and https."""

import logging
import socket
from collections.abc import Callable

import pytest

from mockocr.protocol.wire import Fault, WireReply
from mockocr.server.server import Server, serve_in_thread
from tests.server.send.sending import (
    HOUR,
    IMPATIENCE_SECONDS,
    OK,
    SECONDS,
    Connect,
    Departing,
    Start,
    all_of,
    ask,
    every_closing_fault,
    get,
    read,
)

EVERY_WAIT = [
    WireReply(b"late", delay_seconds=HOUR),
    WireReply(b"", delay_seconds=HOUR, fault=Fault.EMPTY_RESPONSE),
    WireReply(b"", fault=Fault.TIMEOUT),
    WireReply(b"slow" * 100, dribble_seconds=HOUR),
    WireReply(b"slow" * 100, dribble_seconds=HOUR, fault=Fault.TRUNCATED_BODY),
]

every_wait = pytest.mark.parametrize(
    "reply", EVERY_WAIT, ids=["delay", "delay of a fault", "timeout", "dribble", "dribbled half"]
)


@every_wait
def test_a_client_that_gives_up_is_forgotten_at_once(
    start: Start, connect: Connect, reply: WireReply
) -> None:
    app = start({"/waits": reply}, connections=1)
    connection = connect(app)
    assert ask(connection, "/") == (200, OK.body)
    connection.settimeout(IMPATIENCE_SECONDS)

    with pytest.raises(TimeoutError):
        ask(connection, "/waits")
    connection.close()

    assert [app.ended.get(timeout=SECONDS) for _ in range(2)] == ["/", "/waits"]
    assert ask(connect(app), "/") == (200, OK.body)


@every_wait
def test_other_clients_are_answered_while_one_waits(
    start: Start, connect: Connect, reply: WireReply
) -> None:
    app = start({"/waits": reply})
    waiting, other = connect(app), connect(app)
    waiting.sendall(get("/waits"))
    assert app.begun.get(timeout=SECONDS) == "/waits"

    assert ask(other, "/") == (200, OK.body)
    assert app.ended.get(timeout=SECONDS) == "/"


@pytest.mark.parametrize("behind", [0, 2])
def test_a_stop_ends_every_wait_and_logs_nothing(
    departing: Callable[..., tuple[Departing, Server]],
    connect: Connect,
    behind: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    waits = {f"/{number}": reply for number, reply in enumerate(EVERY_WAIT)}
    app, server = departing(waits)
    with serve_in_thread(server):
        connections = {path: connect(app) for path in waits}
        for path, connection in connections.items():
            connection.sendall(get(path, *["/"] * behind))
        assert {app.begun.get(timeout=SECONDS) for _ in waits} == set(waits)

    received = {path: all_of(connection)[0] for path, connection in connections.items()}

    assert not any(OK.body in got for got in received.values())
    assert [bool(got) for got in received.values()] == [False, False, False, True, True]
    assert app.begun.empty()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_disconnect_with_pipelined_requests_ends_a_timeout(
    start: Start, connect: Connect
) -> None:
    app = start({"/waits": WireReply(b"", fault=Fault.TIMEOUT)})
    connection = connect(app)
    connection.sendall(get("/waits", "/"))
    assert app.begun.get(timeout=SECONDS) == "/waits"
    connection.sendall(get("/") * 100)
    connection.close()

    assert app.ended.get(timeout=SECONDS) == "/waits"
    assert app.begun.empty()


@pytest.mark.parametrize("scheme", ["http"], indirect=True)
@every_wait
def test_a_partial_request_during_a_wait_gets_no_reply(
    start: Start, connect: Connect, reply: WireReply
) -> None:
    app = start({"/waits": reply})
    connection = connect(app)
    connection.sendall(get("/waits") + b"GET / HT")
    assert app.begun.get(timeout=SECONDS) == "/waits"
    # Once this is answered, the waiting has begun.
    assert ask(connect(app), "/") == (200, OK.body)
    connection.shutdown(socket.SHUT_WR)

    received, _ = all_of(connection)

    assert b"error" not in received
    assert reply.dribble_seconds or received == b""


def test_a_timeout_answers_no_partial_request_that_follows(
    start: Start, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockocr.server.server.WATCH_SECONDS", 0.01)
    app = start({"/waits": WireReply(b"", fault=Fault.TIMEOUT)}, read_seconds=0.1)
    connection = connect(app)
    connection.sendall(get("/waits") + b"GET / HT")
    connection.settimeout(IMPATIENCE_SECONDS)

    with pytest.raises(TimeoutError):
        connection.recv(1)


def test_a_late_reply_arrives_and_the_connection_stays_open(start: Start, connect: Connect) -> None:
    connection = connect(start({"/late": WireReply(b"late", delay_seconds=0.05)}))

    assert ask(connection, "/late") == (200, b"late")
    assert ask(connection, "/late") == (200, b"late")
    assert ask(connection, "/") == (200, OK.body)


def test_requests_behind_a_late_reply_keep_their_order(start: Start, connect: Connect) -> None:
    app = start({"/late": WireReply(b"late", delay_seconds=0.05)})
    connection = connect(app)

    connection.sendall(get("/late", "/", "/late", "/"))
    received = b""
    while received.count(OK.body) < 2:
        received += connection.recv(65536)

    bodies = [part for part in (b"late", OK.body) for _ in range(received.count(part))]
    assert bodies == [b"late", b"late", OK.body, OK.body]
    assert received.index(b"late") < received.index(OK.body)


@every_closing_fault
def test_a_fault_can_be_delayed(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    late = WireReply(reply.body, delay_seconds=0.05, fault=reply.fault)
    connection = connect(start({"/late": late}))

    with pytest.raises(seen):
        ask(connection, "/late")


def test_a_slow_body_arrives_in_pieces_and_complete(start: Start, connect: Connect) -> None:
    body = bytes(range(256)) * 5
    connection = connect(start({"/slow": WireReply(body, dribble_seconds=0.3)}))

    assert ask(connection, "/slow") == (200, body)
    assert ask(connection, "/") == (200, OK.body)


@pytest.mark.parametrize("scheme", ["http"], indirect=True)
@every_wait
def test_a_half_closed_connection_counts_as_disconnected_during_a_wait(
    start: Start, connect: Connect, reply: WireReply
) -> None:
    """Over http nothing tells one that has closed its socket from one that still listens."""
    app = start({"/waits": reply})
    connection = connect(app)
    connection.sendall(get("/waits"))
    connection.shutdown(socket.SHUT_WR)

    assert app.ended.get(timeout=SECONDS) == "/waits"
    assert reply.body == b"" or reply.body not in all_of(connection)[0]


@pytest.mark.parametrize("scheme", ["http"], indirect=True)
@every_wait
def test_a_connection_half_closed_before_a_wait_counts_as_disconnected(
    start: Start, connect: Connect, reply: WireReply
) -> None:
    app = start({"/waits": reply})
    app.may_depart.clear()
    connection = connect(app)
    connection.sendall(get("/waits"))
    connection.shutdown(socket.SHUT_WR)
    # Once this one has begun, the server has seen the end of the first.
    connect(app).sendall(get("/"))
    assert [app.begun.get(timeout=SECONDS) for _ in range(2)] == ["/waits", "/"]
    app.may_depart.set()

    ended = [app.ended.get(timeout=SECONDS) for _ in range(2)]

    assert sorted(ended) == ["/", "/waits"]
    assert all_of(connection) == (b"", None)


@pytest.mark.parametrize("scheme", ["http"], indirect=True)
def test_a_client_can_half_close_after_a_late_reply(start: Start, connect: Connect) -> None:
    app = start({"/late": WireReply(b"late", delay_seconds=0.01)})
    connection = connect(app)
    assert ask(connection, "/late") == (200, b"late")
    app.may_depart.clear()
    connection.sendall(get("/"))
    connection.shutdown(socket.SHUT_WR)
    connect(app).sendall(get("/"))
    assert [app.begun.get(timeout=SECONDS) for _ in range(3)] == ["/late", "/", "/"]
    app.may_depart.set()

    assert read(connection) == (200, OK.body)


@pytest.mark.parametrize("scheme", ["http"], indirect=True)
@every_closing_fault
def test_a_half_closed_connection_still_gets_a_fault(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    app = start({"/fault": reply})
    app.may_depart.clear()
    connection = connect(app)
    connection.sendall(get("/fault"))
    connection.shutdown(socket.SHUT_WR)
    app.may_depart.set()

    with pytest.raises(seen):
        read(connection)
