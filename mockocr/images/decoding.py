"""Decodes the pixels of untrusted files, with bounded memory and time."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from mockocr.images.geometry import Quad, stretched
from mockocr.images.header import image_error_of, outline_of
from mockocr.images.image import ImageError


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


_READERS: dict[str, type[ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "BMP": BmpImageFile,
}


def decode(content: bytes, enough: int) -> Pixels | ImageError:
    """Decodes a PNG, JPEG or BMP to at most `enough` pixels: larger pictures are reduced by a power
    of two, a JPEG while it is decoded. A picture whose decoding costs too much is TOO_LARGE."""
    outline = outline_of(content)
    if outline is None:
        return ImageError.UNDECODABLE
    image_error = image_error_of(outline)
    if image_error is None and outline.cost.excess():
        image_error = ImageError.TOO_LARGE
    if image_error is not None:
        return image_error
    try:
        with _READERS[outline.format](BytesIO(outline.decodable(content))) as file:
            return _decoded(file, enough, _TURNS.get(outline.orientation))
    except Exception:  # A decoder of untrusted bytes may raise anything, MemoryError too.
        return ImageError.UNDECODABLE


def _decoded(file: ImageFile, enough: int, turn: Image.Transpose | None) -> Pixels:
    width, height = file.size
    times = 1
    while width * height > enough * times * times:
        times *= 2
    file.draft(file.mode, (width // times, height // times))
    left = round(times * file.width / width)
    image = _reduced(file, left) if left > 1 else _in_rgb(file)
    if turn is not None:
        image = image.transpose(turn)
    if turn in _SWAPPING:
        width, height = height, width
    return Pixels(image, width, height)


_BAND_PIXELS = 1_000_000


def _reduced(file: ImageFile, times: int) -> Image.Image:
    """Converts and reduces in bands: memory then holds one copy of a large picture instead of
    three."""
    file.load()
    reduced = Image.new("RGB", (-(-file.width // times), -(-file.height // times)))
    rows = times * max(1, _BAND_PIXELS // (file.width * times))
    for top in range(0, file.height, rows):
        band = file.crop((0, top, file.width, min(file.height, top + rows)))
        reduced.paste(_in_rgb(band, file).reduce(times), (0, top // times))
    return reduced


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
"""The transpositions that swap width and height."""


def _in_rgb(image: Image.Image, file: ImageFile | None = None) -> Image.Image:
    """The picture on a white background, in mode RGB; of an animated PNG, the default image."""
    if image.mode.startswith("I"):  # 16 bits of grey: convert to L would clip them at 255.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    # The alpha of a BMP is ignored: many programs write 0 for opaque pixels.
    if image.has_transparency_data and not isinstance(file or image, BmpImageFile):
        transparent = image.convert("RGBA")
        white = Image.new("RGB", transparent.size, "white")
        white.paste(transparent, mask=transparent)
        return white
    return image.convert("RGB")
