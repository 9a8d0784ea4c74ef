"""`mockocr coverage`: the report of a server, and of files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockocr.cli.coverage import FORMS as NAMES
from mockocr.coverage.forms.choosing import FORMS
from tests.cli.calling import REFUSED, call
from tests.strangers import http, something_else

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve


@pytest.fixture(autouse=True)
def no_github(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server(serve: "Serve", run: "Run") -> "Running":
    """A server with one call."""
    started = serve()
    call(run, started, "--side", "back")
    return started


def seen(text: str) -> dict[str, int]:
    document: Any = json.loads(text)
    return {row["id"]: row["calls"] for row in document["rows"] if row["calls"]}


def test_the_table_of_a_server_is_printed(run: "Run", server: "Running") -> None:
    result = run("coverage", "--server", server.url)

    assert (result.code, result.stderr) == (0, "")
    assert ["seen", "side:BACK", "1", "default"] in [
        line.split() for line in result.stdout.splitlines()
    ]


def test_the_command_has_every_form_of_the_report() -> None:
    assert list(FORMS) == list(NAMES)


def test_reports_of_several_runs_are_added_up(run: "Run", server: "Running") -> None:
    for file in ("1.json", "2.json"):
        shown = run("coverage", "--server", server.url, "--report", "json", "-o", file)
        assert (shown.code, shown.stdout, shown.stderr) == (0, "", "")

    result = run("coverage", "merge", "1.json", "2.json", "--report", "json")

    assert (result.code, seen(result.stdout)["side:BACK"]) == (0, 2)


def test_a_minimum_decides_the_exit_code(run: "Run", server: "Running") -> None:
    enough = run("coverage", "--server", server.url, "--fail-under", "1")
    less = run("coverage", "--server", server.url, "--fail-under", "50", "--report", "json")
    excluded = run(
        *("coverage", "--server", server.url, "--fail-under", "100"),
        *("--exclude", "[efhrw]*: not ours", "--exclude", "s*: nor these"),
    )

    assert (enough.code, less.code, excluded.code) == (0, 1, 0)
    assert less.stderr.startswith("mockocr coverage: ")
    assert less.stderr.endswith(" % of outcomes seen, expected at least 50 %\n")


def test_one_account_can_be_asked_for(run: "Run", server: "Running") -> None:
    unknown = run("coverage", "--server", server.url, "--account", "defualt")
    known = run("coverage", "--server", server.url, "--account", "default", "--report", "json")

    assert (unknown.code, unknown.stderr) == (
        2,
        "mockocr coverage: --account: unknown account 'defualt'; did you mean 'default'?\n",
    )
    assert seen(known.stdout)["side:BACK"] == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--exclude", "fault:TIMOUT: x"], "--exclude: unknown row 'fault:TIMOUT'; did you mean"),
        (["--exclude", "fault:TIMEOUT"], "--exclude: expected 'ROW: reason', got 'fault:TIMEOUT'"),
        (["--fail-under", "101"], "expected a number from 0 to 100, got '101'"),
        (["--fail-under", "much"], "expected a number from 0 to 100, got 'much'"),
        (["--report", "htm"], "did you mean 'html'?"),
        (["-o", "taken/report"], "cannot write taken"),
    ],
)
def test_wrong_usage_is_an_error(
    run: "Run", server: "Running", tmp_path: Path, arguments: list[str], problem: str
) -> None:
    (tmp_path / "taken").write_text("")

    result = run("coverage", "--server", server.url, *arguments)

    assert (result.code, problem in result.stderr) == (2, True), result.stderr


def test_files_that_cannot_be_merged_are_an_error(
    run: "Run", server: "Running", tmp_path: Path
) -> None:
    run("coverage", "--server", server.url, "--report", "json", "-o", "1.json")
    text = (tmp_path / "1.json").read_text(encoding="utf-8")
    (tmp_path / "2.json").write_text(text.replace("2024-05-01", "2025-05-09", 1))
    (tmp_path / "3.json").write_text("{}")

    other = run("coverage", "merge", "1.json", "2.json")
    none = run("coverage", "merge", "3.json")

    assert (other.code, none.code) == (2, 2)
    assert other.stderr == (
        "mockocr coverage: the reports cannot be merged: one is for the contract of 2024-05-01,"
        " another for that of 2025-05-09\n"
    )
    assert none.stderr.startswith("mockocr coverage: 3.json: mockocr: Field required; expected")


def test_without_a_server_it_exits_with_1(run: "Run", nowhere: str) -> None:
    result = run("coverage", "--server", nowhere)

    assert (result.code, REFUSED in result.stderr) == (1, True)


def test_another_program_is_not_taken_for_mockocr(run: "Run") -> None:
    with something_else(http(b'{"rows": []}')) as url:
        result = run("coverage", "--server", url)

    assert (result.code, "another program answered" in result.stderr) == (1, True)


def test_on_github_the_summary_and_an_annotation_are_written(
    run: "Run", server: "Running", tmp_path: Path
) -> None:
    file = tmp_path / "summary.md"

    result = run(
        *("coverage", "--server", server.url, "--report", "json", "-o", "x.json"),
        GITHUB_ACTIONS="true",
        GITHUB_STEP_SUMMARY=str(file),
    )

    assert (result.code, result.stdout) == (0, "")
    assert result.stderr.startswith("::warning title=mockocr outcome coverage::")
    assert "## Outcome coverage" in file.read_text(encoding="utf-8")
