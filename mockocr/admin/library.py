"""What scenarios can be played, and how it is told that one cannot."""

from collections.abc import Iterable

from mockocr.admin.replies import Problem, WrongError
from mockocr.documents import document
from mockocr.documents.messages import KeyPath, spelled
from mockocr.scenario.library import Library
from mockocr.settings import Settings


def library_of(settings: Settings) -> Library:
    """Raises DocumentError where the folder of --library cannot be read any more."""
    return Library(settings.library, settings.contract)


def wrong_scenarios(problems: Iterable[document.Problem], begin: str = "") -> WrongError:
    """`begin`: what stands before the path, such as `scenarios`."""
    problems = list(problems)
    told = [_problem(it, begin) for it in problems]
    return WrongError("\n".join(_line(it, begin) for it in problems), told)


def _problem(problem: document.Problem, begin: str) -> Problem:
    place = problem.location
    return Problem(
        path=spelled(_path(begin, problem.path)) or None,
        line=place.line if place else None,
        column=place.column if place else None,
        text=problem.text,
    )


def _line(problem: document.Problem, begin: str) -> str:
    """`scenarios[0]: 2:11: ...`; of what has no lines `scenarios[0].rules[0].then: ...`."""
    if problem.location is None:
        parts = [spelled(_path(begin, problem.path)), problem.text]
    else:
        place = f"{problem.location.line}:{problem.location.column}"
        parts = [spelled(_path(begin, problem.path[:1] if begin else ())), place, problem.text]
    return ": ".join(part for part in parts if part)


def _path(begin: str, path: KeyPath) -> KeyPath:
    return (begin, *path) if begin else path
