"""docs/example: the suite of the worked example passes, and catches each bug of its page."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.plugin_runs import WITHOUT, Runs
from tests.plugin_runs import runs as runs
from tests.test_docs import ROOT

EXAMPLE = ROOT / "docs" / "example"
PAGES = ("docs/worked-example.md", "docs/worked-example.zh-CN.md")
TESTS = 31


class Bug(NamedTuple):
    """A change of kyc.py, and the test that fails with it."""

    right: str
    wrong: str
    test: str


BUGS = (
    Bug(
        'WARNINGS[code] for code in info.get("WarnInfos", ())',
        'WARNINGS[each["Code"]] for each in info.get("WarnInfos", ())',
        "test_a_copy_is_reported",
    ),
    Bug(
        'json.loads(answer["AdvancedInfo"])',
        'answer["AdvancedInfo"]',
        "test_a_good_picture_has_no_warnings",
    ),
    Bug('answer.get("Error")', 'body.get("Error")', "test_the_other_side_has_to_be_taken"),
    Bug(
        'info.get("Portrait", "")',
        'answer.get("Portrait", "")',
        "test_the_portrait_is_a_picture",
    ),
    Bug(
        'None if last == "长期" else _day(last, ".")',
        '_day(last, ".")',
        "test_a_card_may_be_valid_without_end",
    ),
    Bug('"Config": json.dumps(FLAGS)', '"Config": FLAGS', "test_the_warnings_are_asked_for"),
    Bug('"CopyWarn": True', '"CopyWarning": True', "test_the_warnings_are_asked_for"),
    Bug('answer["IdNum"]', 'answer["IDNum"]', "test_a_front_is_read"),
    Bug(
        " and error.code not in RETRY:",
        " and error.code in RETAKE:",
        "test_a_wrong_key_is_not_retried",
    ),
    Bug(
        "    timestamp = int(now())\n",
        "    timestamp = _TIMESTAMP\n",
        "test_a_process_may_run_for_hours",
    ),
)
MODULE_LEVEL = "\n\n_TIMESTAMP = int(now())\n"
"""Added to every client with a bug; one of them uses it."""


def copied(folder: Path) -> None:
    for file in EXAMPLE.glob("*.py"):
        shutil.copy(file, folder)


@pytest.mark.slow
def test_the_suite_passes_on_two_workers(runs: Runs, pytester: pytest.Pytester) -> None:
    runs("", "--co", "-q")
    (pytester.path / "test_it.py").unlink()
    copied(pytester.path)

    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=TESTS)


def test_the_part_for_unittest_needs_no_pytest(
    tmp_path: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKOCR_STATE_DIR", str(state_dir))
    copied(tmp_path)
    command = [sys.executable, "-m", "unittest", "test_kyc_unittest"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stderr.endswith("\nOK\n"), done.stderr


def test_the_suite_catches_each_bug(
    pytester: pytest.Pytester, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All in one run: each client with a bug has a name and a folder of its own."""
    monkeypatch.setenv("MOCKOCR_STATE_DIR", str(state_dir))
    client = (EXAMPLE / "kyc.py").read_text(encoding="utf-8") + MODULE_LEVEL
    chosen = []
    for number, bug in enumerate(BUGS):
        name, folder = f"kyc_{number}", pytester.path / f"bug_{number}"
        folder.mkdir()
        assert client.count(bug.right) == 1
        (folder / f"{name}.py").write_text(client.replace(bug.right, bug.wrong), encoding="utf-8")
        for file, copy in (("conftest.py", "conftest.py"), ("test_kyc.py", f"test_{name}.py")):
            text = (EXAMPLE / file).read_text(encoding="utf-8")
            text = text.replace("from kyc import", f"from {name} import")
            text = text.replace("\nimport kyc\n", f"\nimport {name} as kyc\n")
            (folder / copy).write_text(text, encoding="utf-8")
        chosen.append(f"bug_{number}/test_{name}.py::{bug.test}")

    result = pytester.runpytest_subprocess(*WITHOUT.split(), "-p", "no:randomly", *chosen)

    result.assert_outcomes(failed=len(BUGS))


@pytest.mark.parametrize("page", PAGES)
def test_the_page_names_the_test_of_each_bug(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`test_" in line]

    assert [bug.test for bug in BUGS] == [row.split("`")[-2] for row in rows]
    assert f"{TESTS} " in text
