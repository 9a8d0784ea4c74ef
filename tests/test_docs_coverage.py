"""docs/coverage.md: its commands work with the suite of the worked example, whose coverage falls by
exactly the rows of a test that is removed."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.plugin_runs import Runs, text
from tests.plugin_runs import runs as runs
from tests.test_docs import BLOCK, ROOT, blocks, run
from tests.test_docs_example import copied

PAGE = "docs/coverage.md"
PRINT, SHARDS, RUN, SERVER = blocks(PAGE, "sh")


@pytest.fixture
def example(runs: Runs, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the worked example."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    runs("", "--co", "-q")
    (pytester.path / "test_it.py").unlink()
    copied(pytester.path)
    return pytester.path


def rows(file: Path) -> dict[str, set[str]]:
    """The tests that saw each row of a report."""
    document = json.loads(file.read_text(encoding="utf-8"))
    return {row["id"]: {each["name"] for each in row["sources"]} for row in document["rows"]}


def without_test(name: str, file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    changed, count = re.subn(rf"^def {name}\(.*?(?=^\S|\Z)", "", source, flags=re.M | re.S)
    assert count == 1
    file.write_text(changed, encoding="utf-8")


def test_every_block_of_the_page_is_run_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))]

    assert kinds == ["sh", "text", "ini", "sh", "sh", "sh"]


@pytest.mark.slow
def test_a_removed_test_makes_exactly_its_rows_missed(
    example: Path, pytester: pytest.Pytester
) -> None:
    (ini,) = blocks(PAGE, "ini")
    assert ini.startswith("[pytest]\n")
    file = example / "pytest.ini"
    file.write_text(file.read_text(encoding="utf-8") + ini.removeprefix("[pytest]\n"))
    (printing,) = PRINT.splitlines()
    report = "--mockocr-coverage-report=json:"
    removed = "test_the_other_side_has_to_be_taken"
    test = f"test_kyc.py::{removed}"

    result = pytester.runpytest_subprocess(*shlex.split(printing)[1:], f"{report}all.json")
    without_test(removed, example / "test_kyc.py")
    pytester.runpytest_subprocess(f"{report}fewer.json").assert_outcomes(passed=30)

    result.assert_outcomes(passed=31)
    shown = [" ".join(line.split()) for line in blocks(PAGE, "text")[0].splitlines()]
    printed = [" ".join(line.split()) for line in text(result).splitlines()]
    assert [line for line in shown if line not in printed] == []
    before, after = rows(example / "all.json"), rows(example / "fewer.json")
    assert after == {row: tests - {test} for row, tests in before.items()}
    now_missed = {row for row, tests in before.items() if tests and not after[row]}
    assert now_missed == {row for row, tests in before.items() if tests == {test}}
    assert "error:FailedOperation.CardSideError" in now_missed
    assert any(name.startswith("test_kyc_unittest.py::") for name in before["side:FRONT"])


@pytest.mark.slow
def test_the_shards_of_the_page_are_merged(example: Path, pytester: pytest.Pytester) -> None:
    first, second, merge = (shlex.split(line) for line in SHARDS.splitlines())

    for command in (first, second):
        # A few tests are enough.
        assert pytester.runpytest_subprocess(*command[1:], "-k", "retried").ret == 0
    # The page has the command on its path.
    result = pytester.run(sys.executable, "-m", *merge)

    assert (result.ret, result.errlines) == (0, [])
    page = (example / "coverage.html").read_text(encoding="utf-8")
    assert "test_kyc_async.py::test_a_failure_is_retried" in page
    assert "test_kyc.py::test_too_many_calls_are_retried" in page


def test_a_command_that_has_a_server_of_its_own_writes_a_report(
    tmp_path: Path, state_dir: Path
) -> None:
    assert "'npm test && " in RUN
    command = RUN.replace("npm test", "mockocr call --image https://example.com/a.jpg")

    run(f"export MOCKOCR_STATE_DIR={shlex.quote(str(state_dir))}; {command}", tmp_path)

    assert "side:none" in (tmp_path / "coverage.html").read_text(encoding="utf-8")


def test_the_commands_for_a_server_print_its_report(serve: Serve) -> None:
    command, show, forget = SERVER.splitlines()
    server = serve()

    def of(line: str) -> str:
        return line.replace("http://127.0.0.1:8018", server.url)

    assert '"percent": 0.0' in run(of(show), ROOT)
    assert run(of(forget), ROOT) == ""
    printed = run(f"{of(command)} || test $? = 1", ROOT)
    assert "-- excluded: 7" in printed.splitlines()
