"""Looking at pictures, each once: what was found is kept by digest."""

import binascii
from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pybase64

from mockocr.images.image import Base64Image, Image, ImageAtUrl, ImageError, Picture, is_http
from mockocr.lru import LruCache
from mockocr.protocol.parameters import LongText
from mockocr.specimens.finding import NONE_KNOWN, Finding, Known, Side
from mockocr.specimens.measured import Measured

if TYPE_CHECKING:
    from mockocr.downloads.downloads import Downloads
    from mockocr.downloads.policy import Policy
    from mockocr.images.decoding import Pixels
    from mockocr.recognition.crops import Crops

KEPT = 4096
"""Findings kept, of a few hundred bytes each; the pictures themselves are never kept."""
KEPT_READINGS = 1024
"""Readings kept, of a few thousand bytes each."""

SHORT_BYTES = 1024
"""In so few bytes there is no picture worth a thought."""


class NotFetchedImage:
    """Behind a URL that is not fetched."""


class Content(NamedTuple):
    bytes: bytes
    sha256: str


Had: TypeAlias = Content | ImageError | NotFetchedImage


class ImageSnapshot(NamedTuple):
    """What was found in a picture, read in it and measured of the cards in it."""

    found: Picture | ImageError | None
    reading: Finding | None
    measured: Mapping[Side, Measured]


class CallImage:
    """The picture of one call: looked at when somebody asks, and not before."""

    __slots__ = ("_had", "_image", "_pictures", "_pixels", "found", "measured", "reading", "reason")

    def __init__(self, pictures: "Pictures", image: Image) -> None:
        self._pictures = pictures
        self._image = image
        self._had: Had | None = None
        self._pixels: Pixels | ImageError | None = None
        self.found: Picture | ImageError | None = None
        """What was found; None while nobody has looked, or for a picture that is not at hand."""
        self.reading: Finding | None = None
        """What was read in it, where somebody had it read."""
        self.measured: Mapping[Side, Measured] = {}
        """What was measured of the cards in it, where somebody asked."""
        self.reason: str | None = None
        """Why the picture behind a URL could not be had."""

    def snapshot_of(self) -> ImageSnapshot:
        return ImageSnapshot(self.found, self.reading, self.measured)

    def restore(self, snapshot_of: ImageSnapshot) -> None:
        """For the same picture, what was seen in it before."""
        self.found, self.reading, self.measured = snapshot_of

    def digest(self) -> str:
        """Hex SHA-256 that tells pictures apart: of the picture, of the text where that is no
        Base64, of the URL where nobody has the picture."""
        if isinstance(self._had, Content):
            return self._had.sha256
        return self._pictures.digest(self._image)

    def fact(self, name: str) -> Any:
        """What a rule may ask about: format, width, sha256, or specimen: the names of those in it.
        None for what there is not."""
        if name == "specimen":
            return self._names()
        found = self.look()
        if name == "sha256":
            return None if found is None else self.digest()
        return getattr(found, name) if isinstance(found, Picture) else None

    def _names(self) -> tuple[str, ...]:
        read = self.read()
        sides = read.sides if isinstance(read, Finding) else ()
        return tuple(dict.fromkeys(side.name for side in sides if side.name))

    def look(self) -> Picture | ImageError | None:
        """What the picture is; None for one that is not at hand."""
        if self.found is None:
            self.found = self._look()
        return self.found

    def _look(self) -> Picture | ImageError | None:
        if isinstance(self._image, Base64Image):
            found = self._pictures.known(self.digest())
            if found is not None:
                return found
        content = self._content()
        if isinstance(content, Content):
            return self._pictures.examined(content)
        return content if isinstance(content, ImageError) else None

    def read(self) -> Finding | ImageError | None:
        """What is in the picture; None for one that is not at hand."""
        found = self.look()
        if not isinstance(found, Picture):
            return found
        read = self._pictures.reading(found.sha256)
        if read is None:
            read = self._pictures.read(found.sha256, self._decoded_pixels())
        if isinstance(read, ImageError):
            self.found = read
        else:
            self.reading = read
        return read

    def measure(self, side: Side) -> Measured:
        """What the pixels of a card tell that was read in the picture."""
        digest = self.digest()
        measured = self._pictures.measurement(digest, side)
        if measured is None:
            pixels = self._decoded_pixels()
            assert not isinstance(pixels, ImageError)  # noqa: S101 - a card was read in it
            measured = self._pictures.measure(digest, side, pixels)
        self.measured = {**self.measured, side: measured}
        return measured

    def cut(self, side: Side) -> "Crops":
        """Out of the picture, a card that was read in it."""
        # Late: Pillow takes 30 ms to import, and few calls ask for crops.
        from mockocr.images.decoding import Pixels
        from mockocr.recognition import crops

        pixels = self._pixels
        if not isinstance(pixels, Pixels) or not crops.enough(pixels, side):
            pixels = crops.decoded(self.content())
            assert not isinstance(pixels, ImageError)  # noqa: S101 - a card was read in it
        return crops.cut(pixels, side)

    def shown(self) -> Mapping[str, Any] | None:
        """What was read and measured, for whoever asks why; None where nobody had it read."""
        return self.reading.shown(self.measured) if self.reading else None

    def _decoded_pixels(self) -> "Pixels | ImageError":
        """Once for reading, measuring and, mostly, cutting: that takes as long as each."""
        # Late: Pillow takes 30 ms to import, and the first answer may need no picture.
        from mockocr.specimens.read.reading import decoded

        if self._pixels is None:
            self._pixels = decoded(self.content())
        return self._pixels

    def content(self) -> bytes:
        """The bytes of a picture that was looked at."""
        content = self._content()
        assert isinstance(content, Content)  # noqa: S101 - asked of pictures that were looked at only
        return content.bytes

    def _content(self) -> Had:
        if self._had is None:
            self._had = self._fetched() if isinstance(self._image, ImageAtUrl) else self._decoded()
        return self._had

    def _decoded(self) -> Had:
        assert isinstance(self._image, Base64Image)  # noqa: S101 - of two kinds, the other
        content = decode(self._image.text)
        return ImageError.UNDECODABLE if content is None else Content(content, self.digest())

    def _fetched(self) -> Had:
        assert isinstance(self._image, ImageAtUrl)  # noqa: S101 - of two kinds, the other
        if not self._pictures.fetches and is_http(self._image.url):
            return NotFetchedImage()
        # Late: all of fetching takes 12 ms to import, and most servers fetch nothing.
        from mockocr.downloads.fetched import NotFetched, TooLarge, bytes_within

        most_bytes = bytes_within(self._image.base64_characters)
        found = self._pictures.downloads.get(self._image.url, most_bytes)
        if isinstance(found, bytes):
            return Content(found, sha256(found).hexdigest()) if found else ImageError.EMPTY
        if isinstance(found, NotFetched):
            return NotFetchedImage()
        self.reason = found.reason
        too_large = isinstance(found, TooLarge)
        return ImageError.TOO_MANY_BYTES if too_large else ImageError.NOT_DOWNLOADABLE


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

    def call_image(self, image: Image) -> CallImage:
        return CallImage(self, image)

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
