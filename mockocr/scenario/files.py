"""The files that a server was started with: what of them plays. A broken one is refused, and the
last good one stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mockocr.documents.document import DocumentError
from mockocr.documents.reading import parse_document, read_text
from mockocr.scenario.library import EmptyFolderError, Library, scenario_files
from mockocr.scenario.load import load
from mockocr.scenario.registry import ClashError, check_together
from mockocr.scenario.scenario import Scenario

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Filed:
    """A file, and what of it plays."""

    stamp: Stamp | None
    """What the file looked like when it was read; None: it was not there."""
    text: str = ""
    scenario: Scenario | None = None
    """The last good one."""
    error: str | None = None
    """Why what is in the file now does not play."""


class Files:
    """What was given with `--scenarios`, as it was when it was looked at last."""

    def __init__(self, given: Sequence[str], library: Library) -> None:
        self._given = given
        self._library = library
        self._filed: dict[Path, Filed] = {}
        self._nowhere: dict[str, str] = {}
        self.empty: set[str] = set()
        """Folders that had no scenario when they were looked at last."""
        self._missed: set[Path] = set()
        self._look(self._find())

    def scenarios(self) -> list[Scenario]:
        """In the order in which they were given."""
        return [it.scenario for it in self._filed.values() if it.scenario is not None]

    def errors(self) -> dict[str, str]:
        """What does not play, by path; as file:line:column, a line each."""
        of_files = {str(path): it.error for path, it in self._filed.items() if it.error}
        return {**self._nowhere, **of_files}

    def look_again(self) -> bool:
        """Reads what has changed on the disk; whether anything has."""
        found = self._find()
        there = {path for path in found if _stamp(path) is not None}
        gone = set(self._filed) - there - self._missed
        self._missed |= gone
        if gone:
            # An editor may just be saving it: whether it is gone, the next look will tell.
            return False
        self._missed &= set(self._filed) - there
        before = self._filed, self._nowhere
        self._look(found)
        return before != (self._filed, self._nowhere)

    def _find(self) -> list[Path]:
        paths: dict[Path, None] = {}
        self._nowhere = {}
        self.empty = set()
        for given in self._given:
            try:
                paths |= dict.fromkeys(scenario_files(given, self._library))
            except DocumentError as error:
                self._nowhere[given] = str(error)
                if isinstance(error, EmptyFolderError):
                    self.empty.add(given)
        return list(paths)

    def _look(self, paths: Sequence[Path]) -> None:
        before = self._filed
        self._filed = {path: self._read(path, before.get(path)) for path in paths}
        try:
            check_together(self.scenarios())
        except ClashError as error:
            for path, from_files in self._filed.items():
                if from_files != before.get(path) and from_files.error is None:
                    last = before[path].scenario if path in before else None
                    # Without stamp and text it is read again, until the others give way.
                    self._filed[path] = Filed(None, "", last, str(error))

    def _read(self, path: Path, known: Filed | None) -> Filed:
        stamp = _stamp(path)
        if known is not None and stamp == known.stamp:
            return known
        last = known.scenario if known else None
        try:
            text = read_text(path)
            if known is not None and text == known.text:
                return replace(known, stamp=stamp)
            document = parse_document(text, str(path))
            scenario = load(document, self._library.contract)
        except DocumentError as error:
            return Filed(stamp, "", last, str(error))
        return Filed(stamp, text, scenario)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
