"""The scenario files of a server. A broken file is refused, and its last good version stays."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mockocr.documents.document import DocumentError
from mockocr.documents.reading import parse_document, read_text
from mockocr.scenario.library import EmptyFolderError, Library, scenario_files
from mockocr.scenario.load import load, load_file
from mockocr.scenario.registry import ClashError, check_clashes
from mockocr.scenario.scenario import Scenario

logger = logging.getLogger("mockocr.scenarios")

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LoadedFile:
    stamp: Stamp | None
    """Of the file when it was read; None if it did not exist."""
    text: str = ""
    scenario: Scenario | None = None
    """Its last good version."""
    error: str | None = None
    """Why the current content of the file is refused."""


class Files:
    """The files that the values of `--scenarios` name, and those of the library that accounts use,
    as they were at the last check."""

    def __init__(self, values: Sequence[str], library: Library) -> None:
        self._values = values
        self._library = library
        self._files: dict[Path, LoadedFile] = {}
        self._not_found: dict[str, str] = {}
        self.empty: set[str] = set()
        """Folders that had no scenario at the last check."""
        self._vanished: set[Path] = set()
        self._used: dict[int, Stamp] = {}
        """The file of each scenario that accounts use, when it was last read, by edition."""
        self._refused_in_library: dict[str, str] = {}
        self._look(self._find())

    def scenarios(self) -> list[Scenario]:
        """The good ones, in the order of `--scenarios`."""
        return [file.scenario for file in self._files.values() if file.scenario is not None]

    def errors(self) -> dict[str, str]:
        """Why files are refused, by path; each line begins with file:line:column."""
        refused = {str(path): file.error for path, file in self._files.items() if file.error}
        return {**self._not_found, **refused, **self._refused_in_library}

    def changes_of(self, used: Iterable[Scenario]) -> list[tuple[Scenario, Scenario]]:
        """The scenarios in use whose file in the library changed, each with its new version."""
        known, changes = self._used, []
        self._used = {}
        loaded: dict[tuple[Path, date], Scenario | None] = {}
        in_use: set[str] = set()
        for scenario in used:
            file = Path(scenario.source)
            stamp = _stamp(file) if file.parent == self._library.folder else None
            if stamp is None:
                continue
            in_use.add(str(file))
            self._used[scenario.edition] = stamp
            if known.get(scenario.edition) == stamp:
                continue
            key = file, scenario.checked_for
            if key not in loaded:
                loaded[key] = self._reload(*key)
            new = loaded[key]
            # It may have changed before the first check.
            if new is not None and new.document != scenario.document:
                changes.append((scenario, new))
        for source in self._refused_in_library.keys() - in_use:
            del self._refused_in_library[source]
        return changes

    def _reload(self, file: Path, contract: date) -> Scenario | None:
        try:
            scenario = load_file(file, contract)
        except DocumentError as error:
            self._refused_in_library[str(file)] = str(error)
            return None
        self._refused_in_library.pop(str(file), None)
        return scenario

    def look_again(self) -> bool:
        """Reads the files that changed. Returns whether any did."""
        found = self._find()
        existing = {path for path in found if _stamp(path) is not None}
        gone = set(self._files) - existing - self._vanished
        self._vanished |= gone
        if gone:
            # An editor may be about to rename a new file to this name: wait for the next check.
            return False
        self._vanished &= set(self._files) - existing
        before = self._files, self._not_found
        self._look(found)
        return before != (self._files, self._not_found)

    def _find(self) -> list[Path]:
        paths: dict[Path, None] = {}
        self._not_found = {}
        self.empty = set()
        for value in self._values:
            try:
                paths |= dict.fromkeys(scenario_files(value, self._library))
            except DocumentError as error:
                self._not_found[value] = str(error)
                if isinstance(error, EmptyFolderError):
                    self.empty.add(value)
        return list(paths)

    def _look(self, paths: Sequence[Path]) -> None:
        before = self._files
        self._files = {path: self._read(path, before.get(path)) for path in paths}
        try:
            check_clashes(self.scenarios())
        except ClashError as error:
            for path, file in self._files.items():
                if file != before.get(path) and file.error is None:
                    last = before[path].scenario if path in before else None
                    # The empty stamp makes each check read the file again, until nothing clashes.
                    self._files[path] = LoadedFile(None, "", last, str(error))

    def _read(self, path: Path, before: LoadedFile | None) -> LoadedFile:
        stamp = _stamp(path)
        if before is not None and stamp == before.stamp:
            return before
        last = before.scenario if before else None
        try:
            text = read_text(path)
            if before is not None and text == before.text:
                return replace(before, stamp=stamp)
            document = parse_document(text, str(path))
            scenario = load(document, self._library.contract)
        except DocumentError as error:
            return LoadedFile(stamp, "", last, str(error))
        except Exception as error:
            # One file must not stop the watching of the others.
            logger.exception("bug in mockocr: cannot read %s", path)
            message = f"{path}: bug in mockocr: {type(error).__name__}"
            return LoadedFile(stamp, "", last, message)
        return LoadedFile(stamp, text, scenario)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
