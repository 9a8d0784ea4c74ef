"""Why a picture cannot be used, as reasons for its sender. Runs only for refused calls."""

import re
from collections.abc import Callable

import pybase64

from mockocr.images.header import (
    MAX_LONG_SIDE_PIXELS,
    MIN_SHORT_SIDE_PIXELS,
    image_error_of,
    outline_of,
)
from mockocr.images.image import ImageError
from mockocr.protocol.parameters import LongText
from mockocr.protocol.reasons import Hint, Reason
from mockocr.recognition import hints

FORMATS = "PNG, JPEG, BMP"
_SEEN_BYTES = 4096
_FILE_NAME = re.compile(rb"(?i)[^\r\n]{1,300}\.(jpe?g|png|bmp|webp|heic|gif)\s*")
_NO_VALUE = re.compile(rb"(?i)undefined|null|none|nil|nan|\[object .{1,40}|<Buffer .{1,300}", re.S)
_HEXADECIMAL = re.compile(rb"(?i)\s*(0x)?[0-9a-f\s]{32,}")

_PREFIXES = (
    (b"data:", hints.DATA_URL, "data:"),
    (b"http://", hints.URL_AS_BASE64, "http://"),
    (b"https://", hints.URL_AS_BASE64, "https://"),
    (b"b'", hints.PYTHON_BYTES, "b'..."),
    (b'b"', hints.PYTHON_BYTES, 'b"...'),
    (b'"', hints.IN_QUOTES, '"..."'),
)

_FORMATS: tuple[tuple[Callable[[bytes], bool], str, Hint], ...] = (
    (lambda it: it[:4] == b"RIFF" and it[8:12] == b"WEBP", "WebP", hints.OTHER_FORMAT),
    (lambda it: it[4:8] == b"ftyp" and it[8:12] in (b"avif", b"avis"), "AVIF", hints.OTHER_FORMAT),
    (lambda it: it[4:8] == b"ftyp", "HEIC", hints.OTHER_FORMAT),
    (lambda it: it.startswith(b"GIF8"), "GIF", hints.OTHER_FORMAT),
    (lambda it: it.startswith((b"II*\0", b"MM\0*")), "TIFF", hints.OTHER_FORMAT),
    (lambda it: b"<svg" in it, "SVG", hints.OTHER_FORMAT),
    (lambda it: it.startswith(b"%PDF"), "PDF", hints.NO_PICTURE),
    (lambda it: it.startswith(b"PK\3\4"), "ZIP", hints.NO_PICTURE),
    (lambda it: it.lstrip()[:1] == b"<", "HTML, XML", hints.NO_PICTURE),
    (lambda it: it.lstrip()[:1] in (b"{", b"["), "JSON", hints.NO_PICTURE),
)


def why_not_base64(text: LongText) -> Reason:
    """For a text that `pictures.decode` does not decode."""
    content = text.content
    start = bytes(content[:_SEEN_BYTES]).lstrip()
    for prefix, hint, got in _PREFIXES:
        if start[: len(prefix)].lower() == prefix:
            return Reason(hint, "ImageBase64", got, "Base64")
    if len(content) < _SEEN_BYTES and _FILE_NAME.fullmatch(start):
        return Reason(hints.FILE_NAME, "ImageBase64", "*.jpg", "Base64")
    if (reason := _other_text(content)) is not None:
        return reason
    found = re.search(rb"[^A-Za-z0-9+/=\s]", content)
    if found is None:
        hint = hints.BLANK_FOR_PLUS if _has_blanks_for_plus(content) else hints.CUT_BASE64
        return Reason(hint, "ImageBase64", f"{len(content)} characters", "4 × n characters")
    got = f"0x{found[0].hex()}, character {found.start() + 1}"
    return Reason(_CHARACTERS.get(found[0], hints.NOT_BASE64), "ImageBase64", got, "Base64")


_CHARACTERS = {
    b"%": hints.PERCENT_ENCODED,
    b"-": hints.URL_SAFE,
    b"_": hints.URL_SAFE,
    b"\\": hints.ESCAPED,
}


def _other_text(content: memoryview) -> Reason | None:
    """For a text that is valid Base64 only by coincidence."""
    if _NO_VALUE.fullmatch(content):
        return Reason(hints.NO_VALUE, "ImageBase64", f"{len(content)} characters", "Base64")
    if _HEXADECIMAL.fullmatch(content):
        return Reason(hints.HEXADECIMAL, "ImageBase64", f"{len(content)} digits", "Base64")
    return None


def _has_blanks_for_plus(content: memoryview) -> bool:
    try:
        pybase64.b64decode(bytes(content).replace(b" ", b"+"), validate=True)
    except ValueError:
        return False
    return b" " in bytes(content)


def why_unusable(
    image_error: ImageError,
    content: bytes,
    parameter: str,
    text: LongText | None = None,
    not_decoded: str | None = None,
) -> Reason:
    """For a picture that was refused by its header or by decoding its pixels. `text`: its Base64,
    if it was sent in ImageBase64. `not_decoded`: why it was not decoded this time."""
    outline = outline_of(content)
    if image_error is ImageError.UNDECODABLE:
        if text is not None and _has_blanks_for_plus(text.content):
            return Reason(hints.BLANK_FOR_PLUS, parameter, '" "', "+")
        if text is not None and (reason := _other_text(text.content)) is not None:
            return reason
        if outline is None:
            return _other_content(content, parameter)
        is_cut = not content.rstrip(b"\0\r\n").endswith((b"\xff\xd9", b"IEND\xaeB`\x82"))
        hint = hints.CUT_PICTURE if is_cut and outline.format != "BMP" else hints.DAMAGED
        return Reason(hint, parameter, f"{outline.format}, {len(content)} bytes")
    assert outline is not None  # noqa: S101 - only a known size is too small or too large
    got = f"{outline.width} x {outline.height}"
    if image_error is ImageError.TOO_SMALL:
        return Reason(hints.TOO_SMALL, parameter, got, f"≥ {MIN_SHORT_SIDE_PIXELS} pixels a side")
    if image_error_of(outline) is not None:
        return Reason(hints.TOO_LARGE, parameter, got, f"≤ {MAX_LONG_SIDE_PIXELS} pixels a side")
    why = outline.cost.excess() or not_decoded
    return Reason(hints.TOO_COSTLY, parameter, f"{got}: {why}")


def _other_content(content: bytes, parameter: str) -> Reason:
    start = content[:_SEEN_BYTES]
    for is_format, name, hint in _FORMATS:
        if is_format(start):
            return Reason(hint, parameter, name, FORMATS)
    if _is_base64(content):
        return Reason(hints.BASE64_TWICE, parameter, "Base64(Base64)", FORMATS)
    if start.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM")):
        return Reason(hints.DAMAGED, parameter, f"{len(content)} bytes", FORMATS)
    return Reason(hints.UNKNOWN_FORMAT, parameter, f"{len(content)} bytes", FORMATS)


def _is_base64(content: bytes) -> bool:
    try:
        return outline_of(pybase64.b64decode(content, validate=True)) is not None
    except ValueError:
        return False
