"""The scenarios in the definition of an account: each is a name, a text of YAML, or data."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from mockocr.documents.document import Document, DocumentError, Problem
from mockocr.scenario.library import INLINE, Library
from mockocr.scenario.scenario import Scenario


class WrongScenariosError(Exception):
    """All problems of a list of scenarios. Each path begins with the index in the list."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def read_scenarios(
    specs: Sequence[Any], library: Library, contract: date | None = None
) -> list[Scenario]:
    """Raises WrongScenariosError if any is wrong. `contract` is the account's own, if any."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for index, spec in enumerate(specs):
        try:
            scenario = library.inline(spec, INLINE, contract)
        except DocumentError as error:
            problems += problems_of(error, index)
            continue
        if any(earlier.name == scenario.name for earlier in scenarios):
            problems.append(Problem(None, f"duplicate scenario name {scenario.name!r}", (index,)))
        scenarios.append(scenario)
    if problems:
        raise WrongScenariosError(problems)
    return scenarios


def problems_of(error: DocumentError, *path: str | int) -> Iterator[Problem]:
    """The problems, with `path` prepended to their paths. For a file, the text gives the location
    in the file."""
    for problem in error.problems:
        if error.source == INLINE:
            yield Problem(problem.location, problem.text, (*path, *problem.path))
        else:
            yield Problem(None, f"{error.source}{problem.where()}: {problem.text}", path)


def read_keys_file_scenarios(
    keys_file: Document, accounts: Sequence[tuple[Sequence[Any], date | None]], library: Library
) -> list[list[Scenario]]:
    """The scenarios of each account of a keys file, from their specs and the account's contract.

    Raises DocumentError with locations in the keys file.
    """
    scenarios: list[list[Scenario]] = []
    problems: list[Problem] = []
    for index, (specs, contract) in enumerate(accounts):
        try:
            scenarios.append(read_scenarios(specs, library, contract))
        except WrongScenariosError as error:
            for problem in error.problems:
                # A scenario of YAML text is one value of the keys file, with its own locations.
                own = problem.location
                prefix = f"{own.line}:{own.column}: " if own else ""
                path = (index, "scenarios", *(problem.path[:1] if own else problem.path))
                problems.append(keys_file.problem(path, prefix + problem.text))
    if problems:
        raise DocumentError(keys_file.source, problems)
    return scenarios
