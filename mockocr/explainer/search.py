"""From a wrong signature to the mistakes that reproduce it: one at a time, then two together.

What is tried, and in which order, is a function of the case: the first find counts, however often
the search was interrupted. What it may cost is counted in hashes (work.py), never in time.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from mockocr.explainer.causes import Cause
from mockocr.explainer.encodings import SentSignature
from mockocr.explainer.mistake import ORDER, Mistake
from mockocr.explainer.work import ALL_HASHES, OWN_BODY_BYTES, OWN_HASHES, Work

SEARCHING = Cause("searching", proven=False)
"""Until the search is over."""

STRIDE = 64
"""Hashes between two pauses of a search that goes on beside the event loop."""

Mistakes = tuple[Mistake, ...]
Found = tuple[Any, Mistakes]
"""The attempt as it should have been, and the mistakes that were made, in the order of steps."""


class Search:
    """Used by one thread at a time."""

    def __init__(self, steps: Iterator[Cause | None], work: Work, kept_bytes: int = 0) -> None:
        """`steps`: one try each, None if it fails; the last one, and only it, is the cause.

        `kept_bytes`: of the request, which is kept until the search is over.
        """
        self.cause = SEARCHING
        self._kept_bytes = kept_bytes
        self._steps: Iterator[Cause | None] | None = steps
        self._work = work

    @classmethod
    def over(cls, cause: Cause) -> "Search":
        """Of a cause that needed no search."""
        search = cls(iter([cause]), Work())
        search.begin()
        return search

    @property
    def is_over(self) -> bool:
        return self._steps is None

    @property
    def kept_bytes(self) -> int:
        return 0 if self.is_over else self._kept_bytes

    def begin(self) -> None:
        """As far as the call itself may go."""
        self._go_on(OWN_HASHES, OWN_BODY_BYTES)

    def advance(self) -> None:
        """A little further."""
        self._go_on(self._work.hashes + STRIDE, self._work.body_bytes + 1)

    def finish(self) -> Cause:
        while not self.is_over:
            self.advance()
        return self.cause

    def _go_on(self, hashes: int, body_bytes: int) -> None:
        while self._steps is not None:
            cause = next(self._steps)
            if cause is not None:
                # The request, with its body, is needed no longer.
                self.cause, self._steps = cause, None
            elif self._work.hashes >= hashes or self._work.body_bytes >= body_bytes:
                return


def tries(
    attempts: Sequence[Any],
    mistakes: Iterable[Mistake],
    sent: SentSignature,
    work: Work,
    pairs: bool,
) -> Iterator[Found | None]:
    """None for each try that fails.

    `attempts`: the request as it should have been signed, in each reading that is accepted.
    """
    seen: set[Any] = set()
    common: list[Mistake] = []
    for made in chain([()], ((mistake,) for mistake in mistakes)):
        is_new = False
        for right in attempts:
            attempt = made[0].apply(right) if made else right
            if attempt not in seen:
                is_new = True
                seen.add(attempt)
                digest = attempt.finish(attempt.key(work), attempt.text(work))
                yield _found(right, made, digest, sent, work)
        if is_new:
            common += [mistake for mistake in made if not mistake.alone]
    # In the documented reading only: those of SDKs are made by SDKs, and these sign right.
    for right in attempts[:1] if pairs else ():
        for both, digest in _pairs(right, common, work):
            yield _found(right, both, digest, sent, work)
            if work.hashes > ALL_HASHES:
                return


def _found(
    right: Any, made: Mistakes, digest: bytes, sent: SentSignature, work: Work
) -> Found | None:
    work.hashes += 1
    spelled = sent.match(digest)
    return None if spelled is None else (right, made + spelled)


class _Made(NamedTuple):
    """One mistake, made in one reading of the request."""

    mistake: Mistake
    rank: int
    attempt: Any
    key: bytes
    text: bytes


def _pairs(right: Any, mistakes: Sequence[Mistake], work: Work) -> Iterator[tuple[Mistakes, bytes]]:
    """Of different steps, each pair in the order of its steps; the most common first."""
    key, text = right.key(work), right.text(work)
    made = []
    for mistake in mistakes:
        attempt = mistake.apply(right)
        rank = ORDER[mistake.step]
        made.append(_Made(mistake, rank, attempt, attempt.key(work), attempt.text(work)))
    for number, one in enumerate(made):
        for other in made[:number]:
            if one.rank == other.rank:
                continue
            first, second = (one, other) if one.rank < other.rank else (other, one)
            if first.text is text and second.key is key:
                # One is about the key, the other about the text: both are known.
                used = first.key, second.text
            else:
                both = second.mistake.apply(first.attempt)
                used = both.key(work), both.text(work)
            finish = second.attempt.finish
            if finish is right.finish:
                finish = first.attempt.finish
            yield (first.mistake, second.mistake), finish(*used)
