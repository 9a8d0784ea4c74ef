"""Scenarios in the words of the admin API: conditions without secrets, and of answers only that
they are given: whom they invent is nobody's business."""

from typing import Any, Literal

from mockocr.accounts.call_settings import AccountState, Overrides
from mockocr.admin.clocks import ClockView
from mockocr.admin.outcomes import outcome_name
from mockocr.admin.replies import Reply, Sparse
from mockocr.journal.redact import redacted_condition
from mockocr.scenario.delays import Delay
from mockocr.scenario.outcomes import ON_TIME, Choice, DelayOnly, Step
from mockocr.scenario.rule import Rule
from mockocr.scenario.scenario import Chance, ChaosEntry, Expectation, Scenario


class OverridesView(Sparse):
    """What a scenario sets for the accounts it plays for, where they say nothing themselves."""

    seed: int | None = None
    contract: str | None = None
    clock: ClockView | None = None
    state: AccountState | None = None
    package: int | None = None
    rate: int | None = None


class BoundsView(Reply):
    at_least: int
    at_most: int | None
    """null: any number."""


class DelayView(Sparse):
    """In seconds: always so long, or drawn between two, or log-normal with a cap."""

    seconds: float | None = None
    least: float | None = None
    most: float | None = None
    median: float | None = None
    sigma: float | None = None


class OutcomeView(Sparse):
    """One of the choices of a step."""

    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    weight: float
    delay: DelayView | None = None
    dribble_seconds: float | None = None


class StepView(Sparse):
    times: int
    """So many calls in a row."""
    one_of: list[OutcomeView]
    """By weight."""
    delay: DelayView | None = None
    dribble_seconds: float | None = None


class RuleView(Reply):
    name: str
    priority: int
    """1 is asked first."""
    when: dict[str, Any]
    """Conditions by name: a list of values, or a matcher."""
    then: list[StepView]
    """One after the other, call by call."""
    after: Literal["last", "cycle", "fall_through"]
    per: Literal["account", "picture"]


class ChaosEntryView(Sparse):
    """An entry of chaos."""

    name: str
    probability: float | None = None
    after_calls: int | None = None
    for_calls: int | None = None
    for_seconds: float | None = None
    then: StepView | None = None
    """Not there: whatever the rules decide, but later."""
    delay: DelayView | None = None
    dribble_seconds: float | None = None


def overrides(said: Overrides) -> OverridesView:
    return OverridesView(
        seed=said.seed,
        contract=said.contract.isoformat() if said.contract else None,
        clock=ClockView.of(said.clock) if said.clock else None,
        state=said.state,
        package=said.package,
        rate=said.rate,
    )


def expected(it: Expectation) -> int | BoundsView:
    """In the words of the language: a number, or bounds."""
    if it.at_least == it.at_most:
        return it.at_least
    return BoundsView(at_least=it.at_least, at_most=it.at_most)


def rules(scenario: Scenario) -> list[RuleView]:
    return [_rule(rule) for rule in scenario.rules]


def strikes(scenario: Scenario) -> list[ChaosEntryView]:
    return [_strike(strike) for strike in scenario.chaos]


def _rule(rule: Rule) -> RuleView:
    return RuleView(
        name=rule.name,
        priority=rule.priority,
        when={it.name: redacted_condition(it.name, it.wanted) for it in rule.conditions},
        then=[_step(step) for step in rule.steps],
        after=rule.after,
        per=rule.per,
    )


def _step(step: Step) -> StepView:
    return StepView(
        times=step.times,
        one_of=[_choice(choice) for choice in step.choices],
        delay=_delay(step.timing.delay),
        dribble_seconds=step.timing.dribble_seconds,
    )


def _choice(choice: Choice) -> OutcomeView:
    return OutcomeView(
        outcome=outcome_name(choice.outcome),
        weight=choice.weight,
        delay=_delay(choice.timing.delay),
        dribble_seconds=choice.timing.dribble_seconds,
    )


def _delay(delay: Delay | None) -> DelayView | None:
    return None if delay is None else DelayView(**delay._asdict())


def _strike(strike: ChaosEntry) -> ChaosEntryView:
    late = strike.timing if isinstance(strike.step, DelayOnly) else ON_TIME
    outage = None if isinstance(strike.when, Chance) else strike.when
    return ChaosEntryView(
        name=strike.name,
        probability=strike.when.probability if isinstance(strike.when, Chance) else None,
        after_calls=outage and outage.after_calls,
        for_calls=outage and outage.calls,
        for_seconds=outage and outage.seconds,
        then=None if isinstance(strike.step, DelayOnly) else _step(strike.step),
        delay=_delay(late.delay),
        dribble_seconds=late.dribble_seconds,
    )
