"""A document: its data, the location of each value, and its problems."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mockocr.documents.messages import KeyPath, message_of, spelled

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_NODES = 30_000
"""Composing them blocks all other threads for some tens of milliseconds. An alias counts each time
it is used, so a few lines cannot expand to billions of values."""
MAX_DEPTH = 32
_MAX_NUMBER_BITS = 400
"""Of a whole number in data: about 120 digits. In text, `reading.MAX_NUMBER_CHARACTERS` holds."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Counted from 1, as editors do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    location: Location | None
    """None if the document was data, where `path` says where, or if the file cannot be read."""
    text: str
    path: KeyPath = field(default=(), compare=False)

    def where(self) -> str:
        """`:3:5` or `: rules[0].then`, to append to the name of the source."""
        if self.location:
            return f":{self.location.line}:{self.location.column}"
        return f": {spelled(self.path)}" if self.path else ""


class DocumentError(Exception):
    """A document that cannot be used, with all its problems, sorted by location."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = sorted(problems)
        super().__init__(
            "\n".join(f"{source}{problem.where()}: {problem.text}" for problem in self.problems)
        )


@dataclass(frozen=True, slots=True)
class Document:
    source: str
    data: Any
    values: Mapping[KeyPath, Location | None] = field(default_factory=dict)
    keys: Mapping[KeyPath, Location | None] = field(default_factory=dict)
    numbers: Mapping[KeyPath, str] = field(default_factory=dict)
    """How values that are not text are written in the document: `010101` is read as an octal
    number."""
    text: str | None = None
    """The text as it was written; None if the document was data."""

    def problem(self, path: KeyPath, text: str) -> Problem:
        """A problem at the longest part of the path that is in the document."""
        found = self._path(path)
        return Problem(self.values[found], text, found)

    def where(self, path: KeyPath) -> str:
        """`in line 3` or `at rules[0].then`, for a message."""
        location = self.values[path]
        return f"in line {location.line}" if location else f"at {spelled(path)}"

    def validated(
        self,
        model: type[ModelT],
        problems: Iterable[Problem] = (),
        secrets: Collection[str] = (),
    ) -> ModelT:
        """The document as a value of the model. Raises DocumentError with all problems.

        `problems` are problems that the model cannot find. `secrets` are keys whose values are
        never quoted. If there are any, misplaced text is not quoted either: it may be a secret.
        """
        found = list(problems)
        try:
            value = model.model_validate(self.data)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                misplaced = isinstance(error["input"], str) and error["type"] != "literal_error"
                secret = bool(secrets) and (misplaced or not {*error["loc"]}.isdisjoint(secrets))
                is_key = error["type"] == "extra_forbidden"
                path = self._path(error["loc"])
                written = self.numbers.get(path)
                text = message_of(error, model, path, quote=not secret, written=written)
                found.append(Problem((self.keys if is_key else self.values)[path], text, path))
        if found:
            raise DocumentError(self.source, found)
        return value

    def _path(self, location: Sequence[str | int]) -> KeyPath:
        """The keys in pydantic's location of an error, without the names of types between them."""
        paths: list[KeyPath] = [()]
        for part in location:
            paths += [longer for path in paths if (longer := (*path, part)) in self.values]
        return max(reversed(paths), key=len)


def document_of(data: Any, source: str) -> Document:
    """A document of data, without locations. Raises DocumentError if the data, or a number in it,
    is too large."""
    values: dict[KeyPath, Location | None] = {}

    def walk(value: Any, path: KeyPath) -> None:
        values[path] = None
        if len(values) > MAX_NODES or len(path) > MAX_DEPTH:
            text = f"expected at most {MAX_NODES} values, nested at most {MAX_DEPTH} levels deep"
            raise DocumentError(source, [Problem(None, text, path[:1])])
        match value:
            case dict():
                for key, part in value.items():
                    walk(part, (*path, key))
            case list():
                for index, part in enumerate(value):
                    walk(part, (*path, index))
            case int() if value.bit_length() > _MAX_NUMBER_BITS:
                raise DocumentError(source, [Problem(None, "the number is too large", path)])

    walk(data, ())
    return Document(source, data, values, values)
