"""One input after the other, until something is found or the time is over."""

import faulthandler
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz.target import FoundError, Target

HANG_SECONDS = 60
"""An input that takes longer ends the process, with the stack that it hangs in."""

_STDERR = 2

SETTLE_EVERY = 500

MAX_KEPT = 2000
"""Inputs with new outcomes that are changed further."""


@dataclass(slots=True)
class Run:
    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    found: str | None = None
    """What may not happen, and did."""
    input: bytes = b""
    """The one that it happened with."""
    before: deque[bytes] = field(default_factory=lambda: deque(maxlen=5))
    """The last ones before it: a server may tell late of what was done to it."""


def fuzz(
    target: Target,
    seconds: float,
    seed: int,
    last: Path,
    clock: Callable[[], float] = time.monotonic,
) -> Run:
    """Tries the seeds, and changed ones for so many seconds, one at least. `last` holds the input
    that is being tried, for the case that the process dies of it."""
    run, random, known = Run(), Random(seed), list(target.seeds)
    try:
        for run.input in target.seeds:
            _try(target, run, last)
        end = clock() + seconds
        while run.inputs == len(target.seeds) or clock() < end:
            run.input = target.changed(known, random)
            if _try(target, run, last) == 1 and len(known) < len(target.seeds) + MAX_KEPT:
                known.append(run.input)
            if run.inputs % SETTLE_EVERY == 0:
                target.settled()
        target.settled()
    except FoundError as error:
        run.found = str(error)
    last.unlink(missing_ok=True)
    return run


def attempt(target: Target, sent: bytes) -> str:
    """The outcome of an input. Raises FoundError for whatever else is raised."""
    try:
        return target.tried(sent)
    except FoundError:
        raise
    except Exception as error:
        raise FoundError(f"{type(error).__name__}: {error}") from error


def _try(target: Target, run: Run, last: Path) -> int:
    """How often there was such an outcome."""
    last.write_bytes(run.input)
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True, file=_STDERR)
    begun = time.perf_counter()
    try:
        outcome = attempt(target, run.input)
    finally:
        faulthandler.cancel_dump_traceback_later()
        run.inputs += 1
    run.slowest_seconds = max(run.slowest_seconds, time.perf_counter() - begun)
    run.outcomes[outcome] += 1
    run.before.append(run.input)
    return run.outcomes[outcome]
