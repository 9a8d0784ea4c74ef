"""From the words of a scenario to what is played."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import choose_action
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.wire import Fault
from mockocr.scenario.durations import delay_of
from mockocr.scenario.outcome_spec import ChaosEntrySpec, OutcomeSpec
from mockocr.scenario.outcomes import (
    Choice,
    DelayOnly,
    FaultOutcome,
    GatewayError,
    Outcome,
    Recognized,
    Refused,
    Step,
    Timing,
)
from mockocr.scenario.rule import Condition, Rule
from mockocr.scenario.rule_spec import RuleSpec
from mockocr.scenario.scenario import Chance, ChaosEntry, Expectation, OutageWindow, Scenario
from mockocr.scenario.scenario_spec import BoundsSpec, ScenarioSpec


def compiled(words: ScenarioSpec[Any, Any], default: AnyAction | None, source: str) -> Scenario:
    """`default`: the action of rules that name none. None if each names its own."""
    return Scenario(
        words.name,
        words.description,
        source,
        tuple(_rule(it, action_of(it, default)) for it in words.rules),
        tuple(_strike(it, index, action_of(it, default)) for index, it in enumerate(words.chaos)),
        tuple(expectation(rule, calls) for rule, calls in words.expect.items()),
        words.overrides(),
    )


def action_of(words: Any, default: AnyAction | None) -> Any:
    """The action of a rule or an entry of chaos; None for an entry that is for all actions."""
    return choose_action(words.action) if words.action else default


def expectation(rule: str, calls: int | BoundsSpec) -> Expectation:
    if isinstance(calls, BoundsSpec):
        return Expectation(rule, calls.at_least or 0, calls.at_most)
    return Expectation(rule, calls, calls)


def _rule(words: RuleSpec[Any, Any], action: AnyAction) -> Rule:
    return Rule(
        words.name,
        action,
        tuple(_conditions(words.when) if words.when else ()),
        tuple(_step(it, action, it.times) for it in words.then),
        words.priority,
        words.after,
        words.per,
    )


def _conditions(when: BaseModel) -> Iterator[Condition]:
    for name, wanted in _said(when):
        match name, wanted:
            case "picture", BaseModel():
                for part, value in _said(wanted):
                    yield _picture_condition(part, value)
            case "header", dict():
                for header, value in wanted.items():
                    yield _condition(f"header.{header}", f"header.{header.lower()}", value)
            case _, BaseModel() if not hasattr(wanted, "test"):
                for part, value in _said(wanted):
                    yield _condition(f"{name}.{part}", f"{name}.{part}", value)
            case _:
                yield _condition(name, name, wanted)


def _picture_condition(part: str, value: Any) -> Condition:
    if part == "min_width":
        return Condition(
            "picture.min_width",
            "picture.width",
            value,
            lambda width: width is not None and width >= value,
        )
    if part == "specimen":
        wanted = frozenset(value)
        return Condition(
            "picture.specimen",
            "picture.specimen",
            value,
            lambda names: not wanted.isdisjoint(names),
        )
    return _condition(f"picture.{part}", f"picture.{part}", value)


def _condition(name: str, fact: str, wanted: Any) -> Condition:
    """Of values of which one must fit, of one value, or of a matcher."""
    if isinstance(wanted, BaseModel):
        return Condition(name, fact, wanted.model_dump(), wanted.test())  # type: ignore[attr-defined]
    values = wanted if isinstance(wanted, list) else [wanted]
    return Condition(name, fact, values, frozenset(values).__contains__)


def _said(words: BaseModel) -> Iterator[tuple[str, Any]]:
    """What was said, as it is spelled there."""
    for name, field in type(words).model_fields.items():
        if name in words.model_fields_set:
            yield field.alias or name, getattr(words, name)


def _step(words: Any, action: AnyAction | None, times: int = 1) -> Step:
    timing = Timing(delay_of(words.delay), words.dribble)
    if words.one_of is None:
        return Step((Choice(_outcome(words, action)),), timing, times)
    choices = (
        Choice(_outcome(it, action), Timing(delay_of(it.delay), it.dribble), it.weight)
        for it in words.one_of
    )
    return Step(tuple(choices), timing, times)


def _outcome(words: OutcomeSpec, action: AnyAction | None) -> Outcome:
    if words.error is not None:
        own = action.refusals if action else {}
        refusal = own.get(words.error) or COMMON_ERRORS[words.error]
        if words.message is not None:
            refusal = refusal._replace(en=words.message, zh=words.message)
        return Refused(refusal)
    if words.fault is not None:
        return FaultOutcome(Fault(words.fault))
    if words.http is not None:
        return GatewayError(words.http)
    assert action is not None  # noqa: S101 - without an action, no model has a key for answers
    return Recognized(action.answer(answer_spec_in(words, action)))


def answer_spec_in(words: OutcomeSpec, action: AnyAction) -> BaseModel:
    """What an outcome says in the words of its action, without the words of all outcomes."""
    kind = action.answer_spec()
    said = {name: getattr(words, name) for name in kind.model_fields}
    return kind.model_construct(words.model_fields_set & said.keys(), **said)


def _strike(words: ChaosEntrySpec, index: int, action: AnyAction | None) -> ChaosEntry:
    kinds = {name for name, _ in _said(words)}.intersection(words.kinds())
    return ChaosEntry(
        f"chaos[{index}]",
        _when(words),
        _step(words, action) if kinds else DelayOnly(),
        Timing(delay_of(words.delay), words.dribble),
        action,
    )


def _when(words: ChaosEntrySpec) -> Chance | OutageWindow:
    if words.probability is not None:
        return Chance(words.probability)
    calls = words.for_ if isinstance(words.for_, int) else None
    seconds = words.for_ if isinstance(words.for_, float) else None
    return OutageWindow(words.after_calls or 0, calls, seconds)
