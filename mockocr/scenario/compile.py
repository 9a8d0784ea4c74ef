"""Compiles the spec of a scenario."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import choose_action
from mockocr.documents.document import Document
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
from mockocr.scenario.rule import Alternatives, AnyCondition, Condition, Negation, Rule
from mockocr.scenario.rule_spec import RuleSpec, in_utc, name_of
from mockocr.scenario.scenario import Chance, ChaosEntry, Expectation, OutageWindow, Scenario
from mockocr.scenario.scenario_spec import BoundsSpec, ScenarioSpec


def compile_scenario(
    spec: ScenarioSpec[Any, Any], default: AnyAction | None, document: Document
) -> Scenario:
    """`spec` is the document as a value of the model. `default` is the action of rules that name
    none; None if each names its own."""
    return Scenario(
        spec.name,
        spec.description,
        document.source,
        tuple(
            _rule(rule, index, action_of(rule, default)) for index, rule in enumerate(spec.rules)
        ),
        tuple(
            _chaos_entry(entry, index, action_of(entry, default))
            for index, entry in enumerate(spec.chaos)
        ),
        tuple(expectation(rule, calls) for rule, calls in spec.expect.items()),
        spec.overrides(),
        document.data,
        document.text,
    )


def action_of(spec: Any, default: AnyAction | None) -> Any:
    """The action of a rule or an entry of chaos; None for an entry that is for all actions."""
    return choose_action(spec.action) if spec.action else default


def expectation(rule: str, calls: int | BoundsSpec) -> Expectation:
    if isinstance(calls, BoundsSpec):
        return Expectation(rule, calls.at_least or 0, calls.at_most)
    return Expectation(rule, calls, calls)


def _rule(spec: RuleSpec[Any, Any], index: int, action: AnyAction) -> Rule:
    return Rule(
        name_of(index, spec.name),
        action,
        tuple(_conditions(spec.when) if spec.when else ()),
        tuple(_step(step, action, step.times) for step in spec.then),
        spec.priority,
        spec.after,
        spec.per,
    )


def _conditions(when: BaseModel) -> Iterator[AnyCondition]:
    for name, expected in _set_keys(when):
        match name, expected:
            case "not", BaseModel():
                yield Negation(tuple(_conditions(expected)))
            case "any", [*entries]:
                yield Alternatives(tuple(tuple(_conditions(entry)) for entry in entries))
            case "between", [start, end]:
                yield _window(start, end)
            case "picture", BaseModel():
                for part, value in _set_keys(expected):
                    yield _picture_condition(part, value)
            case "header", dict():
                for header, value in expected.items():
                    yield _condition(f"header.{header}", f"header.{header.lower()}", value)
            case _, BaseModel() if not hasattr(expected, "test"):
                for part, value in _set_keys(expected):
                    yield _condition(f"{name}.{part}", f"{name}.{part}", value)
            case _:
                yield _condition(name, name, expected)


def _window(start: str, end: str) -> Condition:
    first, last = in_utc(start), in_utc(end)

    def test(now: str) -> bool:
        return first <= now < last if first < last else now >= first or now < last

    return Condition("between", "clock.time", f"{start} and {end}", test)


def _picture_condition(part: str, value: Any) -> Condition:
    if part == "min_width":
        return Condition(
            "picture.min_width",
            "picture.width",
            value,
            lambda width: width is not None and width >= value,
        )
    if part == "specimen":
        expected = frozenset(value)
        return Condition(
            "picture.specimen",
            "picture.specimen",
            value,
            lambda names: not expected.isdisjoint(names),
        )
    return _condition(f"picture.{part}", f"picture.{part}", value)


def _condition(name: str, fact: str, expected: Any) -> Condition:
    """`expected` is a list of alternatives, one value, or a matcher."""
    if isinstance(expected, BaseModel):
        steps = expected.steps() if hasattr(expected, "steps") else 0
        return Condition(name, fact, expected.model_dump(), expected.test(), steps)  # type: ignore[attr-defined]
    values = expected if isinstance(expected, list) else [expected]
    return Condition(name, fact, values, frozenset(values).__contains__)


def _set_keys(spec: BaseModel) -> Iterator[tuple[str, Any]]:
    """The keys that the spec sets, as users write them, and their values."""
    for name, field in type(spec).model_fields.items():
        if name in spec.model_fields_set:
            yield field.alias or name, getattr(spec, name)


def _step(spec: Any, action: AnyAction | None, times: int = 1) -> Step:
    if spec.one_of is None:
        return Step((Choice(_outcome(spec, action)),), _timing(spec), times)
    choices = (
        Choice(_outcome(choice, action), _timing(choice), choice.weight) for choice in spec.one_of
    )
    return Step(tuple(choices), _timing(spec), times)


def _timing(spec: OutcomeSpec) -> Timing:
    return Timing(delay_of(spec.delay), spec.dribble)


def _outcome(spec: OutcomeSpec, action: AnyAction | None) -> Outcome:
    if spec.error is not None:
        own = action.refusals if action else {}
        refusal = own.get(spec.error) or COMMON_ERRORS[spec.error]
        if spec.message is not None:
            refusal = refusal._replace(en=spec.message, zh=spec.message)
        return Refused(refusal)
    if spec.fault is not None:
        return FaultOutcome(Fault(spec.fault))
    if spec.http is not None:
        return GatewayError(spec.http)
    assert action is not None  # noqa: S101 - without an action, no model has a key for answers
    return Recognized(action.answer(answer_spec_in(spec, action)))


def answer_spec_in(spec: OutcomeSpec, action: AnyAction) -> BaseModel:
    """The part of an outcome that is the spec of the action's answer."""
    model = action.answer_spec()
    values = {name: getattr(spec, name) for name in model.model_fields}
    return model.model_construct(spec.model_fields_set & values.keys(), **values)


def _chaos_entry(spec: ChaosEntrySpec, index: int, action: AnyAction | None) -> ChaosEntry:
    kinds = {name for name, _ in _set_keys(spec)}.intersection(spec.kinds())
    return ChaosEntry(
        f"chaos[{index}]",
        _when(spec),
        _step(spec, action) if kinds else DelayOnly(),
        _timing(spec),
        action,
    )


def _when(spec: ChaosEntrySpec) -> Chance | OutageWindow:
    if spec.probability is not None:
        return Chance(spec.probability)
    calls = spec.for_ if isinstance(spec.for_, int) else None
    seconds = spec.for_ if isinstance(spec.for_, float) else None
    return OutageWindow(spec.after_calls or 0, calls, seconds)
