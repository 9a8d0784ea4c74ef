"""The API, at the path `/`. Both entrances use it: the direct one (`batch.py`), and the ASGI
application, which is for slow requests and for other ASGI servers."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.journal.exchange import Exchange
from mockocr.pipeline.event_loop import pool_of
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.pools import Pool, PoolFullError
from mockocr.protocol.wire import MAX_BODY_BYTES, LongBody, WireReply, WireRequest
from mockocr.server.request import header_texts, wire_request
from mockocr.server.send import send_reply

logger = logging.getLogger("mockocr")

MAX_DROPPED_BYTES = 64 * 1024 * 1024
"""A body that is too long is read and dropped up to this size: otherwise its client would get a
broken pipe instead of the answer."""


class Api:
    def __init__(self, pipeline: Pipeline, faithful_headers: bool) -> None:
        self.pipeline = pipeline
        self.faithful_headers = faithful_headers
        self.pool_of: Callable[[WireRequest], Pool | None] = partial(pool_of, pipeline.state)
        self.reply = pipeline.reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = await _read_body(receive)
        if received is None:
            return
        body, oversized = received
        if isinstance(body, LongBody):
            body.reservation = scope.get("extensions", {}).pop("mockocr.reservation", None)
        method, query, sent = scope["method"], scope["query_string"], scope["headers"]
        head_bytes = len(query) + sum(len(name) + len(value) for name, value in sent)
        request = wire_request(method, query, header_texts(sent), body, head_bytes, oversized)
        del received, body
        pool = self.pool_of(request)
        if pool is not None:
            app = self.answering(request, pool)
            del request
            await app(scope, receive, send)
        else:
            reply = self.pipeline.answer(request)
            del request
            await send_reply(reply, scope, receive, send, self.faithful_headers)

    def answering(self, request: WireRequest, pool: Pool) -> ASGIApp:
        """An application that answers this request once, in a thread of a pool. It drops the
        request before it sends the answer, which a scenario may delay."""
        request.arrived = time.monotonic()
        return partial(self._answer_in_thread, [request], pool)

    def sending(self, reply: WireReply) -> ASGIApp:
        """An ASGI application that sends this reply, which may take time."""
        return partial(self._send, reply)

    def record(self, exchanges: Sequence[Exchange]) -> None:
        """Journals the calls. Never raises, because they are answered already."""
        try:
            self.pipeline.record(exchanges)
        except Exception:
            logger.exception("bug in mockocr: cannot record calls")

    async def _answer_in_thread(
        self, requests: list[WireRequest], pool: Pool, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            reply = await pool.run(self.pipeline.answer, requests.pop())
        except asyncio.CancelledError:
            # The server stops, and has closed the connection. uvicorn would log this as an error.
            return
        except PoolFullError as full:
            reply = WireReply(json.dumps({"error": str(full)}).encode(), status=503)
        await send_reply(reply, scope, receive, send, self.faithful_headers)

    async def _send(self, reply: WireReply, scope: Scope, receive: Receive, send: Send) -> None:
        await send_reply(reply, scope, receive, send, self.faithful_headers)


async def _read_body(receive: Receive) -> tuple[bytes | LongBody, bool] | None:
    """The body, and whether it was too long and therefore dropped. None if the client has left."""
    body: LongBody | None = None
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece: bytes = message.get("body", b"")
        size_bytes += len(piece)
        is_last = not message.get("more_body", False)
        if size_bytes > MAX_BODY_BYTES:
            if is_last or size_bytes > MAX_DROPPED_BYTES:
                return b"", True
            body = None
        elif body is None and is_last:
            return piece, False
        else:
            body = body or LongBody()
            body.append(piece)
            if is_last:
                return body, False
