"""What of a call may be journaled: nothing that anybody can be known from (`product.md` §9)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from mockocr.protocol.parameters import LongText

MASK = "***"
_PERSONAL = frozenset({"Name", "Birth", "IdNum", "Address"})
_CROPS = ("IdCard", "Portrait")


def mask(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters or members of Response without names, numbers, crops and queries of URLs."""
    return {name: _masked(name, value) for name, value in values.items()}


def _masked(name: str, value: Any) -> Any:
    if name in _PERSONAL:
        return MASK if value else value
    if name == "ImageBase64":
        return f"<{len(value)} characters>" if isinstance(value, LongText | str) else MASK
    if name == "ImageUrl" and isinstance(value, str):
        url, query, _ = value.partition("?")
        return f"{url}?{MASK}" if query else url
    if name == "AdvancedInfo" and any(f'"{crop}"' in value for crop in _CROPS):
        return _without_crops(value)
    return value


def _without_crops(advanced_info: str) -> str:
    try:
        info = json.loads(advanced_info)
    except ValueError:
        return MASK
    for crop in _CROPS:
        if isinstance(info, dict) and info.get(crop):
            text = str(info[crop])
            digest = sha256(text.encode()).hexdigest()
            info[crop] = f"<{len(text)} characters, SHA-256 {digest[:12]}>"
    return json.dumps(info, ensure_ascii=False)
