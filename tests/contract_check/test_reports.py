"""The reports of a run, and the rows of evidence that it proposes."""

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from mockocr.contract_check.cases import read_cases
from mockocr.contract_check.matchers import Difference
from mockocr.contract_check.proposals import proposals
from mockocr.contract_check.reports import Report, as_json, junit, markdown, summary, table
from mockocr.contract_check.run import Result, Status

DAY = date(2026, 11, 30)
FILE = """\
action: IDCardOCR
cases:
  - id: null-value
    about: null means not given.
    settles: [null-value]
    expect: {code: A}
  - id: empty-text
    about: The empty text means not given.
    settles: [empty-text]
    expect: {code: A}
  - id: token
    about: A token is ignored.
    settles: [token-unneeded, status-200]
    expect: {code: A}
  - id: unsent
    about: It would be billed.
    settles: [trace-id]
    expect: {code: A}
  - id: broken
    about: It could not run.
    settles: [empty-text]
    expect: {code: A}
"""
HOSTILE = "got\x1b[31m|<b>[x](y)]]>"


@pytest.fixture
def report(tmp_path: Path) -> Report:
    (tmp_path / "cases.yaml").write_text(FILE, encoding="utf-8")
    same, empty, token, unsent, broken = read_cases(tmp_path / "cases.yaml")
    results = [
        Result(same, Status.SAME),
        Result(empty, Status.SAME),
        Result(token, Status.DIFFERS, (Difference("Error.Code", "A", HOSTILE),)),
        Result(unsent, Status.NOT_SENT, reason="the vendor may bill it"),
        Result(broken, Status.FAILED, reason=f"no answer: {HOSTILE}"),
    ]
    return Report("http://127.0.0.1:8018", DAY, DAY, results)


def test_the_summary_counts_the_cases(report: Report) -> None:
    assert summary(report) == "5 cases: 2 same, 1 differs, 1 could not run, 1 not sent"
    assert summary(report._replace(results=[])) == "0 cases"
    assert not report.is_good
    assert report._replace(results=report.results[:2]).is_good


def test_the_table_has_every_case_and_what_differs(report: Report) -> None:
    text = table(report)

    assert text.splitlines()[0].split() == ["result", "case", "about"]
    assert "differs        token" in text
    assert "    expected  A\n    got       got\\x1b[31m|<b>[x](y)]]>\n" in text
    assert "docs/fidelity.md#token-unneeded (assumed)" in text
    assert "could not run: broken (" in text
    assert "not sent: 1, because the vendor may bill it" in text
    assert text.splitlines()[-1] == summary(report)
    assert "\x1b" not in text


def test_markdown_has_every_case_and_quotes_nothing_as_markup(report: Report) -> None:
    text = markdown(report)

    assert "| same | `null-value` | null means not given. | null-value (assumed) |" in text
    assert "## token: differs" in text
    assert "got\\\\x1b\\[31m\\|&lt;b>\\[x\\](y)\\]\\]>" in text
    assert "## null-value" not in text


def test_json_has_everything(report: Report) -> None:
    document = json.loads(as_json(report))

    assert document["counts"] == {"same": 2, "differs": 1, "could not run": 1, "not sent": 1}
    token = document["cases"][2]
    assert token["differences"] == [{"where": "Error.Code", "expected": "A", "got": HOSTILE}]
    assert token["settles"][0] == {"row": "token-unneeded", "status": "assumed"}
    assert token["source"].endswith("cases.yaml:11")


def test_junit_has_failures_errors_and_skipped_cases(report: Report) -> None:
    suite = ElementTree.fromstring(junit(report))[0]  # noqa: S314 - our own

    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "1", "skipped": "1"}
    (failure,) = suite.findall("testcase/failure")
    assert failure.get("message") == "Error.Code: expected A, got got\\x1b[31m|<b>[x](y)]]>"
    assert "docs/fidelity.md#token-unneeded" in (failure.text or "")


def test_settled_rows_are_proposed_as_observed(report: Report) -> None:
    text = proposals(report.results, "ocr.tencentcloudapi.com", DAY)
    rows = [row for group in yaml.safe_load(text)["groups"] for row in group["rows"]]

    # empty-text has a case that could not run, and token-unneeded one that differs.
    assert [row["id"] for row in rows] == ["null-value"]
    assert rows[0]["status"] == "observed"
    assert rows[0]["source"] == (
        "observed on 2026-11-30: replies of ocr.tencentcloudapi.com to null-value; before: no reply"
        " shows it"
    )
    assert rows[0]["place"] == "protocol/parameters.py"


def test_contradicted_rows_are_named_in_comments(report: Report) -> None:
    lines = proposals(report.results, "ocr.tencentcloudapi.com", DAY).splitlines()

    contradicted = [line for line in lines if line.startswith("# Contradicted: ")]
    assert contradicted[0].startswith("# Contradicted: token-unneeded (assumed): token: Error.Code")
    assert len(contradicted) == 2
