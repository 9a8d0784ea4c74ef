"""The format and dimensions of a picture, read from its header without decoding pixels."""

from io import BytesIO

from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from mockocr.images.image import ImageError, Picture

_READERS: dict[bytes, tuple[str, type[ImageFile]]] = {
    b"\x89PNG\r\n\x1a\n": ("PNG", PngImageFile),
    b"\xff\xd8\xff": ("JPEG", JpegImageFile),
    b"BM": ("BMP", BmpImageFile),
}
"""支持PNG、JPG、JPEG、BMP格式 (API page §2); anything else is not decodable."""

MIN_SHORT_SIDE_PIXELS = 20
MAX_LONG_SIDE_PIXELS = 10_000
"""Assumed: the page only advises 500*800 and more (docs/fidelity.md#picture-sides)."""


def read_header(content: bytes, sha256: str) -> Picture | ImageError:
    """The picture in a file; `sha256` is the digest of the file, in hex."""
    kind = _kind(content)
    if kind is None:
        return ImageError.UNDECODABLE
    name, reader = kind
    try:
        with reader(BytesIO(content)) as image:
            width, height = image.size
    except Exception:  # A parser of untrusted bytes may raise anything: struct.error, KeyError, ...
        return ImageError.UNDECODABLE
    return image_error_of(width, height) or Picture(name, width, height, len(content), sha256)


def reader_of(content: bytes) -> type[ImageFile] | None:
    """Pillow's reader for a file with these first bytes; None if it is no PNG, JPEG or BMP."""
    kind = _kind(content)
    return None if kind is None else kind[1]


def image_error_of(width: int, height: int) -> ImageError | None:
    """The error of a picture of this size in pixels; None if the size is allowed."""
    if min(width, height) < MIN_SHORT_SIDE_PIXELS:
        return ImageError.TOO_SMALL
    if max(width, height) > MAX_LONG_SIDE_PIXELS:
        return ImageError.TOO_LARGE
    return None


def _kind(content: bytes) -> tuple[str, type[ImageFile]] | None:
    return next((kind for magic, kind in _READERS.items() if content.startswith(magic)), None)
