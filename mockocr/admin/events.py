"""Server-sent events: calls and changes of scenarios, as they happen."""

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
from mockocr.admin.filters import queried_account
from mockocr.journal.events import Events
from mockocr.pipeline.state import State

HEARTBEAT_SECONDS = 15
"""The longest silence; many proxies close a connection after a silent minute."""

RETRY_MILLISECONDS = 1000

MAX_WAITING = 1000
"""The most events that wait for a slow reader; further events are dropped and counted."""

DESCRIPTION = (
    "`call`: a call was answered; the data is a row of the list of requests. `scenarios`: the"
    ' active scenarios changed; the data is {"account", "playing", "refused"}. `lost`: events were'
    ' dropped because the client read too slowly; the data is {"events": 12}. After 15 seconds'
    " without an event, a comment is sent."
)

Event = tuple[str, Mapping[str, Any]]
"""The name of an event, and its data."""


class Mailbox:
    """The queue of events for one reader: filled from any thread, emptied in the reader's loop."""

    def __init__(self, account: str | None) -> None:
        self._account = account
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(MAX_WAITING)
        self._lost = 0

    def post(self, kind: str, data: Mapping[str, Any]) -> None:
        """May be called from any thread."""
        account = data.get("account")
        if self._account in (None, account) or (kind == "scenarios" and account is None):
            # RuntimeError: the reader's loop is closed.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._put, kind, data)

    def _put(self, kind: str, data: Mapping[str, Any]) -> None:
        try:
            if self._lost:
                self._waiting.put_nowait(("lost", {"events": self._lost}))
                self._lost = 0
            self._waiting.put_nowait((kind, data))
        except QueueFull:
            self._lost += 1

    async def take(self) -> Event:
        """Returns the next event, and waits for one if there is none. Returns `lost` first if
        events were dropped."""
        if self._waiting.empty() and self._lost:
            lost, self._lost = self._lost, 0
            return "lost", {"events": lost}
        return await self._waiting.get()


class EventStream(Response):
    """Sends events until the client disconnects."""

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
                sending = group.create_task(_send_events(mailbox, send))
                while (await receive())["type"] != "http.disconnect":
                    pass
                sending.cancel()
        finally:
            self._events.stop(listener)


async def _send_events(mailbox: Mailbox, send: Send) -> None:
    text = f"retry: {RETRY_MILLISECONDS}\n\n"
    while True:
        part = text.encode(errors="replace")
        await send({"type": "http.response.body", "body": part, "more_body": True})
        try:
            kind, data = await asyncio.wait_for(mailbox.take(), HEARTBEAT_SECONDS)
            text = f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        except TimeoutError:
            text = ":\n\n"


def event_endpoints(state: State) -> list[Endpoint]:
    async def follow_events(request: Request) -> EventStream:
        account = queried_account(request, state)
        return EventStream(state.events, account.name if account else None)

    return [
        Endpoint(
            "GET",
            "/events",
            "Follow calls and scenarios: server-sent events",
            follow_events,
            (Parameter("account", "Only events of this account; default: all accounts."),),
            {200: "An endless stream of events.", 404: "No account has this name."},
            DESCRIPTION,
        )
    ]
