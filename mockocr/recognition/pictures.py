"""What was found in the pictures of earlier calls, by digest."""

import binascii
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pybase64

from mockocr.images.image import Image, ImageAtUrl, ImageError, Picture
from mockocr.lru import LruCache
from mockocr.protocol.parameters import LongText
from mockocr.specimens.finding import NONE_KNOWN, Finding, Known, Side
from mockocr.specimens.measured import Measured

if TYPE_CHECKING:
    from mockocr.downloads.downloads import Downloads
    from mockocr.downloads.policy import Policy
    from mockocr.images.decoding import Pixels

KEPT = 4096
"""Findings kept, of a few hundred bytes each; the pictures themselves are never kept."""
KEPT_READINGS = 1024
"""Readings kept, of a few thousand bytes each."""

SHORT_BYTES = 1024
"""In so few bytes there is no picture worth a thought."""


class Content(NamedTuple):
    bytes: bytes
    sha256: str


class Pictures:
    """What was found in the pictures of earlier calls. Forgets the least recently asked for."""

    def __init__(
        self,
        policy: "Policy | None" = None,
        folder: Path | None = None,
        known: Callable[[], Known] = lambda: NONE_KNOWN,
    ) -> None:
        """`policy`: which URLs are downloaded, None: none; `folder`: files that URLs may stand
        for; `known`: specimens by name, asked for when the first picture is read."""
        self._known = known
        self.own_ports: set[int] = set()
        """Of the server itself, from which nothing is downloaded: to be filled when they are
        known."""
        self._policy, self._folder = policy, folder
        self.fetches = policy is not None or folder is not None
        """Whether the picture behind a URL may be had."""
        self._bodies: LruCache[str, bool] = LruCache(KEPT_READINGS)
        self._digests: LruCache[tuple[str, str], str] = LruCache(KEPT)
        self._found: LruCache[str, Picture | ImageError] = LruCache(KEPT)
        self._read: LruCache[str, Finding | ImageError] = LruCache(KEPT_READINGS)
        self._measured: LruCache[tuple[str, Side], Measured] = LruCache(KEPT_READINGS)

    @cached_property
    def downloads(self) -> "Downloads":
        # Late, as above.
        from mockocr.downloads.downloads import Downloads
        from mockocr.downloads.policy import NONE

        return Downloads(self._policy or NONE, self._folder, own_ports=self.own_ports)

    def is_new(self, sent_hash: str) -> bool:
        """Whether the picture in what was sent was not read yet: reading may take tens of
        milliseconds."""
        return self._bodies.get(sent_hash) is None

    def remember(self, sent_hash: str) -> None:
        """That the picture in what was sent was read: that needs not be done again."""
        self._bodies.put(sent_hash, True)

    def digest(self, image: Image) -> str:
        """Of a picture that nobody had to have for it."""
        if isinstance(image, ImageAtUrl):
            return sha256(image.url.encode(errors="surrogatepass")).hexdigest()
        origin = image.text.origin
        digest = self._digests.get(origin) if origin else None
        if digest is None:
            content = decode(image.text)
            digest = sha256(image.text.content if content is None else content).hexdigest()
            if origin:
                self._digests.put(origin, digest)
        return digest

    def known(self, digest: str) -> Picture | ImageError | None:
        """What was found in a picture before."""
        return self._found.get(digest)

    def examined(self, content: Content) -> Picture | ImageError:
        # Late: Pillow takes 30 ms to import, and the first answer may need no picture.
        from mockocr.images.header import read_header

        found = read_header(content.bytes, content.sha256)
        self._found.put(content.sha256, found)
        return found

    def reading(self, digest: str) -> Finding | ImageError | None:
        """What was read in a picture before."""
        return self._read.get(digest)

    def read(self, digest: str, pixels: "Pixels | ImageError") -> Finding | ImageError:
        # Late, as above.
        from mockocr.specimens.read.reading import read_in

        found = pixels if isinstance(pixels, ImageError) else read_in(pixels, self._known())
        self._read.put(digest, found)
        return found

    def measurement(self, digest: str, side: Side) -> Measured | None:
        """What was measured of a card before."""
        return self._measured.get((digest, side))

    def measure(self, digest: str, side: Side, pixels: "Pixels") -> Measured:
        # Late, as above.
        from mockocr.specimens.measure.measuring import measure

        measured = measure(pixels, side)
        self._measured.put((digest, side), measured)
        return measured


def decode(text: LongText) -> bytes | None:
    """The bytes behind standard Base64, white space allowed (assumed); None where it is none."""
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
