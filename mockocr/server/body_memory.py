"""The memory of long bodies: how many bytes of them a server holds at once."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

Admit = Callable[["Reservation"], None]


class BodyMemory:
    """Reserves memory for long bodies in the order in which they arrive. A body keeps its memory
    from its head until nothing refers to it any more: also while it waits for a thread, and when
    its client has left."""

    def __init__(self, loop: asyncio.AbstractEventLoop, max_bytes: int) -> None:
        self._loop = loop
        self._max_bytes = self._free_bytes = max_bytes
        self._waiting: deque[tuple[int, Admit]] = deque()
        self._released: deque[int] = deque()

    @property
    def is_waited_for(self) -> bool:
        return bool(self._waiting)

    def reserve(self, size_bytes: int, admit: Admit) -> "Reservation | None":
        """Memory, if there is enough and no other body waits. Otherwise None, and `admit` is called
        with it later."""
        size_bytes = min(size_bytes, self._max_bytes)
        if self._waiting or size_bytes > self._free():
            self._waiting.append((size_bytes, admit))
            # Another thread may have released some before it could see that a body waits.
            self._loop.call_soon(self._admit)
            return None
        return self._reserved(size_bytes)

    def release(self, size_bytes: int) -> None:
        """Called in any thread, at any moment."""
        # Without a lock: a garbage collection may call this in the middle of any line.
        self._released.append(size_bytes)
        if self._waiting:
            # A loop that has ended raises RuntimeError: nothing waits any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._admit)

    def _admit(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._free():
            size_bytes, admit = self._waiting.popleft()
            admit(self._reserved(size_bytes))

    def _free(self) -> int:
        while self._released:
            self._free_bytes += self._released.popleft()
        return self._free_bytes

    def _reserved(self, size_bytes: int) -> "Reservation":
        self._free_bytes -= size_bytes
        return Reservation(self, size_bytes)


class Reservation:
    """Memory for one body, released when nothing refers to this object any more."""

    __slots__ = ("_memory", "_size_bytes")

    def __init__(self, memory: BodyMemory, size_bytes: int) -> None:
        self._memory, self._size_bytes = memory, size_bytes

    def __del__(self) -> None:
        self._memory.release(self._size_bytes)
