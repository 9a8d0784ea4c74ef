"""Reads YAML."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mockocr.documents.characters import suspect
from mockocr.documents.document import (
    MAX_DEPTH,
    MAX_NODES,
    Document,
    DocumentError,
    Location,
    Problem,
)
from mockocr.documents.messages import KeyPath
from mockocr.suggestions import quoted

MAX_CHARACTERS = 1024 * 1024
MAX_NUMBER_CHARACTERS = 100
"""The maximum length of a scalar that is not text."""

_START = Location(1, 1)


def read_document(path: Path) -> Document:
    """Raises DocumentError if the file cannot be read or is not one document of YAML."""
    return parse_document(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Raises DocumentError if the file cannot be read, is a pipe or device, or is not UTF-8."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DocumentError(str(path), [Problem(None, "expected a regular file")])
            content = file.read(4 * MAX_CHARACTERS + 1)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise DocumentError(str(path), [Problem(None, str(error.strerror))]) from None
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        location = _location_in(before, len(before))
        raise DocumentError(str(path), [Problem(location, "expected UTF-8 text")]) from None


def _open_without_waiting(path: str, flags: int) -> int:
    """An ordinary open of a pipe waits until another process writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def parse_document(text: str, source: str) -> Document:
    """Raises DocumentError if the text is not one document of YAML, or is too large."""
    if len(text) > MAX_CHARACTERS:
        problem = Problem(_START, f"expected at most {MAX_CHARACTERS} characters")
        raise DocumentError(source, [problem])
    try:
        _check_size(text, source)
        root = yaml.CSafeLoader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = ", ".join(part for part in (error.context, error.problem) if part)
        location = _location(mark)
        if (found := suspect(text, location.line)) is not None:
            message = f"{message}; {found}"
        raise DocumentError(source, [Problem(location, message)]) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode()
        raise DocumentError(source, [_invalid_character(text, len(before))]) from None
    except UnicodeEncodeError as error:
        raise DocumentError(source, [_invalid_character(text, error.start)]) from None
    if root is None:
        raise DocumentError(source, [Problem(_START, "the document is empty")])
    builder = _Builder()
    data = builder.build(root, (), 0)
    if builder.problems:
        raise DocumentError(source, builder.problems)
    return Document(source, data, builder.values, builder.keys, builder.numbers, text)


def _check_size(text: str, source: str) -> None:
    """Called before the nodes are composed. Composing is recursive C code, which blocks all other
    threads: 200,000 brackets would crash the process."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            message = f"nested more than {MAX_DEPTH} levels deep"
            if nodes > MAX_NODES:
                message = f"expected at most {MAX_NODES} values"
            raise DocumentError(source, [Problem(_location(event.start_mark), message)])


def _invalid_character(text: str, index: int) -> Problem:
    return Problem(_location_in(text, index), f"invalid character U+{ord(text[index]):04X}")


def _location_in(text: str, index: int) -> Location:
    return Location(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _location(mark: Any) -> Location:
    return Location(mark.line + 1, mark.column + 1) if mark else _START


_SCALARS = yaml.SafeLoader("")
_COLLECTIONS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_CONSTRUCTED = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))
_TEXTS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "timestamp", "merge", "value"))
"""Tags whose scalars stay text. Models convert dates themselves."""


class _Builder:
    """Builds the data of a node, and records the location of each key and value."""

    def __init__(self) -> None:
        self.values: dict[KeyPath, Location | None] = {}
        self.keys: dict[KeyPath, Location | None] = {}
        self.numbers: dict[KeyPath, str] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def build(self, node: yaml.Node, path: KeyPath, depth: int) -> Any:
        location = self.values[path] = _location(node.start_mark)
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            if self._nodes <= MAX_NODES + 1:
                self.problems.append(Problem(location, "aliases make the document too large"))
            self._nodes = MAX_NODES + 1
            return None
        if isinstance(node, yaml.ScalarNode):
            if node.tag not in _TEXTS:
                self.numbers[path] = node.value
            return self._scalar(node, location)
        if node.tag not in _COLLECTIONS:
            self.problems.append(Problem(location, f"unsupported tag {node.tag}"))
        if isinstance(node, yaml.MappingNode):
            return dict(self._members(node, path, depth))
        return [
            self.build(entry, (*path, index), depth + 1) for index, entry in enumerate(node.value)
        ]

    def _members(
        self, node: yaml.MappingNode, path: KeyPath, depth: int
    ) -> Iterator[tuple[str, Any]]:
        lines: dict[str, int] = {}
        for key, value in node.value:
            location = _location(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(Problem(location, "expected text as a key"))
                continue
            if key.value in lines:
                message = f"duplicate key {quoted(key.value)}; it is also in line"
                self.problems.append(Problem(location, f"{message} {lines[key.value]}"))
            lines[key.value] = location.line
            member = (*path, key.value)
            self.keys[member] = location
            yield key.value, self.build(value, member, depth + 1)

    def _scalar(self, node: yaml.ScalarNode, location: Location) -> Any:
        if node.tag in _TEXTS:
            return node.value
        if len(node.value) > MAX_NUMBER_CHARACTERS:
            message = f"expected a number of at most {MAX_NUMBER_CHARACTERS} characters"
            got = f"got {len(node.value)}; put text in quotes"
            self.problems.append(Problem(location, f"{message}, {got}"))
            return None
        if node.tag in _CONSTRUCTED:
            try:
                return _SCALARS.yaml_constructors[node.tag](_SCALARS, node)
            except (ValueError, LookupError, OverflowError):  # `!!bool maybe`, `!!int ""`
                pass
        message = f"cannot read {quoted(node.value)} as {node.tag}"
        self.problems.append(Problem(location, message))
        return None
