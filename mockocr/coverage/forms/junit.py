"""The report as JUnit XML: a test case for each row. A row that was not seen has failed."""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from mockocr.coverage.forms.words import STATES, asked, groups, names, ways
from mockocr.coverage.report import CoverageReport, CoverageRow


def junit(report: CoverageReport) -> str:
    return "\n".join([*_lines(report), ""])


def _lines(report: CoverageReport) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f"<testsuites {_counts(report.rows)}>"
    for title, rows in groups(report.rows):
        yield f"<testsuite {_attribute('name', f'mockocr coverage: {title}')} {_counts(rows)}>"
        for row in rows:
            yield from _case(row)
        yield "</testsuite>"
    yield "</testsuites>"


def _counts(rows: Iterable[CoverageRow]) -> str:
    states = [row.state for row in rows]
    failures = states.count("missed") + states.count("asked")
    skipped = states.count("impossible") + states.count("excluded")
    return f'tests="{len(states)}" failures="{failures}" errors="0" skipped="{skipped}" time="0"'


def _case(row: CoverageRow) -> Iterator[str]:
    classname = _attribute("classname", f"mockocr.coverage.{row.group}")
    start = f'<testcase {classname} {_attribute("name", row.id)} time="0">'
    match row.state:
        case "seen":
            yield f"{start}<system-out>{_text(f'seen by {names(row)}')}</system-out></testcase>"
        case "missed" | "asked":
            message = _attribute("message", STATES[row.state])
            how = _text("\n".join([*asked(row), *ways(row)]))
            yield f"{start}<failure {message}>{how}</failure></testcase>"
        case _:
            message = _attribute("message", row.reason or STATES[row.state])
            yield f"{start}<skipped {message}/></testcase>"


_NOT_XML = re.compile("[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text(text: str) -> str:
    return escape(_clean(text))


def _attribute(name: str, value: str) -> str:
    return f"{name}={quoteattr(_clean(value))}"


def _clean(text: str) -> str:
    """XML has no control characters, not even escaped."""
    return _NOT_XML.sub("\ufffd", text)
