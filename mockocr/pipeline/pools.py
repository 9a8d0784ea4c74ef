"""Threads for work that would block the event loop. Each kind of work has a few threads of its own,
so one kind never delays another. Stopping the server waits for none of them."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Thread, get_native_id
from typing import Any, ParamSpec, TypeVar

logger = logging.getLogger("mockocr")

MAX_WAITING = 1000
"""Calls that wait for a thread of one pool: more than the connections that a server accepts. Only
clients that leave before their answer, and call again, exceed it."""

NICENESS = 5
"""The niceness of the threads. It is not higher, because a thread that is suspended while it holds
the GIL blocks the event loop too."""

ParamsT = ParamSpec("ParamsT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class _Job:
    future: asyncio.Future[Any]
    work: Callable[[], Any]

    def run(self) -> Callable[[], None]:
        """Does the work, unless it was cancelled. Returns a function that delivers the result."""
        result = error = None
        if not self.future.cancelled():
            try:
                result = self.work()
            except BaseException as raised:
                error = raised
        return partial(self._in_loop, partial(self._settle, result, error))

    def drop(self) -> None:
        self._in_loop(self.future.cancel)

    def _in_loop(self, action: Callable[[], Any]) -> None:
        # A loop that has ended raises RuntimeError: nothing waits for the result.
        with contextlib.suppress(RuntimeError):
            self.future.get_loop().call_soon_threadsafe(action)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.cancelled():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class PoolFullError(Exception):
    """Too many calls wait for a thread."""


class Pool:
    """Starts a thread when work waits and no thread is idle, up to a maximum."""

    def __init__(self, name: str, max_threads: int) -> None:
        self._name = name
        self._max_threads = max_threads
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = Lock()
        self._threads = self._idle = self._working = self._waiting = 0
        self._is_closed = self._is_full = False
        self.is_left_working = False
        """Whether a thread worked when the pool was closed."""

    async def run(
        self, work: Callable[ParamsT, ResultT], *args: ParamsT.args, **kwargs: ParamsT.kwargs
    ) -> ResultT:
        """Calls a function in a thread: returns what it returns, raises what it raises. Raises
        CancelledError if the pool is closed before the work begins, PoolFullError if too much
        waits."""
        future: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        with self._lock:
            if self._is_closed:
                raise asyncio.CancelledError
            if self._waiting >= MAX_WAITING:
                raise self._full()
            self._waiting += 1
            self._jobs.put(_Job(future, partial(work, *args, **kwargs)))
            if self._waiting > self._idle and self._threads < self._max_threads:
                self._threads += 1
                # A daemon thread: the process does not wait for it when it exits.
                Thread(target=self._work, name=f"mockocr {self._name}", daemon=True).start()
        return await future

    def _full(self) -> PoolFullError:
        message = f"more than {MAX_WAITING} calls wait for a thread of {self._name}"
        if not self._is_full:
            # Not for each call that is refused.
            self._is_full = True
            logger.warning("limit reached: %s", message)
        return PoolFullError(message)

    def _work(self) -> None:
        _lower_priority()
        deliver: Callable[[], None] | None = None
        while True:
            with self._lock:
                self._idle += 1
                self._working -= deliver is not None
            if deliver is not None:
                # Not before this thread is idle: the next job may arrive at once.
                deliver()
                # It refers to the work, and so to the body of the call.
                deliver = None
            job = self._jobs.get()
            with self._lock:
                self._idle -= 1
                self._waiting -= 1
                self._working += job is not None
                self._is_full = self._is_full and self._waiting > 0
            if job is None:
                return
            deliver = job.run()
            del job

    def close(self) -> None:
        """Cancels the work that waits. A thread ends when its current work ends."""
        with self._lock:
            self._is_closed = True
            with contextlib.suppress(Empty):
                while job := self._jobs.get_nowait():
                    self._waiting -= 1
                    job.drop()
            # What still waits has been taken by a thread that has not begun.
            self.is_left_working = self._working + self._waiting > 0
            for _ in range(self._threads):
                self._waiting += 1
                self._jobs.put(None)


def _lower_priority() -> None:
    """The event loop gets the processor first, where a thread can have a priority (Linux)."""
    if sys.platform == "linux":  # pragma: no branch
        # A thread begins with the priority of the thread that has started it.
        os.setpriority(
            os.PRIO_PROCESS, get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + NICENESS
        )


class Pools:
    """The pools of a server, one for each kind of work."""

    def __init__(self) -> None:
        self.pictures = Pool("pictures", 4)
        """Calls with a new picture, or with long texts."""
        self.downloads = Pool("downloads", 8)
        """Calls with an ImageUrl that may be downloaded."""
        self.upstream = Pool("upstream", 8)
        """All calls while `mockocr record` runs: which are forwarded is not known before."""
        self.admin = Pool("admin", 2)
        """Slow calls of the admin API."""

    def _all(self) -> tuple[Pool, ...]:
        return self.pictures, self.downloads, self.upstream, self.admin

    @property
    def are_left_working(self) -> bool:
        """Whether a thread worked when the pools were closed."""
        return any(pool.is_left_working for pool in self._all())

    def close(self) -> None:
        for pool in self._all():
            pool.close()
