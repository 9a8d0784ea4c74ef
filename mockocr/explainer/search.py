"""Searches for the mistakes that reproduce a wrong signature: one mistake, then two together.

The order of the tries depends only on the case, and the first match counts, so interruptions do not
change the result. The cost is limited in hashes (work.py), never in time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from mockocr.explainer.causes import Cause
from mockocr.explainer.encodings import SentSignature
from mockocr.explainer.mistake import ORDER, Mistake
from mockocr.explainer.work import ALL_HASHES, OWN_BODY_BYTES, OWN_HASHES, Work

SEARCHING = Cause("searching", proven=False)
"""The cause until the search is over."""

MAX_PAIRED_BYTES = 64 * 1024
"""Two mistakes together are tried in strings to sign of at most this size, because those of all
single mistakes are in memory then."""

STRIDE = 64
"""Hashes between two pauses of a search in the thread for searches."""

Mistakes = tuple[Mistake, ...]
Found = tuple[Any, Mistakes]
"""The right attempt, and the mistakes in the order of steps."""


class Search:
    """Used by one thread at a time."""

    def __init__(self, start: "Start", request_bytes: int = 0) -> None:
        """`request_bytes`: the memory of the request, which is needed until the end."""
        self.cause = SEARCHING
        self._request_bytes = request_bytes
        self._start: Start | None = start
        self._progress: tuple[Iterator[Cause | None], Work] | None = None

    @classmethod
    def over(cls, cause: Cause) -> "Search":
        """A finished search, for a cause that is already known."""
        search = cls(lambda: (iter([cause]), Work()))
        search.begin()
        return search

    @property
    def is_over(self) -> bool:
        return self._start is None

    @property
    def request_bytes(self) -> int:
        return 0 if self.is_over else self._request_bytes

    def begin(self) -> None:
        """Searches within the budget of the call itself."""
        self._go_on(OWN_HASHES, OWN_BODY_BYTES)

    def advance(self) -> None:
        """Searches until the next pause."""
        work = self._progress[1] if self._progress else Work()
        self._go_on(work.hashes + STRIDE, work.body_bytes + 1)

    def forget_progress(self) -> None:
        """Releases everything but the request: when the search continues, it begins again."""
        self._progress = None

    def finish(self) -> Cause:
        while not self.is_over:
            self.advance()
        return self.cause

    def _go_on(self, hashes: int, body_bytes: int) -> None:
        if self._start is None:
            return
        if self._progress is None:
            self._progress = self._start()
        steps, work = self._progress
        for cause in steps:
            if cause is not None:
                # Releases the request and its body.
                self.cause, self._start, self._progress = cause, None, None
                return
            if work.hashes >= hashes or work.body_bytes >= body_bytes:
                return


Start: TypeAlias = Callable[[], tuple[Iterator[Cause | None], Work]]
"""Begins a search. Returns its steps and the work that they count. A step gives None if it found
nothing; the last one gives the cause."""


def tries(
    attempts: Sequence[Any],
    mistakes: Iterable[Mistake],
    sent: SentSignature,
    work: Work,
    pairs: bool,
) -> Iterator[Found | None]:
    """Yields the matches, and None for each try that fails.

    `attempts`: the right attempts, one for each reading that the server accepts.
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
    # Only in the documented reading: the others are those of SDKs, which make no such mistakes.
    for right in attempts[:1] if pairs else ():
        if len(right.text(work)) > MAX_PAIRED_BYTES:
            continue
        for both, digest in _pairs(right, common, work):
            yield _found(right, both, digest, sent, work)
            if work.hashes > ALL_HASHES:
                return


def _found(
    right: Any, made: Mistakes, digest: bytes, sent: SentSignature, work: Work
) -> Found | None:
    work.hashes += 1
    encoding = sent.match(digest)
    return None if encoding is None else (right, made + encoding)


class _Made(NamedTuple):
    """One mistake, applied to one right attempt."""

    mistake: Mistake
    rank: int
    attempt: Any
    key: bytes
    text: bytes


def _pairs(right: Any, mistakes: Sequence[Mistake], work: Work) -> Iterator[tuple[Mistakes, bytes]]:
    """Two mistakes of different steps, in the order of steps, with the signature they give. The
    most common pairs are first."""
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
                # One changes only the key, the other only the text: both are already computed.
                used = first.key, second.text
            else:
                both = second.mistake.apply(first.attempt)
                used = both.key(work), both.text(work)
            finish = second.attempt.finish
            if finish is right.finish:
                finish = first.attempt.finish
            yield (first.mistake, second.mistake), finish(*used)
