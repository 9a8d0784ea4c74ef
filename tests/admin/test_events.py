"""Server-sent events: calls and changes of scenarios, as they happen."""

import asyncio
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.admin import events
from mockocr.settings import Settings
from tests.conftest import running

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf, OutcomeOf
    from tests.conftest import Running, Serve

Event = tuple[str, Any]


class Reader:
    """Reads one event after the other, and waits for each."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def block(self) -> list[str]:
        """The lines up to the next empty line."""
        block: list[str] = []
        for line in self._lines:
            if not line:
                return block
            block.append(line)
        raise EOFError

    def event(self) -> Event:
        while True:
            fields = dict(line.split(": ", 1) for line in self.block() if ": " in line)
            if "event" in fields:
                return fields["event"], json.loads(fields["data"])


Listen = Callable[..., Reader]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """A reader of a server's events that is already listening."""
    with ExitStack() as stack:

        def start(server: "Running", path: str = "/__admin/events") -> Reader:
            client = stack.enter_context(httpx.Client(trust_env=False))
            reply = stack.enter_context(client.stream("GET", server.url + path))
            assert reply.status_code == 200
            assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert reply.headers["cache-control"] == "no-store"
            reader = Reader(reply.iter_lines())
            assert reader.block() == ["retry: 1000"]
            return reader

        yield start


def listeners(server: "Running") -> int:
    return len(server.state.events._listeners)


@contextmanager
def told_when_nobody_listens(server: "Running") -> Iterator[threading.Event]:
    """An event that is set when a listener has left."""
    gone = threading.Event()
    stop = server.state.events.stop

    def stop_and_tell(listener: Any) -> None:
        stop(listener)
        gone.set()

    server.state.events.stop = stop_and_tell  # type: ignore[method-assign]
    yield gone


def test_an_event_of_a_call_is_its_entry_in_the_list_of_requests(
    serve: "Serve", listen: Listen, admin_of: "AdminOf", outcome_of: "OutcomeOf"
) -> None:
    server = serve()
    reader = listen(server)

    outcome_of(server)

    kind, result = reader.event()
    assert kind == "call"
    assert result == admin_of(server).get("/requests").json()["requests"][0]


def test_every_reader_gets_events_and_can_limit_them_to_one_account(
    serve: "Serve", listen: Listen, admin_of: "AdminOf", outcome_of: "OutcomeOf"
) -> None:
    server = serve()
    pair = admin_of(server).post("/accounts", json={"name": "alice"}).json()["keys"][0]
    everybody, another = listen(server), listen(server)
    of_alice = listen(server, "/__admin/events?account=alice")

    outcome_of(server)
    outcome_of(server, pair)

    for reader in (everybody, another):
        assert [reader.event()[1]["account"] for _ in range(2)] == ["default", "alice"]
    assert of_alice.event()[1]["account"] == "alice"


def test_changes_of_active_scenarios_are_events(
    serve: "Serve", listen: Listen, admin_of: "AdminOf"
) -> None:
    server = serve(scenarios=("documented",))
    admin = admin_of(server)
    reader = listen(server)
    other = listen(server, "/__admin/events?account=default")

    admin.post("/scenarios", content="outage")
    admin.post("/accounts", json={"name": "alice", "scenarios": ["slow"]})
    admin.put("/scenarios/dribble?account=alice", content="dribble")
    admin.patch("/accounts/alice", json={"scenarios": []})
    admin.delete("/scenarios/outage")
    admin.delete("/scenarios")
    admin.post("/accounts", json={"name": "bob", "scenarios": ["slow"]})
    admin.delete("/accounts/bob")

    result = [reader.event() for _ in range(7)]
    assert {kind for kind, _ in result} == {"scenarios"}
    both = ["outage", "documented"]
    assert [(each["account"], each["playing"]) for _, each in result] == [
        (None, both),
        ("alice", ["slow", *both]),
        ("alice", ["slow", "dribble", *both]),
        ("alice", both),
        (None, ["documented"]),
        ("bob", ["slow", "documented"]),
        ("bob", ["documented"]),
    ]
    assert [other.event()[1]["account"] for _ in range(2)] == [None, None]


def test_a_changed_file_is_an_event(serve: "Serve", listen: Listen, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("name: a\nseed: 1\n")
    server = serve(scenarios=(str(file),))
    reader = listen(server)

    file.write_text("name: a\nsed: 1\n")

    kind, result = reader.event()
    assert (kind, result["playing"]) == ("scenarios", ["a"])
    assert "did you mean 'seed'?" in result["refused"][str(file)]


@pytest.mark.parametrize("tls", [False, True])
def test_a_reader_that_disconnects_is_noticed_at_once(serve: "Serve", tls: bool) -> None:
    server = serve()
    url = server.https_url if tls else server.url
    verify = ssl.create_default_context(cafile=server.ca)
    with told_when_nobody_listens(server) as gone:
        with (
            httpx.Client(trust_env=False, verify=verify) as client,
            client.stream("GET", f"{url}/__admin/events") as reply,
        ):
            # Kept in a variable, because the reader closes the connection when it is collected.
            lines = reply.iter_lines()
            assert next(lines) == "retry: 1000"
            assert listeners(server) == 1

        assert gone.wait(10)

    assert listeners(server) == 0


def test_a_stop_of_the_server_ends_the_events(
    state_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(port=0, tls_port=0)
    with httpx.Client(trust_env=False) as client, ExitStack() as server_stack:
        server = server_stack.enter_context(running(settings, state_dir))
        with client.stream("GET", f"{server.url}/__admin/events") as reply:
            lines = reply.iter_lines()
            assert next(lines) == "retry: 1000"
            server_stack.close()
            with pytest.raises(httpx.TransportError):
                list(lines)

    assert listeners(server) == 0
    assert not caplog.records


def test_a_comment_is_sent_during_silence(
    serve: "Serve", listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert events.HEARTBEAT_SECONDS == 15
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.01)
    reader = listen(serve())

    assert [reader.block() for _ in range(3)] == [[":"]] * 3


def test_a_slow_reader_gets_the_number_of_lost_events(serve: "Serve", listen: Listen) -> None:
    server = serve()
    reader = listen(server)
    sent = 3 * events.MAX_WAITING
    for number in range(sent):
        event = {"account": None, "number": number, "text": "x" * 10_000}
        server.state.events.publish("call", partial(dict, event))

    got: list[int] = []
    lost = 0
    while len(got) + lost < sent:
        kind, result = reader.event()
        if kind == "lost":
            lost += result["events"]
        else:
            # The number of lost events is sent in their place.
            assert result["number"] == len(got) + lost
            got.append(result["number"])

    assert (lost > 0, len(got) + lost) == (True, sent)
    server.state.events.publish("call", lambda: {"account": None, "number": sent})
    assert reader.event()[1]["number"] == sent


def test_lost_events_are_reported_before_later_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MAX_WAITING", 2)

    async def result() -> list[Event]:
        mailbox = events.Mailbox(None)

        async def post(*numbers: int) -> None:
            for number in numbers:
                mailbox.post("call", {"number": number})
            await asyncio.sleep(0)

        await post(1, 2, 3, 4)
        got = [await mailbox.take(), await mailbox.take()]
        await post(5)
        got += [await mailbox.take(), await mailbox.take()]
        await post(6, 7, 8)
        return got + [await mailbox.take() for _ in range(3)]

    assert asyncio.run(result()) == [
        ("call", {"number": 1}),
        ("call", {"number": 2}),
        ("lost", {"events": 2}),
        ("call", {"number": 5}),
        ("call", {"number": 6}),
        ("call", {"number": 7}),
        ("lost", {"events": 1}),
    ]


def test_events_that_are_not_text_can_be_sent(serve: "Serve", listen: Listen) -> None:
    server = serve()
    reader = listen(server)
    server.state.events.publish("call", lambda: {"rule": "规则 \ud800\n\n"})

    assert reader.event() == ("call", {"rule": "规则 ?\n\n"})


def test_events_of_an_unknown_account_are_refused(serve: "Serve", admin_of: "AdminOf") -> None:
    reply = admin_of(serve()).get("/events?account=defalt")

    assert (reply.status_code, "did you mean 'default'?" in reply.json()["error"]) == (404, True)


def test_a_head_request_for_events_gets_only_the_head(serve: "Serve") -> None:
    server = serve()
    reply = httpx.head(f"{server.url}/__admin/events", trust_env=False)

    assert reply.headers["content-type"].startswith("text/event-stream")
    assert listeners(server) == 0


def test_events_are_protected(serve: "Serve") -> None:
    url = f"{serve(admin_token='geheim').url}/__admin/events"
    foreign = {"Authorization": "Bearer geheim", "Origin": "https://evil.example.com"}

    assert httpx.get(url, trust_env=False).status_code == 401
    assert httpx.get(url, headers=foreign, trust_env=False).status_code == 403
