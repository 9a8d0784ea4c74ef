"""What GitHub Actions shows of a report."""

from pathlib import Path

import pytest

from mockocr.coverage import github
from mockocr.coverage.github import add_to_summary, annotation
from tests.coverage.reports import a_full_report, a_report, an_answer

ACTIONS = {"GITHUB_ACTIONS": "true"}


def test_the_summary_of_the_step_gets_the_report(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")

    add_to_summary(a_full_report(), {"GITHUB_STEP_SUMMARY": str(file)})
    add_to_summary(a_full_report(), {})

    assert file.read_text(encoding="utf-8").startswith("before\n## Outcome coverage\n")


def test_a_summary_that_is_full_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "MAX_SUMMARY_BYTES", 100)
    file = tmp_path / "summary.md"

    add_to_summary(a_full_report(), {"GITHUB_STEP_SUMMARY": str(file)})

    assert not file.exists()


def test_one_annotation_names_the_first_missed_rows() -> None:
    (line,) = annotation(a_full_report(), environ=ACTIONS)

    assert line.startswith("::warning title=mockocr outcome coverage::2.9 %25 of outcomes seen")
    assert line.count("%0A") == github.NAMED_ROWS + 1
    assert "%0Amissed: error:FailedOperation.CardSideError%0A" in line


def test_a_minimum_that_is_not_reached_is_an_error() -> None:
    (line,) = annotation(a_report(an_answer("side:FRONT")), 50, ACTIONS)

    assert line.startswith("::error title=")
    assert "expected at least 50 %25" in line


def test_a_complete_report_is_a_notice() -> None:
    report = a_report(an_answer("side:FRONT"))
    seen = report.model_copy(update={"rows": [row for row in report.rows if row.calls]})

    (line,) = annotation(seen, 0, ACTIONS)

    assert line.startswith("::notice title=")


def test_there_is_no_annotation_elsewhere() -> None:
    assert list(annotation(a_full_report(), environ={})) == []
