"""Scenarios by name: those in the folder of `--library`, and the shipped ones."""

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
"""The source of a scenario that is not from a file."""


class EmptyFolderError(DocumentError):
    """A folder has no scenario files."""


_PACKAGE = Path(__file__).parent.parent
SHIPPED = next(
    folder
    for folder in (_PACKAGE / "shipped" / "scenarios", _PACKAGE.parent / "scenarios")
    if folder.is_dir()
)
"""Inside the package in a wheel, next to it in a checkout."""


class Library:
    """A scenario is named after its file, without the suffix."""

    def __init__(self, folder: Path | None = None, contract: date = API_PAGE) -> None:
        """Raises DocumentError if the folder cannot be read or has no scenario."""
        self.contract = contract
        """The contract of scenarios that set none."""
        self._folder = folder
        if folder is not None:
            scenario_files_in(folder)

    def names(self) -> list[str]:
        return sorted(self._files())

    def _files(self) -> dict[str, Path]:
        """A file in the folder replaces the shipped file of the same name."""
        files = {file.stem: file for file in SHIPPED.glob("*.yaml")}
        if self._folder is not None:
            files |= {file.stem: file for file in scenario_files_in(self._folder)}
        return files

    def file(self, name: str) -> Path:
        """Raises DocumentError if there is none of this name."""
        files = self._files()
        if name not in files:
            raise _file_error(name, f"no such file; {unknown('scenario', name, sorted(files))}")
        return files[name]

    def named(self, name: str, contract: date | None = None) -> Scenario:
        """Raises DocumentError."""
        return load_file(self.file(name), contract or self.contract)

    def inline(
        self,
        spec: Any,
        source: str = INLINE,
        contract: date | None = None,
        name: str | None = None,
    ) -> Scenario:
        """A scenario from a name, a text of YAML, or data. `name`: for a scenario without one.

        Raises DocumentError, with this source unless a file of the library is wrong.
        """
        if isinstance(spec, str) and not _is_yaml(spec):
            if spec not in (names := self.names()):
                raise DocumentError(source, [Problem(None, unknown("scenario", spec, names))])
            return self.named(spec, contract)
        document = (
            parse_document(spec, source) if isinstance(spec, str) else document_of(spec, source)
        )
        if name is not None and isinstance(document.data, dict):
            document = replace(document, data={"name": name, **document.data})
        return load(document, contract or self.contract)


def _is_yaml(text: str) -> bool:
    """Whether a text is a scenario and not a name."""
    return "\n" in text or ":" in text


def scenario_files(text: str, library: Library) -> Sequence[Path]:
    """The files for the path of a file or folder, or for a name. Those of a folder are sorted.

    Raises DocumentError if there are none.
    """
    try:
        path = Path(text)
        if path.is_dir():
            return scenario_files_in(path)
        if path.exists() or path.suffix in SUFFIXES or len(path.parts) > 1:
            return [path]
    except OSError as error:
        raise _file_error(text, str(error.strerror)) from None
    return [library.file(text)]


def scenario_files_in(folder: Path) -> Sequence[Path]:
    """Sorted by name. Raises DocumentError, EmptyFolderError if there are none."""
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES)
    except OSError as error:
        raise _file_error(str(folder), str(error.strerror)) from None
    if not files:
        problem = "no scenario files (*.yaml) in this folder"
        raise EmptyFolderError(str(folder), [Problem(Location(1, 1), problem)])
    return files


def _file_error(source: str, text: str) -> DocumentError:
    return DocumentError(source, [Problem(Location(1, 1), text)])
