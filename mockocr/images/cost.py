"""What decoding a picture costs, and how much it may cost. `jpeg.py`, `png.py` and `bmp.py` compute
it from markers, chunks and headers, before a pixel is decoded."""

from dataclasses import dataclass

MAX_WORK = 500_000_000
"""The maximum work of decoding a picture, in units of about a nanosecond on a CPU of 2024: half a
second."""
MAX_MEMORY_BYTES = 128 * 1024 * 1024
"""The maximum memory in use while a picture is decoded."""
MAX_WHOLE_PIXELS = 25_000_000
"""The largest picture that is decoded at full size. Assumed, like the 10,000 pixels of a side;
photos of 5 MB are smaller."""
MAX_SCANS = 100
"""The maximum number of scans in a JPEG; 1 and 10 are usual. Each takes as long as decoding the
whole picture."""
MAX_CHUNKS = 20_000
"""The maximum number of chunks in a PNG, or of segments before the first scan of a JPEG. Some
hundreds are usual."""

LIGHT_WORK = 60_000_000
LIGHT_MEMORY_BYTES = 32 * 1024 * 1024
"""A picture within both limits is decoded in a thread of the server, any other in a worker process
(`decoders.py`). The JPEG of a camera is light."""

WORK_OF_JPEG_SAMPLE = 1
"""For each sample in each scan, even if the scan has no data for it."""
WORK_OF_PNG_BYTE = 5
"""The work of inflating and filtering one byte."""
WORK_OF_BMP_BYTE = 2
WORK_OF_RLE_PIXEL = 100
WORK_OF_RLE_BYTE = 500
"""Pillow decodes run lengths in Python."""

DECODED_PIXEL_BYTES = 4
"""Pillow stores 3 colours in 4 bytes."""
MAX_REDUCED_PIXELS = 6_000_000
"""The largest size to which a picture is reduced: `recognition/crops.py` needs it."""


@dataclass(frozen=True, slots=True)
class Cost:
    work: int
    memory_bytes: int
    whole_pixels: int = 0
    """0 for a picture that is reduced while it is decoded."""
    scans: int = 1
    chunks: int = 0

    def excess(self) -> str | None:
        """Why the picture is not decoded, in English; None if its cost is within all limits."""
        bounds = (
            (self.chunks, MAX_CHUNKS, "chunks of the file"),
            (self.scans, MAX_SCANS, "scans of the picture"),
            (self.whole_pixels, MAX_WHOLE_PIXELS, "pixels to decode whole"),
            (self.memory_bytes, MAX_MEMORY_BYTES, "bytes of memory to decode it"),
            (self.work, MAX_WORK, "units of work to decode it"),
        )
        over = (f"{found} {what}, at most {most}" for found, most, what in bounds if found > most)
        return next(over, None)

    @property
    def is_light(self) -> bool:
        return self.work <= LIGHT_WORK and self.memory_bytes <= LIGHT_MEMORY_BYTES


@dataclass(frozen=True, slots=True)
class Outline:
    """The size and cost of the picture in a file, and where its pixels are."""

    format: str
    width: int
    height: int
    cost: Cost
    pixels: tuple[slice, ...]
    """The only parts that the decoder gets. Profiles, texts, previews and everything after the
    picture are neither parsed nor inflated."""
    orientation: int = 1
    """From EXIF: 1 to 8."""

    def decodable(self, content: bytes) -> bytes:
        """The file reduced to `pixels`."""
        view = memoryview(content)
        return b"".join([view[part] for part in self.pixels])
