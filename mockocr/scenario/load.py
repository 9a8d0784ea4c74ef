"""From a scenario file to rules; what is wrong in a file is told with file:line:column."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mockocr.actions.action import Action
from mockocr.documents import (
    Document,
    DocumentError,
    Place,
    Problem,
    did_you_mean,
    read_document,
)
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.scenario.matching import Condition, Outcome, Recognized, Refused, Rule
from mockocr.scenario.model import scenario_model

SUFFIXES = (".yaml", ".yml")

_PACKAGE = Path(__file__).parent.parent
SHIPPED = next(
    folder
    for folder in (_PACKAGE / "shipped" / "scenarios", _PACKAGE.parent / "scenarios")
    if folder.is_dir()
)
"""Beside the code in a wheel, beside the package in a checkout."""


def scenario_files(given: str) -> Sequence[Path]:
    """The files that a path or the name of a shipped scenario stands for.

    A folder stands for all its scenario files, by name. Raises DocumentError where there is none.
    """
    try:
        return _files(given)
    except OSError as error:
        raise _no_place(given, str(error.strerror)) from None


def _files(given: str) -> Sequence[Path]:
    path = Path(given)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        if not files:
            raise _no_place(given, "there is no scenario file (*.yaml) in this folder")
        return files
    if path.exists() or path.suffix in SUFFIXES or len(path.parts) > 1:
        return [path]
    shipped = SHIPPED / f"{given}.yaml"
    if not shipped.is_file():
        known = sorted(file.stem for file in SHIPPED.glob("*.yaml"))
        near = did_you_mean(given, known)
        hint = f"did you mean {near!r}?" if near else f"shipped are: {', '.join(known)}"
        raise _no_place(given, f"is no file, no folder and no shipped scenario; {hint}")
    return [shipped]


def load_rules(path: Path, action: Action[Any, Any, Any]) -> Sequence[Rule]:
    """Raises DocumentError with everything that is wrong in the file."""
    document = read_document(path)
    scenario = document.validated(scenario_model(action), _named_alike(document))
    return [
        Rule(rule.name, action, tuple(_conditions(rule.when)), _outcome(rule.then, action))
        for rule in scenario.rules
    ]


def _named_alike(document: Document) -> Iterator[Problem]:
    """Rules are told apart by their names: no name twice."""
    first: dict[str, Place] = {}
    for path, place in document.values.items():
        match path:
            case ("rules", int() as index, "name"):
                name = document.data["rules"][index]["name"]
                if isinstance(name, str) and first.setdefault(name, place) is not place:
                    text = f"the rule in line {first[name].line} is called {name!r} too"
                    yield Problem(place, text)


def _conditions(when: Any) -> Iterator[Condition]:
    said = when.model_dump(by_alias=True, exclude_unset=True) if when else {}
    for name, wanted in said.items():
        parts = wanted.items() if isinstance(wanted, dict) else ()
        yield from (Condition(f"{name}.{part}", (value,)) for part, value in parts)
        if not isinstance(wanted, dict):
            yield Condition(name, tuple(wanted) if isinstance(wanted, list) else (wanted,))


def _outcome(then: Any, action: Action[Any, Any, Any]) -> Outcome:
    if then.error is None:
        return Recognized(then)
    return Refused(action.refusals.get(then.error) or COMMON_ERRORS[then.error])


def _no_place(source: str, text: str) -> DocumentError:
    return DocumentError(source, [Problem(Place(1, 1), text)])
