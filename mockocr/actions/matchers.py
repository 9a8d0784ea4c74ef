"""What the words of all actions, in scenarios, have in common: lists, and matchers of texts."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError, SchemaError, SchemaValidator, core_schema

from mockocr.actions.facts import Test
from mockocr.documents.own_rule import OWN_RULE

MAX_PATTERN_CHARACTERS = 1000


class Words(BaseModel):
    """Described by Field: attribute docstrings, which pydantic looks up in the source, took 40 ms
    of a start with scenarios."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        # These words stand beside those of an action, which are spelled as the API spells them.
        alias_generator=None,
    )


def one_or_more(kind: Any) -> Any:
    """The type of a list of this kind, for which one alone may also be written."""
    some: Any = Annotated[list[kind], Field(min_length=1)]
    return Annotated[some, BeforeValidator(_as_list, json_schema_input_type=kind | some)]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _linear(pattern: str) -> SchemaValidator:
    """Searches in time linear to the text, whatever pattern and text are: the engine behind
    pydantic knows no backtracking. Raises SchemaError for a pattern that it does not know."""
    return SchemaValidator(core_schema.str_schema(pattern=pattern))


def _is_pattern(text: str) -> str:
    try:
        _linear(text)
    except SchemaError as error:
        lines = str(error).splitlines()
        said = next((it for it in lines if it.startswith("error: ")), lines[-1]).strip()
        raise PydanticCustomError(
            f"{OWN_RULE}regex",
            "no regular expression that is known here: {said}",
            {"said": said.removeprefix("error: ")},
        ) from None
    return text


def _search(pattern: str) -> Test:
    """None, a text that was not sent, has nothing in it."""
    return _linear(pattern).isinstance_python


class Glob(Words):
    glob: str = Field(
        max_length=MAX_PATTERN_CHARACTERS,
        description="The whole text; * stands for any characters, ? for one.",
    )

    def test(self) -> Test:
        parts = ({"*": ".*", "?": "."}.get(it, re.escape(it)) for it in self.glob)
        return _search(f"(?s)^{''.join(parts)}$")


class Regex(Words):
    regex: Annotated[str, BeforeValidator(_is_pattern)] = Field(
        max_length=MAX_PATTERN_CHARACTERS,
        description="Found anywhere in the text, unless ^ and $ say where. RE2's syntax: no"
        " look-around, no\nback-references.",
    )

    def test(self) -> Test:
        return _search(self.regex)


class Contains(Words):
    contains: str = Field(description="This text is somewhere in it.")

    def test(self) -> Test:
        return lambda text: text is not None and self.contains in text


class Presence(Words):
    absent: bool = Field(description="true: it was not sent; false: it was, whatever it is.")

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
        custom_error_type=f"{OWN_RULE}matcher",
        custom_error_message="a matcher is exactly one of glob, regex, contains, absent",
    ),
]
"""A text, a list of texts of which one must be it, or a matcher."""


def value_condition(kind: Any) -> Any:
    """One of a few values, a list of them, or whether there is any."""
    return Annotated[
        Annotated[one_or_more(kind), Tag("values")] | Annotated[Presence, Tag("presence")],
        Discriminator(_values_or_presence),
    ]
