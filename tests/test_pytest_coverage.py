"""Outcome coverage in inner runs of pytest: by test, over workers and shards, with a minimum."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.plugin_runs import Runs, started, text
from tests.plugin_runs import runs as runs
from tests.processes import Start

if TYPE_CHECKING:
    from tests.conftest import Run

MANY = """
CODES = ["FailedOperation.ImageBlur", "FailedOperation.OcrFailed", "InternalError"]

@pytest.mark.parametrize("number", range(64))
def test_it(mockocr, number):
    mockocr.respond({"error": CODES[number % 3]}, {"card": "invented"})
    assert outcome(mockocr) == CODES[number % 3]
    assert outcome(mockocr) == "ok"
"""


@pytest.fixture(autouse=True)
def no_github(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


def report(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def seen(file: Path) -> dict[str, dict[str, int]]:
    """Seen rows, with the tests that saw them and the numbers of calls."""
    return {
        row["id"]: {source["name"]: source["calls"] for source in row["sources"]}
        for row in report(file)["rows"]
        if row["calls"]
    }


def table(file: Path) -> list[Any]:
    """Everything that the reports of two runs of the same tests have in common."""
    rows = report(file)["rows"]
    sources = [[(each["name"], each["calls"]) for each in row["sources"]] for row in rows]
    asked = [[(each["name"], each["calls"]) for each in row["asked"]] for row in rows]
    states = [(row["id"], row["state"], row["calls"]) for row in rows]
    return [*zip(states, sources, asked, strict=True), report(file)["totals"]]


def test_rows_name_the_tests_that_saw_them(runs: Runs, pytester: pytest.Pytester) -> None:
    result = runs(
        """
from mockocr import MockOCR

def test_a_refusal(mockocr):
    mockocr.respond(error="FailedOperation.ImageBlur")
    outcome(mockocr)
    outcome(mockocr.account(state="arrears"))

def test_a_key_that_nobody_has(mockocr):
    outcome(mockocr, secret_id="AKIDunknown")
    outcome(mockocr, secret_id="AKIDunknown")

def test_another_one(mockocr):
    outcome(mockocr, secret_id="AKIDunknown")

def test_a_server_of_its_own():
    with MockOCR() as ocr:
        outcome(ocr, key="wrong")

def test_without_calls():
    pass

@pytest.fixture(scope="session")
def shared(mockocr_server):
    return mockocr_server.account(name="of all tests")

def test_with_an_account_of_a_fixture(shared):
    outcome(shared, CardSide="SIDE")
""",
        "--mockocr-coverage",
        "--mockocr-coverage-report=json:out/coverage.json",
        # Only the first and the last call with an unknown SecretId have a test for certain.
        "-p",
        "no:randomly",
    )

    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(
        [
            "*outcome coverage of mockocr*",
            "seen *error:FailedOperation.ImageBlur * test_it.py::test_a_refusal",
            "MISSED *error:FailedOperation.OcrFailed * scenario error-ocr-failed; *",
            "* % of outcomes seen: 5 of *",
            "json: *coverage.json",
        ]
    )
    of = "test_it.py::test_"
    assert seen(pytester.path / "out" / "coverage.json") == {
        "error:FailedOperation.ImageBlur": {f"{of}a_refusal": 1},
        "error:ResourceUnavailable.InArrears": {f"{of}a_refusal": 1},
        "error:AuthFailure.SecretIdNotFound": {
            f"{of}a_key_that_nobody_has": 2,
            f"{of}another_one": 1,
        },
        "error:AuthFailure.SignatureFailure": {f"{of}a_server_of_its_own": 1},
        "error:InvalidParameterValue.InvalidParameterValueLimit": {"account of all tests": 1},
    }


@pytest.mark.slow
def test_workers_and_shards_give_the_table_of_one_run(
    runs: Runs, run: "Run", tmp_path: Path, pytester: pytest.Pytester
) -> None:
    even = " or ".join(f"it[{number}]" for number in range(0, 64, 2))
    shards = {"one": (), "even": ("-n", "2", "-k", even), "odd": ("-k", f"not ({even})")}
    for name, arguments in shards.items():
        report_flag = f"--mockocr-coverage-report=json:{tmp_path / name}.json"
        result = runs(MANY, report_flag, *arguments)
        result.assert_outcomes(passed=64 if name == "one" else 32)

    merged = run("coverage", "merge", "even.json", "odd.json", "--report=json", "-o", "all.json")

    assert merged.code == 0
    assert table(tmp_path / "all.json") == table(tmp_path / "one.json")
    rows = {row["id"]: row["calls"] for row in report(tmp_path / "one.json")["rows"]}
    assert {row: calls for row, calls in rows.items() if calls} == {
        "error:FailedOperation.ImageBlur": 22,
        "error:FailedOperation.OcrFailed": 21,
        "error:InternalError": 21,
        "side:none": 64,
        "shape:no_advanced_info": 64,
        "recovery:error": 42,
    }


def test_a_run_that_sees_too_little_fails(runs: Runs) -> None:
    source = "def test_it(mockocr):\n    outcome(mockocr)\n"

    high = runs(source, "--mockocr-coverage-fail-under=99.5")

    high.assert_outcomes(passed=1)
    assert high.ret == 1
    high.stdout.fnmatch_lines(["mockocr: * % of outcomes seen, expected at least 99.5 %"])
    assert "MISSED" not in text(high)


def test_rows_can_be_excluded_and_github_gets_a_summary_and_an_annotation(
    runs: Runs, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    ini = "mockocr_coverage_exclude =\n    error:*: the SDK\n    fault:TIMEOUT: slow\n"
    flags = "--mockocr-coverage", "--mockocr-coverage-fail-under=0"

    result = runs("def test_it():\n    pass\n", *flags, ini=ini)

    result.assert_outcomes(passed=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "-- excluded: *",
            "error:FailedOperation.ImageBlur  the SDK",
            "fault:TIMEOUT  slow",
            "::warning title=mockocr outcome coverage::*",
        ]
    )
    assert "## Outcome coverage" in (pytester.path / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "ini", "problem"),
    [
        (
            ["--mockocr-coverage"],
            "mockocr_coverage_exclude = fault:TIMOUT: slow",
            "mockocr_coverage_exclude: unknown row 'fault:TIMOUT'; did you mean 'fault:TIMEOUT'?",
        ),
        (
            ["--mockocr-coverage-report=htm:x"],
            "",
            "--mockocr-coverage-report: unknown form of a report 'htm'; did you mean 'html'?",
        ),
        (
            ["--mockocr-coverage-fail-under=101"],
            "",
            "--mockocr-coverage-fail-under: expected a number from 0 to 100, got 101",
        ),
        (
            ["--mockocr-coverage"],
            "mockocr_contract = 2020-01-01",
            "mockocr_contract: expected 2023-11-15 or later (the oldest contract), got"
            " '2020-01-01'",
        ),
    ],
)
def test_a_wrong_setting_is_found_before_the_tests(
    pytester: pytest.Pytester, arguments: list[str], ini: str, problem: str
) -> None:
    pytester.makeini(f"[pytest]\n{ini}\n")

    with pytest.raises(pytest.UsageError) as raised:
        pytester.parseconfigure(*arguments)

    assert str(raised.value) == problem


def test_the_contract_of_the_run_decides_what_is_possible(
    runs: Runs, pytester: pytest.Pytester
) -> None:
    ini = "mockocr_contract = 2026-03-09"
    source = 'def test_it(mockocr):\n    mockocr.play("warning-watermark")\n'
    source += "    outcome(mockocr, Config='{\"DetectPsWarn\": true}', CardWarnType='Advanced')\n"

    runs(source, "--mockocr-coverage-report=json", ini=ini).assert_outcomes(passed=1)

    document = report(pytester.path / "mockocr-coverage.json")
    states = {row["id"]: row["state"] for row in document["rows"]}
    assert document["contract"] == "2026-03-09"
    assert (states["warning:watermark"], states["warning:tampered"]) == ("seen", "asked")
    assert states["flag:KeyCheck"] == "impossible"


def test_with_a_shared_server_only_the_calls_of_this_run_count(
    runs: Runs, start: Start, pytester: pytest.Pytester
) -> None:
    url = started(start)
    source = """
def test_it(mockocr):
    assert outcome(mockocr, CardSide="FRONT") == "ok"
    outcome(mockocr, secret_id="AKIDunknown")
"""
    flags = f"--mockocr-url={url}", "--mockocr-coverage-report=json"
    runs(source, *flags).assert_outcomes(passed=1)
    runs(source, *flags).assert_outcomes(passed=1)

    rows = seen(pytester.path / "mockocr-coverage.json")
    total = httpx.get(f"{url}/__admin/coverage", trust_env=False).json()["rows"]

    assert list(rows.values()) == [{"test_it.py::test_it": 1}] * 3
    assert rows.keys() == {
        "side:FRONT",
        "shape:no_advanced_info",
        "error:AuthFailure.SecretIdNotFound",
    }
    assert {row["calls"] for row in total if row["id"] in rows} == {2}


def test_a_server_that_does_not_answer_at_the_end_is_reported(runs: Runs) -> None:
    result = runs(
        """
from mockocr import MockOCR
from mockocr.testing.errors import RefusedError

def test_it(monkeypatch):
    with MockOCR() as ocr:
        outcome(ocr)
        def refuse(*path, **more):
            raise RefusedError("no")
        ocr.server.admin.ask = refuse
""",
        "--mockocr-coverage",
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["mockocr: the calls of http://* are not counted: no"])


def test_a_file_that_cannot_be_written_fails_the_run(runs: Runs, pytester: pytest.Pytester) -> None:
    (pytester.path / "taken").write_text("")
    result = runs("def test_it():\n    pass\n", "--mockocr-coverage-report=html:taken/x.html")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["mockocr: cannot write *taken*"])


def test_listing_tests_reports_nothing(runs: Runs, pytester: pytest.Pytester) -> None:
    result = runs("def test_it():\n    pass\n", "--co", "--mockocr-coverage-report=json")

    assert result.ret == 0
    assert not (pytester.path / "mockocr-coverage.json").exists()
