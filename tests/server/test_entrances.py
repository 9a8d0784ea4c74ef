"""The same request through both entrances: what comes back and what is journaled are the same."""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.calls import KEYS_FILE, on_the_wire
from mockocr.journal.exchange import Exchange
from mockocr.protocol.wire import WireReply, WireRequest
from mockocr.server.app import create_app
from mockocr.settings import Settings
from tests.requests import FRONT, a_call, a_get, a_v1_call
from tests.server.sockets import served

SECONDS = 10
"""After which a server that says nothing hangs."""

TOLD_BY_TIME_AND_CHANCE = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}|date: [^\r]*"
)


class Entrance:
    """A server, and what was answered without ASGI."""

    def __init__(self, keys_file: Path, is_direct: bool, stack: ExitStack) -> None:
        app = create_app(Settings(keys_file=keys_file))
        self.state = app.state
        self.direct_answers = 0
        reply = app.api.reply

        def answer(request: WireRequest) -> tuple[WireReply, Exchange]:
            self.direct_answers += 1
            return reply(request)

        app.api.reply = answer
        # Hidden in a function, it is an ASGI application like any other.
        hidden = app if is_direct else lambda scope, receive, send: app(scope, receive, send)
        self.address = stack.enter_context(served(hidden))

    def answers(self, sent: bytes) -> bytes:
        """Until the server closes; without what is told by time and chance."""
        with socket.create_connection(self.address, SECONDS) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        return TOLD_BY_TIME_AND_CHANCE.sub(b"", received)

    def journal(self) -> list[dict[str, Any]]:
        """All calls since the last time, the newest first. Causes of wrong signatures are searched
        for a limited time, so that they may differ."""
        found = [exchange.details() for exchange in self.state.journal.newest_first()]
        self.state.journal.reset()
        for details in found:
            for name in ("RequestId", "time", "milliseconds", "cause", "hint"):
                del details[name]
        return found


@pytest.fixture(scope="module")
def entrances(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Entrance]]:
    keys_file = tmp_path_factory.mktemp("keys") / "keys.yaml"
    keys_file.write_text(KEYS_FILE)
    with ExitStack() as stack:
        yield [Entrance(keys_file, is_direct, stack) for is_direct in (True, False)]


PICTURE = {"ImageBase64": "iVBORw0KGgo" + "A" * 100_000}


class Sent(bytes):
    def __repr__(self) -> str:
        return f"{bytes(self)[:3000]!r}, {len(self)} bytes"


short_calls = st.sampled_from(
    [
        on_the_wire(a_call(FRONT)),
        on_the_wire(a_call(FRONT, X_TC_TraceId="trace", X_TC_Language="zh-CN")),
        on_the_wire(a_call(FRONT, X_TC_Region="ap-nowhere")),
        on_the_wire(a_get(FRONT)),
        on_the_wire(a_v1_call(FRONT)),
        on_the_wire(a_v1_call(FRONT, "GET")),
    ]
)
"""Signed."""
calls = short_calls | st.just(on_the_wire(a_call(PICTURE)))

words = st.binary(max_size=20) | st.sampled_from(
    [b"/", b"?", b"#", b"%2f", b"\r\n", b" ", b"\t", b"a: b\r\n", b"Host: a\r\n", b"X-TC-Action: "]
)


@st.composite
def changed_calls(draw: st.DrawFn) -> bytes:
    """A call with something replaced by something else."""
    call = draw(short_calls)
    start = draw(st.integers(0, min(len(call), 900)))
    end = draw(st.integers(start, min(len(call), start + 30)))
    return Sent(call[:start] + draw(words) + call[end:])


header_names = st.sampled_from(
    ["x-tc-action", "X-TC-VERSION", "X-Tc-Timestamp", "Authorization", "Cookie", "x-tc-traceid"]
)
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80)


@st.composite
def requests(draw: st.DrawFn, version: str = "1.1") -> bytes:
    """Unsigned, of any method, headers, query and body."""
    method = draw(st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS"]))
    target = draw(st.sampled_from(["/", "/?", "/?a=b&c", "/?a=b#c", "/?%41=%", "http://a/?b"]))
    body = draw(st.binary(max_size=50) | st.just(b'{"ImageUrl": "https://xx/a.jpg"}'))
    lines = [f"{method} {target} HTTP/{version}", f"Content-Length: {len(body)}"]
    lines += [f"{draw(header_names)}:{draw(header_values)}" for _ in range(draw(st.integers(0, 6)))]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def test_long_names_of_headers_count_in_the_journal(entrances: Sequence[Entrance]) -> None:
    for entrance in entrances:
        entrance.state.journal.reset()
        entrance.answers(on_the_wire(a_call(FRONT, **{"X-" + "a" * 8000: "b"})))

        [exchange] = entrance.state.journal.newest_first()
        assert exchange.size_bytes > 8000


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    # After one of HTTP/1.0 the server closes: what came behind it might cost its answer.
    sent=st.tuples(
        *[st.just(b"") | calls | requests()] * 3, st.just(b"") | requests(version="1.0")
    ).map(lambda parts: Sent(b"".join(parts)))
    | changed_calls()
)
def test_both_entrances_answer_and_journal_the_same(
    entrances: Sequence[Entrance], sent: bytes
) -> None:
    direct, by_asgi = entrances
    for entrance in entrances:
        entrance.state.journal.reset()

    assert direct.answers(sent) == by_asgi.answers(sent)
    assert direct.journal() == by_asgi.journal()


def test_whole_requests_for_the_api_need_no_asgi(entrances: Sequence[Entrance]) -> None:
    direct, by_asgi = entrances
    before = direct.direct_answers

    for entrance in entrances:
        entrance.answers(on_the_wire(a_call(FRONT)) * 3)

    assert direct.direct_answers == before + 3
    assert by_asgi.direct_answers == 0
    assert direct.journal() == by_asgi.journal()
