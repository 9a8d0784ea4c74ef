"""Replies that leave late, slowly, broken or not at all, as raw sockets see them: http and https.

The timeouts of clients here are their act; the server waits for an hour, or for next to nothing.
"""

import asyncio
import gc
import logging
import socket
import ssl
import struct
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import BadStatusLine, HTTPResponse, IncompleteRead, RemoteDisconnected
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from mockocr.certificates import ca_path, server_tls
from mockocr.door import Door, Limits
from mockocr.protocol.wire import Fault, WireReply
from mockocr.server import Listener, Server, bind, serve_in_thread
from mockocr.web.departure import Connection, depart

SECONDS = 10
"""After which a server that says nothing hangs."""

HOUR = 3600
"""Nobody here waits so long."""

IMPATIENCE_SECONDS = 0.2
"""After which a client here gives up."""

OK = WireReply(b'{"Response": {}}', headers=(("X-TC-TraceId", "trace"),))

NOISE = b"\x8f\x01 no HTTP \xff\r\n\r\n\xfe"


class Departing:
    """An application whose replies are known by their path."""

    def __init__(self, replies: dict[str, WireReply], listener: Listener) -> None:
        self.replies = {"/": OK, **replies}
        self.listener = listener
        self.begun: SimpleQueue[str] = SimpleQueue()
        self.ended: SimpleQueue[str] = SimpleQueue()
        self.may_depart = threading.Event()
        self.may_depart.set()
        self.freed = threading.Event()
        self._door: weakref.ref[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        door = scope["extensions"]["mockocr.connection"]
        self._door = weakref.ref(door, lambda _: self.freed.set())
        self.begun.put(scope["path"])
        if not self.may_depart.is_set():
            await asyncio.to_thread(self.may_depart.wait)
        await depart(self.replies[scope["path"]], scope, receive, send, faithful_headers=False)
        self.ended.put(scope["path"])


@contextmanager
def no_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


Start = Callable[..., Departing]
"""Serves an application until the test ends: `start({"/late": WireReply(...)}, connections=1)`."""

Connect = Callable[[Departing], socket.socket]


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def departing(scheme: str, state_dir: Path) -> Callable[..., tuple[Departing, Server]]:
    def make(replies: dict[str, WireReply], **limits: Any) -> tuple[Departing, Server]:
        tls = server_tls(state_dir).context if scheme == "https" else None
        app = Departing(replies, Listener(bind("127.0.0.1", 0), tls))
        return app, Server(app, [app.listener], Limits(**limits))

    return make


@pytest.fixture
def start(departing: Callable[..., tuple[Departing, Server]]) -> Iterator[Start]:
    with ExitStack() as stack:

        def start_one(replies: dict[str, WireReply], **limits: Any) -> Departing:
            app, server = departing(replies, **limits)
            stack.enter_context(serve_in_thread(server))
            return app

        yield start_one


@pytest.fixture
def connect(scheme: str, state_dir: Path) -> Iterator[Connect]:
    with ExitStack() as stack:

        def connect_one(app: Departing) -> socket.socket:
            address = app.listener.socket.getsockname()
            plain = stack.enter_context(socket.create_connection(address, timeout=SECONDS))
            if scheme == "http":
                return plain
            trust = ssl.create_default_context(cafile=ca_path(state_dir))
            return stack.enter_context(trust.wrap_socket(plain, server_hostname="localhost"))

        yield connect_one


def get(*paths: str) -> bytes:
    return b"".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths)


def read(connection: socket.socket) -> tuple[int, bytes]:
    """One reply. Raises what http.client raises."""
    with HTTPResponse(connection) as response:
        response.begin()
        return response.status, response.read()


def ask(connection: socket.socket, path: str) -> tuple[int, bytes]:
    connection.sendall(get(path))
    return read(connection)


def all_of(connection: socket.socket) -> tuple[bytes, Exception | None]:
    """What comes until the connection ends, and what it ends with, where that is no orderly end."""
    received = bytearray()
    try:
        while part := connection.recv(65536):
            received += part
    except OSError as error:
        return bytes(received), error
    return bytes(received), None


def raw(connection: socket.socket) -> socket.socket:
    """The TCP connection below, to read what TLS would not tell apart: Python's ssl has a reset for
    an end without close_notify, and that, unless it is asked, for an end."""
    if not isinstance(connection, ssl.SSLSocket):
        return connection
    below = socket.socket(fileno=connection.detach())
    below.settimeout(SECONDS)
    return below


# What clients see of a fault

CLOSING = [
    (WireReply(b"", fault=Fault.CONNECTION_RESET_BY_PEER), ConnectionResetError),
    (WireReply(b"", fault=Fault.EMPTY_RESPONSE), RemoteDisconnected),
    (WireReply(NOISE, fault=Fault.MALFORMED_RESPONSE_CHUNK), IncompleteRead),
    (WireReply(NOISE, fault=Fault.RANDOM_DATA_THEN_CLOSE), BadStatusLine),
    (WireReply(b"0123456789", fault=Fault.TRUNCATED_BODY), IncompleteRead),
]

every_closing_fault = pytest.mark.parametrize(
    ("reply", "seen"), CLOSING, ids=[str(reply.fault) for reply, _ in CLOSING]
)


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
def test_replies_sent_before_a_fault_arrive_and_none_after_it(
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
def test_nothing_is_kept_of_a_connection_that_its_client_has_ended(
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
def test_nothing_is_kept_of_a_connection_that_a_fault_has_ended(
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


def test_a_reset_is_one_of_tcp_below_tls_too(start: Start, connect: Connect) -> None:
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


def test_of_a_truncated_body_the_first_half_comes_under_the_length_of_the_whole(
    start: Start, connect: Connect
) -> None:
    connection = connect(start({"/fault": WireReply(b"0123456789", fault=Fault.TRUNCATED_BODY)}))
    connection.sendall(get("/fault"))

    head, _, body = all_of(connection)[0].partition(b"\r\n\r\n")

    assert b"content-length: 10" in head.lower().split(b"\r\n")
    assert body == b"01234"


def test_who_has_parted_from_a_client_parts_from_nobody_more() -> None:
    ended = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        connection = scope["extensions"]["mockocr.connection"]
        connection.reset()
        while connection.cycle is not None:  # noqa: ASYNC110 - nothing tells of a loss
            await asyncio.sleep(0)
        connection.reset()
        connection.end(NOISE)
        ended.set()

    listener = Listener(bind("127.0.0.1", 0))
    with serve_in_thread(Server(app, [listener])):
        address = listener.socket.getsockname()
        with socket.create_connection(address, timeout=SECONDS) as connection:
            connection.sendall(get("/"))
            content, error = all_of(connection)

        assert ended.wait(SECONDS)
    assert (content, type(error)) == (b"", ConnectionResetError)


def test_a_page_of_a_gateway_is_an_ordinary_reply(start: Start, connect: Connect) -> None:
    page = b"<html><h1>502 Bad Gateway</h1></html>"
    connection = connect(start({"/fault": WireReply(page, status=502, content_type="text/html")}))
    connection.sendall(get("/fault"))

    with HTTPResponse(connection) as response:
        response.begin()
        assert (response.status, response.reason) == (502, "Bad Gateway")
        assert response.getheader("Content-Type") == "text/html"
        assert response.read() == page
    assert ask(connection, "/") == (200, OK.body)


# Waiting


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
def test_others_are_answered_while_one_waits(
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


def test_a_client_that_leaves_requests_behind_is_not_missed_by_a_timeout(
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
def test_half_a_request_behind_a_wait_is_no_reason_to_say_a_word(
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


def test_a_timeout_says_nothing_to_a_request_that_comes_late_behind_it(
    start: Start, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockocr.server.WATCH_SECONDS", 0.01)
    app = start({"/waits": WireReply(b"", fault=Fault.TIMEOUT)}, head_seconds=0.01)
    connection = connect(app)
    connection.sendall(get("/waits") + b"GET / HT")
    connection.settimeout(IMPATIENCE_SECONDS)

    with pytest.raises(TimeoutError):
        connection.recv(1)


def test_a_late_reply_comes_and_the_connection_lives_on(start: Start, connect: Connect) -> None:
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
def test_a_late_fault_comes_too(
    start: Start, connect: Connect, reply: WireReply, seen: type[Exception]
) -> None:
    late = WireReply(reply.body, delay_seconds=0.05, fault=reply.fault)
    connection = connect(start({"/late": late}))

    with pytest.raises(seen):
        ask(connection, "/late")


def test_a_slow_body_comes_in_pieces_whole(start: Start, connect: Connect) -> None:
    body = bytes(range(256)) * 5
    connection = connect(start({"/slow": WireReply(body, dribble_seconds=0.3)}))

    assert ask(connection, "/slow") == (200, body)
    assert ask(connection, "/") == (200, OK.body)


@pytest.mark.parametrize("scheme", ["http"], indirect=True)
@every_wait
def test_a_client_that_says_it_is_done_while_it_is_kept_waiting_has_left(
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
def test_a_client_that_has_said_so_before_the_waiting_has_left_too(
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
def test_after_a_late_reply_a_client_may_say_again_that_it_is_done(
    start: Start, connect: Connect
) -> None:
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
def test_a_fault_comes_to_a_client_that_has_said_it_is_done(
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


# Under any server


class Elsewhere:
    """An ASGI server as the specification has it, without a connection of ours."""

    def __init__(self, leaves: bool = False) -> None:
        self.leaves = leaves
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if not self.leaves:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def depart(self, reply: WireReply) -> list[Message]:
        scope = {"type": "http", "path": "/"}
        asyncio.run(depart(reply, scope, self.receive, self.send, faithful_headers=False))
        return self.sent

    @property
    def body(self) -> bytes:
        assert [it.get("more_body", False) for it in self.sent[1:-1]] == [True] * len(
            self.sent[1:-1]
        )
        assert not self.sent[-1].get("more_body", False)
        return b"".join(message["body"] for message in self.sent[1:])


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_under_another_server_says_what_it_needs(fault: Fault) -> None:
    elsewhere = Elsewhere()

    with pytest.raises(RuntimeError, match=f"{fault} needs mockocr's own server"):
        elsewhere.depart(WireReply(b"", fault=fault, delay_seconds=HOUR))
    assert elsewhere.sent == []


def test_a_reply_without_trouble_is_two_messages() -> None:
    sent = Elsewhere().depart(WireReply(b"abc"))

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_a_delay_works_under_any_server() -> None:
    elsewhere = Elsewhere()
    elsewhere.depart(WireReply(b"abc", delay_seconds=0.01))

    assert elsewhere.sent[0]["status"] == 200
    assert elsewhere.body == b"abc"


@pytest.mark.parametrize(
    ("body", "seconds", "pieces"),
    [
        (b"", 0.2, []),
        (b"a", 0.2, [b"a"]),
        (b"abcd", 0.2, [b"a", b"b", b"cd"]),
        (b"abcd", 0.01, [b"ab", b"cd"]),
        (b"abcdef", 0.2, [b"ab", b"cd", b"ef"]),
    ],
)
def test_a_dribbled_body_leaves_in_even_pieces_none_of_them_empty(
    body: bytes, seconds: float, pieces: list[bytes]
) -> None:
    elsewhere = Elsewhere()
    sent = elsewhere.depart(WireReply(body, dribble_seconds=seconds))

    assert (b"content-length", str(len(body)).encode()) in sent[0]["headers"]
    assert [message["body"] for message in sent[1:-1]] == pieces
    assert elsewhere.body == body


@pytest.mark.parametrize(
    ("reply", "messages"),
    [
        (WireReply(b"late", delay_seconds=HOUR), 0),
        (WireReply(b"slow", dribble_seconds=HOUR), 1),
    ],
)
def test_to_a_client_that_leaves_nothing_more_is_sent(reply: WireReply, messages: int) -> None:
    assert len(Elsewhere(leaves=True).depart(reply)) == messages


def test_the_door_is_the_connection_that_departure_asks_for() -> None:
    """Neither may import the other; this line is for mypy."""
    connection: type[Connection] = Door

    assert connection
