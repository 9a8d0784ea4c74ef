"""The reports of a run: as a table for terminals, Markdown, JSON and JUnit."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree

from mockocr.contract_check.evidence import evidence_rows
from mockocr.contract_check.run import Result, Status
from mockocr.terminal import Table, escaped, escaped_json


class Report(NamedTuple):
    """What a run found."""

    url: str
    day: date
    contract: date
    results: Sequence[Result]

    @property
    def counts(self) -> Mapping[Status, int]:
        counts = Counter(result.status for result in self.results)
        return {status: counts[status] for status in Status}

    @property
    def is_good(self) -> bool:
        return not (self.counts[Status.DIFFERS] or self.counts[Status.FAILED])


def summary(report: Report) -> str:
    """`72 cases: 70 same, 1 differs, 1 could not run`."""
    counts = (f"{count} {status}" for status, count in report.counts.items() if count)
    cases = f"{len(report.results)} case{'' if len(report.results) == 1 else 's'}"
    return ": ".join(filter(None, [cases, ", ".join(counts)]))


def table(report: Report, width: int | None = None) -> str:
    """Every case with its status, then what differs. `width`: of the terminal."""
    rows = [(result.status, result.case.id, result.case.spec.about) for result in report.results]
    lines = Table("result", "case", "about", width=width).lines(rows)
    for result in report.results:
        if result.status in (Status.DIFFERS, Status.FAILED):
            lines += ["", *_details(result)]
    reasons = Counter(each.reason for each in report.results if each.status is Status.NOT_SENT)
    not_sent = [f"not sent: {count}, because {reason}" for reason, count in reasons.items()]
    return "\n".join([*lines, "", *map(escaped, not_sent), summary(report)])


def _details(result: Result) -> Iterator[str]:
    yield escaped(f"{result.status}: {result.case.id} ({result.case.source})")
    if result.reason:
        yield f"  {escaped(result.reason)}"
    for where, expected, got in result.differences:
        yield f"  {escaped(where)}"
        yield f"    expected  {escaped(expected)}"
        yield f"    got       {escaped(got)}"
    for row, status in _rows(result):
        yield f"  docs/fidelity.md#{row} ({status})"


def _rows(result: Result) -> Iterator[tuple[str, str]]:
    """The facts that the case settles, with their status."""
    for row in result.case.spec.settles:
        yield row, evidence_rows()[row]["status"]


def markdown(report: Report) -> str:
    lines = [
        "# Contract check",
        "",
        f"{escaped(report.url)} on {report.day}, contract {report.contract}: {summary(report)}.",
        "",
        "| result | case | about | facts |",
        "|---|---|---|---|",
    ]
    for result in report.results:
        facts = ", ".join(f"{row} ({status})" for row, status in _rows(result))
        cells = (f"{result.status}", f"`{result.case.id}`", result.case.spec.about, facts)
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    for result in report.results:
        if result.status is Status.SAME:
            continue
        lines += ["", f"## {result.case.id}: {result.status}", ""]
        if result.reason:
            lines.append(_cell(result.reason))
        if result.differences:
            lines += ["| where | expected | got |", "|---|---|---|"]
            lines += [f"| {' | '.join(map(_cell, each))} |" for each in result.differences]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """No text of a server or a file becomes a link, HTML or a new cell."""
    escapes = {"\\": "\\\\", "|": "\\|", "<": "&lt;", "[": "\\[", "]": "\\]"}
    return "".join(escapes.get(char, char) for char in escaped(text))


def as_json(report: Report) -> str:
    document = {
        "url": report.url,
        "day": str(report.day),
        "contract": str(report.contract),
        "counts": {str(status): count for status, count in report.counts.items()},
        "cases": [
            {
                "id": result.case.id,
                "about": result.case.spec.about,
                "source": result.case.source,
                "settles": [{"row": row, "status": status} for row, status in _rows(result)],
                "status": str(result.status),
                "reason": result.reason or None,
                "differences": [difference._asdict() for difference in result.differences],
            }
            for result in report.results
        ],
    }
    lines = json.dumps(document, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(map(escaped_json, lines)) + "\n"


def junit(report: Report) -> str:
    counts = report.counts
    suite = ElementTree.Element(
        "testsuite",
        name="mockocr contract check",
        tests=str(len(report.results)),
        failures=str(counts[Status.DIFFERS]),
        errors=str(counts[Status.FAILED]),
        skipped=str(counts[Status.NOT_SENT]),
    )
    for result in report.results:
        case = ElementTree.SubElement(suite, "testcase", classname="contract", name=result.case.id)
        match result.status:
            case Status.DIFFERS:
                outcome = ElementTree.SubElement(case, "failure", message=_first(result))
                outcome.text = "\n".join(_details(result))
            case Status.FAILED:
                ElementTree.SubElement(case, "error", message=escaped(result.reason))
            case Status.NOT_SENT:
                ElementTree.SubElement(case, "skipped", message=escaped(result.reason))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _first(result: Result) -> str:
    where, expected, got = result.differences[0]
    return escaped(f"{where}: expected {expected}, got {got}")


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "markdown": markdown,
    "json": as_json,
    "junit": junit,
}
