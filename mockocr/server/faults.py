"""Performs what a reply asks for besides sending it: delays, slow bodies, faults on the socket."""

import asyncio
import socket
import struct
import sys
from math import ceil
from typing import Protocol

from starlette.types import Message, Receive, Send

from mockocr.protocol.wire import Fault, WireReply

DRIBBLE_PAUSE_SECONDS = 0.1
"""The greatest pause between two pieces of a body that has enough bytes."""


class Connection(Protocol):
    """What faults need from the server beyond ASGI: `scope["extensions"]["mockocr.connection"]`.

    The methods do nothing if the client has left already.
    """

    async def send_whole(self, status: int, head_lines: bytes, body: bytes) -> None:
        """Sends a reply in one piece. ASGI needs two messages for it."""

    def expect_leaving(self) -> None:
        """Ends the connection as soon as the client closes its half."""

    def ignore(self) -> None:
        """Drops all further input until the client leaves."""

    def end(self, last: bytes = b"") -> None:
        """Sends these bytes unchanged behind all earlier output, and closes."""

    def reset(self) -> None:
        """Sends a TCP reset."""


async def perform(
    reply: WireReply, head: Message, connection: Connection, receive: Receive, send: Send
) -> None:
    """Performs the fault of a reply. `head`: the message that starts its response."""
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
    """Sends a body in pieces, the last at the end of the time. Returns False if the client
    leaves."""
    start = asyncio.get_running_loop().time()
    count = min(len(body), 1 + ceil(seconds / DRIBBLE_PAUSE_SECONDS))
    for number in range(count):
        if seconds and await _leaves_before(start + seconds * (number + 1) / count, receive):
            return False
        piece = body[len(body) * number // count : len(body) * (number + 1) // count]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    return True


async def leaves_within(seconds: float, receive: Receive) -> bool:
    """Waits. Returns whether the client left meanwhile."""
    return await _leaves_before(asyncio.get_running_loop().time() + seconds, receive)


async def _leaves_before(when: float, receive: Receive) -> bool:
    """Waits until a time of the event loop. Returns True at once if the client leaves before."""
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
    """Makes the system send a TCP reset when the socket is closed."""
    connected: socket.socket = transport.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)


_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""`struct linger`: on, 0 seconds. Windows has shorts in it."""
