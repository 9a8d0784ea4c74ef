"""Scenarios by name: those in the folder of `--library`, and the shipped ones."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from mockocr.documents.document import Document, DocumentError, Problem, document_of
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


class LibraryEntry(NamedTuple):
    """A scenario that can be played by name."""

    name: str
    """The name of its file, without the suffix."""
    file: Path
    scenario: str
    """The name in the file, which is usually the same."""
    description: str


class Library:
    """A scenario has the name of its file, with or without the suffix; one in the folder of
    `--library` also has the name that is in the file."""

    def __init__(self, folder: Path | None = None, contract: date = API_PAGE) -> None:
        """Raises DocumentError if the folder cannot be read or has no scenario."""
        self.contract = contract
        """The contract of scenarios that set none."""
        self.folder = folder
        if folder is not None:
            scenario_files_in(folder)

    def names(self) -> list[str]:
        return sorted({*self._files(), *self._names_in_files()})

    def entries(self, words: Sequence[str] = ()) -> Iterator[LibraryEntry]:
        """The valid files whose name or text has all these words, in any case."""
        for name, file in sorted(self._files().items()):
            with suppress(DocumentError):
                text = _text(file)
                searched = f"{name}\n{text}".lower()
                if all(word.lower() in searched for word in words):
                    scenario = _load(_parsed(text, str(file)), self.contract)
                    yield LibraryEntry(name, file, scenario.name, scenario.description)

    def _files(self) -> dict[str, Path]:
        """A file in the folder replaces the shipped file of the same name."""
        files = {file.stem: file for file in SHIPPED.glob("*.yaml")}
        if self.folder is not None:
            files |= {file.stem: file for file in scenario_files_in(self.folder)}
        return files

    def _names_in_files(self) -> dict[str, Path]:
        """The names in the files of the folder. The first file has a name that several have."""
        names: dict[str, Path] = {}
        for file in scenario_files_in(self.folder) if self.folder is not None else ():
            with suppress(DocumentError):
                match _parsed(_text(file), str(file)).data:
                    case {"name": str(name)}:
                        names.setdefault(name, file)
        return names

    def find(self, name: str) -> Path | None:
        files = self._files()
        stem = name.removesuffix(".yaml").removesuffix(".yml")
        return files.get(name) or files.get(stem) or self._names_in_files().get(name)

    def file(self, name: str) -> Path:
        """Raises DocumentError if there is none of this name."""
        file = self.find(name)
        if file is None:
            raise _file_error(name, f"no such file; {unknown('scenario', name, self.names())}")
        return file

    def named(self, name: str, contract: date | None = None) -> Scenario:
        """Raises DocumentError."""
        file = self.file(name)
        return _load(_parsed(_text(file), str(file)), contract or self.contract)

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
            if self.find(spec) is None:
                text = unknown("scenario", spec, self.names())
                raise DocumentError(source, [Problem(None, text)])
            return self.named(spec, contract)
        document = _parsed(spec, source) if isinstance(spec, str) else document_of(spec, source)
        if name is not None and isinstance(document.data, dict):
            # The text has no name, so it is not the text of this scenario.
            is_named = "name" in document.data
            written = document.text if is_named else None
            document = replace(document, data={"name": name, **document.data}, text=written)
        return _load(document, contract or self.contract)


# Late: YAML and the models of scenarios take 60 ms, and the accounts of a server may need neither.


def _load(document: Document, contract: date) -> Scenario:
    from mockocr.scenario.load import load

    return load(document, contract)


def _parsed(text: str, source: str) -> Document:
    from mockocr.documents.reading import parse_document

    return parse_document(text, source)


def _text(file: Path) -> str:
    from mockocr.documents.reading import read_text

    return read_text(file)


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
        is_path = path.exists() or len(path.parts) > 1
        if is_path or (path.suffix in SUFFIXES and library.find(text) is None):
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
        raise EmptyFolderError(str(folder), [Problem(None, problem)])
    return files


def _file_error(source: str, text: str) -> DocumentError:
    return DocumentError(source, [Problem(None, text)])
