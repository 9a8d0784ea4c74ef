"""Scenarios in the words of the admin API: conditions without secrets, and of answers only that
they are given: whom they invent is nobody's business."""

from typing import Any, Literal

from pydantic import Field

from mockocr.accounts.conditions import Particulars, State
from mockocr.admin.clocks import ClockShown
from mockocr.admin.outcomes import outcome_name
from mockocr.admin.replies import Reply, Sparse
from mockocr.pipeline.decide import shown_wanted
from mockocr.scenario.delays import Delay
from mockocr.scenario.outcomes import ON_TIME, Choice, Late, Step
from mockocr.scenario.rule import Rule
from mockocr.scenario.scenario import Chance, Expectation, Scenario, Strike


class ParticularsShown(Sparse):
    """What a scenario sets for the accounts it plays for, where they say nothing themselves."""

    seed: int | None = None
    contract: str | None = None
    clock: ClockShown | None = None
    state: State | None = None
    package: int | None = None
    rate: int | None = None


class BoundsShown(Reply):
    at_least: int
    at_most: int | None
    """null: any number."""


class DelayShown(Sparse):
    """In seconds: always so long, or drawn between two, or log-normal with a cap."""

    seconds: float | None = None
    least: float | None = None
    most: float | None = None
    median: float | None = None
    sigma: float | None = None


class OutcomeShown(Sparse):
    """One of the choices of a step."""

    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    weight: float
    delay: DelayShown | None = None
    dribble_seconds: float | None = Field(default=None, alias="dribbleSeconds")


class StepShown(Sparse):
    times: int
    """So many calls in a row."""
    one_of: list[OutcomeShown] = Field(alias="oneOf")
    """By weight."""
    delay: DelayShown | None = None
    dribble_seconds: float | None = Field(default=None, alias="dribbleSeconds")


class RuleShown(Reply):
    name: str
    priority: int
    """1 is asked first."""
    when: dict[str, Any]
    """Conditions by name: a list of values, or a matcher."""
    then: list[StepShown]
    """One after the other, call by call."""
    after: Literal["last", "cycle", "fall_through"]
    per: Literal["account", "picture"]


class StrikeShown(Sparse):
    """An entry of chaos."""

    name: str
    probability: float | None = None
    after_calls: int | None = Field(default=None, alias="afterCalls")
    for_calls: int | None = Field(default=None, alias="forCalls")
    for_seconds: float | None = Field(default=None, alias="forSeconds")
    then: StepShown | None = None
    """Not there: whatever the rules decide, but later."""
    delay: DelayShown | None = None
    dribble_seconds: float | None = Field(default=None, alias="dribbleSeconds")


def particulars(said: Particulars) -> ParticularsShown:
    return ParticularsShown(
        seed=said.seed,
        contract=said.contract.isoformat() if said.contract else None,
        clock=ClockShown.of(said.clock) if said.clock else None,
        state=said.state,
        package=said.package,
        rate=said.rate,
    )


def expected(it: Expectation) -> int | BoundsShown:
    """In the words of the language: a number, or bounds."""
    if it.at_least == it.at_most:
        return it.at_least
    return BoundsShown(at_least=it.at_least, at_most=it.at_most)


def rules(scenario: Scenario) -> list[RuleShown]:
    return [_rule(rule) for rule in scenario.rules]


def strikes(scenario: Scenario) -> list[StrikeShown]:
    return [_strike(strike) for strike in scenario.chaos]


def _rule(rule: Rule) -> RuleShown:
    return RuleShown(
        name=rule.name,
        priority=rule.priority,
        when={it.name: shown_wanted(it.name, it.wanted) for it in rule.conditions},
        then=[_step(step) for step in rule.steps],
        after=rule.after,
        per=rule.per,
    )


def _step(step: Step) -> StepShown:
    return StepShown(
        times=step.times,
        one_of=[_choice(choice) for choice in step.choices],
        delay=_delay(step.timing.delay),
        dribble_seconds=step.timing.dribble_seconds,
    )


def _choice(choice: Choice) -> OutcomeShown:
    return OutcomeShown(
        outcome=outcome_name(choice.outcome),
        weight=choice.weight,
        delay=_delay(choice.timing.delay),
        dribble_seconds=choice.timing.dribble_seconds,
    )


def _delay(delay: Delay | None) -> DelayShown | None:
    return None if delay is None else DelayShown(**delay._asdict())


def _strike(strike: Strike) -> StrikeShown:
    late = strike.timing if isinstance(strike.step, Late) else ON_TIME
    outage = None if isinstance(strike.when, Chance) else strike.when
    return StrikeShown(
        name=strike.name,
        probability=strike.when.probability if isinstance(strike.when, Chance) else None,
        after_calls=outage and outage.after_calls,
        for_calls=outage and outage.calls,
        for_seconds=outage and outage.seconds,
        then=None if isinstance(strike.step, Late) else _step(strike.step),
        delay=_delay(late.delay),
        dribble_seconds=late.dribble_seconds,
    )
