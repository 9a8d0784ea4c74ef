"""The format and dimensions of a picture, read from its header without decoding pixels."""

from collections.abc import Callable

from mockocr.images import bmp, jpeg, png
from mockocr.images.cost import Outline
from mockocr.images.image import ImageError, Picture

_OUTLINES: dict[bytes, Callable[[bytes], Outline | None]] = {
    png.MAGIC: png.outline,
    jpeg.MAGIC: jpeg.outline,
    bmp.MAGIC: bmp.outline,
}
"""支持PNG、JPG、JPEG、BMP格式 (API page §2); anything else is not decodable."""

MIN_SHORT_SIDE_PIXELS = 20
MAX_LONG_SIDE_PIXELS = 10_000
"""Assumed: the page only advises 500*800 and more (docs/fidelity.md#picture-sides)."""


def read_header(content: bytes, sha256: str) -> Picture | ImageError:
    """The picture in a file; `sha256` is the digest of the file, in hex."""
    outline = outline_of(content)
    if outline is None:
        return ImageError.UNDECODABLE
    image_error = image_error_of(outline)
    return image_error or Picture(
        outline.format, outline.width, outline.height, len(content), sha256
    )


def outline_of(content: bytes) -> Outline | None:
    """None if the file is not a PNG, JPEG or BMP."""
    for magic, outline in _OUTLINES.items():
        if content.startswith(magic):
            return outline(content)
    return None


def image_error_of(outline: Outline) -> ImageError | None:
    """The error of a picture of this size; None if the size is allowed."""
    if min(outline.width, outline.height) < MIN_SHORT_SIDE_PIXELS:
        return ImageError.TOO_SMALL
    if max(outline.width, outline.height) > MAX_LONG_SIDE_PIXELS:
        return ImageError.TOO_LARGE
    return None
