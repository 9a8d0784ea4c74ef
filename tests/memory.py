"""Measures the memory that a block of a test allocates."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.searches import finish_searches


@dataclass
class Memory:
    held_bytes: int = 0
    """Allocated in the block, and not freed at its end."""
    peak_bytes: int = 0


@contextmanager
def traced_memory() -> Iterator[Memory]:
    """Waits first until no search for the cause of an earlier test's call runs, because it would be
    measured too. The result is set at the end of the block."""
    finish_searches()
    memory = Memory()
    tracemalloc.start()
    try:
        yield memory
        memory.held_bytes, memory.peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
