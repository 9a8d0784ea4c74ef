"""The parameters of an action: reading them, and checking their names and types.

A picture may be megabytes of Base64 in one JSON string. Such a string is not parsed: it is cut out
of the body, and stays a view of the bytes that were received (`LongText`).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias

import pybase64

from mockocr.protocol import hints, refusals
from mockocr.protocol.errors import ApiError
from mockocr.protocol.reasons import Hint, Reason, json_type, shown_name
from mockocr.suggestions import closest

MAX_DEPTH = 32
"""Of nested JSON. No documented parameter is nested at all."""

CUT_OUT_BYTES = 16 * 1024
"""Long texts are cut out of bodies that are longer."""

MAX_SEPARATORS = 10_000
"""The maximum number of commas, brackets and braces in a body without its picture. Only a dozen
parameters are documented."""
MAX_ESCAPES = 300_000
"""The maximum number of backslashes in a body. PHP writes the slashes of Base64 as `\\/`: a picture
of 7 MB has about 115,000."""

_JSON_BLANKS = b" \t\r\n"

Origin: TypeAlias = tuple[str, str]
"""The hash of the body that a text was cut from, and the name of its parameter: equal origins mean
equal texts."""


@dataclass(slots=True)
class LongText:
    """A text that may be megabytes long, as the bytes that were received."""

    source: memoryview | Callable[[], bytes]
    """The text itself, or a function that returns the body that it was cut from."""
    origin: Origin | None = None
    """None if the hash of the body was not computed."""
    span: tuple[int, int] | None = None
    """Start and end in the body that it was cut from."""
    decoded: bytes | None = field(default=None, compare=False, repr=False)
    """The bytes that the text encodes, if it was found to be Base64 when it was cut out."""

    @property
    def content(self) -> memoryview:
        if isinstance(self.source, memoryview):
            return self.source
        start, end = self.span or (0, 0)
        return memoryview(self.source())[start:end]

    def __len__(self) -> int:
        return self.span[1] - self.span[0] if self.span else len(self.content)

    def within(self, body: Callable[[], bytes]) -> "LongText":
        """The same text in another copy of the body."""
        return LongText(body, self.origin, self.span)

    @classmethod
    def of(cls, text: str) -> "LongText":
        return cls(memoryview(text.encode()))


def read_json_object(
    body: bytes, long_names: Sequence[str] = (), body_hash: str | None = None
) -> dict[str, Any]:
    """The JSON object in a body; the values of `long_names` may be LongText.

    Raises ApiError if the body is not a JSON object in UTF-8.
    """
    if len(body) > CUT_OUT_BYTES:
        for name in long_names:
            if parameters := _cut_out(body, name, body_hash):
                return parameters
    return _object(body)


def _object(body: bytes) -> dict[str, Any]:
    """Raises ApiError if the body is not a JSON object in UTF-8."""
    if len(body) > CUT_OUT_BYTES and not _is_fast(body):
        raise _not_json(hints.TOO_COMPLEX)
    try:
        parameters = json.loads(body.decode())
    except UnicodeDecodeError as error:
        got = f"0x{body[error.start]:02X}, byte {error.start + 1}"
        raise _not_json(hints.NOT_UTF8, got, "UTF-8") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise _unreadable(body, error) from None
    if not isinstance(parameters, dict):
        hint = hints.BODY_TWICE if isinstance(parameters, str) else hints.NOT_AN_OBJECT
        raise _not_json(hint, json_type(parameters))
    # Counting brackets is cheap, and few brackets cannot be nested deep.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(parameters) > MAX_DEPTH:
        raise _too_deep()
    # Only an escape can be half a surrogate pair, which is not a character.
    if b"\\u" in body and not is_unicode(json.dumps(parameters, ensure_ascii=False)):
        raise _not_json(hints.HALF_CHARACTER)
    return parameters


def _is_fast(body: bytes) -> bool:
    """Whether parsing takes milliseconds. It blocks all threads of the process."""
    separators = sum(body.count(separator) for separator in (b",", b"[", b"{"))
    return separators <= MAX_SEPARATORS and body.count(b"\\") <= MAX_ESCAPES


def _not_json(hint: Hint, got: str | None = None, expected: str = "object") -> ApiError:
    return refusals.NOT_JSON.error(Reason(hint, "body", got, expected))


def _too_deep() -> ApiError:
    return _not_json(hints.TOO_DEEP, f"> {MAX_DEPTH} levels", f"≤ {MAX_DEPTH} levels")


_FORM_BODY = re.compile(rb"\s*[A-Za-z0-9_.%-]+=")


def _unreadable(body: bytes, error: ValueError) -> ApiError:
    """The error for a text that json cannot parse."""
    if not body.strip():
        return _not_json(hints.EMPTY_BODY, '""')
    if _FORM_BODY.match(body):
        return _not_json(hints.FORM_BODY, "name=value")
    if body.startswith(b"[object "):
        return _not_json(hints.OBJECT_BODY, "[object ...]")
    return _not_json(hints.NOT_JSON, json_problem(error))


def json_problem(error: ValueError) -> str:
    """The location of an error in JSON, and what was expected there. Does not quote the text."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    # int() refuses to read thousands of digits.
    return "a number of too many digits"


def is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _depth(value: Any) -> int:
    """The nesting depth of objects and lists. Not recursive, because the depth is not limited."""
    depth, level = 0, [value]
    while level := [node for node in level if isinstance(node, dict | list)]:
        depth += 1
        level = [
            member
            for node in level
            for member in (node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _cut_out(body: bytes, name: str, body_hash: str | None) -> dict[str, Any] | None:
    """The object in a body, with one long text cut out. None unless the result is certain."""
    key = f'"{name}"'.encode()
    key_start = body.find(key)
    if key_start < 0:
        return None
    colon = key_start + len(key)
    after = body[colon : colon + 64].lstrip(_JSON_BLANKS)
    if not (after.startswith(b":") and after[1:].lstrip(_JSON_BLANKS).startswith(b'"')):
        return None
    start = body.index(b'"', colon) + 1
    end = body.find(b'"', start)
    text = memoryview(body)[start:end]
    decoded = _decoded(text) if end >= 0 else None
    if decoded is None:
        return None
    rest = body[:start] + body[end:]
    try:
        parameters = _object(rest)
    except ApiError:
        # Parsing the whole body instead reports the location of the error.
        return None
    # The text must have been the value of the only member with this name, at the top level.
    if rest.count(key) != 1 or parameters.get(name) != "":
        return None
    origin = (body_hash, name) if body_hash else None
    parameters[name] = LongText(text, origin, (start, end), decoded)
    return parameters


def without_blanks(text: memoryview) -> bytes:
    """A text without white space. Not `split`, which makes an object of each part."""
    return bytes(text).translate(None, b" \t\n\r\v\f")


def _decoded(text: memoryview) -> bytes | None:
    """The bytes that a text encodes; None if it is not Base64.

    A Base64 text means the same in JSON: it has no escape, no control character, and no byte that
    is not UTF-8. Decoding takes about as long as searching for these.
    """
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError:
        return None


def read_parameters(
    types: Mapping[str, str],
    parameters: Mapping[str, Any],
    newer: Mapping[str, date] = MappingProxyType({}),
) -> Mapping[str, Any]:
    """Checks names and types, and drops nulls: SDKs of typed languages may send null for parameters
    that are not set (docs/fidelity.md#null-value).

    `types`: the vendor's types by name. `newer`: parameters of later contracts, with the day that
    adds them. Raises ApiError for the first unknown name, then for the first wrong type
    (docs/fidelity.md#order-types-after-unknown).
    """
    for name in parameters:
        if name not in types:
            raise refusals.UNKNOWN_PARAMETER.error(_unknown(name, types, newer), name=name)
    for name, wanted in types.items():
        value = parameters.get(name)
        if value is not None and not isinstance(value, _KINDS[wanted]):
            raise refusals.PARAMETER_TYPE.error(
                _wrong_type(name, value, wanted), name=name, wanted=wanted
            )
    return {name: value for name, value in parameters.items() if value is not None}


def _unknown(name: str, types: Mapping[str, str], newer: Mapping[str, date]) -> Reason:
    if name in newer:
        return Reason(hints.NEWER_PARAMETER, name, expected=str(newer[name]))
    if name in COMMON:
        return Reason(hints.COMMON_PARAMETER, name)
    expected = ", ".join(types)
    suggestion = closest(name, types)
    return Reason(hints.UNKNOWN_PARAMETER, shown_name(name), None, expected, suggestion)


def _wrong_type(name: str, value: Any, wanted: str) -> Reason:
    hint = hints.TYPE
    if wanted == "bool" and isinstance(value, str):
        hint = hints.BOOL_AS_TEXT
    elif wanted == "string" and isinstance(value, dict):
        hint = hints.OBJECT_AS_TEXT
    return Reason(hint, name, json_type(value), wanted)


COMMON = ("Action", "Version", "Region", "Timestamp", "Token", "Language", "RequestClient")
"""The parameters that are the same for every action. With TC3, each is a header X-TC-Name."""

_KINDS = {"string": (str, LongText), "bool": (bool,)}
"""By the vendor's type. `string` was observed; `bool` is from the published definition."""

_BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}
"""How SDKs write a bool in a query or form (docs/fidelity.md#booleans-as-text)."""


def read_texts(types: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, Any]:
    """Parameters of a query or form; texts become bools if that is their type.

    Raises ApiError if a text is not UTF-8.
    """
    if not is_unicode("".join([*texts, *texts.values()])):
        reason = Reason(hints.NOT_UTF8, "query or form", expected="UTF-8")
        raise refusals.MALFORMED_PARAMETERS.error(reason)
    return {
        name: _BOOLEANS.get(text, text) if types.get(name) == "bool" else text
        for name, text in texts.items()
    }
