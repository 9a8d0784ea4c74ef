"""What GitHub Actions shows of a report: the summary of the step, and one annotation."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from mockocr.coverage.forms.markdown import markdown
from mockocr.coverage.forms.words import STATES, below, total
from mockocr.coverage.report import CoverageReport

SUMMARY = "GITHUB_STEP_SUMMARY"
MAX_SUMMARY_BYTES = 1024 * 1024
"""GitHub refuses a longer summary of a step."""
NAMED_ROWS = 10


def add_to_summary(report: CoverageReport, environ: Mapping[str, str] = os.environ) -> None:
    """Appends the report if GitHub has named a file for the summary. Raises OSError."""
    name = environ.get(SUMMARY)
    if not name:
        return
    content = markdown(report).encode(errors="replace")
    file = Path(name)
    used = file.stat().st_size if file.exists() else 0
    if used + len(content) < MAX_SUMMARY_BYTES:
        with file.open("ab") as opened:
            opened.write(content)


def annotation(
    report: CoverageReport,
    minimum: float | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[str]:
    """One workflow command if this is a step of GitHub Actions: an error if the minimum is not
    reached, a warning if something was not seen."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return
    unseen = report.unseen()
    kind, text = ("warning" if unseen else "notice"), total(report)
    if minimum is not None and not report.reaches(minimum):
        kind, text = "error", below(report, minimum)
    named = [f"{STATES[row.state]}: {row.id}" for row in unseen[:NAMED_ROWS]]
    more = [f"and {len(unseen) - NAMED_ROWS} more"] if len(unseen) > NAMED_ROWS else []
    lines = "\n".join([text, *named, *more])
    yield f"::{kind} title=mockocr outcome coverage::{_escaped(lines)}"


def _escaped(text: str) -> str:
    for character in "%\r\n":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
