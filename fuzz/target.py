"""A target of fuzzing: its first inputs, how they are changed, and what must never happen."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random


class FoundError(Exception):
    """A bug was found; the message says which."""


@dataclass(frozen=True, slots=True)
class Target:
    seeds: Sequence[bytes]
    """Valid inputs, and known bad ones."""
    changed: Callable[[Sequence[bytes], Random], bytes]
    """Makes a new input from these."""
    tried: Callable[[bytes], str]
    """Tries an input. Returns its outcome in a few words; inputs with new outcomes are changed
    further. Raises FoundError."""
    settled: Callable[[], None]
    """Checks what must hold after many inputs. Raises FoundError."""


OpenTarget = Callable[[], AbstractContextManager[Target]]
"""Starts what a target needs, and stops it."""
