"""Reads specimens: the card data and the place of every card in a picture.

Card data is never wrong: it is read from a main code with its checksum, or belongs to a named
specimen whose small code was read. Several methods are tried, the fast ones first, until all cards
seem to be found. Each method works on a limited number of pixels, which limits its time.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from math import ceil, sqrt

from PIL import Image, ImageFilter

from mockocr.images.decoding import Pixels, decode
from mockocr.images.geometry import Homography, homography, moved_quad, quad_of, stretched
from mockocr.images.image import ImageError
from mockocr.specimens import qr_codes
from mockocr.specimens.finding import NO_SPECIMENS, Finding, NamedSpecimens
from mockocr.specimens.layout import CARD, FACES, Box
from mockocr.specimens.qr_codes import SeenCode
from mockocr.specimens.read.grouping import Card, group_codes
from mockocr.specimens.read.traces import Looks, Trace

READ_PIXELS = 2_500_000
"""Larger pictures are reduced. A card of a third of the width then still has 330 pixels or more."""
_SHARPENED_PIXELS = 500_000
"""Larger pictures are reduced before they are sharpened: that takes a third of the time,
and more of them can be read."""
_ENLARGED_PIXELS = 350_000
"""Larger pictures are not enlarged."""


def read(content: bytes, specimens: NamedSpecimens = NO_SPECIMENS) -> Finding | ImageError:
    """The cards in a PNG, JPEG or BMP. `specimens`: the specimens that a small code identifies."""
    pixels = decoded(content)
    return pixels if isinstance(pixels, ImageError) else read_in(pixels, specimens)


def decoded(content: bytes) -> Pixels | ImageError:
    """The pixels that are needed for reading."""
    return decode(content, READ_PIXELS)


def read_in(pixels: Pixels, specimens: NamedSpecimens = NO_SPECIMENS) -> Finding:
    """The cards in a decoded picture."""
    found = find(pixels.image, specimens)
    across, down = pixels.width / found.width, pixels.height / found.height
    sides = tuple(
        side._replace(corners=stretched(side.corners, across, down)) for side in found.sides
    )
    return found._replace(width=pixels.width, height=pixels.height, sides=sides)


def find(image: Image.Image, specimens: NamedSpecimens = NO_SPECIMENS) -> Finding:
    """The cards in an image of mode RGB, with coordinates in its pixels."""
    grey = image.convert("L")
    looks = Looks(image)
    tops = list(looks.tops())
    read = group_codes(qr_codes.read(grey), specimens, tops)
    traces: list[Trace] = []
    if not read.complete(looks.bars):
        traces = list(looks.traces())
        for look in (_sharpened, _enlarged, partial(_along, traces)):
            read = group_codes((*read.seen, *look(grey)), specimens, tops)
            if read.complete(len(traces)):
                break
    missing = [seen for card in read.cards for seen in _missing(grey, card)]
    if missing:
        read = group_codes((*read.seen, *missing), specimens, tops)
    unread = traces and not read.cards and not read.unknown
    return Finding(
        *image.size,
        sides=tuple(card.side(specimens) for card in read.cards),
        unknown=tuple(seen.text for seen in read.unknown),
        looks_like=max(traces, key=lambda trace: trace.likeness).kind if unread else None,
    )


def _sharpened(grey: Image.Image) -> Iterator[SeenCode]:
    """Reads a sharpened picture. It helps against noise, and blur of up to 3 pixels on a card of
    1,000."""
    times = ceil(sqrt(grey.width * grey.height / _SHARPENED_PIXELS))
    sharp = grey.reduce(times).filter(ImageFilter.UnsharpMask(radius=1.5, percent=300, threshold=0))
    return _seen(sharp, grey)


def _enlarged(grey: Image.Image) -> Iterator[SeenCode]:
    """Reads an enlarged picture. It helps for cards of a few hundred pixels."""
    if grey.width * grey.height > _ENLARGED_PIXELS:
        return iter(())
    large = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    sharp = large.filter(ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0))
    return _seen(sharp, grey)


def _seen(changed: Image.Image, grey: Image.Image) -> Iterator[SeenCode]:
    """The codes in a changed picture, with coordinates of the original."""
    across, down = grey.width / changed.width, grey.height / changed.height
    for seen in qr_codes.read(changed):
        yield SeenCode(seen.text, stretched(seen.corners, across, down))


def _along(traces: Sequence[Trace], grey: Image.Image) -> Iterator[SeenCode]:
    """Reads the expected places of the codes of cards that were found by their appearance."""
    for trace in traces:
        place = homography(quad_of(0, 0, *CARD), trace.corners)
        assert place is not None  # noqa: S101 - a rectangle
        face = FACES[trace.kind]
        for board in (face.main, face.small):
            yield from read_near(grey, place, board)


def _missing(grey: Image.Image, card: Card) -> Iterable[SeenCode]:
    """Reads the expected place of the code of a card that was not read."""
    face = FACES[card.card_data.kind]
    if card.main is None:
        return read_near(grey, card.place, face.main)
    if card.small is None:
        return read_near(grey, card.place, face.small)
    return ()


_VIEW_PIXELS = 440
"""Width and height of the view, in pixels."""
_MARGIN = 60
"""Units around the board: the place of the card may be wrong by as much."""
_SHARPER = ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0)


def read_near(grey: Image.Image, card: Homography, board: Box) -> list[SeenCode]:
    """The codes near a board of a card. `card` is roughly the homography from the card to the
    picture `grey` of mode L."""
    left, top, right, bottom = board
    around = quad_of(left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
    back = homography(quad_of(0, 0, _VIEW_PIXELS, _VIEW_PIXELS), moved_quad(card, around))
    if back is None:
        return []
    straight = grey.transform(
        (_VIEW_PIXELS, _VIEW_PIXELS), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC
    )
    found = qr_codes.read(straight) or qr_codes.read(straight.filter(_SHARPER))
    return [SeenCode(seen.text, moved_quad(back, seen.corners)) for seen in found]
