"""The envelope of every reply: docs/fidelity.md#envelope."""

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

from mockocr.protocol.errors import ApiError, Language

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def members(fields: Mapping[str, Any]) -> bytes:
    """As JSON, without the braces around: all of a reply that its call may share with others."""
    # A lone surrogate, which JSON can bring in as an escape, has no UTF-8: `?` stands for it.
    return _text(fields)[1:-1].encode(errors="replace")


def success(request_id: str, members: bytes) -> bytes:
    own = b'"RequestId":' + encode_basestring(request_id).encode()
    return b'{"Response":{%b,%b}}' % (members, own) if members else b'{"Response":{%b}}' % own


def failure(request_id: str, error: ApiError, language: Language | None) -> bytes:
    """Without RequestId the Python and C++ SDKs fail (docs/fidelity.md#request-id)."""
    said = {"Code": error.code, "Message": error.message(language)}
    return b'{"Response":{%b}}' % members({"Error": said, "RequestId": request_id})
