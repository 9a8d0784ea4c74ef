"""The pictures of the catalogue, drawn when they are wanted: no file is needed for them."""

from mockocr.actions.idcard.catalogue_entry import Entry, Refused
from mockocr.specimens.card_data import Kind, Truth
from mockocr.specimens.draw import unreadable
from mockocr.specimens.draw.specimen import Format, draw, encoded

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
            return unreadable.too_long(format)
        case Refused.NO_CARD:
            return encoded(unreadable.no_card(SIZE), format, _QUALITY)
    truth = entry.truth
    assert truth is not None  # noqa: S101 - what has no card was made above
    return _of_card(entry, truth, format)


def _of_card(entry: Entry, truth: Truth, format: Format) -> bytes:
    match entry.refused:
        case Refused.UNDECODABLE:
            return unreadable.cut_off(truth, SIZE, format)
        case Refused.TOO_MANY_BYTES:
            if format != "BMP":
                raise ValueError(f"{entry.name} is a BMP; in another format it is not too large")
            return unreadable.too_many_bytes(truth)
        case Refused.SMALL:
            picture = unreadable.small(truth, SIZE)
        case Refused.BLURRED:
            picture = unreadable.blurred(truth, SIZE)
        case Refused.COVERED:
            picture = unreadable.covered(truth, SIZE)
        case Refused.TWO_OF_ONE_SIDE:
            assert entry.other is not None  # noqa: S101 - a test draws them all
            picture = unreadable.two(truth, entry.other, SIZE)
        case _:
            size = (SIZE[0], 2 * SIZE[1]) if truth.kind is Kind.BOTH else SIZE
            picture = draw(truth, size, defects=dict.fromkeys(entry.defects, 1.0))
    return encoded(picture, format, _QUALITY)
