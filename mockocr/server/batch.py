"""The direct entrance: whole requests for the API, answered without ASGI, a batch at a time.

The requests that are read in one turn of the loop are answered one after the other, which leaves
the processor's caches alone; then they are journaled together; then the answers are sent.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from mockocr.journal.exchange import Exchange
from mockocr.protocol.wire import WireReply
from mockocr.server.api import Api
from mockocr.server.send import head_lines, is_plain

if TYPE_CHECKING:
    from mockocr.server.connection import Connection

logger = logging.getLogger("mockocr")

BATCH_SECONDS = 0.005
"""After so much time the rest waits for the next turn of the loop, behind reading and writing."""


class Batch:
    """The connections whose requests wait for an answer, in the order in which they were read."""

    def __init__(
        self,
        api: Api,
        loop: asyncio.AbstractEventLoop,
        is_alone: Callable[[], bool],
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """`is_alone`: whether nobody else may send a request in this turn."""
        self._api = api
        self._loop = loop
        self._is_alone = is_alone
        self._clock = clock
        self._waiting: deque[Connection] = deque()

    def add(self, connection: "Connection") -> None:
        self._waiting.append(connection)
        if self._is_alone():
            self.answer()
        elif len(self._waiting) == 1:
            self._loop.call_soon(self.answer)

    def answer(self) -> None:
        """Answers what waits, as far as the time of one batch goes."""
        end = self._clock() + BATCH_SECONDS
        answers: list[tuple[Connection, WireReply]] = []
        exchanges: list[Exchange] = []
        while self._waiting:
            connection = self._waiting.popleft()
            try:
                self._answer_one(connection, answers, exchanges)
            except Exception:
                logger.exception("a bug of mockocr: a call ended in")
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
        """Answers all that waits, however long it takes."""
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
        if self._api.is_slow(request):
            connection.answer_later(self._api.answering(request))
            return
        reply, exchange = self._api.reply(request)
        exchanges.append(exchange)
        if is_plain(reply):
            answers.append((connection, reply))
        else:
            connection.answer_later(self._api.sending(reply))
