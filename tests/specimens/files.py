"""Picture files that tests write byte by byte."""

import struct
import zlib
from collections.abc import Sequence


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def png_that_says(width: int, height: int) -> bytes:
    """A file with a complete header and almost no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [
        png_chunk(b"IHDR", header),
        png_chunk(b"IDAT", zlib.compress(b"")),
        png_chunk(b"IEND", b""),
    ]
    return PNG_MAGIC + b"".join(chunks)


def bmp_that_says(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header


def jpeg_that_says(width: int, height: int) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes.fromhex("012200 021101 031101")
    scan = bytes.fromhex("03 0100 0211 0311 00 3f 00")
    return b"".join(
        [
            b"\xff\xd8",
            b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame,
            b"\xff\xda" + struct.pack(">H", len(scan) + 2) + scan,
            b"\xff\xd9",
        ]
    )


def png_of(
    width: int,
    height: int,
    *,
    depth: int = 8,
    colour_type: int = 2,
    rows: bytes,
    more: bytes = b"",
    interlaced: int = 0,
) -> bytes:
    """A PNG of these scanlines, which include their filter bytes."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlaced)
    return (
        PNG_MAGIC
        + png_chunk(b"IHDR", header)
        + more
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def bmp_of(width: int, height: int, pixel: bytes) -> bytes:
    """A BMP of version 4 with 32 bits per pixel (blue, green, red, alpha), all pixels the same."""
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, 0, 2835, 2835, 0, 0)
    header += struct.pack("<4I", *masks) + b"BGRs" + bytes(48)
    offset = 14 + len(header)
    size = offset + 4 * width * height
    return b"BM" + struct.pack("<IHHI", size, 0, 0, offset) + header + pixel * width * height


def bmp_rle(width: int, height: int, data: bytes, packing: int = 1) -> bytes:
    """A BMP of 8 bits per pixel with these run lengths."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, packing, len(data), 0, 0, 256, 0)
    palette = b"".join(bytes([value, 0, 0, 0]) for value in range(256))
    offset = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + header + palette + data


def jpeg_of(
    width: int,
    height: int,
    scans: Sequence[Sequence[int]],
    *,
    progressive: bool = False,
    frame: int = 0xC0,
    bits: int = 8,
    sampling: Sequence[int] = (0x11, 0x11, 0x11),
    more: bytes = b"",
    data: bytes = b"",
    filled: int = 0,
) -> bytes:
    """A JPEG with scans of these components, with hardly any data. A progressive one begins with
    coarse coefficients and refines them repeatedly."""
    message = b"".join(bytes([at + 1, how, 0]) for at, how in enumerate(sampling))
    head = struct.pack(">BHHB", bits, height, width, len(sampling)) + message
    content = b"\xff\xd8" + more + _segment(0xC2 if progressive else frame, head)
    content += _segment(0xDB, b"\0" + b"\1" * 64)
    for kind in (0x00, 0x10):
        content += _segment(0xC4, bytes([kind, 0, 2, *[0] * 14, 0, 1]))
    for number, components in enumerate(scans):
        which = b"".join(bytes([each, 0]) for each in components)
        spectrum = bytes([0, 0, 0x10 if number else 0x01]) if progressive else b"\0\x3f\0"
        content += b"\xff" * filled + _segment(0xDA, bytes([len(components)]) + which + spectrum)
        content += data
    return content + b"\xff\xd9"


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content
