"""YAML with the place of everything in it: the only home of yaml.

For files that people write (scenarios, keys): every fault of a file is told at once, with its
place, what was found and what would do.
"""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mockocr.documents.own_rule import OWN_RULE

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_CHARACTERS = 1024 * 1024
MAX_NODES = 100_000
"""Aliases counted each time they are used, so that a few lines cannot stand for billions."""
MAX_DEPTH = 32

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Counted from 1, as editors do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    place: Location | None
    """None in what was no text: then the path tells where."""
    text: str
    path: Keys = field(default=(), compare=False)

    def where(self) -> str:
        return f":{self.place.line}:{self.place.column}" if self.place else _spelled(self.path)


def _spelled(path: Keys) -> str:
    """` rules[0].then`, to stand behind a source."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return f": {''.join(parts).removeprefix('.')}" if path else ""


class DocumentError(Exception):
    """A file that cannot be used, with all that is wrong in it."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = sorted(problems)
        super().__init__("\n".join(f"{source}{it.where()}: {it.text}" for it in self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    source: str
    data: Any
    values: Mapping[Keys, Location | None] = field(default_factory=dict)
    keys: Mapping[Keys, Location | None] = field(default_factory=dict)

    def problem(self, path: Keys, text: str) -> Problem:
        """At a path, or the part of it that is in the document."""
        here = self._path(path)
        return Problem(self.values[here], text, here)

    def where(self, path: Keys) -> str:
        """In words: `in line 3`."""
        place = self.values[path]
        return f"in line {place.line}" if place else f"at{_spelled(path).removeprefix(':')}"

    def validated(
        self,
        model: type[ModelT],
        problems: Iterable[Problem] = (),
        secrets: Collection[str] = (),
    ) -> ModelT:
        """The document as a value. Raises DocumentError with everything that does not fit.

        `problems` are what no model can see in it. What stands under a key of `secrets` is not
        quoted; nor is, beside such keys, a text where none belongs: it may be a secret misplaced.
        """
        found = list(problems)
        try:
            value = model.model_validate(self.data)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                misplaced = isinstance(error["input"], str) and error["type"] != "literal_error"
                if secrets and (misplaced or not {*error["loc"]}.isdisjoint(secrets)):
                    error["input"] = _HIDDEN
                found.append(self._problem(error, model))
        if found:
            raise DocumentError(self.source, found)
        return value

    def _problem(self, error: Any, model: type[BaseModel]) -> Problem:
        if error["type"] == "extra_forbidden":
            path = self._path(error["loc"])
            known = sorted(_known_keys(_schema(model), path[:-1]))
            return Problem(self.keys[path], _not_known(path[-1], known), path)
        return self.problem(error["loc"], _words_of(error))

    def _path(self, location: Sequence[str | int]) -> Keys:
        """The part of pydantic's location that is in the document; the rest names types."""
        paths: list[Keys] = [()]
        for part in location:
            paths += [longer for path in paths if (longer := (*path, part)) in self.values]
        return max(reversed(paths), key=len)


def _words_of(error: Any) -> str:
    found = error["input"]
    match error["type"]:
        case "missing":
            return f"{error['loc'][-1]!r} is missing"
        case "literal_error" | "enum":
            choices = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
            return _not_known(found, [choice.strip("'") for choice in choices])
        case "string_type" if isinstance(found, bool | int | float):
            return f"found {_kind(found)}, a text is wanted: put it in quotes"
        case wanted if wanted in _WANTED:
            return f"{_WANTED[wanted]} is wanted, found {_kind(found)}"
        case "too_short" | "too_long":
            limits = error["ctx"]
            most = "at least" if error["type"] == "too_short" else "at most"
            wanted = limits.get("min_length", limits.get("max_length"))
            count = limits["actual_length"]
            return f"{most} {wanted} wanted, found {count or 'none'}"
        case bound if bound in _BOUNDS:
            (limit,) = error["ctx"].values()
            return f"{_BOUNDS[bound]} {limit} is wanted, found {_kind(found)}"
        case own if own.startswith(OWN_RULE):
            return str(error["msg"])
        case _:
            return f"{error['msg']}, found {_kind(found)}"


def document_of(data: Any, source: str) -> Document:
    """Of what was no text: it has paths and no places."""
    values: dict[Keys, Location | None] = {}

    def walk(value: Any, path: Keys) -> None:
        values[path] = None
        if len(values) > MAX_NODES or len(path) > MAX_DEPTH:
            raise DocumentError(source, [Problem(None, "is too large", path[:1])])
        match value:
            case dict():
                for key, part in value.items():
                    walk(part, (*path, key))
            case list():
                for index, part in enumerate(value):
                    walk(part, (*path, index))

    walk(data, ())
    return Document(source, data, values, values)


def read_document(path: Path) -> Document:
    """Raises DocumentError for a file that is no YAML of one document, or is absent."""
    return parse_document(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Raises DocumentError for a file that is absent, or no text."""
    try:
        with path.open("rb") as file:
            content = file.read(4 * MAX_CHARACTERS + 1)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise DocumentError(str(path), [Problem(Location(1, 1), str(error.strerror))]) from None
    except UnicodeDecodeError:
        raise DocumentError(str(path), [Problem(Location(1, 1), "is not UTF-8 text")]) from None


def parse_document(text: str, source: str) -> Document:
    if len(text) > MAX_CHARACTERS:
        problem = Problem(Location(1, 1), f"is longer than {MAX_CHARACTERS} characters")
        raise DocumentError(source, [problem])
    try:
        _refuse_deep_nesting(text, source)
        root = yaml.CSafeLoader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise DocumentError(source, [Problem(_place(mark), said)]) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode()
        raise DocumentError(source, [_misplaced(text, len(before))]) from None
    except UnicodeEncodeError as error:
        raise DocumentError(source, [_misplaced(text, error.start)]) from None
    if root is None:
        raise DocumentError(source, [Problem(Location(1, 1), "is empty")])
    builder = _Builder()
    data = builder.build(root, (), 0)
    if builder.problems:
        raise DocumentError(source, builder.problems)
    return Document(source, data, builder.values, builder.keys)


def _refuse_deep_nesting(text: str, source: str) -> None:
    """First, because composing a node in C recurses without end (200,000 brackets crash it)."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            problem = Problem(_place(event.start_mark), f"is nested more than {MAX_DEPTH} deep")
            raise DocumentError(source, [problem])


def _misplaced(text: str, index: int) -> Problem:
    """A character that no YAML may hold."""
    line = text.count("\n", 0, index) + 1
    place = Location(line, index - text.rfind("\n", 0, index))
    return Problem(place, f"the character U+{ord(text[index]):04X} may not stand here")


def did_you_mean(found: str, known: Sequence[str]) -> str | None:
    """The known word that is nearest to what was found, if any is near."""
    by_lower_case = {word.lower(): word for word in known}
    near = difflib.get_close_matches(found.lower(), by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None


def _not_known(found: Any, known: Sequence[str]) -> str:
    if found is None:
        return f"nothing is given; known: {', '.join(known)}"
    if near := did_you_mean(str(found), known):
        return f"{_quoted(found)} is not known here; did you mean {near!r}?"
    return f"{_quoted(found)} is not known here; known: {', '.join(known)}"


_BOUNDS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}
_WANTED = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "bool_type": "true or false",
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
}


_HIDDEN = object()


def _kind(value: Any) -> str:
    match value:
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {_quoted(value)}"
        case None:
            return "nothing"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "something else"


_QUOTED_CHARACTERS = 80


def _quoted(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _QUOTED_CHARACTERS else f"{text[:_QUOTED_CHARACTERS]}..."


def _place(mark: Any) -> Location:
    return Location(mark.line + 1, mark.column + 1) if mark else Location(1, 1)


_SCALARS = yaml.SafeLoader("")
_COLLECTIONS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_CONSTRUCTED = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))
_TEXTS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "timestamp", "merge", "value"))
"""Dates stay the text they are."""


class _Builder:
    """Builds the data of a node and notes the place of each part."""

    def __init__(self) -> None:
        self.values: dict[Keys, Location | None] = {}
        self.keys: dict[Keys, Location | None] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def build(self, node: yaml.Node, path: Keys, depth: int) -> Any:
        place = self.values[path] = _place(node.start_mark)
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            if self._nodes <= MAX_NODES + 1:
                self.problems.append(Problem(place, "grows too large through its aliases"))
            self._nodes = MAX_NODES + 1
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place)
        if node.tag not in _COLLECTIONS:
            self.problems.append(Problem(place, f"{node.tag} is no tag that can be read here"))
        if isinstance(node, yaml.MappingNode):
            return dict(self._members(node, path, depth))
        return [
            self.build(item, (*path, index), depth + 1) for index, item in enumerate(node.value)
        ]

    def _members(self, node: yaml.MappingNode, path: Keys, depth: int) -> Iterator[tuple[str, Any]]:
        lines: dict[str, int] = {}
        for key, value in node.value:
            place = _place(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(Problem(place, "a key must be a plain text"))
                continue
            member = (*path, key.value)
            if key.value in lines:
                text = f"{_quoted(key.value)} stands here already, in line {lines[key.value]}"
                self.problems.append(Problem(place, text))
            lines[key.value] = place.line
            self.keys[member] = place
            yield key.value, self.build(value, member, depth + 1)

    def _scalar(self, node: yaml.ScalarNode, place: Location) -> Any:
        if node.tag in _TEXTS:
            return node.value
        if node.tag in _CONSTRUCTED:
            try:
                return _SCALARS.yaml_constructors[node.tag](_SCALARS, node)
            except (ValueError, LookupError):  # LookupError: `!!bool maybe`, `!!int ""`
                pass
        text = f"{node.tag} {_quoted(node.value)} cannot be read here"
        self.problems.append(Problem(place, text))
        return None


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    """Making it takes 25 ms, for every unknown key again."""
    return model.model_json_schema()


def _known_keys(schema: Mapping[str, Any], path: Keys) -> set[str]:
    """The keys that a JSON Schema knows at a path."""
    here = [schema]
    for part in path:
        step = [found for one in here for found in _resolved(one, schema)]
        here = [
            one.get("items", {})
            if isinstance(part, int)
            else one.get("properties", {}).get(part, {})
            for one in step
        ]
    return {
        key
        for one in here
        for found in _resolved(one, schema)
        for key in found.get("properties", {})
    }


def _resolved(one: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and all that it refers to or offers to choose from."""
    if reference := one.get("$ref"):
        yield from _resolved(root["$defs"][reference.rpartition("/")[2]], root)
    for choice in one.get("anyOf", one.get("oneOf", ())):
        yield from _resolved(choice, root)
    yield one
