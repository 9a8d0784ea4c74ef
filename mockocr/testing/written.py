"""Python values as JSON and the scenario language write them."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import isfinite
from os import PathLike, fspath
from typing import Any

from mockocr.suggestions import quoted
from mockocr.testing.errors import UsageError, is_for_the_user

__tracebackhide__ = is_for_the_user

_OFFSET = "offset"
_DURATIONS = frozenset({"delay", "dribble", "uniform", "median", "max", _OFFSET})
"""Keys whose numbers are seconds."""


def written(value: Any, path: str, key: str = "") -> Any:
    """The value with texts for durations, days, times and paths, and a dict for every mapping.

    `path` names the value in messages; `key` is the last key of it. Raises UsageError for a value
    that JSON does not have.
    """
    match value:
        case None | bool() | str():
            return value
        case timedelta():
            return _duration(value.total_seconds(), path, key)
        case int() | float() if isfinite(value):
            return _duration(value, path, key) if key in _DURATIONS else value
        case float():
            raise UsageError(f"{path}: expected a finite number, got {value}")
        case date() if key == "Birth":
            return f"{value.year}/{value.month}/{value.day}"
        case date():
            return value.isoformat()
        case PathLike():
            return fspath(value)
        case Mapping():
            return {
                _key(name, path): written(each, f"{path}.{name}", str(name))
                for name, each in value.items()
            }
        case list() | tuple():
            return [written(each, f"{path}[{at}]", key) for at, each in enumerate(value)]
    raise UsageError(
        f"{path}: expected text, a number, a list, a dict, a date or a timedelta, got"
        f" {quoted(value)} ({type(value).__name__})"
    )


def _key(name: Any, path: str) -> str:
    if isinstance(name, str):
        return name
    raise UsageError(f"{path}: expected text as key, got {quoted(name)}")


def _duration(seconds: float, path: str, key: str) -> str:
    """Raises UsageError if an offset is not in whole seconds."""
    if key != _OFFSET:
        return f"{seconds:.6f}".rstrip("0").rstrip(".") + "s"
    if seconds != round(seconds):
        raise UsageError(f"{path}: expected whole seconds, got {seconds}")
    return f"{round(seconds):+}s"
