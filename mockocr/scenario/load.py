"""From a document to a scenario; everything that is wrong in it is told with its place."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import UnknownActionError, all_actions, choose_action
from mockocr.documents.document import Document, DocumentError, Problem
from mockocr.documents.messages import KeyPath
from mockocr.documents.reading import read_document
from mockocr.scenario.compile import action_of, answer_spec_in, compiled
from mockocr.scenario.model import scenario_model
from mockocr.scenario.outcome_spec import ChaosEntrySpec
from mockocr.scenario.scenario import Scenario
from mockocr.settings import API_PAGE, contract_date
from mockocr.suggestions import unknown

_NAMES_COMPARED = 100
"""With a name that is like none of them: each comparison takes a microsecond or more."""


def load_file(path: Path, day: date = API_PAGE) -> Scenario:
    """Raises DocumentError with everything that is wrong in the file."""
    return load(read_document(path), day)


def load(document: Document, day: date = API_PAGE) -> Scenario:
    """`day`: of the contract, where the scenario names none. Raises DocumentError."""
    default = _default_action(document)
    model = scenario_model(all_actions(), default)
    found: list[Problem] = []
    words = None
    try:
        words = document.validated(model)
    except DocumentError as error:
        found += error.problems
    told = {problem.location or problem.path for problem in found}
    nothings = _nothings(document, document.data, ())
    found += (it for it in nothings if (it.location or it.path) not in told)
    if isinstance(document.data, dict):
        found += _named_alike(document)
        found += _expected_of_no_rule(document)
        rules = _right_parts(document.data, words, model)
        found += _unanswerable(document, rules, default, _contract(document.data, day))
    if words is None or found:
        raise DocumentError(document.source, found)
    return compiled(words, default, document.source)


def _default_action(document: Document) -> AnyAction | None:
    """The action of rules that name none: that of the file, else the only one there is.

    None if there are several. Raises DocumentError if no action has the name in the file.
    """
    name = document.data.get("action") if isinstance(document.data, dict) else None
    if not isinstance(name, str):
        actions = all_actions()
        return actions[0] if len(actions) == 1 else None
    try:
        return choose_action(name)
    except UnknownActionError as error:
        raise DocumentError(document.source, [document.problem(("action",), str(error))]) from None


def _right_parts(
    data: Mapping[str, Any], words: BaseModel | None, model: type[BaseModel]
) -> Iterator[tuple[KeyPath, Any]]:
    """Each rule and entry of chaos that is right in itself: of the others enough is told."""
    for part in ("rules", "chaos"):
        for index, said in _listed(data, part):
            try:
                whole = words or model.model_validate({"name": "probe", part: [said]})
            except ValidationError:
                continue
            yield (part, index), getattr(whole, part)[index if words else 0]


def _nothings(document: Document, data: Any, path: KeyPath) -> Iterator[Problem]:
    """A word without a value says nothing, and is most often forgotten text."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _nothings(document, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _nothings(document, value, (*path, index))
    elif data is None and path:
        yield document.problem(path, "expected a value, got nothing")


def _listed(data: Mapping[str, Any], part: str) -> Iterator[tuple[int, Any]]:
    said = data.get(part)
    return enumerate(said if isinstance(said, list) else ())


def _named_alike(document: Document) -> Iterator[Problem]:
    """Rules are told apart by their names: no name twice."""
    first: dict[str, KeyPath] = {}
    for index, rule in _listed(document.data, "rules"):
        name = rule.get("name") if isinstance(rule, dict) else None
        path = ("rules", index, "name")
        if isinstance(name, str) and first.setdefault(name, path) != path:
            where = document.where(first[name])
            yield document.problem(path, f"duplicate rule name {name!r}; it is also {where}")


def _expected_of_no_rule(document: Document) -> Iterator[Problem]:
    rules = (rule for _, rule in _listed(document.data, "rules") if isinstance(rule, dict))
    known = dict.fromkeys(str(rule.get("name")) for rule in rules)
    names = list(known)[:_NAMES_COMPARED]
    expect = document.data.get("expect")
    for name in expect if isinstance(expect, dict) else ():
        if name not in known:
            yield document.problem(("expect", name), unknown("rule", name, names))


def _contract(data: Mapping[str, Any], day: date) -> date:
    said = data.get("contract")
    try:
        return contract_date(said) if isinstance(said, str) else day
    except ValueError:
        return day


def _unanswerable(
    document: Document,
    parts: Iterable[tuple[KeyPath, Any]],
    default: AnyAction | None,
    day: date,
) -> Iterator[Problem]:
    for path, words in parts:
        action = action_of(words, default)
        for further, text in _of_words(words, action, day) if action else ():
            yield document.problem((*path, *further), text)


def _of_words(words: Any, action: AnyAction, day: date) -> Iterator[tuple[KeyPath, str]]:
    when = None if isinstance(words, ChaosEntrySpec) else words.when
    found: list[tuple[KeyPath, str]] = []
    for where, outcome in _outcomes(words):
        is_answer = action.answer_key in outcome.model_fields_set
        answer = answer_spec_in(outcome, action) if is_answer else None
        for part, path, text in action.unanswerable(when, answer, day):
            found.append(((*(where if part == "then" else ("when",)), *path), text))
    # What is wrong with the conditions is so for every outcome.
    yield from dict.fromkeys(found)


def _outcomes(words: Any) -> Iterator[tuple[KeyPath, Any]]:
    """Each outcome of a rule or an entry of chaos, with the keys that lead to it."""
    steps: list[tuple[KeyPath, Any]] = [((), words)]
    if not isinstance(words, ChaosEntrySpec):
        steps = [(("then", index), step) for index, step in enumerate(words.then)]
    for path, step in steps:
        if step.one_of is None:
            yield path, step
        for index, choice in enumerate(step.one_of or ()):
            yield (*path, "one_of", index), choice
