"""The pictures of the catalogue, drawn when they are wanted: no file is needed for them."""

from mockocr.actions.idcard.entry import Entry, Refused
from mockocr.pictures import refused
from mockocr.pictures.specimen import Format, draw, encoded
from mockocr.pictures.truth import Kind, Truth

SIZE = (960, 640)
"""Pixels for each card: small files, and half of it is still read."""

_QUALITY = 80
"""Of a JPEG, for small files too."""


def picture_of(entry: Entry, format: Format = "JPEG") -> bytes:
    """The file of a row. Raises ValueError for a format that it cannot have."""
    match entry.refused:
        case Refused.EMPTY:
            return b""
        case Refused.TOO_LONG:
            return refused.too_long(format)
        case Refused.NO_CARD:
            return encoded(refused.no_card(SIZE), format, _QUALITY)
    truth = entry.truth
    assert truth is not None  # noqa: S101 - what has no card was made above
    return _of_card(entry, truth, format)


def _of_card(entry: Entry, truth: Truth, format: Format) -> bytes:
    match entry.refused:
        case Refused.UNDECODABLE:
            return refused.cut_off(truth, SIZE, format)
        case Refused.TOO_MANY_BYTES:
            if format != "BMP":
                raise ValueError(f"{entry.name} is a BMP; in another format it is not too large")
            return refused.too_many_bytes(truth)
        case Refused.SMALL:
            picture = refused.small(truth, SIZE)
        case Refused.BLURRED:
            picture = refused.blurred(truth, SIZE)
        case Refused.COVERED:
            picture = refused.covered(truth, SIZE)
        case Refused.TWO_OF_ONE_SIDE:
            assert entry.other is not None  # noqa: S101 - a test draws them all
            picture = refused.two(truth, entry.other, SIZE)
        case _:
            size = (SIZE[0], 2 * SIZE[1]) if truth.kind is Kind.BOTH else SIZE
            picture = draw(truth, size, defects=dict.fromkeys(entry.defects, 1.0))
    return encoded(picture, format, _QUALITY)
