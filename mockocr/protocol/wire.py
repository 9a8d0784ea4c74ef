"""What comes in by the door and what goes out of it: values without sockets.

Text from the wire is decoded as Latin-1, one character a byte, so that encoding it again gives
exactly the bytes that the client sent (and signed).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

WIRE_ENCODING = "latin-1"

MAX_BODY_BYTES = 10 * 1024 * 1024
"""POST application/json: 10 MB (docs/fidelity.md#body-limits); a MB as 1,048,576."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One HTTP request, read whole. What differs from run to run is settled here, once."""

    request_id: str
    received_at: datetime
    method: str
    path: str
    query: str
    """After the `?`, exactly as sent."""
    headers: Mapping[str, str]
    """Names in lower case; values trimmed."""
    body: bytes
    """Empty where it was longer than `MAX_BODY_BYTES`: then `oversized` is set."""
    oversized: bool = False


class Fault(StrEnum):
    """What may go wrong on the way to a client. The first four are WireMock's, by name and deed."""

    CONNECTION_RESET_BY_PEER = "CONNECTION_RESET_BY_PEER"
    """No byte of a reply, and a TCP reset."""
    EMPTY_RESPONSE = "EMPTY_RESPONSE"
    """No byte of a reply, and an orderly end."""
    MALFORMED_RESPONSE_CHUNK = "MALFORMED_RESPONSE_CHUNK"
    """Status and headers of a chunked reply; then `WireReply.body`, which is no chunk."""
    RANDOM_DATA_THEN_CLOSE = "RANDOM_DATA_THEN_CLOSE"
    """`WireReply.body`, which is no HTTP, instead of a reply."""
    TIMEOUT = "TIMEOUT"
    """Nothing at all, for as long as the client waits."""
    TRUNCATED_BODY = "TRUNCATED_BODY"
    """Half of the body, under the Content-Length of the whole."""
    BAD_JSON = "BAD_JSON"
    """Half of the body, as if it were the whole: for the connection an ordinary reply, so never the
    fault of a WireReply."""


@dataclass(frozen=True, slots=True)
class WireReply:
    """What the door sends back. Errors are status 200 too (docs/fidelity.md#status-200)."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    """Before the first byte, or before the fault."""
    dribble_seconds: float = 0.0
    """From the head to the last byte of the body, which leaves in pieces."""
    fault: Fault | None = None


VENDOR_DOMAIN = ".tencentcloudapi.com"


@lru_cache(maxsize=64)
def vendor_product(host: str) -> str | None:
    """The product that a host name of the vendor's stands for; None for any other name.

    tccli may send a whole URL as Host (docs/fidelity.md#client-tccli-host).
    """
    name = host.lower().rpartition("://")[2].partition(":")[0].rstrip("/")
    return name.partition(".")[0] if name.endswith(VENDOR_DOMAIN) else None
