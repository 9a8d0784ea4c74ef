"""What else may happen than that a reply is sent: delays, slow bodies, and faults on the socket."""

import asyncio
import socket
import struct
import sys
from math import ceil
from typing import Protocol

from starlette.types import Message, Receive, Send

from mockocr.protocol.wire import Fault, WireReply

DRIBBLE_PAUSE_SECONDS = 0.1
"""Between two pieces of a body, or a little less; more only if the body has too few bytes."""


class Connection(Protocol):
    """What faults need beyond ASGI, from the server: `scope["extensions"]["mockocr.connection"]`.

    A method does nothing where the client has gone already.
    """

    async def send_whole(self, status: int, head_lines: bytes, body: bytes) -> None:
        """Sends a reply in one piece, for which ASGI needs two messages."""

    def expect_leaving(self) -> None:
        """Takes the end of what the client sends for its leaving, and ends the connection then."""

    def ignore(self) -> None:
        """Drops whatever else the client sends, until it leaves."""

    def end(self, last: bytes = b"") -> None:
        """Sends what was sent before and these bytes, as they are, and closes."""

    def reset(self) -> None:
        """Sends a TCP reset."""


async def perform(
    reply: WireReply, head: Message, connection: Connection, receive: Receive, send: Send
) -> None:
    """The fault of a reply. `head`: the message that its response starts with."""
    match reply.fault:
        case Fault.CONNECTION_RESET_BY_PEER:
            connection.reset()
        case Fault.EMPTY_RESPONSE:
            connection.end()
        case Fault.MALFORMED_RESPONSE_CHUNK:
            await send(head)
            connection.end(reply.body)
        case Fault.RANDOM_DATA_THEN_CLOSE:
            connection.end(reply.body)
        case Fault.TIMEOUT:
            connection.ignore()
            await _leaves(receive)
        case Fault.TRUNCATED_BODY:
            await send(head)
            half = reply.body[: len(reply.body) // 2]
            await dribble(half, reply.dribble_seconds, receive, send)
            connection.end()


async def dribble(body: bytes, seconds: float, receive: Receive, send: Send) -> bool:
    """Sends a body in pieces, the last when the time is over. False when the client leaves."""
    start = asyncio.get_running_loop().time()
    count = min(len(body), 1 + ceil(seconds / DRIBBLE_PAUSE_SECONDS))
    for number in range(count):
        if seconds and await _leaves_before(start + seconds * (number + 1) / count, receive):
            return False
        piece = body[len(body) * number // count : len(body) * (number + 1) // count]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    return True


async def leaves_within(seconds: float, receive: Receive) -> bool:
    """Waits; whether the client leaves meanwhile."""
    return await _leaves_before(asyncio.get_running_loop().time() + seconds, receive)


async def _leaves_before(when: float, receive: Receive) -> bool:
    """Waits until a time of the loop, or until the client leaves: whether it was that."""
    try:
        async with asyncio.timeout_at(when):
            await _leaves(receive)
    except TimeoutError:
        return False
    return True


async def _leaves(receive: Receive) -> None:
    """Waits until the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass


def make_close_a_reset(transport: asyncio.BaseTransport) -> None:
    """When its socket is closed, the client sees a TCP reset."""
    connected: socket.socket = transport.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)


_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""`struct linger`: on, for no time at all. Windows has it in shorts."""
