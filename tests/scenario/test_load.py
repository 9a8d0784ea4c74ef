import json
from pathlib import Path
from typing import Any

import pytest

from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.documents.document import DocumentError
from mockocr.scenario.library import SHIPPED, Library, scenario_files
from mockocr.scenario.load import load_file
from mockocr.scenario.outcomes import Recognized, Refused
from mockocr.scenario.rulebook import Rulebook
from tests.scenario.scripts import a_book, played

LIBRARY = Library()
EXAMPLES = sorted(Path(__file__).parents[2].joinpath("fixtures", "examples").iterdir())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_documented_scenario_answers_the_documented_examples(example: Path) -> None:
    rulebook = Rulebook([load_file(SHIPPED / "documented.yaml")])
    request = json.loads(example.joinpath("request.json").read_text(encoding="utf-8"))
    response = json.loads(example.joinpath("response.json").read_text(encoding="utf-8"))

    answer = played(rulebook, request)

    del response["Response"]["RequestId"]
    assert answer == response["Response"]


def test_there_are_four_documented_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_scenario_is_found_by_name(path: Path) -> None:
    files = scenario_files(path.stem, LIBRARY)

    assert list(files) == [path]
    assert load_file(path).name == path.stem


def test_a_card_and_an_error_are_the_outcomes(tmp_path: Path) -> None:
    rulebook = a_book(
        tmp_path,
        "  - {name: one, then: {card: {Name: 李明}, warnings: [-9102, reshoot]}}\n"
        "  - {name: two, then: {error: FailedOperation.ImageBlur}}\n",
    )

    one, two = (rule.steps[0].choices[0].outcome for rule in rulebook.scenarios[0].rules)

    assert isinstance(one, Recognized)
    assert one.answer == IDCardAnswer({"Name": "李明"}, ("copy", "reshoot"))
    assert isinstance(two, Refused)


def test_a_date_needs_no_quotes(tmp_path: Path) -> None:
    rulebook = a_book(tmp_path, "  - {name: 2024-05-01, then: {card: {Birth: 1987-01-01}}}\n")

    (rule,) = rulebook.scenarios[0].rules

    assert rule.name == "2024-05-01"
    assert played(rulebook, {})["Birth"] == "1987/1/1"


def test_a_path_of_a_file_means_that_file(tmp_path: Path) -> None:
    file = tmp_path / "any.name"
    file.touch()

    assert list(scenario_files(str(file), LIBRARY)) == [file]


def test_a_folder_means_its_scenario_files_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.json", "readme.md"):
        tmp_path.joinpath(name).touch()

    files = scenario_files(str(tmp_path), LIBRARY)

    assert [file.name for file in files] == ["a.yml", "b.yaml"]


def test_a_folder_without_scenario_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        scenario_files(str(tmp_path), LIBRARY)

    text = f"{tmp_path}: no scenario files (*.yaml) in this folder"
    assert str(refused.value) == text


@pytest.mark.parametrize("name", ["absent.yaml", "absent.yml", "some/where"])
def test_a_text_that_looks_like_a_path_is_a_path(name: str, tmp_path: Path) -> None:
    (file,) = scenario_files(str(tmp_path / name), LIBRARY)

    with pytest.raises(DocumentError) as refused:
        load_file(file)

    assert str(refused.value) == f"{tmp_path / name}: No such file or directory"


def test_a_folder_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        Library(tmp_path / "absent")

    assert str(refused.value) == f"{tmp_path / 'absent'}: No such file or directory"


def test_endless_data_is_refused() -> None:
    deep: Any = {"name": "n"}
    for _ in range(40):
        deep = {"rules": [deep]}

    for data in (deep, {"rules": ["x"] * 30_001}):
        with pytest.raises(DocumentError, match="inline: rules: expected at most 30000 values"):
            LIBRARY.inline(data)


def test_a_misspelt_name_is_refused_with_a_suggestion() -> None:
    with pytest.raises(DocumentError) as refused:
        scenario_files("documentd", LIBRARY)

    assert str(refused.value) == (
        "documentd: no such file; unknown scenario 'documentd'; did you mean 'documented'?"
    )


def test_an_unknown_name_is_refused_with_known_names() -> None:
    with pytest.raises(DocumentError) as refused:
        scenario_files("zzz", LIBRARY)

    shipped = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    assert str(refused.value).endswith(f"; expected one of {', '.join(shipped[:10])}, ...")


def test_a_name_invalid_for_the_file_system_is_refused_with_the_reason() -> None:
    with pytest.raises(DocumentError, match="File name too long"):
        scenario_files("a" * 300, LIBRARY)


@pytest.mark.timeout(30)
def test_thousands_of_expectations_of_unknown_rules_are_reported(tmp_path: Path) -> None:
    """Comparing each name with each rule would take a minute."""
    rules = "".join(f"- {{name: r{n}, then: {{card: invented}}}}\n" for n in range(3000))
    expect = "".join(f"  q{n}: 1\n" for n in range(3000))
    file = tmp_path / "expects.yaml"
    file.write_text(f"name: expects\nrules:\n{rules}expect:\n{expect}")

    with pytest.raises(DocumentError) as refused:
        load_file(file)

    assert len(refused.value.problems) == 3000
    assert "unknown rule 'q0'; expected one of r0, r1" in str(refused.value)
    assert "r9, ...\n" in str(refused.value)


@pytest.mark.timeout(30)
def test_thousands_of_unknown_keys_are_reported(tmp_path: Path) -> None:
    """Making a schema for each would take a minute."""
    file = tmp_path / "unknown.yaml"
    file.write_text("name: unknown\nrules: []\n" + "".join(f"k{n}: 1\n" for n in range(3000)))

    with pytest.raises(DocumentError) as refused:
        load_file(file)

    assert len(refused.value.problems) == 3000
