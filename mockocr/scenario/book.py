"""The rules that play, in their order, and the decision which of them takes a call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockocr.actions.action import Action
from mockocr.scenario.matching import Difference, Outcome, Recognized, Rule


@dataclass(frozen=True, slots=True)
class Decision:
    rule: str | None
    """The rule that took the call; None where none did, and the picture decides."""
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Book:
    rules: Sequence[Rule] = ()

    def decide(self, action: Action[Any, Any, Any], facts: Mapping[str, Any]) -> Decision:
        """The first rule that takes the call decides."""
        for rule in self.rules:
            if rule.action is action and rule.takes(facts):
                return Decision(rule.name, rule.outcome)
        return Decision(None, Recognized(action.answer()))

    def passed_over(
        self, action: Action[Any, Any, Any], facts: Mapping[str, Any]
    ) -> Iterator[tuple[str, list[Difference]]]:
        """The rules before the one that takes the call, each with why it does not."""
        for rule in self.rules:
            if rule.action is action:
                differences = rule.differences(facts)
                if not differences:
                    return
                yield rule.name, differences
