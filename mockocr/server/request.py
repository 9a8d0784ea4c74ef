"""Converts HTTP requests to values for the pipeline, for both entrances."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from mockocr.protocol.wire import WIRE_ENCODING, LongBody, WireRequest

SHARED_BYTES = 64
"""Longer header names and values (signatures, tokens) differ from call to call, and are not
cached."""

SHARED_TEXTS = 1024


class _Texts(dict[bytes, str]):
    """A cache of texts by their bytes. Most header names and values are the same from call to call,
    so the calls in the journal share their texts. Forgets all of them if there are too many."""

    def __init__(self, *, lower: bool) -> None:
        """`lower`: whether the texts are in lower case."""
        super().__init__()
        self._lower = lower

    def __missing__(self, received: bytes) -> str:
        cased = received.lower() if self._lower else received
        text = cased.decode(WIRE_ENCODING).strip(" \t")
        if len(received) <= SHARED_BYTES:
            if len(self) >= SHARED_TEXTS:
                self.clear()
            self[received] = text
        return text


_names = _Texts(lower=True)
texts = _Texts(lower=False)
"""The texts of header values and methods."""


def header_texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Values by name: names in lower case, values trimmed. The last header of a name counts."""
    texts_by_name = {}
    # Not a comprehension, which is one more call in Python 3.11.
    for name, value in headers:
        texts_by_name[_names[name]] = texts[value]
    return texts_by_name


def wire_request(
    method: str,
    query: bytes,
    headers: Mapping[str, str],
    body: bytes | LongBody,
    head_bytes: int,
    oversized: bool = False,
) -> WireRequest:
    """A request for `/`, received now, with a new RequestId."""
    return WireRequest(
        _request_id(),
        datetime.now(UTC),
        method,
        "/",
        query.decode(WIRE_ENCODING),
        headers,
        body,
        oversized,
        head_bytes,
    )


def _request_id() -> str:
    """A random UUID of version 4, at a third of the cost of `uuid.uuid4`."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
