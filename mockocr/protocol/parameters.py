"""The parameters of an action: from the body to those whose names and types are right.

A picture may be megabytes of Base64 in one JSON string. It is cut out of the body instead of being
parsed, and stays a view of the bytes that were received: `LongText`. What is no Base64 is parsed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pybase64

from mockocr.protocol import refusals

MAX_DEPTH = 32
"""Of nested JSON; no parameter is nested at all."""

CUT_OUT_BYTES = 16 * 1024
"""Bodies longer than this have their long texts cut out."""

_JSON_BLANKS = b" \t\r\n"


@dataclass(slots=True)
class LongText:
    """A text that may be megabytes long, as the bytes that were received."""

    source: memoryview | Callable[[], bytes]
    """The text itself, or what gives the body that it is cut from when somebody reads it."""
    origin: tuple[str, str] | None = None
    """The hash of the body that this was cut from and its name there: equal origins mean equal
    texts, without reading them. None where nothing hashed the body."""
    span: tuple[int, int] | None = None
    """Where it stands in the body that it was cut from."""

    @property
    def content(self) -> memoryview:
        if isinstance(self.source, memoryview):
            return self.source
        start, end = self.span or (0, 0)
        return memoryview(self.source())[start:end]

    def __len__(self) -> int:
        return self.span[1] - self.span[0] if self.span else len(self.content)

    def within(self, body: Callable[[], bytes]) -> "LongText":
        """The same of another copy of the body."""
        return LongText(body, self.origin, self.span)

    @classmethod
    def of(cls, text: str) -> "LongText":
        return cls(memoryview(text.encode()))


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
    text = memoryview(body)[start:end]
    if end < 0 or not _is_base64(text):
        return None
    rest = body[:start] + body[end:]
    parameters = _object(rest)
    # The text must have been that of the one member with this name, at the top.
    if parameters is None or rest.count(key) != 1 or parameters.get(name) != "":
        return None
    origin = (body_hash, name) if body_hash else None
    parameters[name] = LongText(text, origin, (start, end))
    return parameters


def _is_base64(text: memoryview) -> bool:
    """Then it stands in JSON as it is: no escape, no control character, no byte of no UTF-8.
    Decoding takes about as long as looking for a few of these does."""
    try:
        pybase64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True


def read_parameters(types: Mapping[str, str], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters with the right names and types, of those that are known; without nulls, which
    SDKs of typed languages may send for what is not set (assumed to be accepted).

    Raises ApiError for the first that is wrong. Unknown names are refused before wrong types
    (assumed, docs/fidelity.md#order-types-after-unknown).
    """
    for name in given:
        if name not in types:
            raise refusals.UNKNOWN_PARAMETER.error(name=name)
    for name, wanted in types.items():
        value = given.get(name)
        if value is not None and not isinstance(value, _KINDS[wanted]):
            raise refusals.PARAMETER_TYPE.error(name=name, wanted=wanted)
    return {name: value for name, value in given.items() if value is not None}


_KINDS = {"string": (str, LongText), "bool": (bool,)}
"""By the vendor's word; `string` was observed, `bool` is that of the published definition."""

_BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}
"""How SDKs write a bool where everything is text (docs/fidelity.md#booleans-as-text)."""


def read_texts(types: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, Any]:
    """Parameters that came as texts, in a query or form, with bools made of texts that are one.

    Raises ApiError for what is no UTF-8.
    """
    if not _is_unicode("".join([*texts, *texts.values()])):
        raise refusals.MALFORMED_PARAMETERS.error()
    return {
        name: _BOOLEANS.get(text, text) if types.get(name) == "bool" else text
        for name, text in texts.items()
    }
