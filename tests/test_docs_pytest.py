"""docs/pytest.md and docs/library.md: every block runs, and prints the output that the page
shows."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from mockocr import Account
from mockocr.pytest_plugin import MARKER_ARGUMENTS
from tests.plugin_runs import SIDES, Runs, started, text
from tests.plugin_runs import runs as runs
from tests.processes import Start
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE, LIBRARY = "docs/pytest.md", "docs/library.md"
FIRST, SECOND, RESPONDING = blocks(PAGE, "python")


def kinds(page: str) -> list[str]:
    return [kind for kind, _ in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]


def test_every_block_of_the_pages_is_run_here() -> None:
    assert kinds(PAGE) == [
        *("sh", "python", "python", "python", "py"),
        *("ini", "py", "text", "text", "sh"),
    ]
    assert kinds(LIBRARY) == ["python"] * 5


def test_the_first_test_of_the_page_has_ten_lines_and_passes(runs: Runs) -> None:
    assert len([line for line in FIRST.splitlines() if line]) <= 10

    runs(FIRST).assert_outcomes(passed=1)


@pytest.mark.slow
def test_the_tests_of_the_page_pass_with_its_settings(
    runs: Runs, pytester: pytest.Pytester
) -> None:
    (ini,) = blocks(PAGE, "ini")
    _, conftest = blocks(PAGE, "py")
    (pytester.path / "scenarios").mkdir()
    (pytester.path / "scenarios" / "empty.yaml").write_text("name: empty\nseed: 1\n")

    runs(SECOND + RESPONDING).assert_outcomes(passed=8)
    pytester.makeconftest(conftest)
    result = runs(FIRST, ini=ini.removeprefix("[pytest]\n"))

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["mockocr: * --mockocr-seed=7"])


def test_a_server_that_runs_is_used_as_the_page_says(runs: Runs, start: Start) -> None:
    command = blocks(PAGE, "sh")[1].strip()
    assert command == "pytest --mockocr-url http://127.0.0.1:8018"

    runs(SECOND, *shlex.split(command)[1:-1], started(start)).assert_outcomes(passed=5)


def anonymous(result: str) -> str:
    """The text without RequestIds and times, which differ from run to run."""
    result = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "REQUEST-ID", result)
    return re.sub(r" +(ms|\d+\.\d) +", " MS ", result)


@pytest.mark.slow
def test_the_complaints_of_a_strict_test_are_those_of_the_page(runs: Runs) -> None:
    result = runs(
        SIDES + "@pytest.mark.mockocr(scenario=SIDES)\ndef test_it(mockocr):\n"
        "    call(mockocr, CardSide='FRONT')\n    call(mockocr, CardSide='BACK')\n"
    )

    assert anonymous(blocks(PAGE, "text")[0]) in anonymous(text(result))


@pytest.mark.slow
def test_the_report_of_a_failure_is_that_of_the_page(runs: Runs, pytester: pytest.Pytester) -> None:
    runs("")
    (pytester.path / "test_it.py").unlink()
    wrong = FIRST.replace("mockocr.secret_key)", '"wrong")')
    (pytester.path / "test_kyc.py").write_text(wrong, encoding="utf-8")

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(failed=1)
    assert anonymous(blocks(PAGE, "text")[1]) in anonymous(text(result)) + "\n"


def test_the_page_tells_of_every_member_and_word_of_the_marker() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`\.[^`]+` ?)+)", page, re.MULTILINE)
    result = {name for row in rows for name in re.findall(r"`\.(\w+)", row)}
    members = {name for name in vars(Account) if not name.startswith("_")}

    # What a test has no need of: the plugin removes accounts, and asks for all of a test.
    assert members - {"family", "remove"} <= result
    assert result <= members | {"secret_id", "secret_key", "clock", "server", "name"}
    assert all(f"| `{name}=` |" in page for name in MARKER_ARGUMENTS)


@pytest.mark.parametrize("number", range(5))
def test_the_code_of_the_page_on_the_library_runs(
    number: int, tmp_path: Path, state_dir: Path
) -> None:
    (tmp_path / "code.py").write_text(blocks(LIBRARY, "python")[number], encoding="utf-8")

    run(f"MOCKOCR_STATE_DIR={state_dir} {shlex.quote(sys.executable)} -W error code.py", tmp_path)
