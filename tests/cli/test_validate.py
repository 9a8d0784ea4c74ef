import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run

RIGHT = "name: right\nrules:\n  - name: all\n    then: {error: InternalError}\n"
WRONG = """\
name: wrong
rules:
  - name: a
    then: {eror: InternalError}
  - name: b
    then: {error: InternalEror}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "right.yaml").write_text(RIGHT)
    (tmp_path / "wrong.yaml").write_text(WRONG)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["right.yaml"], "right.yaml: ok, 1 rule\n"),
        (["documented", "right.yaml"], "documented.yaml: ok, 4 rules\nright.yaml: ok, 1 rule\n"),
    ],
)
def test_right_files_and_shipped_names_are_ok(
    run: "Run", folder: Path, arguments: list[str], result: str
) -> None:
    checked = run("validate", *arguments)

    assert (checked.code, checked.stderr) == (0, "")
    assert checked.stdout.endswith(result)


def test_a_wrong_file_exits_with_2_and_lists_every_fault_with_file_line_and_column(
    run: "Run", folder: Path
) -> None:
    checked = run("validate", "wrong.yaml")

    assert (checked.code, checked.stdout) == (2, "")
    places = [line.rpartition(": ")[0] for line in checked.stderr.splitlines()]
    assert any(place.startswith("wrong.yaml:4:12") for place in places)
    assert any(line.startswith("wrong.yaml:6:19") for line in checked.stderr.splitlines())
    assert "did you mean 'InternalError'?" in checked.stderr


def test_a_folder_means_all_its_files_and_one_wrong_file_fails_it(run: "Run", folder: Path) -> None:
    checked = run("validate", ".")

    assert checked.code == 2
    assert checked.stdout == "right.yaml: ok, 1 rule\n"
    assert "wrong.yaml:4:12" in checked.stderr


def test_json_has_the_rules_of_right_files_and_the_locations_of_problems(
    run: "Run", folder: Path
) -> None:
    checked = run("validate", "--json", "right.yaml", "wrong.yaml")
    result = json.loads(checked.stdout)

    assert (checked.code, checked.stderr) == (2, "")
    assert result["valid"] is False
    assert result["files"] == {"right.yaml": 1}
    assert {"file", "line", "column", "text"} == set(result["problems"][0])
    assert (result["problems"][0]["line"], result["problems"][0]["column"]) == (4, 12)


def test_json_of_right_files_is_valid(run: "Run", folder: Path) -> None:
    checked = run("validate", "--json", "right.yaml")

    assert checked.code == 0
    assert json.loads(checked.stdout) == {
        "valid": True,
        "files": {"right.yaml": 1},
        "problems": [],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (
            "documentd",
            "documentd: no such file; unknown scenario 'documentd'; did you mean",
        ),
        ("not/there.yaml", "not/there.yaml: No such file or directory"),
        ("empty", "empty: no scenario files (*.yaml) in this folder"),
    ],
)
def test_a_folder_without_scenarios_exits_with_2(
    run: "Run", folder: Path, arguments: str, result: str
) -> None:
    (folder / "empty").mkdir()
    checked = run("validate", arguments)

    assert checked.code == 2
    assert result in checked.stderr
    assert "Traceback" not in checked.stderr


DOUBTFUL = """\
name: doubtful
rules:
  - name: all
    then: {card: {Nation: 汉族}}
  - name: behind
    then: {card: invented}
"""


def test_what_is_answered_otherwise_is_a_warning(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(DOUBTFUL, encoding="utf-8")

    checked = run("validate", "a.yaml")

    assert (checked.code, checked.stdout) == (0, "a.yaml: ok, 2 rules\n")
    assert [line.partition(": the API")[0] for line in checked.stderr.splitlines()] == [
        "a.yaml:4:27: warning",
        "a.yaml:5:11: warning: rule 'behind' is never reached: rule 'all' in line 3 matches every"
        " call before it",
    ]


def test_json_lists_the_warnings(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(DOUBTFUL, encoding="utf-8")

    told = json.loads(run("validate", "--json", "a.yaml").stdout)

    assert (told["valid"], told["problems"]) == (True, [])
    assert [(it["line"], it["column"]) for it in told["warnings"]] == [(4, 27), (5, 11)]
