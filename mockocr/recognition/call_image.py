"""The picture of one call, examined lazily: each step is done once, when it is first needed."""

import time
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mockocr.images.image import (
    Base64Image,
    Image,
    ImageAtUrl,
    ImageError,
    NotDecodedError,
    Picture,
    is_http,
)
from mockocr.protocol.reasons import Hint, Reason
from mockocr.recognition import hints
from mockocr.recognition.picture_cache import Content, PictureCache, decode
from mockocr.specimens.finding import Finding, Side
from mockocr.specimens.measured import Measured

if TYPE_CHECKING:
    from mockocr.images.decoding import Pixels
    from mockocr.recognition.crops import Crops

# Functions of this module import Pillow (30 ms) and the downloads (12 ms) when they need them: many
# calls need neither, and the first answer of a server shall not wait for them.

DECODING_SECONDS = 30
"""The time limit of decoding a heavy picture, from the arrival of its call: it includes waiting for
a thread and for a process."""


class NotFetchedImage:
    """An image at a URL that mockocr is not allowed to fetch. This is not an error."""


Fetched: TypeAlias = Content | ImageError | NotFetchedImage


class ImageSnapshot(NamedTuple):
    """What is known about an image: its header, the cards in it, and the scores of the cards."""

    found: Picture | ImageError | None
    reading: Finding | None
    measured: Mapping[Side, Measured]


class CallImage:
    """The picture of one call. Belongs to one thread at a time."""

    __slots__ = (
        "_arrived",
        "_crop_pixels",
        "_fetched",
        "_hint",
        "_image",
        "_pictures",
        "_pixels",
        "found",
        "measured",
        "reading",
        "reason",
    )

    def __init__(self, pictures: PictureCache, image: Image, arrived: float | None = None) -> None:
        """`arrived`: the time.monotonic() at which the call arrived, where time limits begin. None:
        they begin with the work that they limit."""
        self._pictures = pictures
        self._image = image
        self._arrived = arrived
        self._fetched: Fetched | None = None
        self._pixels: Pixels | ImageError | None = None
        self._crop_pixels: Pixels | None = None
        self.found: Picture | ImageError | None = None
        """The result of `look`; None before it, and for a picture that is not fetched."""
        self.reading: Finding | None = None
        """The result of `read`; None before it, and for a picture that cannot be read."""
        self.measured: Mapping[Side, Measured] = {}
        """The results of `measure`, by card."""
        self._hint: Hint | None = None
        self.reason: str | None = None
        """Why the picture was not downloaded or not decoded, in English."""

    @property
    def may_change(self) -> bool:
        """Whether the next call with the same query may be about another picture."""
        return self._pictures.fetches

    def snapshot(self) -> ImageSnapshot:
        return ImageSnapshot(self.found, self.reading, self.measured)

    def restore(self, snapshot: ImageSnapshot) -> None:
        """Sets what an earlier call found out about the same picture."""
        self.found, self.reading, self.measured = snapshot

    def digest(self) -> str:
        """The SHA-256, in hex, that identifies the picture. It is the digest of the picture's
        bytes; of the text if that is not Base64; of the URL if the picture is not downloaded."""
        if isinstance(self._fetched, Content):
            return self._fetched.sha256
        if isinstance(self._image, ImageAtUrl):
            return sha256(self._image.url.encode(errors="surrogatepass")).hexdigest()
        text = self._image.text
        digest = self._pictures.digest(text)
        if digest is None:
            content = self._content()
            if isinstance(content, Content):
                digest = content.sha256
            else:
                digest = sha256(text.content).hexdigest()
            self._pictures.remember_digest(text, digest)
        return digest

    def fact(self, name: str) -> Any:
        """A fact that a rule may ask about: a field of `Picture` such as format or width, or
        `specimen`, the names of the specimens in the picture. None if there is no such fact."""
        if name == "specimen":
            return self._names()
        found = self.look()
        if name == "sha256":
            return None if found is None else self.digest()
        return getattr(found, name) if isinstance(found, Picture) else None

    def _names(self) -> tuple[str, ...]:
        reading = self.read()
        sides = reading.sides if isinstance(reading, Finding) else ()
        return tuple(dict.fromkeys(side.name for side in sides if side.name))

    def look(self) -> Picture | ImageError | None:
        """What the header of the picture says; None for a picture that is not fetched."""
        if self.found is None:
            self.found = self._look()
        return self.found

    def _look(self) -> Picture | ImageError | None:
        if isinstance(self._image, Base64Image):
            found = self._pictures.found(self.digest())
            if found is not None:
                return found
        content = self._content()
        if isinstance(content, Content):
            return self._pictures.examine(content)
        return content if isinstance(content, ImageError) else None

    def read(self) -> Finding | ImageError | None:
        """The cards in the picture; None for a picture that is not fetched."""
        found = self.look()
        if not isinstance(found, Picture):
            return found
        reading = self._pictures.reading(found.sha256)
        if reading is None:
            reading = self._read(found.sha256)
        if isinstance(reading, ImageError):
            self.found = reading
            if excess := self._pictures.excess(found.sha256):
                self.reason = f"the picture was not decoded: {excess}"
        else:
            self.reading = reading
        return reading

    def _read(self, digest: str) -> Finding | ImageError:
        try:
            return self._pictures.read(digest, self._decoded())
        except NotDecodedError:
            # Not cached: the next call may succeed.
            return ImageError.TOO_LARGE

    def measure(self, side: Side) -> Measured:
        """The scores of a card that `read` found in the picture. Raises NotDecodedError."""
        digest = self.digest()
        measured = self._pictures.measurement(digest, side)
        if measured is None:
            pixels = self._decoded()
            assert not isinstance(pixels, ImageError)  # noqa: S101 - a card was read in it
            measured = self._pictures.measure(digest, side, pixels)
        self.measured = {**self.measured, side: measured}
        return measured

    def cut(self, side: Side) -> "Crops":
        """The crops of a card that `read` found in the picture. Raises NotDecodedError."""
        from mockocr.images.decoding import Pixels
        from mockocr.recognition import crops

        pixels = self._crop_pixels or self._pixels
        if not isinstance(pixels, Pixels) or not crops.enough(pixels, side):
            pixels = self._decoded_to(crops.CUT_PIXELS)
            assert not isinstance(pixels, ImageError)  # noqa: S101 - a card was read in it
            self._crop_pixels = pixels
        return crops.cut(pixels, side)

    def why(self, image_error: ImageError) -> Reason:
        """Why `read` returned this error."""
        from mockocr.recognition.unusable import why_not_base64, why_unusable

        content = self._content()
        parameter, text = "ImageUrl", None
        if isinstance(self._image, Base64Image):
            parameter, text = "ImageBase64", self._image.text
            if not isinstance(content, Content):
                return why_not_base64(text)
        if isinstance(content, Content):
            return why_unusable(image_error, content.bytes, parameter, text, self.reason)
        return Reason(self._hint or hints.EMPTY_DOWNLOAD, parameter, self.reason or "0 bytes")

    def to_dict(self) -> Mapping[str, Any] | None:
        """What was read and measured, for the journal; None if the picture was not read."""
        return self.reading.to_dict(self.measured) if self.reading else None

    def _decoded(self) -> "Pixels | ImageError":
        """The pixels for reading, measuring and, unless they are too few, cutting: decoding takes
        about as long as each of these. Raises NotDecodedError."""
        from mockocr.specimens.read.reading import READ_PIXELS

        if self._pixels is None:
            self._pixels = self._decoded_to(READ_PIXELS)
        return self._pixels

    def _decoded_to(self, enough: int) -> "Pixels | ImageError":
        """Only for a picture for which `look` has returned a `Picture`. Raises NotDecodedError."""
        content = self._content()
        assert isinstance(content, Content)  # noqa: S101 - else `look` found no Picture
        arrived = time.monotonic() if self._arrived is None else self._arrived
        try:
            return self._pictures.decoded(content, enough, arrived + DECODING_SECONDS)
        except NotDecodedError as error:
            self.reason = f"the picture was not decoded: {error}"
            raise

    def _content(self) -> Fetched:
        if self._fetched is None:
            if isinstance(self._image, ImageAtUrl):
                self._fetched = self._download(self._image)
            else:
                self._fetched = self._decode_base64(self._image)
        return self._fetched

    def _decode_base64(self, image: Base64Image) -> Fetched:
        content = decode(image.text)
        if content is None:
            return ImageError.UNDECODABLE
        return Content(content, self._pictures.digest(image.text) or sha256(content).hexdigest())

    def _download(self, image: ImageAtUrl) -> Fetched:
        if not self._pictures.fetches and is_http(image.url):
            return NotFetchedImage()
        from mockocr.downloads.fetched import NotFetched, TooLarge, bytes_within

        most_bytes = bytes_within(image.base64_characters)
        found = self._pictures.downloads.get(image.url, most_bytes, self._arrived)
        if isinstance(found, bytes):
            return Content(found, sha256(found).hexdigest()) if found else ImageError.EMPTY
        if isinstance(found, NotFetched):
            return NotFetchedImage()
        self.reason, self._hint = found.reason, found.hint
        too_large = isinstance(found, TooLarge)
        return ImageError.TOO_MANY_BYTES if too_large else ImageError.NOT_DOWNLOADABLE
