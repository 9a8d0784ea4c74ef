"""The header of a picture: its format and dimensions, without decoding a pixel."""

from io import BytesIO

from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from mockocr.pictures.picture import Picture, Trouble

_READERS: dict[bytes, tuple[str, type[ImageFile]]] = {
    b"\x89PNG\r\n\x1a\n": ("PNG", PngImageFile),
    b"\xff\xd8\xff": ("JPEG", JpegImageFile),
    b"BM": ("BMP", BmpImageFile),
}
"""支持PNG、JPG、JPEG、BMP格式 (API page §2); anything else is not decodable."""

MIN_SHORT_SIDE_PIXELS = 20
MAX_LONG_SIDE_PIXELS = 10_000
"""Assumed: the page only advises 500*800 and more (`product.md` §5)."""


def read_header(content: bytes, sha256: str) -> Picture | Trouble:
    kind = next((kind for magic, kind in _READERS.items() if content.startswith(magic)), None)
    if kind is None:
        return Trouble.UNDECODABLE
    name, reader = kind
    try:
        with reader(BytesIO(content)) as image:
            width, height = image.size
    except Exception:  # whatever a parser of foreign bytes trips over: struct.error, KeyError, ...
        return Trouble.UNDECODABLE
    if min(width, height) < MIN_SHORT_SIDE_PIXELS:
        return Trouble.TOO_SMALL
    if max(width, height) > MAX_LONG_SIDE_PIXELS:
        return Trouble.TOO_LARGE
    return Picture(name, width, height, len(content), sha256)
