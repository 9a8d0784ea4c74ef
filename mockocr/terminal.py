"""Makes untrusted text safe for terminals. Text from clients, servers and files is printed with
`print_text` or `print_json`, or escaped with `printable`, so it cannot move the cursor, change
colors or hide text."""

import json
import shutil
from collections.abc import Mapping, Sequence
from typing import Any, TextIO
from unicodedata import combining, east_asian_width


def escaped(text: str) -> str:
    """One line: characters that are not printable are written as escapes, line ends too."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def printable(text: str) -> str:
    """Like `escaped`, but the text keeps its lines."""
    return text if text.isprintable() else "\n".join(map(escaped, text.split("\n")))


def print_text(text: str, file: TextIO | None = None) -> None:
    """Prints lines to a file, or to stdout, at once."""
    print(printable(text), file=file, flush=True)


def print_json(value: Any, indent: int | None = 1) -> None:
    """Prints a value as JSON to stdout, at once."""
    lines = json.dumps(value, ensure_ascii=False, indent=indent).split("\n")
    print("\n".join(map(escaped_json, lines)), flush=True)


def escaped_json(line: str) -> str:
    """A line of JSON: characters that are not printable are written as escapes."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else _json_escape(char) for char in line)


def _json_escape(char: str) -> str:
    # JSON leaves this one control character as it is.
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]


def columns() -> int:
    """The width of the terminal; 80 without one, unless COLUMNS is set."""
    return shutil.get_terminal_size().columns


_GAP = "  "


class Table:
    """Formats rows as aligned lines; a column never gets narrower, so that later rows fit."""

    def __init__(self, *titles: str, width: int | None = None) -> None:
        """`width`: the longest line. The widest cells are cut to fit."""
        self._widths = [0] * len(titles)
        self._titles: Sequence[str] | None = titles
        self._width = width

    def lines(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """The rows as lines; the titles precede the first rows."""
        cells = [[escaped(cell) for cell in row] for row in rows]
        if cells and self._titles:
            cells.insert(0, list(self._titles))
            self._titles = None
        for row in cells:
            widths = zip(self._widths, map(_cells, row), strict=True)
            self._widths = [max(pair) for pair in widths]
        if self._width is not None:
            while sum(self._widths) + len(_GAP) * (len(self._widths) - 1) > self._width:
                widest = max(self._widths)
                self._widths[self._widths.index(widest)] = widest - 1
        return [self._line(row) for row in cells]

    def _line(self, row: Sequence[str]) -> str:
        cut = (cut_to(cell, width) for cell, width in zip(row, self._widths, strict=True))
        padded = (
            cell + " " * (width - _cells(cell))
            for cell, width in zip(cut, self._widths, strict=True)
        )
        return _GAP.join(padded).rstrip()


def cut_to(text: str, width: int) -> str:
    """The text, or its beginning and `…` if it is wider."""
    if _cells(text) <= width:
        return text
    while text and _cells(text) >= width:
        text = text[:-1]
    return f"{text}…"


def _cells(text: str) -> int:
    """The width on a terminal: two cells for a Chinese character, none for a combining mark."""
    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )


def mistake_lines(mistake: Mapping[str, Any]) -> list[str]:
    """One mistake in a signature, as the admin API shows it: where, both forms, and code."""
    line = f", line {mistake['line']}" if mistake["line"] else ""
    rows = [(name, escaped(mistake[name])) for name in ("expected", "found", "python", "node")]
    return [f"{mistake['step']}{line}", *(f"  {name:<8}  {text}" for name, text in rows)]


def difference(entry: Mapping[str, Any]) -> str:
    """A condition that does not hold, from the admin API's `name`, `expected` and `found`."""
    expected, got = _expected(entry["expected"]), _got(entry["found"])
    return escaped(f"expected {entry['name']} {expected}, got {got}")


def _got(value: Any) -> str:
    """A value, or the names of the specimens in a picture."""
    return (" and ".join(value) or "none") if isinstance(value, list) else str(value)


def _expected(condition: Any) -> str:
    """A list of alternatives, a matcher, or a value."""
    match condition:
        case list():
            return " or ".join(map(str, condition))
        case dict():
            return ", ".join(f"{matcher}: {value}" for matcher, value in condition.items())
        case _:
            return str(condition)
