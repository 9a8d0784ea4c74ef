"""Removes personal data from what the journal keeps (docs/security.md)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from mockocr.protocol.parameters import LongText
from mockocr.protocol.redact import MASK, length_of, redacted_url

_NOT_PERSONAL = frozenset(
    {"CardSide", "CardWarnType", "Config"}
    | {"Sex", "Nation", "Authority", "ValidDate", "ReflectDetailInfos"}
)
_CROPS = ("IdCard", "Portrait")

MAX_SHOWN_CHARACTERS = 1000
"""A longer text may be a picture in the wrong parameter."""


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
            return _without_crops(value)
        case "ReflectDetailInfos", list():
            return value
        case _, str() if name in _NOT_PERSONAL:
            return value if len(value) <= MAX_SHOWN_CHARACTERS else length_of(value)
        case _:
            return MASK


def _without_crops(advanced_info: str) -> str:
    if not any(f'"{crop}"' in advanced_info for crop in _CROPS):
        return advanced_info
    try:
        info = json.loads(advanced_info)
    except (ValueError, RecursionError):
        return MASK
    if not isinstance(info, dict):
        return MASK
    for crop in _CROPS:
        if info.get(crop):
            text = str(info[crop])
            digest = sha256(text.encode()).hexdigest()
            info[crop] = f"<{len(text)} characters, SHA-256 {digest[:12]}>"
    return json.dumps(info, ensure_ascii=False)
