"""The direct entrance: complete requests for the API, answered in batches without ASGI.

The requests that are read in one turn of the event loop are answered one after the other, because
that uses the processor's caches best. Then they are journaled together. Then the answers are sent.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection
from time import perf_counter
from typing import TYPE_CHECKING

from mockocr.journal.exchange import Exchange
from mockocr.protocol.wire import WireReply
from mockocr.server.api import Api
from mockocr.server.send import head_lines

if TYPE_CHECKING:
    from mockocr.server.connection import Connection

logger = logging.getLogger("mockocr")

BATCH_SECONDS = 0.005
"""After this time, the rest of a batch waits for the next turn of the event loop, so that other
connections are read and written."""


class Batch:
    """The connections whose requests wait for an answer, in the order in which they were read."""

    def __init__(
        self,
        api: Api,
        loop: asyncio.AbstractEventLoop,
        connections: Collection[object],
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """`connections`: the open ones. A single connection is answered at once."""
        self._api = api
        self._loop = loop
        self._connections = connections
        self._clock = clock
        self._waiting: deque[Connection] = deque()

    def add(self, connection: "Connection") -> None:
        is_first = not self._waiting
        self._waiting.append(connection)
        if len(self._connections) == 1:
            self.answer()
        elif is_first:
            self._loop.call_soon(self.answer)

    def answer(self) -> None:
        """Answers waiting requests for about BATCH_SECONDS."""
        end = self._clock() + BATCH_SECONDS
        answers: list[tuple[Connection, WireReply]] = []
        exchanges: list[Exchange] = []
        while self._waiting:
            connection = self._waiting.popleft()
            try:
                self._answer_one(connection, answers, exchanges)
            except Exception:
                logger.exception("bug in mockocr: cannot answer a call")
                connection.fail()
            if self._clock() >= end:
                break
        self._api.record(exchanges)
        for connection, reply in answers:
            lines = head_lines(reply, self._api.faithful_headers)
            connection.answer(reply.status, lines, reply.body)
        if self._waiting:
            self._loop.call_soon(self.answer)

    def finish(self) -> None:
        """Answers all waiting requests, however long it takes."""
        while self._waiting:
            self.answer()

    def _answer_one(
        self,
        connection: "Connection",
        answers: "list[tuple[Connection, WireReply]]",
        exchanges: list[Exchange],
    ) -> None:
        request = connection.request()
        if request is None:
            return
        pool = self._api.pool_of(request)
        if pool is not None:
            connection.answer_later(self._api.answering(request, pool))
            return
        reply, exchange = self._api.reply(request)
        exchanges.append(exchange)
        if reply.delay_seconds or reply.dribble_seconds or reply.fault:
            connection.answer_later(self._api.sending(reply))
        else:
            answers.append((connection, reply))
