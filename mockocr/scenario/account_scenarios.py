"""Scenarios that an account brings along: each by name, as YAML text, or as data."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from mockocr.documents.document import Document, DocumentError, Problem
from mockocr.scenario.library import INLINE, Library
from mockocr.scenario.scenario import Scenario


class WrongScenariosError(Exception):
    """A list with scenarios that cannot play; with the problems of all, each path in the list."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def read_scenarios(
    said: Sequence[Any], library: Library, contract: date | None = None
) -> list[Scenario]:
    """All, or none: raises WrongScenariosError. `contract`: the account's own."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for index, words in enumerate(said):
        try:
            scenario = library.inline(words, INLINE, contract)
        except DocumentError as error:
            problems += problems_of(error, index)
            continue
        if any(it.name == scenario.name for it in scenarios):
            problems.append(Problem(None, f"duplicate scenario name {scenario.name!r}", (index,)))
        scenarios.append(scenario)
    if problems:
        raise WrongScenariosError(problems)
    return scenarios


def problems_of(error: DocumentError, *path: str | int) -> Iterator[Problem]:
    """With paths that begin so; those of a file say in their text where in the file they are."""
    for it in error.problems:
        if error.source == INLINE:
            yield Problem(it.location, it.text, (*path, *it.path))
        else:
            yield Problem(None, f"{error.source}{it.where()}: {it.text}", path)


def read_filed_scenarios(
    keys_file: Document, said: Sequence[tuple[Sequence[Any], date | None]], library: Library
) -> list[list[Scenario]]:
    """Of each account of a keys file, what stands there as its scenarios and its own contract.

    Raises DocumentError with the places in the keys file.
    """
    scenarios: list[list[Scenario]] = []
    problems: list[Problem] = []
    for index, (words, contract) in enumerate(said):
        try:
            scenarios.append(read_scenarios(words, library, contract))
        except WrongScenariosError as error:
            for it in error.problems:
                # A text of YAML is one value of the keys file, and has places of its own.
                within = f"{it.location.line}:{it.location.column}: " if it.location else ""
                inner = it.path[:1] if it.location else it.path
                path = (index, "scenarios", *inner)
                problems.append(keys_file.problem(path, within + it.text))
    if problems:
        raise DocumentError(keys_file.source, problems)
    return scenarios
