"""Pictures of valid parts with wrong meanings: segments of a JPEG, chunks of a PNG, headers of a
BMP, with right lengths and checksums. The time and memory to decode any of them are within the
limits of `mockocr/images/cost.py`."""

import resource
import struct
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from fuzz.corpus import corpus
from fuzz.memory import Bound
from fuzz.target import FoundError, Target
from mockocr.images.cost import MAX_MEMORY_BYTES
from mockocr.images.decoding import Pixels, decode
from mockocr.images.header import outline_of
from tests.specimens.files import PNG_MAGIC, bmp_rle, jpeg_of, png_chunk, png_of

MOST_CPU_SECONDS = 5
"""For one picture. The limit of its work is half a second of a CPU of 2024."""
MOST_AT_ONCE = MAX_MEMORY_BYTES + (128 << 20)
MOST_GROWTH = 200 << 20
ENOUGH = 2_500_000

_SIZES = (0, 1, 19, 20, 64, 255, 1000, 2500, 4000, 5000, 9999, 10_000, 10_001, 65_535)
_SEGMENTS = bytes.fromhex(
    "c0 c1 c2 c3 c4 c8 c9 ca cc db dc dd de e0 e1 e2 ed ee fe 01 02 d0 d7 d8 d9 f0"
)
_HARMLESS_SEGMENTS = bytes.fromhex("e0 e1 e2 ed ee fe")
_CHUNKS = (
    *b"PLTE tRNS IDAT IEND eXIf iCCP zTXt iTXt tEXt".split(),
    *b"acTL fcTL fdAT gAMA pHYs IHDR CgBI sBIT xxXx".split(),
)


def _size(random: Random) -> int:
    return random.choice(_SIZES) if random.random() < 0.7 else random.randrange(20, 6000)


def _data(random: Random) -> bytes:
    most = random.choice((0, 1, 8, 64, 2000, 60_000))
    match random.randrange(4):
        case 0:
            return bytes(most)
        case 1:
            return random.randbytes(most)
        case 2:
            return zlib.compress(bytes(most * 100))
        case _:
            return random.choice((b"\xff\xda", b"\xff\xd9", b"\xff\0", b"\xff")) * (most // 4)


def jpeg(random: Random) -> bytes:
    count = random.choice((1, 3, 3, 3, 4))
    scans = [
        sorted(random.sample(range(1, count + 1), random.randint(1, count)))
        for _ in range(random.choice((1, 1, 2, 3, 10, 60, 100, 101, 1000)))
    ]
    segments = b"".join(_segment(random) for _ in range(random.choice((0, 0, 1, 3, 30))))
    content = jpeg_of(
        _size(random),
        _size(random),
        scans,
        progressive=random.random() < 0.4,
        frame=random.choice((0xC0,) * 12 + (0xC1, 0xC3, 0xC9)),
        bits=random.choice((8,) * 18 + (12, 0)),
        sampling=[random.choice((0x11, 0x22, 0x21, 0x12, 0x44, 0x41, 0x14)) for _ in range(count)],
        more=segments,
        data=_data(random)[:20_000],
        filled=random.choice((0, 0, 1, 5)),
    )
    at = random.randrange(2, len(content))
    return content[:at] + _segment(random) + content[at:] if random.random() < 0.3 else content


def _segment(random: Random) -> bytes:
    marker = random.choice(_HARMLESS_SEGMENTS if random.random() < 0.8 else _SEGMENTS)
    data = _data(random)[:60_000]
    if marker == 0xE1:
        data = (
            b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", random.randrange(70_000) % 65_536) + data
        )
    length = random.choice((len(data) + 2, len(data) + 2, len(data) + 2, 0, 1, 65_535))
    return bytes([0xFF, marker]) + struct.pack(">H", min(length, 65_535)) + data


def png(random: Random) -> bytes:
    depth = random.choice((1, 2, 4, 8, 8, 8, 8, 8, 16, 3))
    colours = random.choice((0, 2, 2, 2, 2, 3, 4, 6, 6, 5))
    width, height = _size(random), _size(random)
    row = (width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colours, 3) + 7) // 8
    rows = (bytes([random.choice((0, 1, 2, 3, 4, 9))]) + bytes(row)) * min(
        height, 10**8 // (row + 1)
    )
    more = b"".join(
        png_chunk(random.choice(_CHUNKS), _data(random))
        for _ in range(random.choice((0, 1, 3, 30, 3000)))
    )
    share = random.choice((1.0, 1.0, 0.5, 0.0))
    content = png_of(
        width,
        height,
        depth=depth,
        colour_type=colours,
        rows=rows[: int(share * len(rows))],
        more=more[: 5 << 20],
        interlaced=random.choice((0, 0, 1, 7)),
    )
    return content + b"".join(png_chunk(random.choice(_CHUNKS), _data(random)) for _ in range(2))


def bmp(random: Random) -> bytes:
    data = b"".join(
        random.choice((b"\0\0", b"\0\1", b"\0\2\xff\xff", b"\0\xff", b"\1\2", b"\xff\3"))
        * random.choice((1, 10, 3000))
        for _ in range(random.randrange(20))
    )
    width, height = (random.choice((_size(random), random.randrange(20, 700))) for _ in range(2))
    content = bytearray(bmp_rle(width, height, data, random.choice((0, 1, 1, 2, 3, 4, 7))))
    if random.random() < 0.5:
        at = random.choice((14, 18, 22, 25, 28, 30, 46))
        content[at] = random.choice((0, 1, 4, 8, 12, 16, 24, 32, 40, 64, 108, 124, 255))
    return bytes(content)


def changed(known: Sequence[bytes], random: Random) -> bytes:
    return random.choice((jpeg, jpeg, png, bmp))(random)


def tried(content: bytes) -> str:
    """Raises FoundError if decoding exceeds the limits, or the header has another size."""
    peak, begun = _peak_bytes(), time.process_time()
    outline = outline_of(content)
    pixels = decode(content, ENOUGH)
    seconds = time.process_time() - begun
    if seconds > MOST_CPU_SECONDS:
        raise FoundError(f"it took {seconds:.1f} seconds")
    if _peak_bytes() - peak > MOST_AT_ONCE:
        raise FoundError(f"it took {_peak_bytes() - peak >> 20} MiB")
    if not isinstance(pixels, Pixels):
        return f"{outline.format if outline else 'no picture'}: {pixels}"
    if outline is None or {outline.width, outline.height} != {pixels.width, pixels.height}:
        raise FoundError(f"decoded {pixels.width}x{pixels.height} pixels from {outline}")
    return f"{outline.format}: {'light' if outline.cost.is_light else 'heavy'}"


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _seeds() -> Iterator[bytes]:
    for seed in range(8):
        for make in (jpeg, png, bmp):
            yield make(Random(seed))
    yield PNG_MAGIC
    yield from corpus("containers")


@contextmanager
def target() -> Iterator[Target]:
    yield Target(list(_seeds()), changed, tried, Bound(MOST_GROWTH).look)
