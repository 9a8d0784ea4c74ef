"""Replies that leave late, slowly or broken, under any server of ASGI."""

import asyncio

import pytest
from starlette.types import Message

from mockocr.protocol.wire import Fault, WireReply
from mockocr.server import connection, faults
from mockocr.server.send import send_reply
from tests.server.send.sending import HOUR


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

    def send_reply(self, reply: WireReply) -> list[Message]:
        scope = {"type": "http", "path": "/"}
        asyncio.run(send_reply(reply, scope, self.receive, self.send, faithful_headers=False))
        return self.sent

    @property
    def body(self) -> bytes:
        assert [each.get("more_body", False) for each in self.sent[1:-1]] == [True] * len(
            self.sent[1:-1]
        )
        assert not self.sent[-1].get("more_body", False)
        return b"".join(message["body"] for message in self.sent[1:])


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_under_another_server_says_what_it_needs(fault: Fault) -> None:
    elsewhere = Elsewhere()

    with pytest.raises(RuntimeError, match=f"{fault} needs the server of mockocr"):
        elsewhere.send_reply(WireReply(b"", fault=fault, delay_seconds=HOUR))
    assert elsewhere.sent == []


def test_a_reply_without_trouble_is_two_messages() -> None:
    sent = Elsewhere().send_reply(WireReply(b"abc"))

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_a_delay_works_under_any_server() -> None:
    elsewhere = Elsewhere()
    elsewhere.send_reply(WireReply(b"abc", delay_seconds=0.01))

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
def test_a_dribbled_body_is_sent_in_even_pieces_none_of_them_empty(
    body: bytes, seconds: float, pieces: list[bytes]
) -> None:
    elsewhere = Elsewhere()
    sent = elsewhere.send_reply(WireReply(body, dribble_seconds=seconds))

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
def test_nothing_more_is_sent_to_a_client_that_disconnects(reply: WireReply, messages: int) -> None:
    assert len(Elsewhere(leaves=True).send_reply(reply)) == messages


def test_the_connection_is_the_one_that_faults_ask_for() -> None:
    """Neither may import the other; this line is for mypy."""
    asked_for: type[faults.Connection] = connection.Connection

    assert asked_for
