"""What outcome coverage knows of an action: the answers that a test suite should have seen.

The errors of an action are in its `refusals`; here are the rows that only its answers have.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

AnswerGroup = Literal["warning", "side", "flag", "shape"]

ASKED = "asked:"
"""The mark of a call that asked for a warning is this and the id of the row of the warning."""


class Words(NamedTuple):
    """A text in both languages of mockocr."""

    en: str = ""
    zh: str = ""


NO_WORDS = Words()


class AnswerRow(NamedTuple):
    """One thing that answers can have, and how a test gets it."""

    group: AnswerGroup
    name: str
    scenario: str
    """A ready-made scenario with which a call with `parameters` sees it."""
    outcome: Mapping[str, Any]
    """The same as keyword arguments of `respond`."""
    parameters: Mapping[str, Any] = MappingProxyType({})
    """What the call must send, by the names of the API. Config is a mapping of flags."""
    detail: Words = NO_WORDS
    """More about it, such as the code of a warning."""
    is_possible: bool = True
    """Whether the contract of the day has it."""

    @property
    def id(self) -> str:
        return f"{self.group}:{self.name}"


class AnswerCoverage(NamedTuple):
    rows: Callable[[date], Iterable[AnswerRow]]
    """The rows of all contracts, for the contract of a day."""
    marks: Callable[[Any, Mapping[str, Any], date], tuple[str, ...]]
    """The ids of the rows that an answer has, from its query, its members and the contract; for
    each warning that the call asked for, also ASKED and its id. Never personal data."""
    retryable_errors: frozenset[str] = frozenset()
    """Business errors after which the same call may succeed."""
