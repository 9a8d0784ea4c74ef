"""The report in the Common Test Report Format (ctrf.io): a test for each row."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockocr.coverage.forms.words import STATES, asked, names, total, ways
from mockocr.coverage.report import CoverageReport, CoverageRow, State

_STATUSES: Mapping[State, str] = {
    "seen": "passed",
    "asked": "failed",
    "missed": "failed",
    "impossible": "skipped",
    "excluded": "skipped",
}


def ctrf(report: CoverageReport) -> str:
    tests = [_test(row) for row in report.rows]
    statuses = [test["status"] for test in tests]
    sources = [source for row in report.rows for source in row.sources]
    summary = {
        "tests": len(tests),
        **{
            status: statuses.count(status)
            for status in ("passed", "failed", "pending", "skipped", "other")
        },
        "start": min((_milliseconds(source.first) for source in sources), default=0),
        "stop": max((_milliseconds(source.last) for source in sources), default=0),
    }
    document = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "generatedBy": f"mockocr {report.mockocr}",
        "results": {
            "tool": {"name": "mockocr coverage", "version": report.mockocr},
            "summary": summary,
            "tests": tests,
            "extra": {"contract": report.contract, "total": total(report)},
        },
    }
    # In ASCII: control characters are escaped too.
    return json.dumps(document, indent=1).replace("\x7f", "\\u007f") + "\n"


def _milliseconds(moment: str) -> int:
    """UNIX time; 0 for a text of another report that is not a time."""
    try:
        return max(0, round(datetime.fromisoformat(moment).timestamp() * 1000))
    except (ValueError, OverflowError):
        return 0


def _test(row: CoverageRow) -> dict[str, Any]:
    note = names(row) if row.state == "seen" else row.reason or STATES[row.state]
    test: dict[str, Any] = {
        "name": row.id,
        "status": _STATUSES[row.state],
        "duration": 0,
        "suite": ["mockocr coverage", row.group],
        "message": note,
        "extra": {"state": row.state, "calls": row.calls},
    }
    if row.state in ("missed", "asked"):
        test["trace"] = "\n".join([*asked(row), *ways(row)])
    return test
