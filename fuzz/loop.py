"""Tries one input after the other, until a bug is found or the time is over."""

import faulthandler
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz.target import FoundError, Target

HANG_SECONDS = 60
"""If an input takes longer, the process ends and prints its stack."""

_STDERR = 2

SETTLE_EVERY = 500

MAX_KEPT = 2000
"""The most inputs with new outcomes that are changed further."""


@dataclass(slots=True)
class Run:
    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    found: str | None = None
    """The bug that was found."""
    input: bytes = b""
    """The input that showed it."""
    before: deque[bytes] = field(default_factory=lambda: deque(maxlen=5))
    """The last inputs before it: a server may report a bug late."""


def fuzz(
    target: Target,
    seconds: float,
    seed: int,
    last: Path,
    clock: Callable[[], float] = time.monotonic,
) -> Run:
    """Tries the seeds, then changed inputs for this number of seconds, at least one. `last` is
    the file of the present input, in case the process crashes."""
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
    """The outcome of an input. Raises FoundError for any other exception."""
    try:
        return target.tried(sent)
    except FoundError:
        raise
    except Exception as error:
        raise FoundError(f"{type(error).__name__}: {error}") from error


def _try(target: Target, run: Run, last: Path) -> int:
    """The number of inputs with each outcome."""
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
