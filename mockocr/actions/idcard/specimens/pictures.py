"""The pictures of the catalogue, drawn on request."""

from mockocr.actions.idcard.specimens.entry import Entry, PictureFault
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw import unreadable
from mockocr.specimens.draw.specimen import Format, draw, encoded

SIZE = (960, 640)
"""Width and height of one card in pixels: files stay small, and half the size is still read."""

_QUALITY = 80
"""JPEG quality, for small files too."""


def picture_of(entry: Entry, format: Format | None = None) -> bytes:
    """The file of an entry, by default JPEG if the entry can be one. Raises ValueError for a format
    that the entry cannot have."""
    format = format or ("BMP" if entry.fault is PictureFault.TOO_MANY_BYTES else "JPEG")
    match entry.fault:
        case PictureFault.EMPTY:
            return b""
        case PictureFault.TOO_LONG:
            return unreadable.too_long(format)
        case PictureFault.NO_CARD:
            return encoded(unreadable.no_card(SIZE), format, _QUALITY)
    card_data = entry.card_data
    assert card_data is not None  # noqa: S101 - only the entries above have no card
    return _of_card(entry, card_data, format)


def _of_card(entry: Entry, card_data: CardData, format: Format) -> bytes:
    match entry.fault:
        case PictureFault.UNDECODABLE:
            return unreadable.cut_off(card_data, SIZE, format)
        case PictureFault.TOO_MANY_BYTES:
            if format != "BMP":
                raise ValueError(f"{entry.name} is a BMP; another format is not too large")
            return unreadable.too_many_bytes(card_data)
        case PictureFault.SMALL:
            picture = unreadable.small(card_data, SIZE)
        case PictureFault.BLURRED:
            picture = unreadable.blurred(card_data, SIZE)
        case PictureFault.COVERED:
            picture = unreadable.covered(card_data, SIZE)
        case PictureFault.TWO_OF_ONE_SIDE:
            assert entry.other is not None  # noqa: S101 - a test draws them all
            picture = unreadable.two(card_data, entry.other, SIZE)
        case _:
            size = (SIZE[0], 2 * SIZE[1]) if card_data.kind is Kind.BOTH else SIZE
            picture = draw(card_data, size, defects=dict.fromkeys(entry.defects, 1.0))
    return encoded(picture, format, _QUALITY)
