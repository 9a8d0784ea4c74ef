"""The outline of a JPEG (ITU-T T.81), by its markers.

If a JPEG is progressive, or its first scan does not have all components, the decoder stores every
coefficient, and processes all of them for each scan, even if the scan has little data.
"""

import re
from struct import Struct

from mockocr.images.cost import (
    DECODED_PIXEL_BYTES,
    MAX_CHUNKS,
    MAX_REDUCED_PIXELS,
    WORK_OF_JPEG_SAMPLE,
    Cost,
    Outline,
)
from mockocr.images.exif import orientation

MAGIC = b"\xff\xd8\xff"

_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = frozenset({_BASELINE, _EXTENDED, _PROGRESSIVE})
"""Cameras and libraries write none of the others: lossless and arithmetic."""
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_SKIPPED = frozenset({*range(0xE0, 0xF0), 0xFE, 0xDC})
"""Application data, comments, and the number of lines, which decoders skip."""
_START_OF_SCAN = 0xDA
_MARKER = re.compile(rb"\xff[^\x00\xff]", re.DOTALL)
_NEXT_SCAN, _END = b"\xff\xda", b"\xff\xd9"

_COEFFICIENT_BYTES = 2
_FRAME = Struct(">BHHB")
_LENGTH = Struct(">H")

Components = tuple[tuple[int, int, int], ...]
"""The id of each component, and its horizontal and vertical sampling factor."""


def outline(content: bytes) -> Outline | None:
    """None for a file that no decoder accepts as a JPEG."""
    parts, frame, turned, segments, at = [slice(0, 2)], None, None, 0, 2
    while (found := _marker(content, at)) is not None:
        marker, after = found
        segments += 1
        end = _end(content, after)
        if marker in _WITHOUT_LENGTH:
            at = after
            continue
        part, body = slice(after - 2, end), content[after + 2 : end]
        if marker == _START_OF_SCAN:
            return frame and _with_scans(content, parts, frame, turned or 1, segments, after - 2)
        if marker in _FRAMES:
            if frame is not None or (frame := _frame(marker, body)) is None:
                return None
            parts.append(part)
        elif marker in _TABLES or _is_about_colours(marker, body):
            parts.append(part)
        elif marker not in _SKIPPED:
            return None
        elif marker == 0xE1 and turned is None and body.startswith(b"Exif\0\0"):
            turned = orientation(body[6:])
        if segments > MAX_CHUNKS:
            break
        at = end
    return frame and _with_scans(content, parts, frame, turned or 1, segments, len(content))


def _marker(content: bytes, at: int) -> tuple[int, int] | None:
    """The next marker, and where it ends. Bytes between segments are skipped."""
    found = _MARKER.search(content, at)
    return None if found is None else (content[found.end() - 1], found.end())


def _end(content: bytes, after: int) -> int:
    """The end of the segment whose marker ends at `after`."""
    if after + 2 > len(content):
        return len(content)
    return max(after + 2, min(len(content), after + int(_LENGTH.unpack_from(content, after)[0])))


Frame = tuple[bool, int, int, Components]
"""Whether it is progressive, width, height and components."""


def _frame(marker: int, body: bytes) -> Frame | None:
    if len(body) < _FRAME.size:
        return None
    bits, height, width, count = _FRAME.unpack_from(body)
    listed = body[_FRAME.size :]
    if bits != 8 or count not in (1, 3, 4) or len(listed) < 3 * count:
        return None
    components = tuple(
        (listed[at], listed[at + 1] >> 4, listed[at + 1] & 15) for at in range(0, 3 * count, 3)
    )
    if not all(1 <= across <= 4 and 1 <= down <= 4 for _, across, down in components):
        return None
    return marker == _PROGRESSIVE, width, height, components


def _is_about_colours(marker: int, body: bytes) -> bool:
    """Whether a segment of Adobe or JFIF names the colours of the picture."""
    return (marker == 0xEE and body.startswith(b"Adobe")) or (
        marker == 0xE0 and body.startswith(b"JFIF\0")
    )


def _with_scans(
    content: bytes, parts: list[slice], frame: Frame, turned: int, segments: int, first: int
) -> Outline:
    progressive, width, height, components = frame
    reduced_bytes = DECODED_PIXEL_BYTES * min(width * height, MAX_REDUCED_PIXELS)
    samples = _samples(width, height, components)
    if progressive or _of_scan(content, first, components) != components:
        # Decoders ignore everything after the end. Every scan begins with these two bytes.
        end = content.find(_END, first)
        end = len(content) if end < 0 else end + len(_END)
        work = scans = 0
        at = content.find(_NEXT_SCAN, first, end)
        while at >= 0:
            scans += 1
            in_scan = {it[0] for it in _of_scan(content, at, components)}
            work += sum(samples[name] for name in in_scan)
            at = content.find(_NEXT_SCAN, at + len(_NEXT_SCAN), end)
        memory = reduced_bytes + _COEFFICIENT_BYTES * sum(samples.values())
        cost = Cost(work * WORK_OF_JPEG_SAMPLE, memory, width * height, scans, segments)
    else:
        end = len(content)
        work = sum(samples.values()) * WORK_OF_JPEG_SAMPLE
        cost = Cost(work, reduced_bytes, chunks=segments)
    return Outline("JPEG", width, height, cost, (*parts, slice(first, end)), turned)


def _of_scan(content: bytes, at: int, components: Components) -> Components:
    """The components of a frame that are in the scan at `at`; all of them if the scan names
    none."""
    count = content[at + 4] if at + 4 < len(content) else 0
    names = content[at + 5 : at + 5 + 2 * count : 2]
    return tuple(it for it in components if it[0] in names) or components


def _samples(width: int, height: int, components: Components) -> dict[int, int]:
    """The number of samples of each component, in whole blocks."""
    most_across = max(across for _, across, _ in components)
    most_down = max(down for _, _, down in components)
    units = -(-width // (8 * most_across)) * -(-height // (8 * most_down))
    return {name: 64 * units * across * down for name, across, down in components}
