"""Scenarios on their way to a server, in whatever way a test has them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockocr.scenario.library import SUFFIXES
from mockocr.testing.admin import RefusedError

Scenario = str | os.PathLike[str] | Mapping[str, Any]
"""The name of one, the path of a file (`*.yaml`, `*.yml`), YAML, or data."""


def as_sent(scenario: Scenario, folder: Path) -> tuple[Path | None, dict[str, Any]]:
    """The file that it is from, and what of it goes to the server, as `Admin.ask` takes it.

    `folder`: what a relative path begins at. Raises RefusedError for a file that cannot be read.
    """
    match scenario:
        case Mapping():
            return None, {"json_body": dict(scenario)}
        case str() if "\n" in scenario or not scenario.endswith(SUFFIXES):
            is_yaml = "\n" in scenario or ":" in scenario
            return None, {"yaml": scenario.encode()} if is_yaml else {"json_body": scenario}
        case str() | os.PathLike():
            path = folder / scenario
            try:
                return path, {"yaml": path.read_bytes()}
            except OSError as error:
                raise RefusedError(f"{path}: {error.strerror}") from None
    raise TypeError(f"a name, a path, YAML or a dict is wanted as scenario, found {scenario!r}")


def told_with(source: Path | None, error: RefusedError) -> str:
    """What is wrong; as file:line:column where a file was sent."""
    if source is None or not error.problems:
        return str(error)
    lines = []
    for it in error.problems:
        place = f":{it['line']}:{it['column']}" if it["line"] else f": {it['path']}"
        lines.append(f"{source}{place}: {it['text']}")
    return "\n".join(lines)
