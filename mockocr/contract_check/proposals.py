"""Proposes rows of evidence for facts that a run against the real service has settled. A person
reviews them; nothing is written into the repository."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mockocr.contract_check.evidence import evidence_groups, evidence_rows
from mockocr.contract_check.run import Result, Status
from mockocr.documents.writing import yaml_of
from mockocr.terminal import escaped

_TO_SETTLE = ("assumed", "documented")


def proposals(results: Sequence[Result], host: str, day: date) -> str:
    """YAML in the form of evidence.yaml: the assumed and documented rows whose cases all got the
    expected reply, as observed. Comments name the rows that the run contradicts."""
    by_row = _by_row(results)
    observed = {
        row: row_results
        for row, row_results in by_row.items()
        if evidence_rows()[row]["status"] in _TO_SETTLE
        and all(result.status is Status.SAME for result in row_results)
    }
    groups = [
        {"id": group["id"], "title": group["title"], "rows": rows}
        for group in evidence_groups()
        if (
            rows := [
                _row(row, observed, host, day) for row in group["rows"] if row["id"] in observed
            ]
        )
    ]
    lines = [
        f"# Proposed by `mockocr contract check` against {host} on {day}. Review each row, replace",
        "# that of the same id in mockocr/evidence.yaml, and run scripts/make-fidelity.",
        *_contradicted(by_row),
    ]
    return "\n".join(lines) + "\n" + yaml_of({"groups": groups})


def _by_row(results: Sequence[Result]) -> Mapping[str, Sequence[Result]]:
    by_row: dict[str, list[Result]] = {}
    for result in results:
        for row in result.case.spec.settles:
            by_row.setdefault(row, []).append(result)
    return by_row


def _row(
    row: Mapping[str, Any], observed: Mapping[str, Sequence[Result]], host: str, day: date
) -> Mapping[str, Any]:
    cases = ", ".join(result.case.id for result in observed[row["id"]])
    source = f"observed on {day}: replies of {host} to {cases}; before: {row['source']}"
    return {**row, "status": "observed", "source": source}


def _contradicted(by_row: Mapping[str, Sequence[Result]]) -> Iterator[str]:
    for row, results in by_row.items():
        for result in results:
            for where, expected, got in result.differences:
                status = evidence_rows()[row]["status"]
                text = (
                    f"{row} ({status}): {result.case.id}: {where}: expected {expected}, got {got}"
                )
                yield f"# Contradicted: {escaped(text)}"
