"""From an HTTP request to the value that the pipeline answers: the same for both entrances."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from mockocr.protocol.wire import WIRE_ENCODING, LongBody, WireRequest

SHARED_BYTES = 64
"""Longer names and values of headers (signatures, tokens) are of one call each."""

SHARED_TEXTS = 1024


class _Texts(dict[bytes, str]):
    """Bytes of a head as text. Most are the same from call to call: one text for all the calls in
    the journal. Forgets all of them when they are too many."""

    def __init__(self, read: Callable[[bytes], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, sent: bytes) -> str:
        text = self._read(sent)
        if len(sent) <= SHARED_BYTES:
            if len(self) >= SHARED_TEXTS:
                self.clear()
            self[sent] = text
        return text


_names = _Texts(lambda sent: sent.lower().decode(WIRE_ENCODING))
texts = _Texts(lambda sent: sent.decode(WIRE_ENCODING).strip(" \t"))
"""Of values of headers, and of methods."""


def header_texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case, values trimmed; of two with the same name the last."""
    return {_names[name]: texts[value] for name, value in headers}


def wire_request(
    method: str,
    query: bytes,
    headers: Mapping[str, str],
    body: bytes | LongBody,
    oversized: bool = False,
) -> WireRequest:
    """A request for `/` that was received now, with an id of its own."""
    return WireRequest(
        _request_id(),
        datetime.now(UTC),
        method,
        "/",
        query.decode(WIRE_ENCODING),
        headers,
        body,
        oversized,
    )


def _request_id() -> str:
    """Random, and like a UUID of version 4, at a third of the cost of one."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
