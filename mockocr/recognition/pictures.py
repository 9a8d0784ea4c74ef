"""What was found in the pictures of earlier calls, by the digest of the picture."""

import binascii
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pybase64

from mockocr.images.image import ImageError, Picture
from mockocr.lru import LruCache
from mockocr.protocol.parameters import LongText
from mockocr.specimens.finding import NO_SPECIMENS, Finding, NamedSpecimens, Side
from mockocr.specimens.measured import Measured

if TYPE_CHECKING:
    from mockocr.downloads.downloads import Downloads
    from mockocr.downloads.policy import Policy
    from mockocr.images.decoding import Pixels

# Functions of this module import Pillow (30 ms) and the downloads (12 ms) when they need them.

MAX_PICTURES = 4096
"""Headers and digests in the cache, a few hundred bytes each; pictures are never cached."""
MAX_READINGS = 1024
"""Readings in the cache, a few thousand bytes each."""

SHORT_BYTES = 1024
"""A body of at most this size cannot have a picture that takes long to read."""


class Content(NamedTuple):
    """The bytes of a picture, and their SHA-256 in hex."""

    bytes: bytes
    sha256: str


class Pictures:
    """An LRU cache of findings, and the downloads. Safe for any number of threads."""

    def __init__(
        self,
        policy: "Policy | None" = None,
        folder: Path | None = None,
        specimens: Callable[[], NamedSpecimens] = lambda: NO_SPECIMENS,
    ) -> None:
        """`policy`: which URLs are downloaded, None for no URL.
        `folder`: the files that are read instead of URLs with their name.
        `specimens`: gives the specimens that have a name; called when a picture is first read.
        """
        self._specimens = specimens
        self.own_ports: set[int] = set()
        """The ports of the server itself, from which nothing is downloaded. The server adds them
        after it has opened them."""
        self._policy, self._folder = policy, folder
        self.fetches = policy is not None or folder is not None
        """Whether any picture at a URL can be fetched."""
        self._bodies: LruCache[str, bool] = LruCache(MAX_READINGS)
        self._digests: LruCache[tuple[str, str], str] = LruCache(MAX_PICTURES)
        self._found: LruCache[str, Picture | ImageError] = LruCache(MAX_PICTURES)
        self._read: LruCache[str, Finding | ImageError] = LruCache(MAX_READINGS)
        self._measured: LruCache[tuple[str, Side], Measured] = LruCache(MAX_READINGS)

    @cached_property
    def downloads(self) -> "Downloads":
        from mockocr.downloads.downloads import Downloads
        from mockocr.downloads.policy import NONE

        return Downloads(self._policy or NONE, self._folder, own_ports=self.own_ports)

    def is_new(self, body_hash: str) -> bool:
        """Whether the picture in this body still has to be read, which may take tens of
        milliseconds."""
        return self._bodies.get(body_hash) is None

    def remember(self, body_hash: str) -> None:
        """Records that the picture in this body was read."""
        self._bodies.put(body_hash, True)

    def digest(self, text: LongText) -> str | None:
        """The digest of the picture in a text that was cut out of a body seen before."""
        return self._digests.get(text.origin) if text.origin else None

    def remember_digest(self, text: LongText, digest: str) -> None:
        if text.origin:
            self._digests.put(text.origin, digest)

    def found(self, digest: str) -> Picture | ImageError | None:
        """The result of `examine` in an earlier call."""
        return self._found.get(digest)

    def examine(self, content: Content) -> Picture | ImageError:
        from mockocr.images.header import read_header

        found = read_header(content.bytes, content.sha256)
        self._found.put(content.sha256, found)
        return found

    def reading(self, digest: str) -> Finding | ImageError | None:
        """The result of `read` in an earlier call."""
        return self._read.get(digest)

    def read(self, digest: str, pixels: "Pixels | ImageError") -> Finding | ImageError:
        from mockocr.specimens.read.reading import read_in

        found = pixels if isinstance(pixels, ImageError) else read_in(pixels, self._specimens())
        self._read.put(digest, found)
        return found

    def measurement(self, digest: str, side: Side) -> Measured | None:
        """The result of `measure` in an earlier call."""
        return self._measured.get((digest, side))

    def measure(self, digest: str, side: Side, pixels: "Pixels") -> Measured:
        from mockocr.specimens.measure.measuring import measure

        measured = measure(pixels, side)
        self._measured.put((digest, side), measured)
        return measured


def decode(text: LongText) -> bytes | None:
    """The bytes that a text encodes in standard Base64 with padding; None if it is not Base64.
    White space is allowed (assumed, docs/fidelity.md#base64)."""
    if text.decoded is not None:
        return text.decoded
    try:
        return pybase64.b64decode(text.content, validate=True)
    except (binascii.Error, ValueError):
        packed = b"".join(bytes(text.content).split())
    if len(packed) == len(text):
        return None
    try:
        return pybase64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return None
