"""Views of scenarios: conditions without secrets, and outcomes by name, without the personal data
of scripted answers."""

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
    """Settings for the accounts a scenario is active for; an account's own settings win."""

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
    """In seconds: constant, uniform between two bounds, or log-normal with a cap."""

    seconds: float | None = None
    least: float | None = None
    most: float | None = None
    median: float | None = None
    sigma: float | None = None


class OutcomeView(Sparse):
    """One choice of a step."""

    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    weight: float
    delay: DelayView | None = None
    dribble_seconds: float | None = None


class StepView(Sparse):
    times: int
    """The number of calls in a row that use this step."""
    one_of: list[OutcomeView]
    """The choices, drawn by weight."""
    delay: DelayView | None = None
    dribble_seconds: float | None = None


class RuleView(Reply):
    name: str
    priority: int
    """1 comes first."""
    when: dict[str, Any]
    """Conditions by name, each a list of values or a matcher."""
    then: list[StepView]
    """The steps, in order of use."""
    after: Literal["last", "cycle", "fall_through"]
    per: Literal["account", "picture"]


class ChaosEntryView(Sparse):
    """A chaos entry."""

    name: str
    probability: float | None = None
    after_calls: int | None = None
    for_calls: int | None = None
    for_seconds: float | None = None
    then: StepView | None = None
    """Left out if the entry only delays the outcome of the rules."""
    delay: DelayView | None = None
    dribble_seconds: float | None = None


def overrides(settings: Overrides) -> OverridesView:
    return OverridesView(
        seed=settings.seed,
        contract=settings.contract.isoformat() if settings.contract else None,
        clock=ClockView.of(settings.clock) if settings.clock else None,
        state=settings.state,
        package=settings.package,
        rate=settings.rate,
    )


def expected(expectation: Expectation) -> int | BoundsView:
    """A number or bounds, as in a scenario."""
    if expectation.at_least == expectation.at_most:
        return expectation.at_least
    return BoundsView(at_least=expectation.at_least, at_most=expectation.at_most)


def rules(scenario: Scenario) -> list[RuleView]:
    return [_rule(rule) for rule in scenario.rules]


def chaos_entries(scenario: Scenario) -> list[ChaosEntryView]:
    return [_chaos_entry(entry) for entry in scenario.chaos]


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


def _chaos_entry(entry: ChaosEntry) -> ChaosEntryView:
    timing = entry.timing if isinstance(entry.step, DelayOnly) else ON_TIME
    outage = None if isinstance(entry.when, Chance) else entry.when
    return ChaosEntryView(
        name=entry.name,
        probability=entry.when.probability if isinstance(entry.when, Chance) else None,
        after_calls=outage and outage.after_calls,
        for_calls=outage and outage.calls,
        for_seconds=outage and outage.seconds,
        then=None if isinstance(entry.step, DelayOnly) else _step(entry.step),
        delay=_delay(timing.delay),
        dribble_seconds=timing.dribble_seconds,
    )
