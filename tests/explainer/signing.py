"""A signer of these tests, which can make any mistake. It uses no code of mockocr."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1:8018"
TIMESTAMP = 1795348800
"""2026-11-22 12:00 UTC."""
SECRET_ID, SECRET_KEY = "AKIDtest", "key-of-the-test"
BODY = b'{"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"}'
SCOPE = "2026-11-22/ocr/tc3_request"


@dataclass(frozen=True)
class Sent:
    """A request as it is sent."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def hmac_sha256(key: bytes, text: str | bytes) -> bytes:
    return hmac.digest(key, text.encode() if isinstance(text, str) else text, "sha256")


def four_lines(signer: "Signer", canonical: str) -> str:
    lines = ("TC3-HMAC-SHA256", signer.signed_timestamp, signer.signed_scope, sha256(canonical))
    return "\n".join(lines)


def six_parts(signer: Any) -> str:
    return "\n".join(
        [signer.method, signer.path, signer.query, *signer.lines, "", signer.names, signer.payload]
    )


@dataclass
class Signer:
    """Signs as the vendor's page describes, and sends. Each field that is set is a mistake: a
    field `sent...` is sent instead of the signed value; a field `signed...` and every function
    are used only for signing."""

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
    signed_as: Mapping[str, str] = field(default_factory=dict)
    signed_body: bytes | None = None
    signed_query: str | None = None
    signed_method: str | None = None
    signed_path: str = "/"
    signed_timestamp: str = ""
    signed_scope: str = ""
    line: Callable[[str, str], str] = lambda name, text: f"{name}:{text}"
    join_names: Callable[[Sequence[str]], str] = ";".join
    arrange: Callable[[Any], str] = six_parts
    state: Callable[["Signer", str], str] = four_lines
    derive: Callable[["Signer"], bytes] | None = None
    final: Callable[[bytes, str], bytes] = hmac_sha256
    spell: Callable[["Signer"], str] | None = None
    sent: Mapping[str, str | None] = field(default_factory=dict)
    sent_body: bytes | None = None
    sent_query: str | None = None
    sent_timestamp: int | None = None

    def __post_init__(self) -> None:
        self.signed_timestamp = self.signed_timestamp or str(self.timestamp)
        self.scope = self.scope or f"{self.date}/{self.service}/{self.end}"
        self.signed_scope = self.signed_scope or self.scope

    def canonical(self) -> str:
        values = {**self.headers, **self.signed_as}
        names = self.names or sorted(values)
        body = self.body if self.signed_body is None else self.signed_body
        payload = b"" if self.method == "GET" and self.signed_body is None else body
        query = self.query if self.method == "GET" else ""
        parts = SimpleNamespace(
            method=self.method if self.signed_method is None else self.signed_method,
            path=self.signed_path,
            query=query if self.signed_query is None else self.signed_query,
            lines=[self.line(name, values[name].lower()) for name in names],
            names=self.join_names(names),
            payload=self.payload_hash or sha256(payload),
        )
        return self.arrange(parts)

    def text(self) -> str:
        return self.state(self, self.canonical())

    def key(self) -> bytes:
        if self.derive:
            return self.derive(self)
        key = f"TC3{self.secret_key}".encode()
        for part in (self.date, self.service, self.end):
            key = hmac_sha256(key, part)
        return key

    def digest(self) -> bytes:
        return self.final(self.key(), self.text())

    def send(self) -> Sent:
        signature = self.spell(self) if self.spell else self.digest().hex()
        listed = self.listed or ";".join(self.names or sorted(self.headers))
        timestamp = self.timestamp if self.sent_timestamp is None else self.sent_timestamp
        headers: dict[str, str | None] = {
            **self.headers,
            "x-tc-action": "IDCardOCR",
            "x-tc-version": "2018-11-19",
            "x-tc-timestamp": str(timestamp),
            "authorization": f"TC3-HMAC-SHA256 Credential={self.secret_id}/{self.scope},"
            f" SignedHeaders={listed}, Signature={signature}",
            **self.sent,
        }
        result = {name: value for name, value in headers.items() if value is not None}
        query = self.query if self.sent_query is None else self.sent_query
        body = self.body if self.sent_body is None else self.sent_body
        return Sent(self.method, query, result, b"" if self.method == "GET" else body)


def joined(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{name}={text}" for name, text in pairs)


@dataclass
class LegacySigner:
    """The legacy method. Fields `signed...` and functions are used only for signing."""

    method: str = "POST"
    parameters: Mapping[str, str] = field(
        default_factory=lambda: {"ImageUrl": "https://xx/a b.jpg", "CardSide": "FRONT"}
    )
    signature_method: str | None = "HmacSHA256"
    secret_id: str = SECRET_ID
    secret_key: str = SECRET_KEY
    signed_method: str | None = None
    signed_host: str = HOST
    signed_path: str = "/?"
    change: Callable[[Sequence[tuple[str, str]]], Sequence[tuple[str, str]]] = sorted
    join: Callable[[Sequence[tuple[str, str]]], str] = joined
    arrange: Callable[[str], str] = str
    final: Callable[[bytes, bytes, str], bytes] = hmac.digest
    spell: Callable[[bytes], str] = lambda digest: b64encode(digest).decode()
    encode: Callable[[Mapping[str, str]], str] = urlencode

    def pairs(self) -> list[tuple[str, str]]:
        common = {
            "Action": "IDCardOCR",
            "Version": "2018-11-19",
            "Timestamp": str(TIMESTAMP),
            "Nonce": "11886",
            "SecretId": self.secret_id,
        }
        if self.signature_method:
            common["SignatureMethod"] = self.signature_method
        return list({**self.parameters, **common}.items())

    def text(self) -> str:
        method = self.method if self.signed_method is None else self.signed_method
        pairs = self.join(self.change(self.pairs()))
        return self.arrange(f"{method}{self.signed_host}{self.signed_path}{pairs}")

    def digest(self) -> bytes:
        algorithm = "sha256" if self.signature_method == "HmacSHA256" else "sha1"
        return self.final(self.secret_key.encode(), self.text().encode(), algorithm)

    def send(self) -> Sent:
        form = self.encode({**dict(self.pairs()), "Signature": self.spell(self.digest())})
        if self.method == "GET":
            return Sent("GET", form, {"host": HOST}, b"")
        kind = "application/x-www-form-urlencoded"
        return Sent("POST", "", {"host": HOST, "content-type": kind}, form.encode())
