"""Reads the orientation of a picture, the only field of EXIF that is used."""

from struct import Struct

_ORIENTATION, _SHORT = 0x0112, 3
_ENTRY_BYTES = 12


def orientation(exif: bytes) -> int:
    """The orientation in the first directory of a TIFF; 1 (upright) if there is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None or len(exif) < 8:
        return 1
    start = Struct(f"{order}I").unpack_from(exif, 4)[0]
    entries = exif[start + 2 : start + 2 + _count(exif, start, order) * _ENTRY_BYTES]
    entry = Struct(f"{order}HHIH")
    for at in range(0, len(entries) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        tag, kind, _, value = entry.unpack_from(entries, at)
        if tag == _ORIENTATION and kind == _SHORT:
            return int(value)
    return 1


def _count(exif: bytes, start: int, order: str) -> int:
    count = Struct(f"{order}H")
    return int(count.unpack_from(exif, start)[0]) if start + count.size <= len(exif) else 0
