"""What overran the first version: a client that sends without end, or never reads, or hides one
request behind another."""

import asyncio
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.server.app import create_app
from mockocr.server.limits import Limits
from mockocr.server.ports import Listener, bind
from mockocr.server.server import Server, serve_in_thread
from mockocr.settings import Settings
from mockocr.tls import server_tls
from tests.memory import traced_memory
from tests.server.sockets import (
    GET,
    SECONDS,
    Connect,
    all_of,
    answer,
    served,
    status_and_words,
)

CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(autouse=True)
def _watching_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockocr.server.server.WATCH_SECONDS", 0.01)


def send_as_long_as_it_is_taken(connection: socket.socket, first: bytes, more: bytes) -> None:
    """Up to a hundred times."""
    try:
        connection.sendall(first)
        for _ in range(100):
            connection.sendall(more)
    except OSError:
        pass


# Bytes and headers, wherever in a request


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (b"a: b\r\n" * 100, "more than 100 headers"),
        (b"a" * 1000, "the request line and headers have more than 10000 bytes"),
    ],
    ids=["many", "one without end"],
)
@pytest.mark.parametrize("before", [b"0\r\n", b"1\r\na\r\n0\r\n"], ids=["alone", "behind a body"])
def test_trailers_without_end_are_refused(
    connect: Connect, before: bytes, more: bytes, words: str
) -> None:
    connection = connect(head_bytes=10_000)

    send_as_long_as_it_is_taken(connection, CHUNKED + before, more)

    assert status_and_words(all_of(connection)) == (431, words)


def test_an_extension_of_a_chunk_without_end_is_refused(connect: Connect) -> None:
    connection = connect(head_bytes=10_000)

    send_as_long_as_it_is_taken(connection, CHUNKED + b"5;a=", b"a" * 1000)

    assert status_and_words(all_of(connection))[0] == 431


def test_a_head_in_small_pieces_counts_as_a_whole(connect: Connect) -> None:
    connection = connect(head_bytes=10_000)

    send_as_long_as_it_is_taken(connection, GET + b"a: ", b"a" * 500)

    assert status_and_words(all_of(connection))[0] == 431


@pytest.mark.parametrize(
    "trailer",
    [b"X-TC-Action: IDCardOCR\r\n", b"Authorization: TC3-HMAC-SHA256 a\r\n", b"Host: b\r\n"],
)
def test_a_trailer_is_no_header(connect: Connect, trailer: bytes) -> None:
    with_it, without = connect(), connect()

    with_it.sendall(CHUNKED + b"2\r\n{}\r\n0\r\n" + trailer + b"\r\n")
    without.sendall(CHUNKED + b"2\r\n{}\r\n0\r\n\r\n")

    errors = [re.findall(rb'"Error":{.*?}', answer(each)) for each in (with_it, without)]
    assert errors[0] != []
    assert errors[0] == errors[1]


# A refusal stops the parser


OFFER = b"Connection: upgrade\r\nUpgrade: h2c\r\n"

BAD = [
    pytest.param(GET + b"Host: b\r\n\r\n", 400, id="two hosts"),
    pytest.param(b"GET http://a HTTP/1.1\r\n\r\n", 400, id="no path"),
    pytest.param(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="connect"),
    pytest.param(GET + b"a: b\r\n" * 101 + b"\r\n", 431, id="headers"),
    pytest.param(
        GET + b"Host: b\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", 400, id="upgrade"
    ),
    pytest.param(CHUNKED + b"0\r\n" + b"a: b\r\n" * 400 + b"\r\n", 431, id="trailers"),
]


@pytest.mark.parametrize(("bad", "status"), BAD)
def test_what_is_behind_a_refused_request_is_not_executed(
    connect: Connect, bad: bytes, status: int
) -> None:
    asking, other = connect(), connect()
    asking.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer(asking)

    asking.sendall(bad + b"DELETE /__admin/requests HTTP/1.1\r\nHost: localhost\r\n\r\n")

    received = all_of(asking)
    assert f" {status} ".encode() in received
    assert b" 204 " not in received
    other.sendall(b"GET /__admin/requests HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b'"RequestId"' in answer(other)


def test_offers_of_another_protocol_may_be_as_many_as_they_like(connect: Connect) -> None:
    connection = connect()
    offer = GET + OFFER + b"\r\n"
    times = 3000
    connection.sendall(offer * times)

    answers = b""
    while answers.count(b"HTTP/1.1 200 OK") < times and (part := connection.recv(1 << 20)):
        answers += part

    assert answers.count(b"HTTP/1.1 200 OK") == times


# Requests behind one that is not answered


class Application:
    """Answers `/last` and nothing else, until it may."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.left = threading.Event()
        self.may_answer = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun.set()
        if scope["path"] == "/waits":
            await asyncio.to_thread(self.may_answer.wait, SECONDS)
        body = b"a" * (64 << 20) if scope["path"] == "/long" else scope["path"].encode()
        head = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        if scope["path"] == "/long":
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left.set()
        await send({"type": "http.response.body", "body": b""})


@contextmanager
def serving(
    app: ASGIApp, state_dir: Path, scheme: str = "http", **limits: Any
) -> Iterator[Callable[[], socket.socket]]:
    tls = server_tls(state_dir).context if scheme == "https" else None
    with served(app, tls, **limits) as address:
        yield lambda: socket.create_connection(address, timeout=SECONDS)


def waits(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_requests_that_wait_cost_no_more_than_their_bytes(state_dir: Path) -> None:
    app = Application()
    with serving(app, state_dir) as connected, connected() as client:
        client.sendall(waits("/waits"))
        assert app.begun.wait(SECONDS)
        with traced_memory() as memory:
            client.sendall(waits("/last") + b"GET / HTTP/1.1\r\n\r\n" * 10_000)
            # Its answer comes when all of that was received.
            with connected() as other:
                other.sendall(waits("/last"))
                answer(other)
        app.may_answer.set()

        assert b"/waits" in answer(client)
    assert memory.peak_bytes < 5_000_000


def test_a_refusal_does_not_overtake_an_answer_that_is_late(state_dir: Path) -> None:
    app = Application()
    with serving(app, state_dir) as connected, connected() as client:
        client.sendall(waits("/waits") + b"NONSENSE\r\n\r\n")
        assert app.begun.wait(SECONDS)
        app.may_answer.set()

        received = all_of(client)

    assert received.index(b"/waits") < received.index(b"400 Bad Request")


# Sockets and time


def test_silent_sockets_on_the_tls_port_leave_room_for_http(
    state_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    limits = Limits(connections=16, handshakes=4)
    with bind("127.0.0.1", 0) as http, bind("127.0.0.1", 0) as https, ExitStack() as stack:
        listeners = [Listener(http), Listener(https, server_tls(state_dir).context)]
        stack.enter_context(serve_in_thread(Server(create_app(Settings()), listeners, limits)))
        address = https.getsockname()
        silent = [socket.create_connection(address, timeout=SECONDS) for _ in range(20)]
        refused = [it for it in silent[4:] if it.recv(1) == b""]
        with socket.create_connection(http.getsockname(), timeout=SECONDS) as client:
            client.sendall(GET + b"\r\n")

            assert answer(client).startswith(b"HTTP/1.1 200 OK")
        for connection in silent:
            connection.close()

    assert len(refused) == 16
    result = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert all(
        each.startswith("limit reached: more than 4 TLS handshakes at once (") for each in result
    )
    assert sum(int(each.partition("(")[2].partition(" ")[0]) for each in result) == 16


def test_a_handshake_has_to_end_in_time(state_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        serving(Application(), state_dir, "https", handshake_seconds=0.05) as connected,
        connected() as silent,
    ):
        assert all_of(silent) == b""

    assert "a TLS handshake was not complete in time" in caplog.text


def test_a_client_that_reads_nothing_of_its_answer_is_dropped(
    state_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = Application()
    with serving(app, state_dir, write_seconds=0.05) as connected, connected() as client:
        client.sendall(waits("/long"))

        assert app.left.wait(SECONDS)

    assert "a client read nothing of its answer for 0.05 s (1 in" in caplog.text


def test_an_idle_connection_is_closed(connect: Connect) -> None:
    connection = connect(idle_seconds=0.05)
    connection.sendall(GET + b"\r\n")
    assert answer(connection).startswith(b"HTTP/1.1 200 OK")

    assert all_of(connection) == b""


# The stop


def test_half_a_request_is_refused_when_the_server_stops() -> None:
    with served(create_app(Settings())) as address:
        client = socket.create_connection(address, timeout=SECONDS)
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
        with socket.create_connection(address, timeout=SECONDS) as other:
            other.sendall(GET + b"\r\n")
            answer(other)

    with client:
        assert status_and_words(all_of(client)) == (503, "the server is stopping")


def test_the_first_answer_has_a_date(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")

    assert b"\r\ndate: " in answer(connection).lower()
