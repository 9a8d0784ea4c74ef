"""A reply leaves: the only place where what the corridor said meets the socket."""

from starlette.types import Send

from mockocr.protocol.wire import WIRE_ENCODING, WireReply
from mockocr.reply import OWN_HEADERS


async def depart(reply: WireReply, send: Send, faithful_headers: bool) -> None:
    headers = [
        # Exactly so: with a charset the Python SDK takes an error for a success (`clients.md` §1).
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
    ]
    headers += (
        (name.encode(), value.encode(WIRE_ENCODING))
        for name, value in reply.headers
        if not (faithful_headers and name.startswith(OWN_HEADERS))
    )
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
