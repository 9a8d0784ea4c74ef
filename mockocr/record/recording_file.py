"""The file of a recording: a scenario whose existing text stays as it is."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from mockocr.documents.document import MAX_NODES, Document, DocumentError, Location
from mockocr.documents.reading import MAX_CHARACTERS, parse_document, read_text
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

    def lines(self) -> list[str]:
        comments = [f"# {comment}" for comment in self.comments]
        return comments + compact_yaml_of([self.rule]).splitlines()


class _Layout(NamedTuple):
    """Where a further rule is written."""

    names: frozenset[str]
    """Of the rules that are there."""
    indent: str
    values: int


class _Written(NamedTuple):
    """A valid rule, and how it is written."""

    rule: RecordedRule
    lines: Sequence[str]
    values: int
    """The number of values in the text. A document may have a limited number of them."""


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
        self._written: dict[str, _Written] = {}
        """The rules of the last `write`, by name. They are not checked again."""
        self._layout: _Layout | None = None
        """Of `_base`; None until it is needed."""

    def check_appendable(self) -> None:
        """Raises RecordingFileError if rules cannot be appended to the text."""
        self._layout = _layout_of(self._parsed(self._base))

    def write(self, rules: Sequence[RecordedRule]) -> None:
        """Appends the rules, except those whose names are in the file already because somebody else
        has written it since. Replaces those of the last `write`. Raises RecordingFileError if
        the file would not be a valid scenario."""
        text = self._read()
        is_edited = text is not None and text != self._seen
        if text is not None and is_edited:
            self._base, self._layout = text, None
        self._layout = self._layout or _layout_of(self._parsed(self._base))
        names, indent, base_values = self._layout
        new = [self._checked(rule) for rule in rules if rule.name not in names]
        line_end = "" if self._base.endswith("\n") else "\n"
        lines = (f"{indent}{line}\n" for each in new for line in each.lines)
        text = f"{self._base}{line_end}{''.join(lines)}"
        values = base_values + sum(each.values for each in new)
        if len(text) > MAX_CHARACTERS or values > MAX_NODES:
            raise RecordingFileError(f"{self.path} is full; record into another file")
        if is_edited:
            self._loaded(text)
        self._replace(text)
        self._seen = text

    def _checked(self, rule: RecordedRule) -> _Written:
        """Raises RecordingFileError if the rule is not valid."""
        written = self._written.get(rule.name)
        if written is None or written.rule != rule:
            lines = rule.lines()
            alone = "\n".join([f"name: alone\ncontract: '{self._contract}'\nrules:", *lines])
            self._loaded(alone)
            written = _Written(rule, lines, _values_in(self._parsed(alone)))
            self._written[rule.name] = written
        return written

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
            scenario = load(self._parsed(text), self._contract)
        except DocumentError as error:
            raise RecordingFileError(str(error)) from None
        self._contract = scenario.overrides.contract or self._contract
        return scenario

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


def _values_in(document: Document) -> int:
    return len(document.values) + len(document.keys)


def _layout_of(document: Document) -> _Layout:
    """Raises RecordingFileError if no rule can be appended at the end of the document."""
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
        return _Layout(frozenset(), "  ", _values_in(document))
    if start.line == (keys["rules"] or start).line:
        raise RecordingFileError(
            f"{document.source}:{start.line}:{start.column}: expected one rule in each line that"
            " begins with `- `, because recorded rules are appended; got a list in brackets"
        )
    names = (rule.get("name") for rule in rules if isinstance(rule, dict))
    return _Layout(
        frozenset(name for name in names if isinstance(name, str)),
        " " * (start.column - 1),
        _values_in(document),
    )
