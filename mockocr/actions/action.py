"""What an OCR action is: a record of plain functions (`docs/architecture.md`)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from mockocr.accounts.conditions import Conditions
from mockocr.actions.facts import Facts
from mockocr.images.image import Image
from mockocr.protocol.errors import Refusal
from mockocr.recognition.call_image import CallImage
from mockocr.specimens.finding import Known

if TYPE_CHECKING:
    from pydantic import BaseModel

QueryT = TypeVar("QueryT")
AnswerT = TypeVar("AnswerT")

Unanswerable: TypeAlias = tuple[Literal["when", "then"], tuple[str | int, ...], str]
"""Where it stands: in a rule's conditions or in its outcome, the keys that lead there; and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Action(Generic[QueryT, AnswerT]):
    """One action of the OCR product, as the corridor and the scenarios need to know it.

    The functions raise ApiError, with a code of `refusals`, and nothing else.
    """

    service: str
    """The first label of the vendor's host name."""
    name: str
    version: str
    regions: frozenset[str]
    """Regions that the page lists; a call may also name none."""
    parameters: Callable[[date], Mapping[str, str]]
    """Those of the contract of a day: names and types, in the vendor's words."""
    newer_parameters: Callable[[date], Mapping[str, date]]
    """Parameters that the contract of a day has not yet, and since when there are."""
    long_parameters: tuple[str, ...]
    """Parameters that may be megabytes long."""
    parse_query: Callable[[Mapping[str, Any], date], QueryT]
    """From the parameters to what is asked by the contract of a day, or a refusal where that makes
    no sense."""
    image: Callable[[QueryT], Image]
    """The picture that is asked about."""
    rule_conditions: "Callable[[], type[BaseModel]]"
    """What a rule may ask about, besides what every rule may."""
    facts: Callable[[QueryT], Facts]
    """What a rule's conditions are held against, by the names in `rule_conditions`."""
    specimens: Callable[[], tuple[str, ...]]
    """Names of specimens that a picture can be recognized as."""
    known: Callable[[], Known]
    """The same, by their marks."""
    unanswerable: Callable[[Any, Any, date], Iterator[Unanswerable]]
    """Of a rule's conditions and one of its answers, as words: what the contract of a day could
    never answer so."""
    answer_spec: "Callable[[], type[BaseModel]]"
    """What a scenario may say in answer."""
    answer: Callable[[Any], AnswerT]
    """From these words to what is rendered."""
    unscripted: AnswerT
    """The answer where no rule takes a call."""
    render: Callable[[QueryT, AnswerT, Conditions, CallImage], Mapping[str, Any]]
    """The members of Response, but RequestId."""
    refusals: Mapping[str, Refusal]
    """The business errors, by code."""
    billed_errors: frozenset[str]
    """Codes of those that use up a call of the resource package, as a success does."""
    slow: Callable[[bytes], bool]
    """Whether a body might ask for work that should not be done on the event loop."""
    mask: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Parameters or members of Response, as they may be journaled: without anybody in them."""
