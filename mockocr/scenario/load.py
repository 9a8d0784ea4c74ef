"""From a document to a scenario; everything that is wrong in it is told with its place."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from mockocr.actions.action import Action
from mockocr.documents.document import (
    Document,
    DocumentError,
    Keys,
    Problem,
    did_you_mean,
    read_document,
)
from mockocr.scenario.compile import answer_spec_in, compiled
from mockocr.scenario.model import ChaosEntrySpec, scenario_model
from mockocr.scenario.scenario import Scenario
from mockocr.settings import API_PAGE, contract_date

_NAMES_COMPARED = 100
"""With a name that is like none of them: each comparison takes a microsecond or more."""


def load_file(path: Path, action: Action[Any, Any], day: date = API_PAGE) -> Scenario:
    """Raises DocumentError with everything that is wrong in the file."""
    return load(read_document(path), action, day)


def load(document: Document, action: Action[Any, Any], day: date = API_PAGE) -> Scenario:
    """`day`: of the contract, where the scenario names none. Raises DocumentError."""
    model = scenario_model(action)
    found: list[Problem] = []
    words = None
    try:
        words = document.validated(model)
    except DocumentError as error:
        found += error.problems
    told = {problem.place or problem.path for problem in found}
    nothings = _nothings(document, document.data, ())
    found += (it for it in nothings if (it.place or it.path) not in told)
    if isinstance(document.data, dict):
        found += _named_alike(document)
        found += _expected_of_no_rule(document)
        rules = _right_parts(document.data, words, model)
        found += _unanswerable(document, rules, action, _contract(document.data, day))
    if words is None or found:
        raise DocumentError(document.source, found)
    return compiled(words, action, document.source)


def _right_parts(
    data: Mapping[str, Any], words: BaseModel | None, model: type[BaseModel]
) -> Iterator[tuple[Keys, Any]]:
    """Each rule and entry of chaos that is right in itself: of the others enough is told."""
    for part in ("rules", "chaos"):
        for index, said in _listed(data, part):
            try:
                whole = words or model.model_validate({"name": "probe", part: [said]})
            except ValidationError:
                continue
            yield (part, index), getattr(whole, part)[index if words else 0]


def _nothings(document: Document, data: Any, path: Keys) -> Iterator[Problem]:
    """A word without a value says nothing, and is most often forgotten text."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _nothings(document, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _nothings(document, value, (*path, index))
    elif data is None and path:
        yield document.problem(path, "a value is wanted, found nothing")


def _listed(data: Mapping[str, Any], part: str) -> Iterator[tuple[int, Any]]:
    said = data.get(part)
    return enumerate(said if isinstance(said, list) else ())


def _named_alike(document: Document) -> Iterator[Problem]:
    """Rules are told apart by their names: no name twice."""
    first: dict[str, Keys] = {}
    for index, rule in _listed(document.data, "rules"):
        name = rule.get("name") if isinstance(rule, dict) else None
        path = ("rules", index, "name")
        if isinstance(name, str) and first.setdefault(name, path) != path:
            where = document.where(first[name])
            yield document.problem(path, f"the rule {where} is called {name!r} too")


def _expected_of_no_rule(document: Document) -> Iterator[Problem]:
    rules = (rule for _, rule in _listed(document.data, "rules") if isinstance(rule, dict))
    known = dict.fromkeys(str(rule.get("name")) for rule in rules)
    names = list(known)[:_NAMES_COMPARED]
    more = f" and {len(known) - len(names)} more" if len(known) > len(names) else ""
    told = f"{', '.join(names)}{more}" or "none"
    expect = document.data.get("expect")
    for name in expect if isinstance(expect, dict) else ():
        if name not in known:
            near = did_you_mean(name, names)
            hint = f"did you mean {near!r}?" if near else f"there are: {told}"
            yield document.problem(("expect", name), f"there is no rule {name!r} here; {hint}")


def _contract(data: Mapping[str, Any], day: date) -> date:
    said = data.get("contract")
    try:
        return contract_date(said) if isinstance(said, str) else day
    except ValueError:
        return day


def _unanswerable(
    document: Document,
    parts: Iterable[tuple[Keys, Any]],
    action: Action[Any, Any],
    day: date,
) -> Iterator[Problem]:
    for path, words in parts:
        for further, text in _of_words(words, action, day):
            yield document.problem((*path, *further), text)


def _of_words(words: Any, action: Action[Any, Any], day: date) -> Iterator[tuple[Keys, str]]:
    when = None if isinstance(words, ChaosEntrySpec) else words.when
    found: list[tuple[Keys, str]] = []
    for where, outcome in _outcomes(words):
        says_card = "card" in outcome.model_fields_set
        answer = answer_spec_in(outcome, action) if says_card else None
        for part, path, text in action.unanswerable(when, answer, day):
            found.append(((*(where if part == "then" else ("when",)), *path), text))
    # What is wrong with the conditions is so for every outcome.
    yield from dict.fromkeys(found)


def _outcomes(words: Any) -> Iterator[tuple[Keys, Any]]:
    """Each outcome of a rule or an entry of chaos, with the keys that lead to it."""
    steps: list[tuple[Keys, Any]] = [((), words)]
    if not isinstance(words, ChaosEntrySpec):
        steps = [(("then", index), step) for index, step in enumerate(words.then)]
    for path, step in steps:
        if step.one_of is None:
            yield path, step
        for index, choice in enumerate(step.one_of or ()):
            yield (*path, "one_of", index), choice
