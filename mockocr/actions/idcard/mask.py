"""Removes personal data from what the journal keeps (docs/security.md)."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from mockocr.protocol.parameters import LongText
from mockocr.protocol.redact import MASK, length_of, redacted_url

_NOT_PERSONAL = frozenset(
    {"CardSide", "CardWarnType", "Config"}
    | {"Sex", "Nation", "Authority", "ValidDate", "ReflectDetailInfos"}
)
CROPS = ("IdCard", "Portrait")
_NO_INFO = frozenset({"{}", '{"WarnInfos":[]}'})

MAX_SHOWN_CHARACTERS = 1000
"""A longer text may be a picture in the wrong parameter."""


def _is_score(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 100


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _are_codes(value: Any) -> bool:
    return isinstance(value, list) and all(
        type(code) is int and -9999 <= code <= -9000 for code in value
    )


SHOWN_INFO: Mapping[str, Callable[[Any], bool]] = {
    "Quality": _is_score,
    "BorderCodeValue": _is_score,
    "WarnInfos": _are_codes,
    "IsKeyValid": _is_bool,
    "IsValueValid": _is_bool,
}
"""The members of AdvancedInfo that are not personal, each with a test of its value."""


def mask(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters or members of Response without names, numbers, pictures and queries of URLs.

    An undocumented member, or one of the wrong type, keeps only its name: it may be a picture whose
    name is misspelt.
    """
    return {name: _masked(name, value) for name, value in values.items()}


def _masked(name: str, value: Any) -> Any:
    match name, value:
        case _, "" | None | bool():
            return value
        case "ImageBase64", LongText() | str():
            return f"<{len(value)} characters>"
        case "ImageUrl", str():
            return redacted_url(value)
        case "AdvancedInfo", str():
            return _masked_info(value)
        case "ReflectDetailInfos", list():
            return [_masked_detail(detail) for detail in value]
        case _, str() if name in _NOT_PERSONAL:
            return value if len(value) <= MAX_SHOWN_CHARACTERS else length_of(value)
        case _:
            return MASK


def _masked_detail(detail: Any) -> Any:
    match detail:
        case {"Position": str(position), **more} if position.isalpha() and not more:
            return detail
        case _:
            return MASK


def _masked_info(advanced_info: str) -> str:
    if advanced_info in _NO_INFO:
        return advanced_info
    try:
        info = json.loads(advanced_info)
    except (ValueError, RecursionError):
        return MASK
    if not isinstance(info, dict):
        return MASK
    shown = {name: _masked_part(name, value) for name, value in info.items()}
    return advanced_info if shown == info else json.dumps(shown, ensure_ascii=False)


def _masked_part(name: str, value: Any) -> Any:
    """The value of a member of AdvancedInfo."""
    if name in CROPS and value:
        text = str(value)
        digest = sha256(text.encode(errors="replace")).hexdigest()
        return f"<{len(text)} characters, SHA-256 {digest[:12]}>"
    is_shown = SHOWN_INFO.get(name, lambda value: value in ("", None))
    return value if is_shown(value) else MASK
