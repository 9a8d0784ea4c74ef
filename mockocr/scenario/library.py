"""Scenarios by name: those of `--library`, and those that are shipped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from mockocr.documents.document import DocumentError, Location, Problem, document_of
from mockocr.documents.reading import parse_document
from mockocr.scenario.load import load, load_file
from mockocr.scenario.scenario import Scenario
from mockocr.settings import API_PAGE
from mockocr.suggestions import unknown

SUFFIXES = (".yaml", ".yml")

INLINE = "inline"
"""The source of a scenario that came from no file."""


class EmptyFolderError(DocumentError):
    """A folder without any scenario."""


_PACKAGE = Path(__file__).parent.parent
SHIPPED = next(
    folder
    for folder in (_PACKAGE / "shipped" / "scenarios", _PACKAGE.parent / "scenarios")
    if folder.is_dir()
)
"""Beside the code in a wheel, beside the package in a checkout."""


class Library:
    """Reads what it is asked for. A file's name without its ending is the name to ask by."""

    def __init__(self, folder: Path | None = None, contract: date = API_PAGE) -> None:
        """Raises DocumentError for a folder that cannot be read, or has no scenario."""
        self.contract = contract
        """Where a scenario says none."""
        self._folder = folder
        if folder is not None:
            scenario_files_in(folder)

    def names(self) -> list[str]:
        return sorted(self._files())

    def _files(self) -> dict[str, Path]:
        """A scenario of one's own wins over a shipped one of the same name."""
        files = {file.stem: file for file in SHIPPED.glob("*.yaml")}
        if self._folder is not None:
            files |= {file.stem: file for file in scenario_files_in(self._folder)}
        return files

    def file(self, name: str) -> Path:
        """Raises DocumentError where there is none of this name."""
        files = self._files()
        if name not in files:
            raise no_place(name, f"no such file; {unknown('scenario', name, sorted(files))}")
        return files[name]

    def named(self, name: str, contract: date | None = None) -> Scenario:
        """Raises DocumentError."""
        return load_file(self.file(name), contract or self.contract)

    def inline(
        self,
        words: Any,
        source: str = INLINE,
        contract: date | None = None,
        name: str | None = None,
    ) -> Scenario:
        """A scenario by name, as YAML text, or as data. `name`: for one that says none.

        Raises DocumentError, of this source but for a file of the library.
        """
        if isinstance(words, str) and not _is_yaml(words):
            if words not in (known := self.names()):
                raise DocumentError(source, [Problem(None, unknown("scenario", words, known))])
            return self.named(words, contract)
        document = (
            parse_document(words, source) if isinstance(words, str) else document_of(words, source)
        )
        if name is not None and isinstance(document.data, dict):
            document = replace(document, data={"name": name, **document.data})
        return load(document, contract or self.contract)


def _is_yaml(text: str) -> bool:
    """Whether a text is a scenario itself and not the name of one."""
    return "\n" in text or ":" in text


def scenario_files(given: str, library: Library) -> Sequence[Path]:
    """The files that a path or a name stands for; of a folder all its files, by name.

    Raises DocumentError where there is none.
    """
    try:
        path = Path(given)
        if path.is_dir():
            return scenario_files_in(path)
        if path.exists() or path.suffix in SUFFIXES or len(path.parts) > 1:
            return [path]
    except OSError as error:
        raise no_place(given, str(error.strerror)) from None
    return [library.file(given)]


def scenario_files_in(folder: Path) -> Sequence[Path]:
    """By name. Raises DocumentError: EmptyFolderError for a folder without any."""
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES)
    except OSError as error:
        raise no_place(str(folder), str(error.strerror)) from None
    if not files:
        problem = "there is no scenario file (*.yaml) in this folder"
        raise EmptyFolderError(str(folder), [Problem(Location(1, 1), problem)])
    return files


def no_place(source: str, text: str) -> DocumentError:
    return DocumentError(source, [Problem(Location(1, 1), text)])
