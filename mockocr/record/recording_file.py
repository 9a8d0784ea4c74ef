"""The file of a recording: a scenario whose existing text stays as it is."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from mockocr.documents.document import Document, DocumentError, Location
from mockocr.documents.reading import parse_document, read_text
from mockocr.documents.writing import compact_yaml_of, yaml_of
from mockocr.scenario.load import load
from mockocr.scenario.scenario import Scenario

HEAD = "# Recorded by `mockocr record`. All people, numbers and addresses in it are invented."
"""The first line of a file that `--mode all` may replace."""


class RecordingFileError(Exception):
    """The file cannot be used or written; the message says why, and what to do."""


class RecordedRule(NamedTuple):
    name: str
    comments: Sequence[str]
    rule: dict[str, Any]

    def text(self, indent: str) -> str:
        lines = [f"# {comment}" for comment in self.comments]
        lines += compact_yaml_of([self.rule]).splitlines()
        return "".join(f"{indent}{line}\n" for line in lines)


class RecordingFile:
    """What others have written stays, also if they write while the recording runs. Not safe for
    concurrent threads."""

    def __init__(self, path: Path, contract: date, keep: bool) -> None:
        """`keep`: whether the rules of an existing file stay. Raises RecordingFileError."""
        self.path = path
        self._contract = contract
        if not path.parent.is_dir():
            raise RecordingFileError(f"{path}: {path.parent} is not a folder; make it first")
        text = self._seen = self._read()
        """The text of the file when it was last read or written; None: there was no file."""
        if text is not None and not keep and not text.startswith(HEAD):
            raise RecordingFileError(
                f"{path} was not made by `mockocr record`, so it is not replaced; choose another"
                " file, or --mode once"
            )
        self.scenario = self._loaded(text) if text is not None and keep else None
        """The scenario in the file when it was opened; None if it is new, or will be replaced."""
        self._base = text if self.scenario and text is not None else self._new_base()

    def check_appendable(self) -> None:
        """Raises RecordingFileError if rules cannot be appended to the text."""
        _rules_in(self._parsed(self._base))

    def write(self, rules: Sequence[RecordedRule]) -> None:
        """Appends the rules, except those whose names are in the file already because somebody else
        has written it since. Replaces those of the last `write`. Raises RecordingFileError if
        the file would not be a valid scenario."""
        text = self._read()
        if text is not None and text != self._seen:
            self._base = text
        names, indent = _rules_in(self._parsed(self._base))
        new = "".join(rule.text(indent) for rule in rules if rule.name not in names)
        line_end = "" if self._base.endswith("\n") else "\n"
        text = f"{self._base}{line_end}{new}"
        self._loaded(text)
        self._replace(text)
        self._seen = text

    def _new_base(self) -> str:
        settings = {"name": self.path.stem, "contract": str(self._contract)}
        return f"{HEAD}\n{yaml_of(settings)}rules:\n"

    def _read(self) -> str | None:
        """None if there is no such file."""
        try:
            return read_text(self.path) if self.path.exists() else None
        except (DocumentError, OSError) as error:
            raise RecordingFileError(str(error)) from None

    def _parsed(self, text: str) -> Document:
        try:
            return parse_document(text, str(self.path))
        except DocumentError as error:
            raise RecordingFileError(str(error)) from None

    def _loaded(self, text: str) -> Scenario:
        try:
            return load(self._parsed(text), self._contract)
        except DocumentError as error:
            raise RecordingFileError(str(error)) from None

    def _replace(self, text: str) -> None:
        path = self.path.resolve()
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with part.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise RecordingFileError(f"cannot write {self.path} ({error.strerror})") from None


def _rules_in(document: Document) -> tuple[frozenset[str], str]:
    """The names of the rules, and the indentation of a further one at the end of the text. Raises
    RecordingFileError if none can be appended there."""
    keys = {path[0]: location for path, location in document.keys.items() if len(path) == 1}
    last = max(keys, key=lambda name: keys[name] or Location(0, 0), default=None)
    start = document.values.get(("rules",))
    if last != "rules" or start is None:
        raise RecordingFileError(
            f"{document.source}: expected `rules` as the last key, because recorded rules are"
            " appended; move it to the end, or choose another file"
        )
    rules = document.data["rules"]
    if rules is None:
        return frozenset(), "  "
    if start.line == (keys["rules"] or start).line:
        raise RecordingFileError(
            f"{document.source}:{start.line}:{start.column}: expected one rule in each line that"
            " begins with `- `, because recorded rules are appended; got a list in brackets"
        )
    names = (rule.get("name") for rule in rules if isinstance(rule, dict))
    return frozenset(name for name in names if isinstance(name, str)), " " * (start.column - 1)
