"""Texts for a terminal: tables, why a rule did not match, what is wrong with a signature."""

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import combining, east_asian_width


class Table:
    """Rows as lines, columns as wide as what is in them. Remembers how wide they have become, so
    that later rows fit."""

    def __init__(self, *titles: str) -> None:
        self._widths = [0] * len(titles)
        self._titles: Sequence[str] | None = titles

    def lines(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """The titles come before the first rows."""
        shown = [[_one_line(cell) for cell in row] for row in rows]
        if shown and self._titles:
            shown.insert(0, list(self._titles))
            self._titles = None
        for row in shown:
            widths = zip(self._widths, map(_cells, row), strict=True)
            self._widths = [max(pair) for pair in widths]
        return [self._line(row) for row in shown]

    def _line(self, row: Sequence[str]) -> str:
        padded = (
            cell + " " * (width - _cells(cell))
            for cell, width in zip(row, self._widths, strict=True)
        )
        return "  ".join(padded).rstrip()


def _cells(text: str) -> int:
    """Chinese characters take two cells, marks on a character none."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def _one_line(text: str) -> str:
    """What moves a terminal's cursor is shown, not done."""
    return text if text.isprintable() else repr(text)[1:-1]


def mistake_lines(told: Mapping[str, Any]) -> list[str]:
    """One mistake in a signature, as the admin API shows it: where, both forms, and code."""
    line = f", line {told['line']}" if told["line"] else ""
    rows = [(name, _one_line(told[name])) for name in ("expected", "found", "python", "node")]
    return [f"{told['step']}{line}", *(f"  {name:<8}  {text}" for name, text in rows)]


def difference(told: Mapping[str, Any]) -> str:
    """A condition that does not hold, as the admin API tells it: name, wanted, found."""
    return f"{told['name']} is {_found(told['found'])}, wanted {_wanted(told['wanted'])}"


def _found(found: Any) -> str:
    """A value, or the names of specimens that were found in a picture."""
    return (" and ".join(found) or "none") if isinstance(found, list) else str(found)


def _wanted(wanted: Any) -> str:
    """A list of values of which one would do, a matcher, or a number."""
    match wanted:
        case list():
            return " or ".join(map(str, wanted))
        case dict():
            return ", ".join(f"{matcher}: {it}" for matcher, it in wanted.items())
        case _:
            return str(wanted)
