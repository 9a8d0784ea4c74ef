"""What was found in the pictures of earlier calls, by the digest of the picture."""

import binascii
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pybase64

from mockocr.images.decoders import Decoders
from mockocr.images.header import outline_of
from mockocr.images.image import ImageError, Picture
from mockocr.lru import LruCache
from mockocr.protocol.parameters import LongText, Origin, without_blanks
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


class Content(NamedTuple):
    """The bytes of a picture, and their SHA-256 in hex."""

    bytes: bytes
    sha256: str


class PictureCache:
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
        self.has_folder = folder is not None
        self._bodies: LruCache[str, tuple[Origin | None, str, Sequence[Side]]] = LruCache(
            MAX_READINGS
        )
        self._digests: LruCache[Origin, str] = LruCache(MAX_PICTURES)
        self._found: LruCache[str, Picture | ImageError] = LruCache(MAX_PICTURES)
        self._read: LruCache[str, Finding | ImageError] = LruCache(MAX_READINGS)
        self._measured: LruCache[tuple[str, Side], Measured] = LruCache(MAX_READINGS)
        self._excesses: LruCache[str, str] = LruCache(MAX_READINGS)
        self._decoders = Decoders()

    def close(self) -> None:
        """Ends the processes that decode pictures, without waiting for their pictures."""
        self._decoders.close()

    @cached_property
    def downloads(self) -> "Downloads":
        from mockocr.downloads.downloads import Downloads
        from mockocr.downloads.policy import NONE

        return Downloads(self._policy or NONE, self._folder, own_ports=self.own_ports)

    def may_download(self, url: str) -> bool:
        """Whether the picture at a URL, which may be any text, is downloaded if a call needs it."""
        if self._policy is None:
            return False
        from mockocr.downloads.urls import read_url

        try:
            return bool(self._policy.reach(read_url(url)))
        except ValueError:
            return False

    def is_known(self, body_hash: str) -> bool:
        """Whether everything that a call with this body needs from its picture is cached."""
        known = self._bodies.get(body_hash)
        if known is None:
            return False
        origin, digest, sides = known
        return (
            (origin is None or self._digests.get(origin) == digest)
            and self._found.get(digest) is not None
            and self._read.get(digest) is not None
            and all(self._measured.get((digest, side)) is not None for side in sides)
        )

    def remember(
        self, body_hash: str, origin: Origin | None, digest: str, sides: Sequence[Side]
    ) -> None:
        """Stores which picture is in a body, and the cards whose scores its calls need."""
        self._bodies.put(body_hash, (origin, digest, sides))

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

    def decoded(self, content: Content, enough: int, deadline: float) -> "Pixels | ImageError":
        """The pixels of a picture, at most about `enough`. Heavy pictures are decoded in other
        processes. Raises NotDecodedError, for these only: `deadline` is a time of time.monotonic().
        """
        from mockocr.images.decoding import decode

        outline = outline_of(content.bytes)
        excess = outline.cost.excess() if outline else None
        if excess is not None:
            self._excesses.put(content.sha256, excess)
        elif outline is not None and not outline.cost.is_light:
            return self._decoders.decode(content.bytes, enough, deadline)
        return decode(content.bytes, enough)

    def excess(self, digest: str) -> str | None:
        """Why a picture costs too much to decode, in English; None for any other picture."""
        return self._excesses.get(digest)

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
        packed = without_blanks(text.content)
    if len(packed) == len(text):
        return None
    try:
        return pybase64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return None
