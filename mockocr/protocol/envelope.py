"""The envelope of every reply: docs/fidelity.md#envelope."""

import json
from collections.abc import Mapping
from typing import Any

from mockocr.protocol.errors import ApiError, Language

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def members(fields: Mapping[str, Any]) -> str:
    """As JSON, without the braces around: all of a reply that its call may share with others."""
    return _text(fields)[1:-1]


def success(request_id: str, members: str) -> bytes:
    comma = "," if members else ""
    return _encoded(f'{members}{comma}"RequestId":{_text(request_id)}')


def failure(request_id: str, error: ApiError, language: Language | None) -> bytes:
    """Without RequestId the Python and C++ SDKs fail (docs/fidelity.md#request-id)."""
    said = {"Code": error.code, "Message": error.message(language)}
    return _encoded(members({"Error": said, "RequestId": request_id}))


def _encoded(members: str) -> bytes:
    # A lone surrogate, which JSON can bring in as an escape, has no UTF-8: `?` stands for it.
    return f'{{"Response":{{{members}}}}}'.encode(errors="replace")
