"""The thread that continues searches after their calls were answered.

When and where a search continues does not change what it finds.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from mockocr.explainer.causes import Cause
    from mockocr.explainer.search import Search

logger = logging.getLogger("mockocr")

MAX_WAITING = 64
"""A search beyond these is continued only when somebody asks for the explanation."""
PAUSE_SECONDS = 0.0001
"""A pause after every few dozen tries, in which the event loop can run."""

Settle = Callable[[str, "Cause"], None]


class Searches:
    """Holds waiting searches by weak references: if a call leaves the journal, its search is
    dropped. Forgets each search when it is over."""

    def __init__(self, settle: Settle) -> None:
        """`settle` is called with the RequestId and the final cause, in the thread of the
        searches."""
        self._settle = settle
        self._lock = Lock()
        self._asked: deque[tuple[str, Search, Future[None]]] = deque()
        self._waiting: deque[tuple[str, ref[Search]]] = deque()
        self._is_running = False
        self._is_closed = False

    def close(self) -> None:
        """Drops the queued searches. One that somebody asks for is still continued."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()

    def add(self, request_id: str, search: "Search") -> None:
        """Queues a search, if there is room. Otherwise only its request stays in memory, because
        its progress takes about 200 KB."""
        with self._lock:
            if not self.is_full:
                self._waiting.append((request_id, ref(search)))
                self._start()
                return
        search.forget_progress()

    @property
    def is_full(self) -> bool:
        """Whether it takes no further searches."""
        return self._is_closed or len(self._waiting) >= MAX_WAITING

    def ask(self, request_id: str, search: "Search") -> "Future[None]":
        """Continues a search before the queued ones. The future ends when its cause is settled."""
        future: Future[None] = Future()
        with self._lock:
            self._asked.append((request_id, search, future))
            self._start()
        return future

    def _put_back(self, request_id: str, search: "Search") -> None:
        with self._lock:
            if not self._is_closed:
                self._waiting.appendleft((request_id, ref(search)))

    def _start(self) -> None:
        if not self._is_running:
            self._is_running = True
            Thread(target=self._run, name="mockocr causes", daemon=True).start()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            request_id, search, future = job
            try:
                self._go_on(request_id, search, is_asked=future is not None)
            except Exception:
                logger.exception(
                    "bug in mockocr: the search for the cause of call %s failed", request_id
                )
            if future is not None:
                future.set_result(None)
            del search, job

    def _next(self) -> "tuple[str, Search, Future[None] | None] | None":
        with self._lock:
            if self._asked:
                return self._asked.popleft()
            while self._waiting:
                request_id, waiting = self._waiting.popleft()
                if (search := waiting()) is not None:
                    return request_id, search, None
            self._is_running = False
            return None

    def _go_on(self, request_id: str, search: "Search", is_asked: bool) -> None:
        if search.is_over:
            return
        while not search.is_over:
            if not is_asked and (self._asked or self._is_closed):
                self._put_back(request_id, search)
                return
            search.advance()
            time.sleep(PAUSE_SECONDS)
        self._settle(request_id, search.cause)
