"""Checks that a process does not grow without limit."""

import os
from pathlib import Path

from fuzz.target import FoundError


def memory_bytes(pid: int | str) -> int:
    """The resident memory; 0 if the system does not report it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


class Bound:
    """A bound on the growth of a process since the first check, when its caches have begun to
    fill."""

    def __init__(self, most_bytes: int, pid: int | str = "self") -> None:
        self._most_bytes = most_bytes
        self._pid = pid
        self._first: int | None = None

    def look(self) -> None:
        """Raises FoundError."""
        now = memory_bytes(self._pid)
        if self._first is None:
            self._first = now
        if now - self._first > self._most_bytes:
            raise FoundError(f"memory grew from {self._first >> 20} to {now >> 20} MiB")
