"""A rule, and why it does not match a call. The rulebook decides by the same predicates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from mockocr.actions.action import AnyAction
from mockocr.actions.facts import ALL_FACTS, Facts, Test
from mockocr.scenario.outcomes import Step


class Condition(NamedTuple):
    """A condition on one fact."""

    name: str
    """As users write it: `CardSide`, `Config.TempIdWarn`, `picture.min_width`."""
    fact: str
    """The name of the fact that the test is applied to."""
    expected: Any
    """As in the scenario: a list of values, or a matcher."""
    test: Test
    steps: int = 0
    """The most steps that its pattern, if it has one, takes for each character of a text."""

    def leaves(self) -> "Iterator[Condition]":
        yield self

    def differences(self, facts: Facts, path: str = "") -> "Iterator[Difference]":
        if facts.has(self.fact) and not self.test(facts[self.fact]):
            yield self.difference(facts, path)

    def difference(self, facts: Facts, path: str) -> "Difference":
        return Difference(path + self.name, self.expected, facts[self.fact], self.fact)


@dataclass(frozen=True, slots=True)
class Negation:
    """`not`: matches unless all its conditions match."""

    conditions: "tuple[AnyCondition, ...]"
    fact: ClassVar[str] = ALL_FACTS

    def __call__(self, facts: Facts) -> bool:
        return not _all_match(self.conditions, facts)

    @property
    def test(self) -> Test:
        return self

    def leaves(self) -> Iterator[Condition]:
        for each in self.conditions:
            yield from each.leaves()

    def differences(self, facts: Facts, path: str = "") -> "Iterator[Difference]":
        """The conditions that match. None if one of their facts is no longer available."""
        if all(facts.has(leaf.fact) for leaf in self.leaves()) and not self.test(facts):
            for leaf in self.leaves():
                if leaf.test(facts[leaf.fact]):
                    yield leaf.difference(facts, f"{path}not ")


@dataclass(frozen=True, slots=True)
class Alternatives:
    """`any`: matches if all conditions of one alternative match."""

    alternatives: "tuple[tuple[AnyCondition, ...], ...]"
    fact: ClassVar[str] = ALL_FACTS

    @property
    def test(self) -> Test:
        return self

    def __call__(self, facts: Facts) -> bool:
        return any(_all_match(conditions, facts) for conditions in self.alternatives)

    def leaves(self) -> Iterator[Condition]:
        for conditions in self.alternatives:
            for each in conditions:
                yield from each.leaves()

    def differences(self, facts: Facts, path: str = "") -> "Iterator[Difference]":
        """Those of each alternative. None if one has none, because it matches or because its facts
        are no longer available."""
        found = [
            [
                difference
                for each in conditions
                for difference in each.differences(facts, f"{path}any[{index}].")
            ]
            for index, conditions in enumerate(self.alternatives)
        ]
        if all(found):
            for differences in found:
                yield from differences


AnyCondition: TypeAlias = Condition | Negation | Alternatives


def _all_match(conditions: tuple[AnyCondition, ...], facts: Facts) -> bool:
    return all(each.test(facts[each.fact]) for each in conditions)


class Difference(NamedTuple):
    """A condition that does not match, and the value of the call."""

    name: str
    """As users write it, with the way to it: `any[0].CardSide`, `not Region`."""
    expected: Any
    found: Any
    fact: str
    """The name of the fact."""


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
    conditions: tuple[AnyCondition, ...]
    """The rule matches if all match. Without any, it matches every call of the action."""
    steps: tuple[Step, ...]
    priority: int = 5
    """The lowest is tried first."""
    after: Literal["last", "cycle", "fall_through"] = "last"
    """After the steps: repeat the last, start again, or try the next rule."""
    per: Literal["account", "picture"] = "account"
    """Which calls are counted together."""

    def leaves(self) -> Iterator[Condition]:
        """Its conditions on one fact, also those in `not` and `any`."""
        for each in self.conditions:
            yield from each.leaves()

    def pattern_steps(self) -> PatternSteps:
        leaves = list(self.leaves())
        of_headers = sum(it.steps for it in leaves if it.fact.startswith("header."))
        return PatternSteps(of_headers, sum(it.steps for it in leaves) - of_headers)

    def differences(self, facts: Facts) -> list[Difference]:
        """Why the rule does not match; empty if it does. Facts that are no longer available are
        left out."""
        return [
            difference
            for condition in self.conditions
            for difference in condition.differences(facts)
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
