"""The outline of a BMP, by its header."""

from struct import Struct

from mockocr.images.cost import (
    DECODED_PIXEL_BYTES,
    WORK_OF_BMP_BYTE,
    WORK_OF_RLE_BYTE,
    WORK_OF_RLE_PIXEL,
    Cost,
    Outline,
)

MAGIC = b"BM"

_AT = 14
"""The header of the picture follows the header of the file."""
_OS2_BYTES = 12
_OS2 = Struct("<IHHHH")
_WINDOWS = Struct("<IIiHHI")
_KNOWN_BYTES = frozenset({40, 52, 56, 64, 108, 124})
_DEPTHS = frozenset({1, 4, 8, 16, 24, 32})
_RAW, _RLE8, _RLE4, _MASKED = range(4)


def outline(content: bytes) -> Outline | None:
    """None for a header that no decoder accepts."""
    header_bytes = int.from_bytes(content[_AT : _AT + 4], "little")
    if len(content) < _AT + max(header_bytes, _OS2_BYTES):
        return None
    if header_bytes == _OS2_BYTES:
        _, width, height, _, depth = _OS2.unpack_from(content, _AT)
        packing = _RAW
    elif header_bytes in _KNOWN_BYTES:
        _, width, height, _, depth, packing = _WINDOWS.unpack_from(content, _AT)
    else:
        return None
    height = abs(height)
    if depth not in _DEPTHS or packing > _MASKED or width == 0 or height == 0:
        return None
    pixels = width * height
    if packing in (_RLE8, _RLE4):
        work = WORK_OF_RLE_PIXEL * pixels + WORK_OF_RLE_BYTE * len(content)
    else:
        work = WORK_OF_BMP_BYTE * (width * depth // 8 + 4) * height
    cost = Cost(work, DECODED_PIXEL_BYTES * pixels, pixels)
    return Outline("BMP", width, height, cost, (slice(0, len(content)),))
