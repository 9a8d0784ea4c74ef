"""The six forms of the report: complete, and harmless whatever names are in it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mockocr.coverage.forms.choosing import (
    DEFAULT_FILES,
    FORMS,
    Destination,
    UnknownFormError,
    destination,
)
from mockocr.coverage.reading import read_report
from mockocr.coverage.report import CoverageReport, merged
from tests.coverage.reports import a_full_report, a_refusal, a_report, an_answer

BLUR = "error:FailedOperation.ImageBlur"
COPY = 'mockocr.respond(card="invented", warnings=["copy"])'


@pytest.fixture(scope="module")
def report() -> CoverageReport:
    return a_full_report()


def counts(report: CoverageReport) -> tuple[int, int, int]:
    """Rows that passed, failed and were skipped."""
    totals = report.totals
    return totals.seen, totals.missed + totals.asked, totals.impossible + totals.excluded


def test_the_table_lists_each_row_that_counts_and_how_to_see_it(report: CoverageReport) -> None:
    lines = FORMS["term"](report).splitlines()

    table = [line for line in lines if line.startswith(("seen ", "MISSED ", "ASKED "))]
    assert len(table) == report.counted
    (blur,) = (line for line in table if f" {BLUR} " in line)
    assert blur.split()[2:] == ["9", "account", "0,", "account", "1,", "+7"]
    (copy,) = (line for line in table if " warning:copy " in line)
    assert copy.endswith(
        f"flag set in 1 call; scenario warning-copy; {COPY}; call with Config.CopyWarn=true"
    )
    assert "-- business errors: 1 of 21" in lines
    assert any(line.startswith("fault:TIMEOUT  <script>") for line in lines)
    assert "-- without a row: http:429 (1)" in lines
    assert lines[-1].startswith("2.9 % of outcomes seen: 3 of ")


def test_a_table_without_rows_has_its_last_line(report: CoverageReport) -> None:
    empty = report.model_copy(update={"rows": [], "others": {}})

    assert len(FORMS["term"](empty).splitlines()) == 1


@pytest.mark.parametrize("form", sorted(FORMS))
def test_no_form_has_control_characters(report: CoverageReport, form: str) -> None:
    text = FORMS[form](report)

    assert re.findall("[^\n -~\u00a0-\ud7ff\ue000-\U0010ffff]", text) == []
    assert text.encode()


def test_json_is_read_again(report: CoverageReport) -> None:
    assert read_report(json.loads(FORMS["json"](report))) == merged([report])


def test_junit_has_a_case_for_each_row(report: CoverageReport) -> None:
    root = ElementTree.fromstring(FORMS["junit"](report))  # noqa: S314 - our own

    cases = root.findall("testsuite/testcase")
    failed, skipped = root.findall(".//failure"), root.findall(".//skipped")
    assert (len(cases) - len(failed) - len(skipped), len(failed), len(skipped)) == counts(report)
    assert [root.get(name) for name in ("tests", "failures", "skipped")] == [
        str(len(cases)),
        str(len(failed)),
        str(len(skipped)),
    ]
    (copy,) = (case for case in cases if case.get("name") == "warning:copy")
    failure = copy.find("failure")
    assert failure is not None
    assert (failure.get("message"), COPY in str(failure.text)) == ("flag set, never given", True)


CTRF_MEMBERS = {
    "name": str,
    "status": str,
    "duration": int,
    "suite": list,
    "message": str,
    "extra": dict,
    "trace": str,
}


def test_ctrf_has_a_test_for_each_row(report: CoverageReport) -> None:
    document: Any = json.loads(FORMS["ctrf"](report))

    assert (document["reportFormat"], document["specVersion"]) == ("CTRF", "0.0.0")
    summary, tests = document["results"]["summary"], document["results"]["tests"]
    assert tuple(summary[each] for each in ("passed", "failed", "skipped")) == counts(report)
    assert (summary["tests"], summary["pending"], summary["other"]) == (len(report.rows), 0, 0)
    assert summary["start"] == summary["stop"] == 1795348800000
    wrong = [
        (test["name"], name)
        for test in tests
        for name, value in test.items()
        if not isinstance(value, CTRF_MEMBERS[name])
    ]
    assert wrong == []


def test_times_of_another_report_need_not_be_times(report: CoverageReport) -> None:
    text = report.model_dump_json().replace("2026-11-22T12:00:00.000+00:00", "yesterday")
    document: Any = json.loads(FORMS["ctrf"](read_report(json.loads(text))))

    assert document["results"]["summary"]["start"] == 0


class Page(HTMLParser):
    """The tags of a page, and the attributes that could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = {name for name, _ in attributes}
        self.loaded += [f"{tag} {name}" for name in names if name in ("src", "href")]
        self.loaded += [f"{tag} {name}" for name in names if name.startswith("on")]


def test_the_page_loads_and_runs_nothing(report: CoverageReport) -> None:
    page = Page()

    page.feed(FORMS["html"](report))

    assert page.loaded == []
    assert {"script", "img", "link", "iframe"}.isdisjoint(page.tags)
    assert page.tags.count("li") == len(report.rows) + 9


@pytest.mark.parametrize("form", sorted(FORMS))
def test_outcomes_without_a_row_are_named_if_there_are_any(form: str) -> None:
    assert ["ithout a row" in FORMS[form](each) for each in (a_full_report(), a_report())] == [
        form in ("term", "markdown", "html"),
        False,
    ]


def test_markdown_shows_text_from_outside_as_text(report: CoverageReport) -> None:
    text = FORMS["markdown"](report)

    assert "<script>" not in text.replace("\\<script\\>", "")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    pipes = {len(re.findall(r"(?<!\\)\|", line)) for line in rows}
    assert pipes == {4, 5}
    assert f"`{BLUR}` | 9 |" in text
    assert "Without a row: http:429 (1)" in text


def test_markdown_without_missed_rows_has_no_table_of_them() -> None:
    report = a_report(an_answer("side:FRONT"), a_refusal("InternalError"))
    seen = report.model_copy(update={"rows": [row for row in report.rows if row.calls]})

    assert "how to see it" not in FORMS["markdown"](seen)


def test_the_rows_of_several_actions_have_titles_of_their_own(report: CoverageReport) -> None:
    other = report.rows[0].model_copy(update={"action": "EchoOCR"})
    both = report.model_copy(update={"rows": [report.rows[0], other]})

    lines = FORMS["term"](both).splitlines()

    assert [line for line in lines if line.startswith("-- ")][:2] == [
        "-- IDCardOCR: business errors: 0 of 1",
        "-- EchoOCR: business errors: 0 of 1",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("term", Destination("term", None)),
        ("json", Destination("json", Path("/run/mockocr-coverage.json"))),
        ("html:a/b.html", Destination("html", Path("/run/a/b.html"))),
        ("junit:/abs.xml", Destination("junit", Path("/abs.xml"))),
    ],
)
def test_a_report_goes_to_the_terminal_or_a_file(text: str, expected: Destination) -> None:
    assert destination(text, Path("/run")) == expected
    assert {*DEFAULT_FILES, "term"} == set(FORMS)


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(
        UnknownFormError, match="unknown form of a report 'htm'; did you mean 'html'"
    ):
        destination("htm", Path())


def test_a_file_is_written_with_the_folders_above_it(
    tmp_path: Path, report: CoverageReport
) -> None:
    Destination("term", tmp_path / "a" / "b.txt").write(report)
    Destination("term", None).write(report)

    assert (tmp_path / "a" / "b.txt").read_text(encoding="utf-8").endswith("this contract)\n")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
