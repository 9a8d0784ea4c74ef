"""Which calls would block the event loop, and are answered in a thread instead."""

from hashlib import sha256

from mockocr.actions.catalogue import all_actions
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest
from mockocr.recognition.pictures import SHORT_BYTES, Pictures

GLANCED_BYTES = 2048
"""The length of each end of a long body that shows whether its answer may be slow."""


def is_slow(pictures: Pictures, request: WireRequest) -> bool:
    """Whether answering may take longer than hashing a body: a picture is read or downloaded."""
    ends = request.ends(GLANCED_BYTES) or request.query.encode(WIRE_ENCODING)
    for action in all_actions():
        if action.slow(ends):
            return True
    if pictures.fetches and b"ImageUrl" in (request.body or request.query.encode(WIRE_ENCODING)):
        return True
    return len(ends) > SHORT_BYTES and pictures.is_new(_sent_hash(request))


def remember(pictures: Pictures, request: WireRequest) -> None:
    """Stores that the picture of a request has been read: the next time, it is not slow."""
    pictures.remember(_sent_hash(request))


def _sent_hash(request: WireRequest) -> str:
    """The hash of the body, or of the query of a request without a body."""
    if request.body_bytes:
        return request.body_hash
    return sha256(request.query.encode(WIRE_ENCODING)).hexdigest()
