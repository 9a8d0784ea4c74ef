"""What a body asks for and what was answered to it, found out once: test suites send few bodies,
many times (`docs/decisions/0005-a-body-is-understood-once.md`).

A body is known by its hash, which verifying its signature takes anyway; one that nobody hashed is
understood each time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from mockocr.accounts.conditions import Conditions
from mockocr.actions.action import Action
from mockocr.images.image import Base64Image, Image
from mockocr.lru import LruCache
from mockocr.protocol.parameters import CUT_OUT_BYTES
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.call_image import ImageSnapshot
from mockocr.scenario.outcomes import Outcome
from mockocr.scenario.rulebook import Rulebook, Shortlist

KEPT = 256
KEPT_BYTES = 4096
"""Of a body, its picture apart: a longer one is not kept."""
KEPT_ANSWER_BYTES = 8192
"""Of an answer: a longer one has crops in it."""
KEPT_ANSWERS = 4
"""To one body: as rules, seeds and days change."""


Known: TypeAlias = tuple[str, str, date]
"""By what a body that came before is known: its hash, the action and the contract."""

AnswerKey: TypeAlias = tuple[int, int, str, date, date, str]
"""On what an answer depends, besides what is asked: the identity of the outcome, the seed, the
numbers, the contract, today, and what becomes of unknown pictures."""


class Answer(NamedTuple):
    """What is said where a rule or the picture has an answer."""

    outcome: Outcome
    members: bytes
    """Of Response, but RequestId, as JSON."""
    shown: Mapping[str, Any]
    """Masked."""
    snapshot_of: ImageSnapshot
    """What the picture showed."""
    shown_bytes: int
    """What `shown` takes in a journal, about."""


@dataclass(slots=True, eq=False)
class ParsedBody:
    """Of one body, by the contract of a day."""

    shown: Mapping[str, Any]
    """The parameters, masked."""
    asked: Any
    shown_bytes: int
    """What `shown` takes in a journal, about."""
    cut_out: bool = False
    """Whether the picture is cut out of the body: then it is that of another call."""
    answers: dict[AnswerKey, Answer] = field(default_factory=dict)
    shortlists: dict[int, Shortlist] = field(default_factory=dict)
    """By the edition of the rulebook."""

    def shortlist(self, rulebook: Rulebook, action: Action[Any, Any]) -> Shortlist:
        """The rules that the body does not rule out."""
        found = self.shortlists.get(rulebook.edition)
        if found is None:
            if len(self.shortlists) >= KEPT_ANSWERS:
                self.shortlists.clear()
            found = self.shortlists[rulebook.edition] = rulebook.shortlist(action.facts(self.asked))
        return found

    def answer(self, outcome: Outcome, conditions: Conditions) -> Answer | None:
        """What was answered before."""
        found = self.answers.get(_circumstances(outcome, conditions))
        # An identity may be another's, once its first bearer is gone.
        return found if found and found.outcome is outcome else None

    def keep(self, answer: Answer, conditions: Conditions) -> None:
        if len(answer.members) <= KEPT_ANSWER_BYTES:
            if len(self.answers) >= KEPT_ANSWERS:
                self.answers.clear()
            self.answers[_circumstances(answer.outcome, conditions)] = answer


def _circumstances(outcome: Outcome, conditions: Conditions) -> AnswerKey:
    return (
        id(outcome),
        conditions.seed,
        conditions.numbers,
        conditions.contract,
        conditions.now.date(),
        conditions.unknown_pictures,
    )


class BodyCache:
    """What bodies asked for. Forgets those that were not sent for the longest time."""

    def __init__(self) -> None:
        self._kept: LruCache[Known, ParsedBody] = LruCache(KEPT)

    def find(
        self, known: Known, action: Action[Any, Any], request: WireRequest
    ) -> ParsedBody | None:
        found = self._kept.get(known)
        return _of(lambda: request.body, found, action) if found and found.cut_out else found

    def keep(
        self, known: Known, action: Action[Any, Any], body: bytes, parsed_body: ParsedBody
    ) -> None:
        image = action.image(parsed_body.asked)
        apart = 0
        # A long one that could not be cut out of the body would be kept whole.
        if isinstance(image, Base64Image) and (image.text.span or len(body) <= CUT_OUT_BYTES):
            apart = len(image.text)
        if len(body) - apart <= KEPT_BYTES:
            self._kept.put(known, _of(lambda: b"", parsed_body, action))


def _of(body: Callable[[], bytes], parsed_body: ParsedBody, action: Action[Any, Any]) -> ParsedBody:
    """With the picture cut out of this body, or of none: megabytes are not kept."""
    image: Image = action.image(parsed_body.asked)
    if not isinstance(image, Base64Image) or image.text.span is None:
        return parsed_body
    fresh = Base64Image(image.text.within(body))
    return replace(parsed_body, asked=parsed_body.asked._replace(image=fresh), cut_out=True)
