"""Parts of the scenario language for the conditions of every action: lists and text matchers."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import SchemaError, SchemaValidator, core_schema

from mockocr.actions.facts import Test
from mockocr.actions.patterns import (
    MAX_SIZE,
    has_comments,
    max_characters,
    search_steps,
    size,
)
from mockocr.documents.messages import OWN_RULE, invalid

MAX_PATTERN_CHARACTERS = 1000


class Spec(BaseModel):
    """Described by Field: attribute docstrings, which pydantic looks up in the source, took 40 ms
    of a start with scenarios."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        # These keys are used next to those of an action, which are spelled like the API's.
        alias_generator=None,
        # Only the model of the whole scenario validates. The others are parts of it.
        defer_build=True,
    )


def one_or_more(kind: Any) -> Any:
    """The type of a list of this kind; a single value counts as a list of one."""
    some: Any = Annotated[list[kind], Field(min_length=1)]
    return Annotated[some, BeforeValidator(_as_list, json_schema_input_type=kind | some)]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _linear(pattern: str) -> SchemaValidator:
    """A search that is linear in the length of the text for every pattern, because pydantic's regex
    engine does not backtrack. Raises SchemaError for an invalid pattern."""
    return SchemaValidator(core_schema.str_schema(pattern=pattern))


def _is_pattern(text: Any) -> Any:
    if not isinstance(text, str) or len(text) > MAX_PATTERN_CHARACTERS:
        return text  # The type of the field refuses it.
    if has_comments(text):
        raise invalid("the flag x of regular expressions is not supported; leave it out")
    if (steps := size(text)) > MAX_SIZE:
        raise invalid(
            f"expected a regular expression of at most {MAX_SIZE} steps, with repetitions counted,"
            f" got {steps} or more; repeat less often"
        )
    try:
        _linear(text)
    except SchemaError as error:
        lines = str(error).splitlines()
        reason = next((each for each in lines if each.startswith("error: ")), lines[-1]).strip()
        raise invalid(f"invalid regular expression: {reason.removeprefix('error: ')}") from None
    return text


def _search(pattern: str) -> Test:
    """None, a text that was not sent, never matches, nor does a text that is too long."""
    matches, most = _linear(pattern).isinstance_python, max_characters(pattern)
    return lambda text: text is not None and len(text) <= most and matches(text)


class Glob(Spec):
    glob: str = Field(
        max_length=MAX_PATTERN_CHARACTERS,
        description="Must match the whole text; * stands for any characters, ? for one.",
    )

    def steps(self) -> int:
        return search_steps(self._pattern())

    def test(self) -> Test:
        return _search(self._pattern())

    def _pattern(self) -> str:
        parts = ({"*": ".*", "?": "."}.get(it, re.escape(it)) for it in self.glob)
        return f"(?s)^{''.join(parts)}$"


class Regex(Spec):
    regex: Annotated[str, BeforeValidator(_is_pattern)] = Field(
        max_length=MAX_PATTERN_CHARACTERS,
        description="Found anywhere in the text, unless ^ and $ anchor it. RE2's syntax: no"
        " look-around, no\nback-references.",
    )

    def steps(self) -> int:
        return search_steps(self.regex)

    def test(self) -> Test:
        return _search(self.regex)


class Contains(Spec):
    contains: str = Field(description="Found anywhere in the text.")

    def test(self) -> Test:
        return lambda text: text is not None and self.contains in text


class Presence(Spec):
    absent: bool = Field(description="true: it was not sent; false: it was sent, with any value.")

    def test(self) -> Test:
        return lambda text: (text is None) is self.absent


_MATCHERS = frozenset({"glob", "regex", "contains", "absent"})


def _texts_or_matcher(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "texts"
    return next(iter(value)) if len(value) == 1 and value.keys() <= _MATCHERS else None


def _values_or_presence(value: Any) -> str:
    return "presence" if isinstance(value, dict) else "values"


_Texts: Any = one_or_more(str)
TextCondition: TypeAlias = Annotated[
    Annotated[_Texts, Tag("texts")]
    | Annotated[Glob, Tag("glob")]
    | Annotated[Regex, Tag("regex")]
    | Annotated[Contains, Tag("contains")]
    | Annotated[Presence, Tag("absent")],
    Discriminator(
        _texts_or_matcher,
        custom_error_type=OWN_RULE,
        custom_error_message="expected exactly one of glob, regex, contains, absent",
    ),
]
"""A text, a list of texts (one must be equal), or a matcher."""


def value_condition(kind: Any) -> Any:
    """A value, a list of values (one must be equal), or `{absent: true}`."""
    return Annotated[
        Annotated[one_or_more(kind), Tag("values")] | Annotated[Presence, Tag("presence")],
        Discriminator(_values_or_presence),
    ]
