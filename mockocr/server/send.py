"""Sends the replies of the pipeline over HTTP: late, slowly, or as a fault, if the reply says so.

All waiting ends when the client leaves.
"""

from functools import lru_cache

from starlette.types import Receive, Scope, Send

from mockocr.pipeline.reply import OWN_HEADERS
from mockocr.protocol.wire import WIRE_ENCODING, Fault, WireReply
from mockocr.server.faults import Connection, dribble, leaves_within, perform


async def send_reply(
    reply: WireReply, scope: Scope, receive: Receive, send: Send, faithful_headers: bool
) -> None:
    """Raises RuntimeError for a fault if the application runs in another ASGI server."""
    connection: Connection | None = scope.get("extensions", {}).get("mockocr.connection")
    if reply.fault and connection is None:
        raise RuntimeError(f"{reply.fault} needs the server of mockocr: ASGI has no faults")
    if connection and (reply.delay_seconds or reply.dribble_seconds):
        connection.expect_leaving()
    if reply.delay_seconds and await leaves_within(reply.delay_seconds, receive):
        return
    if connection and not (reply.dribble_seconds or reply.fault):
        await connection.send_whole(reply.status, head_lines(reply, faithful_headers), reply.body)
        return
    headers = [*_headers(reply, faithful_headers), _length(reply)]
    head = {"type": "http.response.start", "status": reply.status, "headers": headers}
    if connection and reply.fault:
        await perform(reply, head, connection, receive, send)
    elif reply.dribble_seconds:
        await send(head)
        if await dribble(reply.body, reply.dribble_seconds, receive, send):
            await send({"type": "http.response.body", "body": b""})
    else:
        await send(head)
        await send({"type": "http.response.body", "body": reply.body})


def head_lines(reply: WireReply, faithful_headers: bool) -> bytes:
    """The header lines of a reply, except for those of the server, such as Date."""
    lines = _lines(reply.content_type, reply.headers, faithful_headers)
    return b"%bcontent-length: %d\r\n" % (lines, len(reply.body))


@lru_cache(maxsize=1024)
def _lines(
    content_type: str, headers: tuple[tuple[str, str], ...], faithful_headers: bool
) -> bytes:
    reply = WireReply(b"", content_type=content_type, headers=headers)
    return b"".join(b"%b: %b\r\n" % header for header in _headers(reply, faithful_headers))


def _headers(reply: WireReply, faithful_headers: bool) -> list[tuple[bytes, bytes]]:
    return [
        # Without a charset: with one, the Python SDK takes an error for a success.
        (b"content-type", reply.content_type.encode()),
        *(
            (name.encode(), value.encode(WIRE_ENCODING))
            for name, value in reply.headers
            if not (faithful_headers and name.startswith(OWN_HEADERS))
        ),
    ]


def _length(reply: WireReply) -> tuple[bytes, bytes]:
    if reply.fault is Fault.MALFORMED_RESPONSE_CHUNK:
        return b"transfer-encoding", b"chunked"
    return b"content-length", str(len(reply.body)).encode()
