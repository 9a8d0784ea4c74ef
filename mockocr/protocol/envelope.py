"""The envelope of every reply: docs/fidelity.md#envelope."""

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

from mockocr.protocol.errors import ApiError, Language

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def members(fields: Mapping[str, Any]) -> bytes:
    """Members of Response as JSON, without the surrounding braces: equal calls share them."""
    # An escape in JSON can be half a surrogate pair, which UTF-8 cannot encode: it becomes `?`.
    return _text(fields)[1:-1].encode(errors="replace")


def success(request_id: str, members: bytes) -> bytes:
    own = b'"RequestId":' + encode_basestring(request_id).encode()
    return b'{"Response":{%b,%b}}' % (members, own) if members else b'{"Response":{%b}}' % own


def failure(request_id: str, error: ApiError, language: Language | None) -> bytes:
    """Without RequestId the Python and C++ SDKs fail (docs/fidelity.md#request-id)."""
    fields = {"Code": error.code, "Message": error.message(language)}
    return b'{"Response":{%b}}' % members({"Error": fields, "RequestId": request_id})
