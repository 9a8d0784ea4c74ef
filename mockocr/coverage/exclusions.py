"""Rows that a suite need not see, each with the reason: `error:ActionOffline: we would notice`."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from mockocr.coverage.report import CoverageReport, report_of, without_surrogates
from mockocr.suggestions import quoted, unknown


class ExclusionError(ValueError):
    """An exclusion without a reason, or of a row that does not exist."""


def excluding(report: CoverageReport, exclusions: Iterable[str]) -> CoverageReport:
    """`exclusions`: lines `ROW: reason`; `*` in a row stands for any characters.

    Raises ExclusionError.
    """
    reasons: dict[str, str] = {}
    ids = [row.id for row in report.rows]
    for line in exclusions:
        pattern, _, reason = (part.strip() for part in line.partition(": "))
        if not (pattern and reason):
            raise ExclusionError(f"expected 'ROW: reason', got {quoted(line.strip())}")
        matching = [row_id for row_id in ids if fnmatchcase(row_id, pattern)]
        if not matching:
            raise ExclusionError(unknown("row", pattern, ids))
        reasons |= dict.fromkeys(matching, without_surrogates(reason))
    rows = [
        row.model_copy(update={"reason": reasons.get(row.id, row.reason)}) for row in report.rows
    ]
    return report_of(report.contract, rows, report.others, report.mockocr)
