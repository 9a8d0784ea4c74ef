"""Whether a rule takes a call. A rule takes it where none of its conditions differs: the decision
and its explanation ask the same predicate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel

from mockocr.actions.action import Action
from mockocr.protocol.errors import Refusal


@dataclass(frozen=True, slots=True)
class Recognized:
    """The card is read; `answer` says how, in the words of its action."""

    answer: BaseModel


@dataclass(frozen=True, slots=True)
class Refused:
    refusal: Refusal


Outcome: TypeAlias = Recognized | Refused


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    """A fact of the action: `CardSide`, `Config.TempIdWarn`, `Region`."""
    accepted: tuple[Any, ...]

    def holds(self, facts: Mapping[str, Any]) -> bool:
        return facts[self.name] in self.accepted


@dataclass(frozen=True, slots=True)
class Difference:
    """A condition that does not hold."""

    name: str
    wanted: tuple[Any, ...]
    found: Any


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    action: Action[Any, Any, Any]
    conditions: tuple[Condition, ...]
    """All must hold; without any, the rule takes every call of the action."""
    outcome: Outcome

    def takes(self, facts: Mapping[str, Any]) -> bool:
        return all(condition.holds(facts) for condition in self.conditions)

    def differences(self, facts: Mapping[str, Any]) -> list[Difference]:
        """Why the rule does not take a call; nothing where it does."""
        return [
            Difference(condition.name, condition.accepted, facts[condition.name])
            for condition in self.conditions
            if not condition.holds(facts)
        ]
