"""The report as a table for terminals."""

from collections.abc import Iterator, Mapping

from mockocr.coverage.forms.words import STATES, asked, groups, names, others, total, ways
from mockocr.coverage.report import CoverageReport, CoverageRow, State
from mockocr.terminal import Table, printable

SHOWN_NAMES = 2

_WORDS: Mapping[State, str] = {"seen": "seen", "asked": "ASKED", "missed": "MISSED"}


def term(report: CoverageReport) -> str:
    return printable("\n".join(_lines(report)))


def _lines(report: CoverageReport) -> Iterator[str]:
    counted = [row for row in report.rows if row.state in _WORDS]
    table = Table("state", "outcome", "calls", "seen by, or how to see it")
    cells = [(_WORDS[row.state], row.id, str(row.calls), _note(row)) for row in counted]
    titles, *lines = table.lines(cells) or [""]
    if titles:
        yield titles
    remaining = iter(lines)
    for title, part in groups(counted):
        seen = sum(row.state == "seen" for row in part)
        yield f"-- {title}: {seen} of {len(part)}"
        for _ in part:
            yield next(remaining)
    for state in ("excluded", "impossible"):
        left_out = [row for row in report.rows if row.state == state]
        if left_out:
            yield f"-- {STATES[state]}: {len(left_out)}"
            yield from (f"{row.id}  {row.reason or ''}".rstrip() for row in left_out)
    if without_row := others(report):
        yield f"-- without a row: {without_row}"
    yield total(report)


def _note(row: CoverageRow) -> str:
    return names(row, SHOWN_NAMES) if row.state == "seen" else "; ".join([*asked(row), *ways(row)])
