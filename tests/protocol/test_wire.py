"""A request as a value: its body, short or in pieces."""

from hashlib import sha256

import pytest

from mockocr.protocol.wire import LongBody
from tests.requests import a_request


@pytest.mark.parametrize("pieces", [[b"abcdef"], [b"a", b"b", b"cd", b"e", b"f"], [b"ab", b"cdef"]])
def test_a_long_body_is_known_by_hash_and_is_joined_when_it_is_read(
    pieces: list[bytes],
) -> None:
    body = LongBody()
    for piece in pieces:
        body.append(piece)
    request = a_request(body=body)

    assert request.body_hash == sha256(b"abcdef").hexdigest()
    assert request.body_bytes == 6
    assert request.body == b"abcdef"
    assert request.body is request.body


def test_a_short_body_is_hashed_too() -> None:
    request = a_request(body=b"abcdef")

    assert request.body == b"abcdef"
    assert request.body_hash == sha256(b"abcdef").hexdigest()
