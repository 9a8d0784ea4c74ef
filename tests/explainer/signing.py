"""A signer of these tests alone, that may do anything wrong."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mockocr.protocol.wire import WireRequest
from tests.requests import HOST, NOW, TIMESTAMP

SECRET_ID, SECRET_KEY = "AKIDtest", "key-of-the-test"
BODY = b'{"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"}'


@dataclass
class Signer:
    """Signs as the vendor's page tells, and sends; what is set says what goes wrong.

    The fields are what is signed; `sent` are headers that are sent otherwise, `sent_body` and
    `sent_query` what is sent instead.
    """

    method: str = "POST"
    query: str = ""
    body: bytes = BODY
    headers: dict[str, str] = field(
        default_factory=lambda: {"content-type": "application/json", "host": HOST}
    )
    names: Sequence[str] = ()
    listed: str = ""
    payload_hash: str = ""
    timestamp: int = TIMESTAMP
    date: str = "2026-11-22"
    service: str = "ocr"
    end: str = "tc3_request"
    scope: str = ""
    secret_id: str = SECRET_ID
    secret_key: str = SECRET_KEY
    spell: Any = None
    sent: dict[str, str | None] = field(default_factory=dict)
    sent_body: bytes | None = None
    sent_query: str | None = None
    sent_timestamp: int | None = None

    def text(self) -> str:
        names = self.names or sorted(self.headers)
        lines = "".join(f"{name}:{self.headers[name].lower()}\n" for name in names)
        payload = b"" if self.method == "GET" else self.body
        hashed = self.payload_hash or hashlib.sha256(payload).hexdigest()
        query = self.query if self.method == "GET" else ""
        canonical = f"{self.method}\n/\n{query}\n{lines}\n{';'.join(names)}\n{hashed}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        return f"TC3-HMAC-SHA256\n{self.timestamp}\n{self.in_scope()}\n{digest}"

    def in_scope(self) -> str:
        return self.scope or f"{self.date}/{self.service}/{self.end}"

    def digest(self) -> bytes:
        key = f"TC3{self.secret_key}".encode()
        for part in (self.date, self.service, self.end, self.text()):
            key = hmac.digest(key, part.encode(), "sha256")
        return key

    def request(self) -> WireRequest:
        signature = self.spell(self) if self.spell else self.digest().hex()
        listed = self.listed or ";".join(self.names or sorted(self.headers))
        timestamp = self.timestamp if self.sent_timestamp is None else self.sent_timestamp
        headers: dict[str, str | None] = {
            **self.headers,
            "x-tc-action": "IDCardOCR",
            "x-tc-version": "2018-11-19",
            "x-tc-timestamp": str(timestamp),
            "authorization": f"TC3-HMAC-SHA256 Credential={self.secret_id}/{self.in_scope()},"
            f" SignedHeaders={listed}, Signature={signature}",
            **self.sent,
        }
        told = {name: value for name, value in headers.items() if value is not None}
        query = self.query if self.sent_query is None else self.sent_query
        body = self.body if self.sent_body is None else self.sent_body
        if self.method == "GET":
            body = b""
        return WireRequest("id", NOW, self.method, "/", query, told, body)
