"""Scenario files that change while a server runs."""

import logging
import os
from pathlib import Path
from threading import Event

import pytest

from mockocr.documents.document import Document, DocumentError
from mockocr.documents.reading import parse_document
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.files import Files
from mockocr.scenario.library import SHIPPED, Library
from mockocr.scenario.load import load
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.scenario.watch import follow, watching

LIBRARY = Library()


def write(path: Path, name: str, more: str = "seed: 1") -> None:
    path.write_text(f"name: {name}\n{more}\n", encoding="utf-8")


def playing(files: Files) -> list[str]:
    return [scenario.name for scenario in files.scenarios()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "a.yaml", "a")
    write(tmp_path / "b.yaml", "b")
    return tmp_path


@pytest.fixture
def files(folder: Path) -> Files:
    return Files([str(folder)], LIBRARY)


def test_a_folder_plays_all_its_files_by_name(files: Files) -> None:
    assert playing(files) == ["a", "b"]
    assert files.errors() == {}


def test_files_folders_and_names_play_in_the_given_order(folder: Path) -> None:
    (folder / "more").mkdir()
    write(folder / "more" / "c.yaml", "c")

    files = Files(["documented", str(folder / "b.yaml"), str(folder / "more")], LIBRARY)

    assert playing(files) == ["documented", "b", "c"]


def test_nothing_is_read_again_while_nothing_changes(files: Files) -> None:
    before = files.scenarios()

    assert not files.look_again()
    assert files.scenarios() == before


def test_a_changed_file_plays(files: Files, folder: Path) -> None:
    a, b = files.scenarios()
    write(folder / "a.yaml", "changed")

    assert files.look_again()
    assert playing(files) == ["changed", "b"]
    assert files.scenarios()[1] is b
    assert files.scenarios()[0] is not a


def test_a_file_that_is_only_touched_keeps_its_counters(files: Files, folder: Path) -> None:
    before = files.scenarios()
    os.utime(folder / "a.yaml", (1, 1))

    files.look_again()

    assert files.scenarios() == before


def test_a_file_that_is_saved_by_renaming_plays(files: Files, folder: Path) -> None:
    write(folder / "a.yaml.tmp", "renamed")
    (folder / "a.yaml.tmp").rename(folder / "a.yaml")

    assert files.look_again()
    assert playing(files) == ["renamed", "b"]


def test_a_broken_file_is_refused_and_its_last_good_version_keeps_playing(
    files: Files, folder: Path
) -> None:
    before = files.scenarios()
    write(folder / "a.yaml", "a", "rules: [{name: x}]")

    assert files.look_again()
    path = folder / "a.yaml"
    assert files.errors() == {str(path): f"{path}:2:9: missing key 'then'"}
    assert files.scenarios() == before
    assert not files.look_again()

    write(path, "mended")
    assert files.look_again()
    assert (playing(files), files.errors()) == (["mended", "b"], {})


def test_a_broken_file_that_becomes_what_it_was_plays_as_a_new_one(
    files: Files, folder: Path
) -> None:
    write(folder / "a.yaml", "a", "nonsense: 1")
    files.look_again()
    write(folder / "a.yaml", "a")

    assert files.look_again()
    assert (playing(files), files.errors()) == (["a", "b"], {})


def test_a_new_file_of_a_folder_plays_in_order_of_names(files: Files, folder: Path) -> None:
    write(folder / "aa.yaml", "aa")

    assert files.look_again()
    assert playing(files) == ["a", "aa", "b"]


def test_a_file_missing_at_one_look_only_keeps_playing(files: Files, folder: Path) -> None:
    before = files.scenarios()
    text = (folder / "a.yaml").read_text()
    (folder / "a.yaml").unlink()

    assert not files.look_again()
    assert files.scenarios() == before
    (folder / "a.yaml").write_text(text)
    files.look_again()
    assert files.scenarios() == before


def test_a_file_that_stays_missing_from_its_folder_stops_playing(
    files: Files, folder: Path
) -> None:
    (folder / "a.yaml").unlink()
    files.look_again()

    assert files.look_again()
    assert (playing(files), files.errors()) == (["b"], {})


def test_the_last_good_version_of_a_missing_named_file_keeps_playing(folder: Path) -> None:
    path = folder / "a.yaml"
    files = Files([str(path)], LIBRARY)
    path.unlink()
    files.look_again()

    assert files.look_again()
    assert playing(files) == ["a"]
    assert files.errors() == {str(path): f"{path}: No such file or directory"}
    assert not files.look_again()


def test_an_emptied_folder_is_reported_and_plays_nothing(files: Files, folder: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (folder / name).unlink()
    files.look_again()

    assert files.look_again()
    assert playing(files) == []
    assert "no scenario files" in files.errors()[str(folder)]


def test_a_file_that_conflicts_with_another_is_refused_until_one_changes(
    files: Files, folder: Path
) -> None:
    before = files.scenarios()
    write(folder / "b.yaml", "b", "seed: 2")

    assert files.look_again()
    assert files.scenarios() == before
    assert "remove one of them" in files.errors()[str(folder / "b.yaml")]
    assert not files.look_again()

    write(folder / "a.yaml", "a", "seed: 2")
    files.look_again()
    files.look_again()
    assert files.errors() == {}
    assert [scenario.overrides.seed for scenario in files.scenarios()] == [2, 2]


def test_errors_of_every_file_are_reported_at_the_start(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "a", "seed: x")
    write(tmp_path / "b.yaml", "b", "rules: 5")

    errors = Files([str(tmp_path), "no-such-name"], LIBRARY).errors()

    assert len(errors) == 3


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_plays(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("\ufeffname: 甲\r\nseed: 1\r\n".encode())

    assert playing(Files([str(tmp_path)], LIBRARY)) == ["甲"]


def test_changes_and_refusals_of_files_are_logged(
    files: Files, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    registry = ScenarioRegistry(CallCounters(), files.scenarios())
    caplog.set_level(logging.INFO, "mockocr.scenarios")
    write(folder / "a.yaml", "changed")
    write(folder / "b.yaml", "b", "nonsense: 1")

    assert follow(files, registry)
    assert [scenario.name for scenario in registry.from_files] == ["changed", "b"]
    assert list(registry.refused) == [str(folder / "b.yaml")]
    assert "unknown key 'nonsense'" in caplog.text
    assert "the scenario 'changed' is active" in caplog.text
    caplog.clear()
    assert not follow(files, registry)
    write(folder / "a.yaml", "again")
    follow(files, registry)
    assert "nonsense" not in caplog.text


def test_warnings_of_a_changed_file_are_logged_with_their_location(
    files: Files, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    registry = ScenarioRegistry(CallCounters(), files.scenarios())
    write(folder / "a.yaml", "changed", "rules: [{name: a, then: {card: {Nation: 汉族}}}]")

    assert follow(files, registry)

    assert f"{folder / 'a.yaml'}:2:41: the API returns 汉, without 族" in caplog.text


def test_a_bug_does_not_end_watching(
    files: Files, folder: Path, caplog: pytest.LogCaptureFixture, bugs: list[logging.LogRecord]
) -> None:
    reported, names = Event(), iter(["second", "third"])

    def change() -> None:
        write(folder / "a.yaml", next(names))

    def changed() -> None:
        if registry.from_files[0].name == "second":
            change()
            raise ValueError("a bug")
        reported.set()

    registry = ScenarioRegistry(CallCounters(), files.scenarios())
    change()
    with watching(files, registry, changed):
        assert reported.wait(timeout=20)

    assert registry.from_files[0].name == "third"
    (bug,) = bugs
    assert "are not followed" in bug.getMessage()
    bugs.clear()


def test_a_scenario_of_the_users_library_overrides_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path / "documented.yaml", "mine")
    library = Library(tmp_path)

    assert library.named("documented").name == "mine"
    assert set(library.names()) == {"mine", *(path.stem for path in SHIPPED.glob("*.yaml"))}


@pytest.mark.parametrize("name", ["flaky", "flaky.yaml", "third try"])
def test_a_scenario_of_the_library_is_found_by_its_file_and_by_its_name(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path / "flaky.yaml", "third try")
    (tmp_path / "broken.yaml").write_text("{")
    (tmp_path / "nameless.yaml").write_text("rules: []")
    library = Library(tmp_path)

    assert library.inline(name).source == str(tmp_path / "flaky.yaml")
    assert playing(Files([name], library)) == ["third try"]
    with pytest.raises(DocumentError, match="did you mean 'third try'"):
        library.inline("third tri")


@pytest.fixture
def used(tmp_path: Path) -> tuple[Files, ScenarioRegistry, Path]:
    """A scenario of the library that two accounts use, and one that is active for all."""
    file = tmp_path / "library" / "a.yaml"
    file.parent.mkdir()
    write(file, "a")
    library = Library(file.parent)
    registry = ScenarioRegistry(CallCounters())
    for account in ("one", "two", None):
        registry.play(library.named("a"), account)
    return Files([], library), registry, file


def seeds(registry: ScenarioRegistry) -> list[int | None]:
    return [scenario.overrides.seed for scenario in registry.used()]


def test_an_edit_in_the_library_reaches_everything_that_uses_it(
    used: tuple[Files, ScenarioRegistry, Path], caplog: pytest.LogCaptureFixture
) -> None:
    files, registry, file = used
    # Before the first check.
    write(file, "a", "seed: 2")

    assert follow(files, registry)
    assert seeds(registry) == [2, 2, 2]
    assert registry.rulebook("one").overrides.seed == 2
    assert not follow(files, registry)

    write(file, "a", "seed: 33")
    assert follow(files, registry)
    assert seeds(registry) == [33, 33, 33]

    os.utime(file, (1, 1))
    editions = [each.edition for each in registry.used()]
    assert not follow(files, registry)
    assert [each.edition for each in registry.used()] == editions


def test_a_broken_file_of_the_library_is_refused_and_its_last_version_stays(
    used: tuple[Files, ScenarioRegistry, Path], caplog: pytest.LogCaptureFixture
) -> None:
    files, registry, file = used
    write(file, "a", "sede: 2")

    assert follow(files, registry)
    assert seeds(registry) == [1, 1, 1]
    assert list(registry.refused) == [str(file)]
    assert "its last good version stays active" in caplog.text
    assert not follow(files, registry)

    file.unlink()
    assert follow(files, registry)
    assert registry.refused == {}
    assert seeds(registry) == [1, 1, 1]


def test_a_new_version_with_the_name_of_another_scenario_replaces_that_one(
    used: tuple[Files, ScenarioRegistry, Path],
) -> None:
    files, registry, file = used
    registry.set_for_account(
        "one", [registry.for_account("one")[0], load(parse_document("name: b\nseed: 7", "inline"))]
    )
    write(file, "b", "seed: 5")

    assert follow(files, registry)
    assert [each.name for each in registry.for_account("one")] == ["b"]
    assert seeds(registry) == [5, 5, 5]


def test_a_pipe_in_the_folder_is_refused_and_the_others_are_followed(
    files: Files, folder: Path
) -> None:
    os.mkfifo(folder / "pipe.yaml")
    write(folder / "b.yaml", "changed")

    assert files.look_again()
    assert playing(files) == ["a", "changed"]
    assert files.errors() == {
        str(folder / "pipe.yaml"): f"{folder / 'pipe.yaml'}: expected a regular file"
    }


@pytest.mark.parametrize("number", ["0x" + "f" * 5000, "9" * 5000, "1.0e+" + "9" * 5000])
def test_a_number_of_thousands_of_digits_keeps_no_other_file_from_being_followed(
    files: Files, folder: Path, number: str
) -> None:
    write(folder / "a.yaml", "a", f"seed: {number}")
    write(folder / "b.yaml", "changed")

    assert files.look_again()
    assert playing(files) == ["a", "changed"]
    assert "put text in quotes" in files.errors()[str(folder / "a.yaml")]


def test_a_bug_in_reading_one_file_keeps_no_other_from_being_followed(
    files: Files,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    bugs: list[logging.LogRecord],
) -> None:
    def spoilt(text: str, source: str) -> Document:
        if "spoilt" in text:
            raise ZeroDivisionError
        return parse_document(text, source)

    monkeypatch.setattr("mockocr.scenario.files.parse_document", spoilt)
    write(folder / "a.yaml", "spoilt")
    write(folder / "b.yaml", "changed")

    assert files.look_again()
    assert playing(files) == ["a", "changed"]
    path = folder / "a.yaml"
    assert files.errors() == {str(path): f"{path}: bug in mockocr: ZeroDivisionError"}
    assert "cannot read" in bugs.pop().getMessage()
