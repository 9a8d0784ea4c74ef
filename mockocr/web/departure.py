"""A reply leaves: the only place where what the corridor said meets the socket.

Late, slowly, or as a fault, where the reply says so. Whoever waits here ends with its client.
"""

import asyncio
from math import ceil
from typing import Protocol, TypeAlias

from starlette.types import Message, Receive, Scope, Send

from mockocr.protocol.wire import WIRE_ENCODING, Fault, WireReply
from mockocr.reply import OWN_HEADERS

DRIBBLE_PAUSE_SECONDS = 0.1
"""Between two pieces of a body, or a little less; more only where the body has too few bytes."""

Headers: TypeAlias = list[tuple[bytes, bytes]]


class Connection(Protocol):
    """What faults need beyond ASGI, from the server: `scope["extensions"]["mockocr.connection"]`.

    A method does nothing where the client has gone already.
    """

    async def send_whole(self, status: int, headers: Headers, body: bytes) -> None:
        """Sends a reply in one piece, for which ASGI needs two messages."""

    def expect_leaving(self) -> None:
        """Takes the end of what the client sends for its leaving, and ends the connection then."""

    def ignore(self) -> None:
        """Drops whatever else the client sends, until it leaves."""

    def end(self, last: bytes = b"") -> None:
        """Sends what was sent before and these bytes, as they are, and closes."""

    def reset(self) -> None:
        """Sends a TCP reset."""


async def depart(
    reply: WireReply, scope: Scope, receive: Receive, send: Send, faithful_headers: bool
) -> None:
    """Sends a reply. Raises RuntimeError for a fault that the server below cannot perform."""
    headers = _headers(reply, faithful_headers)
    connection: Connection | None = scope.get("extensions", {}).get("mockocr.connection")
    head: Message = {"type": "http.response.start", "status": reply.status, "headers": headers}
    if not (reply.delay_seconds or reply.dribble_seconds or reply.fault):
        if connection:
            await connection.send_whole(reply.status, headers, reply.body)
        else:
            await send(head)
            await send({"type": "http.response.body", "body": reply.body})
        return
    if reply.fault and connection is None:
        raise RuntimeError(f"{reply.fault} needs mockocr's own server: ASGI knows no faults")
    if connection and (reply.delay_seconds or reply.dribble_seconds):
        connection.expect_leaving()
    if reply.delay_seconds and await _leaves_within(reply.delay_seconds, receive):
        return
    if connection and reply.fault:
        await _fail(reply, head, connection, receive, send)
        return
    await send(head)
    if not await _leaves_during(reply.body, reply.dribble_seconds, receive, send):
        await send({"type": "http.response.body", "body": b""})


def _headers(reply: WireReply, faithful_headers: bool) -> Headers:
    headers = [
        # Exactly so, or the Python SDK takes an error for a success: docs/fidelity.md#content-type.
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
    ]
    if reply.fault is Fault.MALFORMED_RESPONSE_CHUNK:
        headers[1] = (b"transfer-encoding", b"chunked")
    headers += (
        (name.encode(), value.encode(WIRE_ENCODING))
        for name, value in reply.headers
        if not (faithful_headers and name.startswith(OWN_HEADERS))
    )
    return headers


async def _fail(
    reply: WireReply, head: Message, connection: Connection, receive: Receive, send: Send
) -> None:
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
            await _leaves_during(half, reply.dribble_seconds, receive, send)
            connection.end()


async def _leaves_during(body: bytes, seconds: float, receive: Receive, send: Send) -> bool:
    """Sends a body in pieces, the last when the time is over; whether the client leaves before."""
    start = asyncio.get_running_loop().time()
    count = min(len(body), 1 + ceil(seconds / DRIBBLE_PAUSE_SECONDS))
    for number in range(count):
        if seconds and await _leaves_before(start + seconds * (number + 1) / count, receive):
            return True
        piece = body[len(body) * number // count : len(body) * (number + 1) // count]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    return False


async def _leaves_within(seconds: float, receive: Receive) -> bool:
    return await _leaves_before(asyncio.get_running_loop().time() + seconds, receive)


async def _leaves_before(when: float, receive: Receive) -> bool:
    """Waits until a time of the loop's, or the client's leaving: whether it was that."""
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
