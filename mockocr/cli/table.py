"""A table of texts for a terminal: columns as wide as what is in them."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width


class Table:
    """Rows as lines. Remembers how wide its columns have become, so that later rows fit."""

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
