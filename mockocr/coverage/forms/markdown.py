"""The report as Markdown, for the summary of a CI job."""

import re
from collections.abc import Iterator, Mapping

from mockocr.coverage.forms.words import STATES, asked, groups, names, others, total, ways
from mockocr.coverage.report import CoverageReport, CoverageRow, State
from mockocr.terminal import escaped

SHOWN_NAMES = 3

_ICONS: Mapping[State, str] = {
    "seen": "✅",
    "asked": "🟡",
    "missed": "❌",
    "impossible": "➖",
    "excluded": "➖",
}


def markdown(report: CoverageReport) -> str:
    return "\n".join([*_lines(report), ""])


def _lines(report: CoverageReport) -> Iterator[str]:
    yield "## Outcome coverage"
    yield ""
    yield f"**{total(report)}**, contract of {_cell(report.contract)}"
    unseen = report.unseen()
    if unseen:
        yield ""
        yield "| | not seen | how to see it |"
        yield "|---|---|---|"
        for row in unseen:
            how = "<br>".join([*asked(row), *(f"`{_code(way)}`" for way in ways(row))])
            yield f"| {_ICONS[row.state]} | `{_code(row.id)}` | {how} |"
    yield ""
    yield "<details><summary>All outcomes</summary>"
    for title, rows in groups(report.rows):
        yield ""
        yield f"**{_cell(title)}**"
        yield ""
        yield "| | outcome | calls | |"
        yield "|---|---|--:|---|"
        yield from map(_row, rows)
    if without_row := others(report):
        yield ""
        yield f"Without a row: {_cell(without_row)}"
    yield ""
    yield "</details>"


def _row(row: CoverageRow) -> str:
    note = names(row, SHOWN_NAMES) if row.state == "seen" else row.reason or STATES[row.state]
    return f"| {_ICONS[row.state]} | `{_code(row.id)}` | {row.calls} | {_cell(note)} |"


def _cell(text: str) -> str:
    """Text from outside in a cell: neither Markdown nor HTML."""
    return re.sub(r"([\\`*_\[\]<>|~#&!])", r"\\\1", escaped(text))


def _code(text: str) -> str:
    """Text between backticks, without any of its own."""
    return escaped(text).replace("`", "'").replace("|", "\\|")
