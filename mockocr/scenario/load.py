"""Loads a scenario from a document, and finds all its problems."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import UnknownActionError, all_actions, choose_action
from mockocr.documents.document import Document, DocumentError, Problem
from mockocr.documents.messages import KeyPath
from mockocr.documents.reading import read_document
from mockocr.protocol.redact import is_mask
from mockocr.scenario.compile import action_of, answer_spec_in, compile_scenario
from mockocr.scenario.model import scenario_model
from mockocr.scenario.outcome_spec import ChaosEntrySpec
from mockocr.scenario.rule_spec import name_of
from mockocr.scenario.scenario import Scenario
from mockocr.settings import API_PAGE, contract_date
from mockocr.suggestions import unknown

_NAMES_COMPARED = 100
"""With an unknown name. A comparison takes a microsecond or more."""


def load_file(path: Path, day: date = API_PAGE) -> Scenario:
    """Raises DocumentError with all problems of the file."""
    return load(read_document(path), day)


def load(document: Document, day: date = API_PAGE) -> Scenario:
    """`day` is the contract if the scenario sets none. Raises DocumentError with all problems."""
    checked_for, default = day, _default_action(document)
    model = scenario_model(all_actions(), default)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    spec = None
    try:
        spec = document.validated(model)
    except DocumentError as error:
        problems += error.problems
    reported = {problem.location or problem.path for problem in problems}
    for problem in _missing_values(document, document.data, ()):
        if (problem.location or problem.path) not in reported:
            problems.append(problem)
    if isinstance(document.data, dict):
        problems += _duplicate_names(document)
        for key in ("rules", "chaos"):
            problems += _masks(document, document.data.get(key), (key,))
        problems += _unknown_expected_rules(document)
        entries = _valid_entries(document.data, spec, model)
        day = _contract(document.data, day)
        for problem, is_refused in _unanswerable(document, entries, default, day):
            (problems if is_refused else warnings).append(problem)
    if spec is not None:
        problems += _without_effect(document, spec)
    if spec is None or problems:
        raise DocumentError(document.source, problems)
    warnings += _never_reached(document, spec, default)
    scenario = compile_scenario(spec, default, document)
    return replace(scenario, warnings=tuple(sorted(warnings)), checked_for=checked_for)


def _default_action(document: Document) -> AnyAction | None:
    """The action of rules that name none: that of the file, or the only registered one.

    None if there are several. Raises DocumentError if the file names an unknown action.
    """
    name = document.data.get("action") if isinstance(document.data, dict) else None
    if not isinstance(name, str):
        actions = all_actions()
        return actions[0] if len(actions) == 1 else None
    try:
        return choose_action(name)
    except UnknownActionError as error:
        raise DocumentError(document.source, [document.problem(("action",), str(error))]) from None


def _valid_entries(
    data: Mapping[str, Any], spec: BaseModel | None, model: type[BaseModel]
) -> Iterator[tuple[KeyPath, Any]]:
    """The rules and entries of chaos that are valid. The others have their problems already."""
    for key in ("rules", "chaos"):
        for index, entry in _entries(data, key):
            try:
                scenario = spec or model.model_validate({"name": "probe", key: [entry]})
            except ValidationError:
                continue
            yield (key, index), getattr(scenario, key)[index if spec else 0]


def _missing_values(document: Document, data: Any, path: KeyPath) -> Iterator[Problem]:
    """Keys without a value: most often somebody forgot it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _missing_values(document, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _missing_values(document, value, (*path, index))
    elif data is None and path:
        yield document.problem(path, "expected a value, got nothing")


def _masks(document: Document, data: Any, path: KeyPath) -> Iterator[Problem]:
    """Values of a scenario that the admin API has returned masked. Names may be any text."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key != "name":
                yield from _masks(document, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _masks(document, value, (*path, index))
    elif isinstance(data, str) and is_mask(data):
        text = (
            f"{data!r} is a mask, which the admin API returns instead of a value; write the value"
        )
        yield document.problem(path, text)


def _entries(data: Mapping[str, Any], key: str) -> Iterator[tuple[int, Any]]:
    value = data.get(key)
    return enumerate(value if isinstance(value, list) else ())


def _duplicate_names(document: Document) -> Iterator[Problem]:
    first: dict[str, KeyPath] = {}
    for index, rule in _entries(document.data, "rules"):
        name = name_of(index, rule.get("name")) if isinstance(rule, dict) else None
        path = _name_path(document, index)
        if isinstance(name, str) and first.setdefault(name, path) != path:
            where = document.where(first[name])
            yield document.problem(path, f"duplicate rule name {name!r}; it is also {where}")


def _unknown_expected_rules(document: Document) -> Iterator[Problem]:
    rules = [it for it in _entries(document.data, "rules") if isinstance(it[1], dict)]
    rule_names = dict.fromkeys(str(name_of(index, rule.get("name"))) for index, rule in rules)
    choices = list(rule_names)[:_NAMES_COMPARED]
    expect = document.data.get("expect")
    for name in expect if isinstance(expect, dict) else ():
        if name not in rule_names:
            yield document.problem(("expect", name), unknown("rule", name, choices))


def _contract(data: Mapping[str, Any], day: date) -> date:
    text = data.get("contract")
    try:
        return contract_date(text) if isinstance(text, str) else day
    except ValueError:
        return day


def _unanswerable(
    document: Document,
    entries: Iterable[tuple[KeyPath, Any]],
    default: AnyAction | None,
    day: date,
) -> Iterator[tuple[Problem, bool]]:
    """Outcomes that the action cannot return on that day, or for the calls that the rule matches,
    and whether such an outcome makes the scenario invalid."""
    for path, spec in entries:
        action = action_of(spec, default)
        for subpath, text, is_refused in _unanswerable_in(spec, action, day) if action else ():
            yield document.problem((*path, *subpath), text), is_refused


def _unanswerable_in(
    spec: Any, action: AnyAction, day: date
) -> Iterator[tuple[KeyPath, str, bool]]:
    when = None if isinstance(spec, ChaosEntrySpec) else spec.when
    found: list[tuple[KeyPath, str, bool]] = []
    for outcome_path, outcome in _outcomes(spec):
        is_answer = action.answer_key in outcome.model_fields_set
        answer = answer_spec_in(outcome, action) if is_answer else None
        for part, path, text, is_refused in action.unanswerable(when, answer, day):
            start = outcome_path if part == "then" else ("when",)
            found.append(((*start, *path), text, is_refused))
    # A problem of the conditions is found once for each outcome.
    yield from dict.fromkeys(found)


def _without_effect(document: Document, spec: Any) -> Iterator[Problem]:
    """`times` of an outcome that is repeated anyway."""
    for index, rule in enumerate(spec.rules):
        if rule.after == "last" and rule.then[-1].times > 1:
            path = ("rules", index, "then", len(rule.then) - 1, "times")
            text = (
                "times has no effect on the last outcome, which is repeated; add another outcome,"
                " or write after: cycle or after: fall_through"
            )
            yield document.problem(path, text)


def _never_reached(document: Document, spec: Any, default: AnyAction | None) -> Iterator[Problem]:
    """Rules behind one that has some of their conditions, or none, and always has an outcome."""
    earlier: list[tuple[str, dict[str, Any], int]] = []
    in_order = sorted(enumerate(spec.rules), key=lambda entry: entry[1].priority)
    for index, rule in in_order:
        action, conditions = action_of(rule, default).name, _conditions(rule)
        for name, fewer, first in earlier:
            if name == action and {**conditions, **fewer} == conditions:
                where = document.where(_name_path(document, first))
                matched = "that has its conditions" if fewer else "before it"
                text = (
                    f"rule {name_of(index, rule.name)!r} is never reached: rule"
                    f" {name_of(first, spec.rules[first].name)!r} {where} matches every call"
                    f" {matched}"
                )
                yield document.problem(_name_path(document, index), text)
                break
        else:
            if rule.after != "fall_through":
                earlier.append((action, conditions, index))


def _name_path(document: Document, index: int) -> KeyPath:
    """The name of a rule; the rule itself if it has none."""
    path = ("rules", index, "name")
    return path if path in document.values else path[:-1]


def _conditions(rule: Any) -> dict[str, Any]:
    when = rule.when
    return {name: getattr(when, name) for name in when.model_fields_set} if when else {}


def _outcomes(spec: Any) -> Iterator[tuple[KeyPath, Any]]:
    """The outcomes of a rule or an entry of chaos, each with its path."""
    steps: list[tuple[KeyPath, Any]] = [((), spec)]
    if not isinstance(spec, ChaosEntrySpec):
        steps = [(("then", index), step) for index, step in enumerate(spec.then)]
    for path, step in steps:
        if step.one_of is None:
            yield path, step
        for index, choice in enumerate(step.one_of or ()):
            yield (*path, "one_of", index), choice
