"""What is fuzzed: where inputs begin, how one becomes another, and what may never happen."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random


class FoundError(Exception):
    """What may not happen has happened; says what."""


@dataclass(frozen=True, slots=True)
class Target:
    seeds: Sequence[bytes]
    """Good inputs, and bad ones that somebody thought of."""
    changed: Callable[[Sequence[bytes], Random], bytes]
    """A new input, made of these."""
    tried: Callable[[bytes], str]
    """What came of an input, in few words: inputs with new words are changed further. Raises
    FoundError."""
    settled: Callable[[], None]
    """What must hold after many inputs. Raises FoundError."""


OpenTarget = Callable[[], AbstractContextManager[Target]]
"""Starts what a target needs, and stops it."""
