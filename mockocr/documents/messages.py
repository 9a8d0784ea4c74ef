"""Messages for values that do not match a pydantic model: "expected X, got Y"."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from mockocr.documents.characters import lookalike
from mockocr.suggestions import expected, quoted, unknown

KeyPath = tuple[str | int, ...]
"""Keys and indexes that lead to a value, as in `("rules", 0, "then")`."""


def spelled(path: KeyPath) -> str:
    """`rules[0].then`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


OWN_RULE = "mockocr"
"""The type of errors whose message is already in our words."""


def invalid(message: str) -> PydanticCustomError:
    """An error for validators to raise, with a message that is shown as it is."""
    return PydanticCustomError(OWN_RULE, "{message}", {"message": message})


_BOUNDS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}
_LENGTHS = {
    "too_short": ("at least", "min_length", "entry", "entries"),
    "too_long": ("at most", "max_length", "entry", "entries"),
    "string_too_short": ("at least", "min_length", "character", "characters"),
    "string_too_long": ("at most", "max_length", "character", "characters"),
}
_TYPES = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "bool_type": "true or false",
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
}


def message_of(
    error: Any,
    model: type[BaseModel],
    path: KeyPath,
    *,
    quote: bool = True,
    written: str | None = None,
) -> str:
    """The message for one of pydantic's error details. `quote`: whether it may quote the value.

    `path` leads to the value in the data that was validated; an unknown key is its last part.
    `written`: the value as it is written, if it is not text.
    """
    message = _message_of(error, model, path, quote, written)
    suspicious = path[-1] if error["type"] == "extra_forbidden" and path else error["input"]
    if quote and isinstance(suspicious, str) and error["type"] != OWN_RULE:
        found = lookalike(suspicious)
        return f"{message}; it has {found}" if found else message
    return message


def _message_of(
    error: Any, model: type[BaseModel], path: KeyPath, quote: bool, written: str | None
) -> str:
    value = error["input"]
    got = f", got {_described(value)}" if quote else ""
    match error["type"]:
        case "missing":
            return f"missing key {error['loc'][-1]!r}"
        case "json_invalid":
            return f"expected JSON: {error['ctx']['error']}"
        case "extra_forbidden":
            # Without the key itself: one of several alternatives may have it.
            known = _known_keys(_schema(model), path[:-1]) - {path[-1]}
            return unknown("key", path[-1], sorted(known))
        case "literal_error" | "enum":
            words = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
            choices = [word.strip("'") for word in words]
            if quote and isinstance(value, str):
                return unknown("value", value, choices)
            return expected(choices) + got
        case "string_type" if quote and isinstance(value, bool | int | float):
            shown = _described(value) if written is None else quoted(written)[1:-1]
            return f"expected text, got {shown}; put it in quotes"
        case kind if kind in _TYPES:
            return f"expected {_TYPES[kind]}{got}"
        case kind if kind in _LENGTHS:
            bound, name, one, several = _LENGTHS[kind]
            limit, count = error["ctx"][name], error["ctx"].get("actual_length")
            got = got if count is None else f", got {count}"
            return f"expected {bound} {limit} {one if limit == 1 else several}{got}"
        case kind if kind in _BOUNDS:
            (limit,) = error["ctx"].values()
            return f"expected {_BOUNDS[kind]} {limit}{got}"
        case kind if kind == OWN_RULE:
            return str(error["msg"])
        case _:
            return f"{error['msg']}{got}"


def _described(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "nothing"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return quoted(value)


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    """Cached because it takes 25 ms, and each unknown key needs it."""
    return model.model_json_schema()


def _known_keys(schema: Mapping[str, Any], path: KeyPath) -> set[str]:
    """The keys that a JSON Schema allows at a path."""
    at_path = [schema]
    for part in path:
        at_path = [
            one.get("items", {})
            if isinstance(part, int)
            else one.get("properties", {}).get(part) or one.get("additionalProperties") or {}
            for one in _alternatives(at_path, schema)
        ]
    return {key for one in _alternatives(at_path, schema) for key in one.get("properties", {})}


def _alternatives(
    schemas: list[Mapping[str, Any]], root: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """The schemas, with those that they refer to or offer as alternatives."""
    for one in schemas:
        if reference := one.get("$ref"):
            yield from _alternatives([root["$defs"][reference.rpartition("/")[2]]], root)
        yield from _alternatives(list(one.get("anyOf", one.get("oneOf", ()))), root)
        yield one
