"""Reports: totals, merging, exclusions, and files that are not reports."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockocr.coverage import reading
from mockocr.coverage.exclusions import ExclusionError, excluding
from mockocr.coverage.reading import UnreadableReportError, read_report, read_report_file
from mockocr.coverage.report import (
    CoverageReport,
    DifferentReportsError,
    filled,
    merged,
    report_of,
)
from tests.coverage.reports import (
    a_full_report,
    a_gateway_error,
    a_refusal,
    a_report,
    an_answer,
    row_of,
)

BLUR = "FailedOperation.ImageBlur"


def test_the_percentage_is_rounded_down_and_compared_exactly() -> None:
    seen = a_report(*map(a_refusal, ("FailedOperation.CardSideError", BLUR)))
    rows = [row for row in seen.rows if row.calls or row.id == "fault:TIMEOUT"]

    report = report_of(seen.contract, rows, {})

    assert report.totals.percent == 66.6
    assert (report.reaches(66.66), report.reaches(66.67)) == (True, False)


def test_a_report_without_rows_that_count_is_complete() -> None:
    report = report_of("2024-05-01", [], {})

    assert (report.totals.percent, report.reaches(100)) == (100.0, True)


def test_merging_adds_calls_by_name() -> None:
    one = a_report(an_answer("side:FRONT"), a_refusal(BLUR), a_gateway_error(429))
    other = a_report(
        an_answer("side:FRONT"),
        an_answer("side:FRONT", account="bob"),
        an_answer("asked:warning:copy"),
        a_gateway_error(429),
    )

    both = merged([one, other])

    row = row_of(both, "side:FRONT")
    assert [(source.name, source.calls) for source in row.sources] == [("alice", 2), ("bob", 1)]
    assert row_of(both, f"error:{BLUR}").state == "seen"
    assert row_of(both, "warning:copy").state == "asked"
    assert both.others == {"http:429": 2}


def test_merging_is_the_report_of_all_calls_in_any_order() -> None:
    parts = [
        [an_answer("side:FRONT", "asked:warning:copy")],
        [an_answer("side:FRONT", "warning:copy", account="bob"), a_gateway_error(418)],
        [a_refusal(BLUR)],
    ]
    reports = [a_report(*part) for part in parts]
    calls = [call for part in parts for call in part]

    assert merged(reports) == merged(reports[::-1]) == merged([merged(reports[:2]), reports[2]])
    assert merged(reports) == a_report(*calls)


def test_the_first_and_the_last_call_of_all_reports_are_known() -> None:
    report = a_report(an_answer("side:FRONT"))
    source = row_of(report, "side:FRONT").sources[0]
    earlier = source.model_copy(update={"first": "2026-11-21", "last": "2026-11-21"})
    rows = [row.model_copy(update={"sources": [earlier]}) for row in report.rows]

    row = row_of(filled(report.contract, report.rows, rows, {}), "side:FRONT")

    assert (row.sources[0].first, row.sources[0].last) == ("2026-11-21", source.last)


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        ({"contract": "2026-03-09"}, "one is for the contract of 2024-05-01, another for that of"),
        ({"mockocr": "9.9"}, "another of 9.9"),
        ({"rows": []}, "only one of them has error:ActionOffline, error:"),
    ],
)
def test_reports_with_other_rows_are_not_merged(update: dict[str, Any], problem: str) -> None:
    report = a_report()

    with pytest.raises(DifferentReportsError, match=problem):
        merged([report, report.model_copy(update=update)])


def test_a_row_of_another_version_is_listed_apart() -> None:
    report = a_report(an_answer("side:FRONT"))
    seen = [row.model_copy(update={"id": "side:TOP"}) for row in report.rows if row.calls]

    assert filled(report.contract, a_report().rows, seen, {}).others == {"side:TOP": 1}


def test_excluded_rows_do_not_count_and_have_their_reason() -> None:
    report = a_report(a_refusal(BLUR))

    excluded = excluding(report, ["fault:*: tested elsewhere", f" error:{BLUR}:  why: not "])

    assert excluded.totals.excluded == 8
    assert row_of(excluded, "fault:TIMEOUT").reason == "tested elsewhere"
    assert row_of(excluded, f"error:{BLUR}").reason == "why: not"
    assert (row_of(excluded, f"error:{BLUR}").state, excluded.totals.seen) == ("excluded", 0)
    assert merged([report, excluded]).totals.excluded == 8
    assert excluding(excluded, []).totals.excluded == 8


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("fault:TIMEOUT", "expected 'ROW: reason', got 'fault:TIMEOUT'"),
        ("fault:TIMEOUT: ", "expected 'ROW: reason'"),
        (": a reason", "expected 'ROW: reason'"),
        ("fault:TIMOUT: slow", "unknown row 'fault:TIMOUT'; did you mean 'fault:TIMEOUT'?"),
        ("nothing:*: none", "unknown row 'nothing:\\*'"),
    ],
)
def test_a_wrong_exclusion_is_an_error(line: str, problem: str) -> None:
    with pytest.raises(ExclusionError, match=problem):
        excluding(a_report(), [line])


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = merged([a_full_report()])
    clean = json.loads(report.model_dump_json().replace("\\u0000", ""))
    file = tmp_path / "report.json"
    file.write_text(json.dumps(clean))

    assert read_report_file(file).totals == read_report(clean).totals == report.totals


def test_states_and_totals_of_a_file_are_computed_anew() -> None:
    document = a_report().model_dump()
    document["totals"]["seen"] = 99
    document["rows"][0] |= {"state": "seen", "calls": 7}

    report = read_report(document)

    assert (report.totals.seen, report.rows[0].state, report.rows[0].calls) == (0, "missed", 0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b"{}", "mockocr: Field required"),
        (b'{"a":' * 5000, "recursion limit"),
        (b"\xff\xfe", "Invalid JSON"),
    ],
)
def test_a_file_that_is_no_report_is_an_error(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(content)

    with pytest.raises(UnreadableReportError) as raised:
        read_report_file(file)

    assert str(raised.value).startswith(f"{file}: ")
    assert problem in str(raised.value)


@pytest.mark.parametrize(
    ("member", "value", "place"),
    [
        ("state", "green", "rows[0].state: "),
        ("calls", -1, "rows[0].calls: "),
        ("surprise", 1, "rows[0].surprise: "),
        ("sources", [{"name": "x", "calls": 0, "first": "", "last": ""}], "rows[0].sources[0]."),
    ],
)
def test_an_error_names_the_place_and_never_the_value(member: str, value: Any, place: str) -> None:
    document: dict[str, Any] = CoverageReport.model_dump(a_report())
    document["rows"][0][member] = value

    with pytest.raises(UnreadableReportError) as raised:
        read_report(document)

    assert str(raised.value).startswith(place)
    assert "green" not in str(raised.value).partition("expected a report")[0].replace("'seen'", "")


def test_a_file_that_is_missing_or_too_long_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    file = tmp_path / "report.json"

    with pytest.raises(UnreadableReportError, match="No such file"):
        read_report_file(file)
    file.write_bytes(b"x" * 11)
    with pytest.raises(UnreadableReportError, match="expected at most 10 bytes"):
        read_report_file(file)
