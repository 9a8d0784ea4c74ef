"""The API's own path, `/`, as a raw ASGI callable: half the cost of a Request object
(docs/fidelity.md#server-raw-asgi)."""

import asyncio
import os
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern

from starlette.types import Receive, Scope, Send

from mockocr.protocol.wire import MAX_BODY_BYTES, WIRE_ENCODING, WireRequest
from mockocr.service import Service
from mockocr.web.departure import depart

MAX_DROPPED_BYTES = 64 * 1024 * 1024
"""So much of a body that is too long is read and dropped, so that its sender sees the answer
and not a broken pipe."""

INLINE_BYTES = 1024 * 1024 + 64 * 1024
"""Longer bodies are answered in a thread, so that hashing them does not hold up the loop."""

SHARED_BYTES = 64
"""Longer names and values of headers (signatures, tokens) are of one call each."""


class Api:
    def __init__(self, service: Service, faithful_headers: bool) -> None:
        self._service = service
        self._faithful_headers = faithful_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        request = _wire_request(scope, body)
        if len(body) > INLINE_BYTES or self._service.is_slow(request):
            reply = await asyncio.to_thread(self._service.answer, request)
        else:
            reply = self._service.answer(request)
        await depart(reply, scope, receive, send, self._faithful_headers)


async def _read_body(receive: Receive) -> bytes | None:
    """The body, or a first part longer than `MAX_BODY_BYTES` of one that is longer than that;
    None where the client went away."""
    parts: list[bytes] = []
    kept = received = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        received += len(part)
        if kept <= MAX_BODY_BYTES:
            parts.append(part)
            kept += len(part)
        if not message.get("more_body", False) or received > MAX_DROPPED_BYTES:
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _request_id() -> str:
    """Random, and like a UUID of version 4, at a third of the cost of one."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _text(sent: bytes) -> str:
    return sent.decode(WIRE_ENCODING).strip(" \t")


_shared = lru_cache(maxsize=1024)(_text)
"""Names and most values are the same from call to call: once for all the calls in the journal."""


def _wire_request(scope: Scope, body: bytes) -> WireRequest:
    oversized = len(body) > MAX_BODY_BYTES
    return WireRequest(
        request_id=_request_id(),
        received_at=datetime.now(UTC),
        method=intern(scope["method"]),
        path=scope["path"],
        query=scope["query_string"].decode(WIRE_ENCODING),
        headers={
            (_shared(name) if len(name) <= SHARED_BYTES else _text(name)): (
                _shared(value) if len(value) <= SHARED_BYTES else _text(value)
            )
            for name, value in scope["headers"]
        },
        body=b"" if oversized else body,
        oversized=oversized,
    )
