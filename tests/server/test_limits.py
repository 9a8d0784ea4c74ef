"""What a client may do to a connection, over http and https; limits small, so that nobody waits."""

import json
import select
import socket
import ssl
from typing import Any

import pytest

from tests.conftest import Serve
from tests.server.sockets import GET, SECONDS, Connect, all_of, answer, status_and_words


@pytest.mark.parametrize(
    ("limits", "sent", "status", "words"),
    [
        ({"headers": 5}, GET + b"a: b\r\n" * 5 + b"\r\n", 431, "more than 5 headers"),
        (
            {"head_bytes": 1000},
            GET + b"a: " + b"b" * 1000 + b"\r\n\r\n",
            431,
            "the request line and headers have more than 1000 bytes",
        ),
        (
            {"head_bytes": 1000},
            GET + b"a: " + b"b" * 2000,
            431,
            "the request line and headers have more than 1000 bytes",
        ),
        (
            {"target_bytes": 100},
            b"GET /?" + b"a" * 100 + b" HTTP/1.1\r\n\r\n",
            414,
            "the request target has more than 100 bytes",
        ),
        ({}, GET + b"Host: b\r\n\r\n", 400, "expected one Host header, got two"),
        (
            {},
            GET + b"Host: b\r\nContent-Length: 3\r\n\r\nabc",
            400,
            "expected one Host header, got two",
        ),
        ({"head_bytes": 1000}, b"NONSENSE" * 1000, 400, "expected HTTP/1.1"),
        ({}, b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "CONNECT is not supported"),
        (
            {},
            b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
            400,
            "expected HTTP/1.1",
        ),
        ({}, b"NONSENSE\r\n\r\n", 400, "expected HTTP/1.1"),
        ({}, b"GET http://localhost HTTP/1.1\r\n\r\n", 400, "the request target is invalid"),
        ({"read_seconds": 0.05}, b"GET / HT", 408, "was not complete in time"),
        (
            {"read_seconds": 0.05},
            b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
            408,
            "was not complete in time",
        ),
        (
            {"body_seconds": 0.05},
            b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
            408,
            "was not complete in time",
        ),
    ],
)
def test_what_goes_too_far_is_refused_in_words_and_closed(
    connect: Connect, limits: dict[str, Any], sent: bytes, status: int, words: str
) -> None:
    connection = connect(**limits)

    connection.sendall(sent)
    refused = status_and_words(all_of(connection))

    assert refused[0] == status
    assert words in refused[1]


def test_what_is_within_the_limits_is_answered(connect: Connect) -> None:
    connection = connect(headers=5, head_bytes=1000, target_bytes=100)

    connection.sendall(GET + b"a: b\r\n" * 4 + b"\r\n")

    assert answer(connection).startswith(b"HTTP/1.1 200 OK")


def test_limits_count_anew_for_each_request_of_a_connection(connect: Connect) -> None:
    connection = connect(head_bytes=200, request_bytes=100)
    request = GET + b"a: " + b"b" * 100 + b"\r\n\r\n"
    for _ in range(5):
        connection.sendall(request)
        assert answer(connection).startswith(b"HTTP/1.1 200 OK")


def test_a_bad_request_after_a_good_one_is_refused_in_words_too(connect: Connect) -> None:
    connection = connect()
    connection.sendall(GET + b"\r\n")
    answer(connection)

    connection.sendall(b"NONSENSE\r\n\r\n")

    assert status_and_words(all_of(connection))[0] == 400


def test_a_connection_that_says_nothing_is_closed(connect: Connect) -> None:
    assert all_of(connect(read_seconds=0.05)) == b""


def test_a_kept_connection_waits_for_its_next_request(connect: Connect) -> None:
    """The time of a head begins with its first byte, not with the end of the last answer."""
    connection = connect(read_seconds=0.2)
    for _ in range(2):
        connection.sendall(GET + b"\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 200 OK")
    late = connect(read_seconds=0.2)
    assert all_of(late) == b""

    connection.sendall(GET + b"\r\n")

    assert answer(connection).startswith(b"HTTP/1.1 200 OK")


def test_one_connection_too_many_is_refused_and_the_others_are_not(connect: Connect) -> None:
    first, second = connect(connections=2), connect(connections=2)
    for connection in (first, second):
        connection.sendall(GET + b"\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 200 OK")

    third = connect(connections=2)
    status, words = status_and_words(all_of(third))

    assert (status, words) == (503, "more than 2 connections at once")
    first.sendall(GET + b"\r\n")
    assert answer(first).startswith(b"HTTP/1.1 200 OK")


def test_a_body_that_never_ends_is_cut_off(connect: Connect) -> None:
    connection = connect(request_bytes=70 * 1024 * 1024)
    connection.sendall(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"

    def send_until_cut_off() -> None:
        for _ in range(1000):
            connection.sendall(chunk)

    with pytest.raises((ConnectionError, ssl.SSLError)):
        send_until_cut_off()


@pytest.mark.parametrize("offer", [b"h2c", b"websocket"])
def test_an_upgrade_is_not_taken_up_and_the_body_is_not_lost(
    connect: Connect, offer: bytes
) -> None:
    """Java's own HttpClient offers h2c with every POST over http."""
    connection = connect()
    head = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: " + offer + b"\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 11\r\n\r\n"
    )

    connection.sendall(head + b"Timest")
    connection.sendall(b"amp=1")

    # What is missed is Action: the Timestamp has come through.
    assert b"required parameter `Action`" in answer(connection)


def test_of_requests_sent_at_once_only_the_last_ones_head_counts_as_under_way(
    connect: Connect,
) -> None:
    connection = connect(head_bytes=1000)

    connection.sendall(30 * (GET + b"\r\n") + GET + b"Connection: close\r\n")
    answers = b""
    while answers.count(b"healthy") < 30 and (part := connection.recv(65536)):
        answers += part
    connection.sendall(b"\r\n")
    answers += all_of(connection)

    assert answers.count(b"HTTP/1.1 200 OK") == 31


def test_a_head_without_end_behind_another_request_is_refused(connect: Connect) -> None:
    connection = connect(head_bytes=1000)

    connection.sendall(GET + b"\r\n" + GET + b"a: " + b"b" * 900)
    assert answer(connection).startswith(b"HTTP/1.1 200 OK")
    connection.sendall(b"b" * 1001)

    assert status_and_words(all_of(connection))[0] == 431


@pytest.mark.parametrize("connect", ["http"], indirect=True)
def test_a_client_that_says_it_is_done_still_gets_its_answer(connect: Connect) -> None:
    """Over TLS there is no half of a connection."""
    connection = connect()
    connection.sendall(GET + b"\r\n")
    connection.shutdown(socket.SHUT_WR)

    assert all_of(connection).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("connect", ["http"], indirect=True)
@pytest.mark.parametrize("half", [b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"])
@pytest.mark.parametrize("before", [b"", GET + b"\r\n"], ids=["alone", "behind another"])
def test_half_a_request_is_answered_as_what_it_is(
    connect: Connect, before: bytes, half: bytes
) -> None:
    connection = connect()
    connection.sendall(before + half)
    if before:
        assert answer(connection).startswith(b"HTTP/1.1 200 OK")
    connection.shutdown(socket.SHUT_WR)

    assert status_and_words(all_of(connection)) == (400, "the request is incomplete")


@pytest.mark.parametrize("connect", ["http"], indirect=True)
def test_a_connection_closed_without_a_word_is_closed_without_a_word(connect: Connect) -> None:
    connection = connect()
    connection.shutdown(socket.SHUT_WR)

    assert all_of(connection) == b""


def test_a_client_that_says_it_is_done_gets_even_an_answer_that_takes_its_time(
    serve: Serve,
) -> None:
    """A crop is drawn in a thread, after the client's last word has come in."""
    host, _, port = serve(auth="off").endpoint.rpartition(":")
    config = json.dumps({"CropIdCard": True})
    body = json.dumps({"ImageUrl": "https://xx/a.jpg", "Config": config}).encode()
    head = (
        b"POST / HTTP/1.1\r\nX-TC-Action: IDCardOCR\r\nX-TC-Version: 2018-11-19\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)

        assert b"/9j/" in all_of(connection)


@pytest.mark.parametrize("connect", ["http"], indirect=True)
@pytest.mark.parametrize("leaves", [False, True])
def test_a_client_that_reads_no_answers_is_not_answered_without_end(
    connect: Connect, leaves: bool
) -> None:
    """The server stops reading, too; answers go on when the client reads, if it ever does."""
    connection = connect(head_bytes=1 << 24)
    asked = b"GET / HTTP/1.1\r\nX-TC-TraceId: " + 50_000 * b"a" + b"\r\n\r\n"
    connection.setblocking(False)
    sent = 0
    while select.select([], [connection], [], 0.5)[1]:
        sent += connection.send(memoryview(asked)[sent % len(asked) :])
    connection.settimeout(SECONDS)
    if leaves:
        connection.close()
        connection = connect(head_bytes=1 << 24)
        connection.sendall(asked)
        sent = len(asked)

    received = bytearray()
    while received.count(b"HTTP/1.1 200 OK") < sent // len(asked):
        received += connection.recv(1 << 20)
