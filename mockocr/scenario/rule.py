"""What a rule is, and why it does not take a call: the decision (`book.py`) asks the same
predicates as this explanation."""

from typing import Any, Literal, NamedTuple

from mockocr.actions.action import AnyAction
from mockocr.actions.facts import Facts, Test
from mockocr.scenario.outcomes import Step


class Condition(NamedTuple):
    name: str
    """As people know it: `CardSide`, `Config.TempIdWarn`, `picture.min_width`."""
    fact: str
    """What it is held against."""
    wanted: Any
    """As it was written: a list of values, or a matcher."""
    test: Test


class Difference(NamedTuple):
    """A condition that does not hold."""

    name: str
    wanted: Any
    found: Any


class Rule(NamedTuple):
    name: str
    action: AnyAction
    conditions: tuple[Condition, ...]
    """All must hold; without any, the rule takes every call of the action."""
    steps: tuple[Step, ...]
    """In their order."""
    priority: int = 5
    """The lowest first."""
    after: Literal["last", "cycle", "fall_through"] = "last"
    """What comes when the steps are used up: the last again, the first again, or another rule."""
    per: Literal["account", "picture"] = "account"
    """Whose calls are counted together."""

    def differences(self, facts: Facts) -> list[Difference]:
        """Why the rule does not take a call; nothing where it does. Of facts that cannot be told
        any more, nothing is said."""
        return [
            Difference(condition.name, condition.wanted, facts[condition.fact])
            for condition in self.conditions
            if facts.has(condition.fact) and not condition.test(facts[condition.fact])
        ]

    def step(self, call_number: int) -> Step | None:
        """For the call of this number, from 1; None where the next rule is to be asked."""
        length = sum(step.times for step in self.steps)
        if self.after == "cycle":
            call_number = (call_number - 1) % length + 1
        elif self.after == "last":
            call_number = min(call_number, length)
        for step in self.steps:
            call_number -= step.times
            if call_number <= 0:
                return step
        return None
