"""From foreign bytes to pixels, within bounds of memory and time; or what the trouble is."""

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
"""Of a picture that has to be decoded whole: 100 MB. Assumed, as 10,000 pixels a side are; 5 MB of
photo never have so many."""

_MAX_SCANS = 100
"""Of a progressive JPEG. Usual are 10; each takes as long as decoding the whole, however few bytes
it has."""
_START_OF_SCAN = b"\xff\xda"


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture, upright and of mode RGB."""

    image: Image.Image
    width: int
    height: int
    """Of the picture itself, of which `image` may be a reduction."""

    @property
    def reduced(self) -> bool:
        return self.image.size != (self.width, self.height)

    def placed(self, quad: Quad) -> Quad:
        """In pixels of the image, what is given in those of the picture."""
        return stretched(quad, self.image.width / self.width, self.image.height / self.height)


def decode(content: bytes, enough: int) -> Pixels | ImageError:
    """A picture that has more pixels than is enough is reduced to fewer, by a power of two, a JPEG
    while it is decoded."""
    reader = reader_of(content)
    if reader is None:
        return ImageError.UNDECODABLE
    try:
        with reader(BytesIO(content)) as file:
            image_error = image_error_of(*file.size) or _too_much(file, content)
            return image_error or _decoded(file, enough)
    except Exception:  # whatever a decoder of foreign bytes trips over, for lack of memory too
        return ImageError.UNDECODABLE


def _too_much(file: ImageFile, content: bytes) -> ImageError | None:
    whole = file.width * file.height > MAX_WHOLE_PIXELS
    if not isinstance(file, JpegImageFile):
        return ImageError.TOO_LARGE if whole else None
    if file.info.get("progressive"):  # its coefficients are kept whole, however it is reduced
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
    call_number = _turn(file)
    if call_number is not None:
        image = image.transpose(call_number)
    if call_number in _SWAPPING:
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
"""By the Orientation of EXIF: what makes the picture upright."""
_SWAPPING = {call_number for orientation, call_number in _TURNS.items() if orientation >= 5}


def _turn(file: ImageFile) -> Image.Transpose | None:
    try:
        return _TURNS.get(file.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a picture is not undecodable for what is told about it
        return None


def _in_rgb(file: ImageFile) -> Image.Image:
    """As it looks on white. Of an animated PNG, its default image."""
    if file.mode.startswith("I"):  # 16 bits of grey, which convert would cut off at 255
        return file.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    # A BMP's fourth byte is not to be trusted: many writers leave it 0, and mean opaque.
    if file.has_transparency_data and not isinstance(file, BmpImageFile):
        shown = file.convert("RGBA")
        white = Image.new("RGB", shown.size, "white")
        white.paste(shown, mask=shown)
        return white
    return file.convert("RGB")
