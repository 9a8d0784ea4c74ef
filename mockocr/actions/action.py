"""What an OCR action is: a record of functions. Its folder defines it, `catalogue.py` lists it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    NamedTuple,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
)

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.answer_rows import AnswerCoverage
from mockocr.actions.facts import Facts
from mockocr.images.image import Image
from mockocr.protocol.errors import Refusal
from mockocr.protocol.reasons import Note, OwnLanguage
from mockocr.recognition.call_image import CallImage

if TYPE_CHECKING:
    from pydantic import BaseModel

    from mockocr.actions.recording import Recording
    from mockocr.actions.specimens import SpecimenCatalogue


class Query(Protocol):
    """The parameters of one call, parsed and typed."""

    @property
    def image(self) -> Image:
        """The picture to read."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes on parameters and flags of the call that have no effect."""

    def with_image(self, image: Image) -> Self:
        """The same query for another copy of the picture: the body cache keeps no pictures."""


class Rendering(NamedTuple):
    """An answer."""

    members: Mapping[str, Any]
    """The members of Response without RequestId."""
    notes: tuple[Note, ...] = ()
    """Notes on data that was left out of the answer."""


QueryT = TypeVar("QueryT", bound=Query)
AnswerT = TypeVar("AnswerT")

RulePath = tuple[str | int, ...]


class Unanswerable(NamedTuple):
    """A part of a rule that the action can never answer as written, by the contract of a day."""

    part: Literal["when", "then"]
    """The conditions of the rule, or one of its outcomes."""
    path: RulePath
    """The keys that lead from there to the value."""
    reason: str
    is_refused: bool = True
    """If false, the scenario is loaded, with a warning."""


class ContractChange(NamedTuple):
    kind: Literal["added", "removed", "changed"]
    name: str
    """Such as `parameter CardWarnType`."""
    value: str
    """The new value, or `old → new`; the old value if it was removed."""


class ParameterDocumentation(NamedTuple):
    """A parameter, or a part of one, as it is documented."""

    name: str
    type: str
    """The vendor's type, such as `string` or `bool`."""
    since: date
    """The day of the first contract that has it."""
    sentence: Mapping[OwnLanguage, str]
    values: tuple[str, ...] = ()
    """All allowed values; empty if there is no list of them."""
    part_of: str | None = None
    """The parameter whose JSON text has it as a member, such as Config."""
    is_required: bool = False
    """Whether a call needs it, or another required parameter instead of it."""


PictureNeed = Literal["cards", "scores", "pixels"]
"""The most that an answer needs from its picture: the cards read in it, their scores, or its
pixels. Pixels are not cached."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Action(Generic[QueryT, AnswerT]):
    """One action of the OCR product, as the pipeline and the scenarios see it.

    A new action supplies every member without a default; `tests/actions/toy.py` is an example.
    The functions may raise ApiError with a code of `refusals`. Any other exception is a bug.
    """

    # The request.
    service: str
    """The product: the first label of the vendor's host name, such as `ocr`."""
    name: str
    """The X-TC-Action header. Scenarios name the action by it, so no two actions share a name."""
    version: str
    regions: frozenset[str]
    """The regions that a call may name; a call may also name none."""
    parameters: Callable[[date], Mapping[str, str]]
    """Names and vendor types (`string`, `bool`) of all parameters in the contract of a day."""
    newer_parameters: Callable[[date], Mapping[str, date]] = lambda day: {}
    """Parameters that the contract of a day does not have yet, with the day that adds them."""
    long_parameters: tuple[str, ...] = ("ImageBase64",)
    """Parameters that may be megabytes long."""
    parse_query: Callable[[Mapping[str, Any], date], QueryT]
    """Parses parameters by the contract of a day. Raises ApiError for invalid ones."""
    slow_names: tuple[str, ...] = ()
    """Parts of parameter and flag names that request slow work, besides `long_parameters`. A call
    with such a name is not answered on the event loop."""
    picture_need: Callable[[QueryT], PictureNeed] = lambda query: "pixels"
    """Depends on the query alone, because another scenario may be active when the query is sent
    again."""

    # Rules.
    rule_conditions: "Callable[[], type[BaseModel]]"
    """The model of `when`: the conditions that only rules of this action have."""
    facts: Callable[[QueryT], Facts]
    """The values that conditions are compared with, by the names in `rule_conditions`."""

    # Answers.
    answer_key: str
    """The field of `answer_spec` that marks an outcome as an answer, such as `card`."""
    answer_spec: "Callable[[], type[BaseModel]]"
    """The model of the keys that an answer in a scenario may have."""
    answer: Callable[[Any], AnswerT]
    """Compiles an instance of `answer_spec`."""
    unscripted: AnswerT
    """The answer if no rule matches a call."""
    invented: AnswerT
    """An answer that does not depend on the picture, for faults that cut off a reply."""
    unanswerable: Callable[[Any, Any, date], Iterable[Unanswerable]] = lambda when, answer, day: ()
    """Checks the conditions of a rule and one answer (`answer_spec`), either may be None, by the
    contract of a day."""
    render: Callable[[QueryT, AnswerT, CallSettings, CallImage], Rendering]
    mask: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Parameters, or members of Response, without personal data: what the journal keeps."""

    # Errors.
    refusals: Mapping[str, Refusal]
    """The documented business errors by code, with those of `actions/refusals.py`."""
    billed_errors: frozenset[str] = frozenset()
    """Codes that use up a call of the resource package, as a success does."""

    # Only some actions have these.
    contract_changes: Callable[[date, date], Iterator[ContractChange]] | None = None
    """What changed between two days (`mockocr contract diff`). Raises ValueError for a day before
    the first contract."""
    documentation: Callable[[], Iterable[ParameterDocumentation]] = lambda: ()
    """The parameters of all contracts, in the order of a form."""
    recording: "Callable[[], Recording[QueryT]] | None" = None
    """How `mockocr record` writes the answers of another server."""
    specimens: "SpecimenCatalogue | None" = None
    """Pictures of cards that carry their own answer."""
    coverage: AnswerCoverage | None = None
    """What outcome coverage counts besides the errors. Without it, only errors are counted."""

    def marks(self, query: QueryT, members: Mapping[str, Any], day: date) -> tuple[str, ...]:
        """What outcome coverage counts of an answer: the members of Response, not masked."""
        return self.coverage.marks(query, members, day) if self.coverage else ()


AnyAction: TypeAlias = Action[Any, Any]
"""An action whose types of query and answer are not known where it is used."""
