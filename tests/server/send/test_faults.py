"""What clients see of a fault, by raw sockets: http and https."""

import asyncio
import socket
import struct
import threading
from http.client import HTTPResponse

import pytest
from starlette.types import Receive, Scope, Send

from mockocr.protocol.wire import Fault, WireReply
from tests.server.send.sending import (
    CLOSING,
    NOISE,
    OK,
    SECONDS,
    Connect,
    Start,
    all_of,
    ask,
    every_closing_fault,
    get,
    no_collection,
    raw,
    read,
)
from tests.server.sockets import served


@every_closing_fault
def test_a_fault_ends_a_connection_that_was_good_so_far_and_no_other(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    app = start({"/fault": reply})
    faulted, other = connect(app), connect(app)
    assert ask(faulted, "/") == ask(other, "/") == (200, OK.body)

    with pytest.raises(seen):
        ask(faulted, "/fault")

    assert ask(other, "/") == (200, OK.body)
    assert ask(connect(app), "/") == (200, OK.body)


@every_closing_fault
def test_replies_sent_before_a_fault_arrive_and_none_follow(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    app = start({"/fault": reply, "/last": WireReply(b"too late")})
    connection = connect(app)

    connection.sendall(get("/", "/", "/fault", "/last", "/last"))
    received, _ = all_of(connection)

    assert received.count(OK.body) == 2
    assert b"too late" not in received
    assert [app.ended.get(timeout=SECONDS) for _ in range(3)] == ["/", "/", "/fault"]


@pytest.mark.parametrize(
    ("reply", "seen"), CLOSING[1:], ids=[str(reply.fault) for reply, _ in CLOSING[1:]]
)
def test_a_long_reply_sent_before_an_orderly_fault_arrives_whole(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    long = bytes(8 * 1024 * 1024)
    app = start({"/fault": reply, "/long": WireReply(long)})
    connection = connect(app)

    connection.sendall(get("/long", "/fault"))
    received, ended_by = all_of(connection)

    assert received.partition(b"\r\n\r\n")[2].startswith(long)
    assert ended_by is None


@pytest.mark.parametrize("resets", [False, True])
def test_nothing_is_kept_of_a_connection_closed_by_its_client(
    start: Start, connect: Connect, resets: bool
) -> None:
    """No timer, and no circle of references that only a collection would find."""
    app = start({})
    connection = connect(app)
    assert ask(connection, "/") == (200, OK.body)
    with no_collection():
        if resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

        assert app.freed.wait(SECONDS)


@every_closing_fault
def test_nothing_is_kept_of_a_connection_closed_by_a_fault(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    app = start({"/fault": reply})
    connection = connect(app)
    with no_collection():
        connection.sendall(get("/fault", "/", "/"))
        with pytest.raises(seen):
            read(connection)
        connection.close()

        assert app.freed.wait(SECONDS)


def test_a_reset_is_a_tcp_reset_over_tls_too(start: Start, connect: Connect) -> None:
    app = start({"/fault": WireReply(b"", fault=Fault.CONNECTION_RESET_BY_PEER)})
    connection = connect(app)
    connection.sendall(get("/fault"))

    with raw(connection) as below:
        _, ended_by = all_of(below)

    assert isinstance(ended_by, ConnectionResetError)


def test_an_empty_response_is_an_orderly_end(start: Start, connect: Connect) -> None:
    connection = connect(start({"/fault": WireReply(b"", fault=Fault.EMPTY_RESPONSE)}))
    connection.sendall(get("/fault"))

    assert all_of(connection) == (b"", None)


def test_random_data_is_sent_as_it_is(start: Start, connect: Connect) -> None:
    connection = connect(start({"/fault": WireReply(NOISE, fault=Fault.RANDOM_DATA_THEN_CLOSE)}))
    connection.sendall(get("/fault"))

    assert all_of(connection) == (NOISE, None)


def test_a_malformed_chunk_follows_an_ordinary_head(start: Start, connect: Connect) -> None:
    reply = WireReply(NOISE, status=502, headers=OK.headers, fault=Fault.MALFORMED_RESPONSE_CHUNK)
    connection = connect(start({"/fault": reply}))
    connection.sendall(get("/fault"))

    head, _, body = all_of(connection)[0].partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    lines = head.lower().split(b"\r\n")
    assert b"transfer-encoding: chunked" in lines
    assert b"x-tc-traceid: trace" in lines
    assert b"content-length" not in head.lower()
    assert body == NOISE


def test_a_truncated_body_is_the_first_half_with_the_length_of_the_whole(
    start: Start, connect: Connect
) -> None:
    connection = connect(start({"/fault": WireReply(b"0123456789", fault=Fault.TRUNCATED_BODY)}))
    connection.sendall(get("/fault"))

    head, _, body = all_of(connection)[0].partition(b"\r\n\r\n")

    assert b"content-length: 10" in head.lower().split(b"\r\n")
    assert body == b"01234"


def test_resetting_a_closed_connection_has_no_effect() -> None:
    ended = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        connection = scope["extensions"]["mockocr.connection"]
        connection.reset()
        while connection._current is not None:  # noqa: ASYNC110 - nothing tells of a loss
            await asyncio.sleep(0)
        connection.reset()
        connection.end(NOISE)
        ended.set()

    with served(app) as address:
        with socket.create_connection(address, timeout=SECONDS) as connection:
            connection.sendall(get("/"))
            content, error = all_of(connection)

        assert ended.wait(SECONDS)
    assert (content, type(error)) == (b"", ConnectionResetError)


def test_a_gateway_error_is_an_ordinary_reply(start: Start, connect: Connect) -> None:
    page = b"<html><h1>502 Bad Gateway</h1></html>"
    connection = connect(start({"/fault": WireReply(page, status=502, content_type="text/html")}))
    connection.sendall(get("/fault"))

    with HTTPResponse(connection) as response:
        response.begin()
        assert (response.status, response.reason) == (502, "Bad Gateway")
        assert response.getheader("Content-Type") == "text/html"
        assert response.read() == page
    assert ask(connection, "/") == (200, OK.body)
