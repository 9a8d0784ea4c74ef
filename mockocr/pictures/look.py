"""Looking at pictures, each once: what was found is kept by digest."""

import binascii
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Any, Generic, TypeVar

import pybase64

from mockocr.pictures.picture import Base64Image, Image, ImageAtUrl, Picture, Trouble
from mockocr.protocol.parameters import LongText

KEPT = 4096
"""Findings kept, of a few hundred bytes each; the pictures themselves are never kept."""

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class Sight:
    """The picture of one call: looked at when somebody asks, and not before."""

    __slots__ = ("_image", "_pictures", "found")

    def __init__(self, pictures: "Pictures", image: Image) -> None:
        self._pictures = pictures
        self._image = image
        self.found: Picture | Trouble | None = None
        """What was found; None while nobody has looked, or for a picture that is not at hand."""

    def digest(self) -> str:
        return self._pictures.digest(self._image)

    def fact(self, name: str) -> Any:
        """What a rule may ask about: format, width or sha256; None for what there is not."""
        found = self.look()
        if name == "sha256":
            return self.digest() if isinstance(self._image, Base64Image) else None
        return getattr(found, name) if isinstance(found, Picture) else None

    def look(self) -> Picture | Trouble | None:
        self.found = self._pictures.look(self._image)
        return self.found


class Pictures:
    """What was found in the pictures of earlier calls. Forgets the least recently asked for."""

    def __init__(self) -> None:
        self._digests: _Kept[tuple[str, str], str] = _Kept()
        self._found: _Kept[str, Picture | Trouble] = _Kept()

    def sight(self, image: Image) -> Sight:
        return Sight(self, image)

    def digest(self, image: Image) -> str:
        """Hex SHA-256 that tells pictures apart: of the picture, of the text where that is no
        Base64, of the URL where the picture is not at hand."""
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

    def look(self, image: Image) -> Picture | Trouble | None:
        """What the picture is; None for one that is not at hand (an ImageUrl not fetched)."""
        if isinstance(image, ImageAtUrl):
            # Assumed: only http and https could ever be downloaded.
            fetchable = image.url.lower().startswith(("http://", "https://"))
            return None if fetchable else Trouble.NOT_DOWNLOADABLE
        digest = self.digest(image)
        found = self._found.get(digest)
        if found is None:
            found = _examine(image, digest)
            self._found.put(digest, found)
        return found


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


def _examine(image: Base64Image, digest: str) -> Picture | Trouble:
    content = decode(image.text)
    if content is None:
        return Trouble.UNDECODABLE
    # Late: Pillow takes 30 ms to import, and the first answer may need no picture.
    from mockocr.pictures.header import read_header

    return read_header(content, digest)


class _Kept(Generic[KeyT, ValueT]):
    """The last `KEPT` values, by key."""

    def __init__(self) -> None:
        self._values: OrderedDict[KeyT, ValueT] = OrderedDict()
        self._lock = Lock()

    def get(self, key: KeyT) -> ValueT | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: KeyT, value: ValueT) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > KEPT:
                self._values.popitem(last=False)
