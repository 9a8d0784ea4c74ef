"""What happens, while it happens: server-sent events."""

import asyncio
import json
from asyncio import QueueFull
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import account_asked_about
from mockocr.journal.events import Events
from mockocr.pipeline.state import State

HEARTBEAT_SECONDS = 15
"""So often at least something is said: proxies close what is silent for a minute."""

RETRY_MILLISECONDS = 1000

MAX_WAITING = 1000
"""Events that wait for a slow reader; further ones are lost, and counted."""

DESCRIPTION = (
    "`call`: a call was answered; the data are those of the list of requests. `scenarios`:"
    ' something else plays; {"account", "playing", "refused"}. `lost`: so many events were not'
    ' told, as they were not read in time; {"events": 12}. A comment comes in 15 silent seconds.'
)

Told = tuple[str, Mapping[str, Any]]


class Mailbox:
    """Events on their way to one reader, from whatever thread to its loop."""

    def __init__(self, account: str | None) -> None:
        self._account = account
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[Told] = asyncio.Queue(MAX_WAITING)
        self._lost = 0

    def post(self, kind: str, told: Mapping[str, Any]) -> None:
        """From any thread."""
        of = told.get("account")
        if self._account in (None, of) or (kind == "scenarios" and of is None):
            # The loop may have come to its end: then nobody reads any more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._put, kind, told)

    def _put(self, kind: str, told: Mapping[str, Any]) -> None:
        try:
            if self._lost:
                self._waiting.put_nowait(("lost", {"events": self._lost}))
                self._lost = 0
            self._waiting.put_nowait((kind, told))
        except QueueFull:
            self._lost += 1

    async def take(self) -> Told:
        if self._waiting.empty() and self._lost:
            lost, self._lost = self._lost, 0
            return "lost", {"events": lost}
        return await self._waiting.get()


class EventStream(Response):
    """Events as they happen, until the client goes."""

    media_type = "text/event-stream"

    def __init__(self, events: Events, account: str | None) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.headers["Cache-Control"] = "no-store"
        self._events = events
        self._account = account

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        if scope["method"] == "HEAD":
            await send(start)
            await send({"type": "http.response.body"})
            return
        mailbox = Mailbox(self._account)
        listener = mailbox.post
        self._events.listen(listener)
        try:
            await send(start)
            async with asyncio.TaskGroup() as group:
                telling = group.create_task(_tell(mailbox, send))
                while (await receive())["type"] != "http.disconnect":
                    pass
                telling.cancel()
        finally:
            self._events.stop(listener)


async def _tell(mailbox: Mailbox, send: Send) -> None:
    said = f"retry: {RETRY_MILLISECONDS}\n\n"
    while True:
        part = said.encode(errors="replace")
        await send({"type": "http.response.body", "body": part, "more_body": True})
        try:
            kind, told = await asyncio.wait_for(mailbox.take(), HEARTBEAT_SECONDS)
            said = f"event: {kind}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
        except TimeoutError:
            said = ":\n\n"


def event_endpoints(state: State) -> list[Endpoint]:
    async def follow_events(request: Request) -> EventStream:
        account = account_asked_about(request, state)
        return EventStream(state.events, account.name if account else None)

    return [
        Endpoint(
            "GET",
            "/events",
            "What happens, while it happens: server-sent events",
            follow_events,
            (Parameter("account", "Only calls of this account; default: of all."),),
            {200: "Events, without end.", 404: "There is no account of this name."},
            DESCRIPTION,
        )
    ]
