"""The parameters of an action: from the body to a model whose names and types are right.

A picture may be megabytes of Base64 in one JSON string. It is cut out of the body instead of being
parsed, and stays a view of the bytes that were received: `LongText`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from mockocr.protocol import refusals
from mockocr.protocol.errors import ApiError

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_DEPTH = 32
"""Of nested JSON; no parameter is nested at all."""

CUT_OUT_BYTES = 16 * 1024
"""Bodies longer than this have their long texts cut out."""

_JSON_BLANKS = b" \t\r\n"
_NOT_AS_IT_STANDS = (b"\\", b"\n", b"\r", b"\t")
"""Bytes with which a JSON string is not its own text (an escape), or is none (a control)."""


@dataclass(frozen=True, slots=True)
class LongText:
    """A text that may be megabytes long, as the bytes that were received."""

    content: memoryview
    origin: tuple[str, str] | None = None
    """The hash of the body that this was cut from and its name there: equal origins mean equal
    texts, without reading them. None where nothing hashed the body."""
    span: tuple[int, int] | None = None
    """Where it stands in the body that it was cut from."""

    def __len__(self) -> int:
        return len(self.content)

    def within(self, body: bytes) -> "LongText":
        """The same of another copy of the body; of an empty one, a text that holds nothing."""
        start, end = self.span or (0, 0)
        return LongText(memoryview(body)[start:end], self.origin, self.span)

    @classmethod
    def of(cls, text: str) -> "LongText":
        return cls(memoryview(text.encode()))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from_text = core_schema.no_info_after_validator_function(
            cls.of, core_schema.str_schema(strict=True)
        )
        return core_schema.union_schema([core_schema.is_instance_schema(cls), from_text])


def read_json_object(
    body: bytes, long_names: Sequence[str] = (), body_hash: str | None = None
) -> dict[str, Any]:
    """The JSON object in a body; members named in `long_names` may come as LongText.

    Raises ApiError where the body is no JSON object in UTF-8.
    """
    if len(body) > CUT_OUT_BYTES:
        for name in long_names:
            if parameters := _cut_out(body, name, body_hash):
                return parameters
    parameters = _object(body)
    if parameters is None:
        raise refusals.MALFORMED_PARAMETERS.error()
    return parameters


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        parameters = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(parameters, dict):
        return None
    # Counting costs next to nothing, and where there are few brackets nothing is deep.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(parameters) > MAX_DEPTH:
        return None
    # Only an escape can bring in half a surrogate pair, which is no character.
    if b"\\u" in body and not _is_unicode(json.dumps(parameters, ensure_ascii=False)):
        return None
    return parameters


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _depth(value: Any) -> int:
    """Of nested objects and lists; level by level, so that no depth is too deep to be measured."""
    depth, level = 0, [value]
    while level := [it for it in level if isinstance(it, dict | list)]:
        depth += 1
        level = [member for it in level for member in (it.values() if isinstance(it, dict) else it)]
    return depth


def _cut_out(body: bytes, name: str, body_hash: str | None) -> dict[str, Any] | None:
    """The object in a body with one long text cut out; None where in any doubt."""
    key = f'"{name}"'.encode()
    found = body.find(key)
    if found < 0:
        return None
    colon = found + len(key)
    after = body[colon : colon + 64].lstrip(_JSON_BLANKS)
    if not (after.startswith(b":") and after[1:].lstrip(_JSON_BLANKS).startswith(b'"')):
        return None
    start = body.index(b'"', colon) + 1
    end = body.find(b'"', start)
    if end < 0 or any(body.find(byte, start, end) >= 0 for byte in _NOT_AS_IT_STANDS):
        return None
    rest = body[:start] + body[end:]
    parameters = _object(rest)
    # The text must have been that of the one member with this name, at the top.
    if parameters is None or rest.count(key) != 1 or parameters.get(name) != "":
        return None
    origin = (body_hash, name) if body_hash else None
    parameters[name] = LongText(memoryview(body)[start:end], origin, (start, end))
    return parameters


def read_parameters(
    model: type[ModelT], given: Mapping[str, Any], unknown: Collection[str] = ()
) -> ModelT:
    """Parameters with the right names and types. Raises ApiError for the first that is wrong.

    `unknown` are names of the model that are to be refused all the same. Unknown names are refused
    before wrong types (assumed, `wire.md` §5 rows 21 and 22).
    """
    if not given.keys().isdisjoint(unknown):
        known = {field.alias or name for name, field in model.model_fields.items()}
        raise refusals.UNKNOWN_PARAMETER.error(
            name=next(name for name in given if name in unknown or name not in known)
        )
    try:
        return model.model_validate(given)
    except ValidationError as invalid:
        raise _first_refusal(invalid) from None


_BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}
"""How SDKs write a bool where everything is text (`clients.md` §1.9)."""


def read_texts(model: type[BaseModel], texts: Mapping[str, str]) -> dict[str, Any]:
    """Parameters that came as texts, in a query or form, with bools made of texts that are one.

    Raises ApiError for what is no UTF-8.
    """
    if not _is_unicode("".join([*texts, *texts.values()])):
        raise refusals.MALFORMED_PARAMETERS.error()
    kinds = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    return {
        name: _BOOLEANS.get(text, text) if kinds.get(name) is bool else text
        for name, text in texts.items()
    }


_VENDOR_TYPES = {"string_type": "string", "bool_type": "bool", "is_instance_of": "string"}
"""`string` was observed; `bool` is the word of the published definition (assumed)."""


def _first_refusal(invalid: ValidationError) -> ApiError:
    problems = invalid.errors(include_url=False, include_input=False)
    problems.sort(key=lambda problem: problem["type"] != "extra_forbidden")
    problem = problems[0]
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return refusals.UNKNOWN_PARAMETER.error(name=name)
    return refusals.PARAMETER_TYPE.error(name=name, wanted=_VENDOR_TYPES[problem["type"]])
