"""The scenarios that can be played by name, and the errors of invalid ones."""

from collections.abc import Iterable

from mockocr.admin.replies import InvalidScenarioError, Problem
from mockocr.documents import document
from mockocr.documents.messages import KeyPath, spelled
from mockocr.scenario.library import Library
from mockocr.settings import Settings


def library_of(settings: Settings) -> Library:
    """Raises DocumentError if the folder of --library can no longer be read."""
    return Library(settings.library, settings.contract)


def invalid_scenarios(
    problems: Iterable[document.Problem], begin: str = ""
) -> InvalidScenarioError:
    """`begin`: the start of every path, such as `scenarios`."""
    problems = list(problems)
    lines = [_line(problem, begin) for problem in problems]
    return InvalidScenarioError("\n".join(lines), [problem_view(each, begin) for each in problems])


def problem_view(problem: document.Problem, begin: str = "") -> Problem:
    place = problem.location
    return Problem(
        path=spelled(_path(begin, problem.path)) or None,
        line=place.line if place else None,
        column=place.column if place else None,
        text=problem.text,
    )


def _line(problem: document.Problem, begin: str) -> str:
    """`scenarios[0]: 2:11: ...`, or without lines `scenarios[0].rules[0].then: ...`."""
    if problem.location is None:
        parts = [spelled(_path(begin, problem.path)), problem.text]
    else:
        place = f"{problem.location.line}:{problem.location.column}"
        parts = [spelled(_path(begin, problem.path[:1] if begin else ())), place, problem.text]
    return ": ".join(part for part in parts if part)


def _path(begin: str, path: KeyPath) -> KeyPath:
    return (begin, *path) if begin else path
