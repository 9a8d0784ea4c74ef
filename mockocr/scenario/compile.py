"""From the words of a scenario to what is played."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from mockocr.actions.action import Action
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.wire import Fault
from mockocr.scenario.durations import delay_of
from mockocr.scenario.model import Bounds, ChaosEntrySpec, OutcomeSpec, RuleSpec, ScenarioSpec
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
from mockocr.scenario.scenario import Chance, ChaosEntry, Expectation, OutageWindow, Scenario


def compiled(words: ScenarioSpec[Any, Any], action: Action[Any, Any], source: str) -> Scenario:
    return Scenario(
        words.name,
        words.description,
        source,
        tuple(_rule(it, action) for it in words.rules),
        tuple(_strike(it, index, action) for index, it in enumerate(words.chaos)),
        tuple(expectation(rule, calls) for rule, calls in words.expect.items()),
        words.overrides(),
    )


def expectation(rule: str, calls: int | Bounds) -> Expectation:
    if isinstance(calls, Bounds):
        return Expectation(rule, calls.at_least or 0, calls.at_most)
    return Expectation(rule, calls, calls)


def _rule(words: RuleSpec[Any, Any], action: Action[Any, Any]) -> Rule:
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


def _step(words: Any, action: Action[Any, Any], times: int = 1) -> Step:
    timing = Timing(delay_of(words.delay), words.dribble)
    if words.one_of is None:
        return Step((Choice(_outcome(words, action)),), timing, times)
    choices = (
        Choice(_outcome(it, action), Timing(delay_of(it.delay), it.dribble), it.weight)
        for it in words.one_of
    )
    return Step(tuple(choices), timing, times)


def _outcome(words: OutcomeSpec, action: Action[Any, Any]) -> Outcome:
    if words.error is not None:
        refusal = action.refusals.get(words.error) or COMMON_ERRORS[words.error]
        if words.message is not None:
            refusal = refusal._replace(en=words.message, zh=words.message)
        return Refused(refusal)
    if words.fault is not None:
        invented = action.answer_spec().model_validate({"card": "invented"})
        return FaultOutcome(Fault(words.fault), action.answer(invented))
    if words.http is not None:
        return GatewayError(words.http)
    return Recognized(action.answer(answer_spec_in(words, action)))


def answer_spec_in(words: OutcomeSpec, action: Action[Any, Any]) -> BaseModel:
    """What an outcome says in the words of its action, without the words of all outcomes."""
    kind = action.answer_spec()
    said = {name: getattr(words, name) for name in kind.model_fields}
    return kind.model_construct(words.model_fields_set & said.keys(), **said)


def _strike(words: ChaosEntrySpec, index: int, action: Action[Any, Any]) -> ChaosEntry:
    kinds = {name for name, _ in _said(words)}.intersection(words.KINDS)
    return ChaosEntry(
        f"chaos[{index}]",
        _when(words),
        _step(words, action) if kinds else DelayOnly(),
        Timing(delay_of(words.delay), words.dribble),
    )


def _when(words: ChaosEntrySpec) -> Chance | OutageWindow:
    if words.probability is not None:
        return Chance(words.probability)
    calls = words.for_ if isinstance(words.for_, int) else None
    seconds = words.for_ if isinstance(words.for_, float) else None
    return OutageWindow(words.after_calls or 0, calls, seconds)
