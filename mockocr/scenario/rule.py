"""A rule, and why it does not match a call. The rulebook decides by the same predicates."""

from typing import Any, Literal, NamedTuple

from mockocr.actions.action import AnyAction
from mockocr.actions.facts import Facts, Test
from mockocr.scenario.outcomes import Step


class Condition(NamedTuple):
    name: str
    """As users write it: `CardSide`, `Config.TempIdWarn`, `picture.min_width`."""
    fact: str
    """The name of the fact that the test is applied to."""
    expected: Any
    """As in the scenario: a list of values, or a matcher."""
    test: Test
    steps: int = 0
    """The most steps that its pattern, if it has one, takes for each character of a text."""


class Difference(NamedTuple):
    """A condition that does not match, and the value of the call."""

    name: str
    expected: Any
    found: Any


class PatternSteps(NamedTuple):
    """The steps of patterns. Multiplied by the length of a text, they limit the time of a
    search."""

    headers: int
    """Steps of the patterns for headers."""
    parameters: int
    """Steps of all other patterns."""


class Rule(NamedTuple):
    name: str
    action: AnyAction
    conditions: tuple[Condition, ...]
    """The rule matches if all match. Without any, it matches every call of the action."""
    steps: tuple[Step, ...]
    priority: int = 5
    """The lowest is tried first."""
    after: Literal["last", "cycle", "fall_through"] = "last"
    """After the steps: repeat the last, start again, or try the next rule."""
    per: Literal["account", "picture"] = "account"
    """Which calls are counted together."""

    def pattern_steps(self) -> PatternSteps:
        of_headers = [it.steps for it in self.conditions if it.fact.startswith("header.")]
        return PatternSteps(
            sum(of_headers), sum(it.steps for it in self.conditions) - sum(of_headers)
        )

    def differences(self, facts: Facts) -> list[Difference]:
        """Why the rule does not match; empty if it does. Facts that are no longer available are
        left out."""
        return [
            Difference(condition.name, condition.expected, facts[condition.fact])
            for condition in self.conditions
            if facts.has(condition.fact) and not condition.test(facts[condition.fact])
        ]

    def step(self, call_number: int) -> Step | None:
        """The step for a call number, from 1. None: try the next rule."""
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
