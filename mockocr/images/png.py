"""The outline of a PNG (ISO/IEC 15948), by its chunks."""

import zlib
from struct import Struct

from mockocr.images.cost import (
    DECODED_PIXEL_BYTES,
    MAX_CHUNKS,
    WORK_OF_PNG_BYTE,
    Cost,
    Outline,
)
from mockocr.images.exif import orientation

MAGIC = b"\x89PNG\r\n\x1a\n"

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""The channels of each colour type."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_NEEDED = frozenset({b"PLTE", b"tRNS", b"IDAT", b"IEND"})

_CHUNK = Struct(">I4s")
_AROUND = 12
"""Bytes of a chunk without its content: length, name and checksum."""
_HEADER = Struct(">IIBBBBB")


def outline(content: bytes) -> Outline | None:
    """None if the file does not begin with a valid header."""
    after = len(MAGIC) + _AROUND + _HEADER.size
    header = content[len(MAGIC) : after]
    if len(header) < after - len(MAGIC) or header[:8] != _CHUNK.pack(_HEADER.size, b"IHDR"):
        return None
    if zlib.crc32(header[4:-4]).to_bytes(4) != header[-4:]:
        return None
    width, height, depth, colours, _, _, interlaced = _HEADER.unpack_from(header, 8)
    if depth not in _DEPTHS.get(colours, ()):
        return None
    parts, turned, chunks, at = [slice(0, after)], 1, 1, after
    while at + _CHUNK.size <= len(content) and chunks <= MAX_CHUNKS:
        length, name = _CHUNK.unpack_from(content, at)
        end = min(len(content), at + _AROUND + length)
        chunks += 1
        if name in _NEEDED:
            parts.append(slice(at, end))
        elif name == b"eXIf":
            turned = orientation(content[at + _CHUNK.size : end - 4].removeprefix(b"Exif\0\0"))
        at = end
        if name == b"IEND":
            break
    row_bytes = 1 + -(-width * depth * _CHANNELS[colours] // 8)
    # An interlaced picture needs at most one filter byte and some padding more for each row.
    inflated = row_bytes * height + (2 * height * _CHANNELS[colours] + height if interlaced else 0)
    held = DECODED_PIXEL_BYTES * width * height
    cost = Cost(inflated * WORK_OF_PNG_BYTE, held, width * height, chunks=chunks)
    return Outline("PNG", width, height, cost, tuple(parts), turned)
