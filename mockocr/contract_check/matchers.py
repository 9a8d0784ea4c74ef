"""What a value of a reply must be, as case files write it, and how a value differs from it.

A text of an answer is personal data: a difference describes it, and never quotes it.
"""

import binascii
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from mockocr.actions.matchers import Regex, Spec
from mockocr.documents.messages import OWN_RULE
from mockocr.protocol.reasons import json_type, shown_name
from mockocr.suggestions import quoted

MAX_SHOWN_NUMBER = 99_999
"""A larger number may be that of a person."""


class Difference(NamedTuple):
    where: str
    """Such as `Error.Message` or `AdvancedInfo.Quality`."""
    expected: str
    got: str


Printed: TypeAlias = Mapping[str, str]
"""The texts that are printed on the specimen of a case, by member of Response."""


class TypeMatcher(Spec):
    type: Literal["string", "number", "bool", "array", "object"]

    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        if json_type(value) != self.type:
            yield Difference(where, f"type {self.type}", described(value))


class RegexMatcher(Regex):
    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        if not (isinstance(value, str) and self.test()(value)):
            yield Difference(where, f"text that matches {self.regex}", described(value))


class BetweenMatcher(Spec):
    between: Annotated[list[int], Field(min_length=2, max_length=2)]

    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        least, most = self.between
        if not (json_type(value) == "number" and least <= value <= most):
            yield Difference(where, f"a number from {least} to {most}", described(value, like=0))


_JPEG = b"\xff\xd8\xff"


class PictureMatcher(Spec):
    picture: Literal["JPEG"]

    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        try:
            content = b64decode(value, validate=True) if isinstance(value, str) else b""
        except (binascii.Error, ValueError):
            content = b""
        if not content.startswith(_JPEG):
            yield Difference(where, "a JPEG in Base64", described(value))


class PrintedMatcher(Spec):
    printed: Literal[True]

    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        if value != printed[where]:
            yield Difference(where, "the text that is printed on the specimen", described(value))


class JsonMatcher(Spec):
    json_: "dict[str, Matcher]" = Field(alias="json")

    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        try:
            found = json.loads(value) if isinstance(value, str) else None
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield from differences_of_members(self.json_, found, f"{where}.", printed)
        else:
            yield Difference(where, "text that is a JSON object", described(value))


class EqualMatcher(NamedTuple):
    """A value as it is written in the file."""

    value: Any

    def differences(self, where: str, value: Any, printed: Printed) -> Iterator[Difference]:
        # As JSON: in Python, 1 equals true and 1.0.
        if json.dumps(value) != json.dumps(self.value):
            text = isinstance(self.value, str)
            expected = quoted(self.value) if text else json.dumps(self.value, ensure_ascii=False)
            yield Difference(where, expected, described(value, like=self.value))


_KEYS = ("type", "regex", "between", "picture", "printed", "json")


def _key(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "equal"
    return next(iter(value)) if len(value) == 1 and value.keys() <= {*_KEYS} else None


Matcher: TypeAlias = Annotated[
    Annotated[Any, BeforeValidator(EqualMatcher), Tag("equal")]
    | Annotated[TypeMatcher, Tag("type")]
    | Annotated[RegexMatcher, Tag("regex")]
    | Annotated[BetweenMatcher, Tag("between")]
    | Annotated[PictureMatcher, Tag("picture")]
    | Annotated[PrintedMatcher, Tag("printed")]
    | Annotated[JsonMatcher, Tag("json")],
    Discriminator(
        _key,
        custom_error_type=OWN_RULE,
        custom_error_message=f"expected a value, or exactly one of {', '.join(_KEYS)}",
    ),
]
"""A value, which must be equal, or one matcher."""


def differences_of_members(
    expected: Mapping[str, Any], found: Mapping[str, Any], prefix: str, printed: Printed
) -> Iterator[Difference]:
    """How an object differs from the matchers of its members. It must have no other member."""
    for name, matcher in expected.items():
        if name in found:
            yield from matcher.differences(f"{prefix}{name}", found[name], printed)
        else:
            yield Difference(f"{prefix}{name}", "this member", "no such member")
    for name, value in found.items():
        if name not in expected:
            yield Difference(f"{prefix}{shown_name(name)}", "no such member", described(value))


def described(value: Any, like: Any = None) -> str:
    """A value of an answer without personal data: its type and its length. A small number, and a
    list of small numbers, is quoted if the expected value (`like`) is one too."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return f"text of {len(value)} characters"
        case list() if isinstance(like, list) and all(map(_is_small, value)):
            return json.dumps(value)
        case list() | dict():
            return f"{json_type(value)} of {len(value)}"
        case _ if isinstance(like, int) and _is_small(value):
            return str(value)
        case _:
            return "number"


def _is_small(value: Any) -> bool:
    return json_type(value) == "number" and abs(value) <= MAX_SHOWN_NUMBER
