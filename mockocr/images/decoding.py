"""Decodes the pixels of untrusted files, with bounded memory and time."""

from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from mockocr.images.geometry import Quad, stretched
from mockocr.images.header import image_error_of, reader_of
from mockocr.images.image import ImageError

MAX_WHOLE_PIXELS = 25_000_000
"""The largest picture that is decoded at full size: it takes 100 MB. Assumed, like the 10,000
pixels of a side; photos of 5 MB are smaller."""

_MAX_SCANS = 100
"""Of a progressive JPEG; 10 are usual. Each scan takes as long as decoding the whole picture, even
if it has few bytes."""
_START_OF_SCAN = b"\xff\xda"


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture, upright and of mode RGB."""

    image: Image.Image
    width: int
    height: int
    """The size of the picture in pixels; `image` may be smaller."""

    @property
    def reduced(self) -> bool:
        return self.image.size != (self.width, self.height)

    def placed(self, quad: Quad) -> Quad:
        """Scales a quad from the pixels of the picture to those of `image`."""
        return stretched(quad, self.image.width / self.width, self.image.height / self.height)


def decode(content: bytes, enough: int) -> Pixels | ImageError:
    """Decodes a PNG, JPEG or BMP to at most `enough` pixels: larger pictures are reduced by a power
    of two, a JPEG while it is decoded."""
    reader = reader_of(content)
    if reader is None:
        return ImageError.UNDECODABLE
    try:
        with reader(BytesIO(content)) as file:
            image_error = image_error_of(*file.size) or _too_much(file, content)
            return image_error or _decoded(file, enough)
    except Exception:  # A decoder of untrusted bytes may raise anything, MemoryError too.
        return ImageError.UNDECODABLE


def _too_much(file: ImageFile, content: bytes) -> ImageError | None:
    whole = file.width * file.height > MAX_WHOLE_PIXELS
    if not isinstance(file, JpegImageFile):
        return ImageError.TOO_LARGE if whole else None
    if file.info.get("progressive"):  # All its coefficients are in memory, even if it is reduced.
        if content.count(_START_OF_SCAN) > _MAX_SCANS:
            return ImageError.UNDECODABLE
        return ImageError.TOO_LARGE if whole else None
    return None


def _decoded(file: ImageFile, enough: int) -> Pixels:
    width, height = file.size
    times = 1
    while width * height > enough * times * times:
        times *= 2
    file.draft(file.mode, (width // times, height // times))
    image = _in_rgb(file)
    if (left := round(times * image.width / width)) > 1:
        image = image.reduce(left)
    turn = _turn(file)
    if turn is not None:
        image = image.transpose(turn)
    if turn in _SWAPPING:
        width, height = height, width
    return Pixels(image, width, height)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation → the transposition that makes the picture upright."""
_SWAPPING = {turn for orientation, turn in _TURNS.items() if orientation >= 5}
"""Those that swap width and height."""


def _turn(file: ImageFile) -> Image.Transpose | None:
    try:
        return _TURNS.get(file.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # Damaged EXIF does not make the picture undecodable.
        return None


def _in_rgb(file: ImageFile) -> Image.Image:
    """The picture on a white background, in mode RGB; of an animated PNG, the default image."""
    if file.mode.startswith("I"):  # 16 bits of grey: convert to L would clip them at 255.
        return file.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    # The alpha of a BMP is ignored: many programs write 0 for opaque pixels.
    if file.has_transparency_data and not isinstance(file, BmpImageFile):
        transparent = file.convert("RGBA")
        white = Image.new("RGB", transparent.size, "white")
        white.paste(transparent, mask=transparent)
        return white
    return file.convert("RGB")
