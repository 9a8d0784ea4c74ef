"""The envelope of every reply: `{"Response": {..., "RequestId": ...}}` (`wire.md` §1.1)."""

import json
from collections.abc import Mapping
from typing import Any

from mockocr.protocol.errors import ApiError, Language

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def success(request_id: str, fields: Mapping[str, Any]) -> bytes:
    return _encode({**fields, "RequestId": request_id})


def failure(request_id: str, error: ApiError, language: Language | None) -> bytes:
    """An error without RequestId makes the Python and C++ SDKs fail (`clients.md` §1.10)."""
    said = {"Code": error.code, "Message": error.message(language)}
    return _encode({"Error": said, "RequestId": request_id})


def _encode(response: Mapping[str, Any]) -> bytes:
    # A lone surrogate, which JSON can bring in as an escape, has no UTF-8: `?` stands for it.
    return _text({"Response": response}).encode(errors="replace")
