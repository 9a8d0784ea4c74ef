"""One HTTP request and its reply, as values without sockets.

Text is decoded as Latin-1, one character for each byte: encoding it gives exactly the bytes that
the client sent and signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

WIRE_ENCODING = "latin-1"

MAX_BODY_BYTES = 10 * 1024 * 1024
"""POST application/json: 10 MB (docs/fidelity.md#body-limits), 1,048,576 bytes each."""


class LongBody:
    """A long body, in the pieces in which it is received. Each piece is hashed when it is received.
    The pieces are joined when the bytes are needed: a body with a cached hash never is."""

    __slots__ = ("_hash", "_pieces", "reservation", "size_bytes")

    def __init__(self) -> None:
        self._hash = sha256()
        self._pieces: list[bytes] = []
        self.size_bytes = 0
        self.reservation: object | None = None
        """The memory that the server has reserved for it, released with this object."""

    def append(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._pieces.append(piece)
        self.size_bytes += len(piece)

    def sha256(self) -> str:
        return self._hash.hexdigest()

    def joined(self) -> bytes:
        """The whole body; the same object each time."""
        if len(self._pieces) != 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]


@dataclass(slots=True)
class WireRequest:
    """One HTTP request, read completely. It contains everything that differs from run to run (id,
    time). Treat it as immutable: it is not frozen only because building a frozen object takes five
    times as long.
    """

    request_id: str
    received_at: datetime
    method: str
    path: str
    query: str
    """After the `?`, exactly as sent."""
    headers: Mapping[str, str]
    """Names in lower case; values trimmed."""
    content: bytes | LongBody
    """The body as it was received; empty if it was longer than `MAX_BODY_BYTES` (`oversized`)."""
    oversized: bool = False
    head_bytes: int = 0
    """At most how long the request line and the headers were. The server sets it."""
    arrived: float | None = None
    """The time.monotonic() at which the request began to wait for a thread. The server sets it;
    time limits begin there. None for a request that does not wait."""
    _hash: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def body(self) -> bytes:
        content = self.content
        return content if isinstance(content, bytes) else content.joined()

    @property
    def body_bytes(self) -> int:
        content = self.content
        return len(content) if isinstance(content, bytes) else content.size_bytes

    @property
    def body_hash(self) -> str:
        """Hex SHA-256 of the body, computed once."""
        if self._hash is None:
            content = self.content
            self._hash = (
                sha256(content).hexdigest() if isinstance(content, bytes) else content.sha256()
            )
        return self._hash


class Fault(StrEnum):
    """What can go wrong on the connection. The first four are those of WireMock."""

    CONNECTION_RESET_BY_PEER = "CONNECTION_RESET_BY_PEER"
    """No byte of a reply, and a TCP reset."""
    EMPTY_RESPONSE = "EMPTY_RESPONSE"
    """No byte of a reply, and an orderly close."""
    MALFORMED_RESPONSE_CHUNK = "MALFORMED_RESPONSE_CHUNK"
    """Status and headers of a chunked reply, then `WireReply.body`, which is not a chunk."""
    RANDOM_DATA_THEN_CLOSE = "RANDOM_DATA_THEN_CLOSE"
    """`WireReply.body`, which is not HTTP, instead of a reply."""
    TIMEOUT = "TIMEOUT"
    """No byte, for as long as the client waits."""
    TRUNCATED_BODY = "TRUNCATED_BODY"
    """Half of the body, with the Content-Length of the whole."""
    BAD_JSON = "BAD_JSON"
    """Half of the body, as if it were the whole. The connection sends an ordinary reply, so this is
    never the fault of a WireReply."""


class WireReply(NamedTuple):
    """The HTTP reply. API errors have status 200 too (docs/fidelity.md#status-200)."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    """Before the first byte, or before the fault."""
    dribble_seconds: float = 0.0
    """From the headers to the last byte of the body, which is sent in pieces."""
    status: int = 200
    content_type: str = "application/json"
    fault: Fault | None = None


VENDOR_DOMAIN = ".tencentcloudapi.com"


@lru_cache(maxsize=64)
def vendor_product(host: str) -> str | None:
    """The product of a host name of the vendor, such as `ocr`; None for any other name.

    tccli may send a whole URL as Host (docs/fidelity.md#client-tccli-host).
    """
    name = host.lower().rpartition("://")[2].partition(":")[0].rstrip("/")
    return name.partition(".")[0] if name.endswith(VENDOR_DOMAIN) else None
