"""Requests that play a scenario, from each form in which a test may have one."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockocr.scenario.library import SUFFIXES
from mockocr.suggestions import quoted
from mockocr.testing.errors import RefusedError, UsageError, is_for_the_user
from mockocr.testing.written import written

if TYPE_CHECKING:
    from mockocr.testing.keywords import Scenario

__tracebackhide__ = is_for_the_user


def request_of(scenario: "Scenario", folder: Path) -> tuple[Path | None, dict[str, Any]]:
    """The file of a scenario (None for other forms), and the body, as arguments of `Admin.ask`.

    `folder`: the start of relative paths. Raises RefusedError for a file that cannot be read, and
    UsageError for other types.
    """
    match scenario:
        case Mapping():
            return None, {"json_body": written(scenario, "play")}
        case str() if "\n" in scenario or not scenario.endswith(SUFFIXES):
            is_yaml = "\n" in scenario or ":" in scenario
            return None, {"yaml": scenario.encode()} if is_yaml else {"json_body": scenario}
        case str() | os.PathLike():
            path = folder / scenario
            try:
                return path, {"yaml": path.read_bytes()}
            except OSError as error:
                raise RefusedError(f"{path}: {error.strerror}") from None
    raise UsageError(
        f"play: expected a scenario as name, path, YAML or dict, got {quoted(scenario)}"
    )


def with_locations(source: Path | None, error: RefusedError) -> str:
    """The message of an error; if a file was sent, one line `file:line:column: text` per error."""
    if source is None or not error.problems:
        return str(error)
    lines = []
    for problem in error.problems:
        line, column = problem["line"], problem["column"]
        location = f":{line}:{column}" if line else f": {problem['path']}"
        lines.append(f"{source}{location}: {problem['text']}")
    return "\n".join(lines)
