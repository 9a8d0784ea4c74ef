"""Specimens read: from a picture to the truth of every card in it, and where each lies.

Never a wrong identity: a truth comes out of a mark with its checksum, or is that of a known
specimen whose small symbol was read. A picture is looked at in several ways, the cheap ones first,
until nothing seems to be left; what each may cost is bounded by the pixels that it looks at.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from math import ceil, sqrt

from PIL import Image, ImageFilter

from mockocr.images.decoding import Pixels, decode
from mockocr.images.geometry import homography, quad_of, stretched
from mockocr.images.image import ImageError
from mockocr.specimens import qr_codes
from mockocr.specimens.finding import NONE_KNOWN, Finding, Known
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.qr_codes import Seen
from mockocr.specimens.read import close_up
from mockocr.specimens.read.grouping import Card, grouped
from mockocr.specimens.read.traces import Looks, Trace

_READ_PIXELS = 2_500_000
"""Larger pictures are reduced first. A card of a third of the width still has 330 pixels then."""
_SHARPENED_PIXELS = 500_000
"""Larger pictures are reduced before they are sharpened: that costs a third, and reads more."""
_ENLARGED_PIXELS = 350_000
"""Larger pictures are not enlarged."""


def read(content: bytes, known: Known = NONE_KNOWN) -> Finding | ImageError:
    """What is in a PNG, JPEG or BMP."""
    pixels = decoded(content)
    return pixels if isinstance(pixels, ImageError) else read_in(pixels, known)


def decoded(content: bytes) -> Pixels | ImageError:
    """In as many pixels as are looked at."""
    return decode(content, _READ_PIXELS)


def read_in(pixels: Pixels, known: Known = NONE_KNOWN) -> Finding:
    """What is in a decoded picture."""
    found = find(pixels.image, known)
    across, down = pixels.width / found.width, pixels.height / found.height
    sides = tuple(
        side._replace(corners=stretched(side.corners, across, down)) for side in found.sides
    )
    return found._replace(width=pixels.width, height=pixels.height, sides=sides)


def find(image: Image.Image, known: Known = NONE_KNOWN) -> Finding:
    """What is in a picture of mode RGB, in its own pixels."""
    grey = image.convert("L")
    looks = Looks(image)
    tops = list(looks.tops())
    read = grouped(qr_codes.read(grey), known, tops)
    trails: list[Trace] = []
    if not read.complete(looks.bars):
        trails = list(looks.traces())
        for look in (_sharpened, _enlarged, partial(_along, trails)):
            read = grouped((*read.seen, *look(grey)), known, tops)
            if read.complete(len(trails)):
                break
    missing = [seen for card in read.cards for seen in _missing(grey, card)]
    if missing:
        read = grouped((*read.seen, *missing), known, tops)
    unread = trails and not read.cards and not read.unknown
    return Finding(
        *image.size,
        sides=tuple(card.side(known) for card in read.cards),
        unknown=tuple(seen.text for seen in read.unknown),
        looks_like=max(trails, key=lambda trace: trace.likeness).kind if unread else None,
    )


def _sharpened(grey: Image.Image) -> Iterator[Seen]:
    """For blur of up to 3 pixels on a card of 1,000, and much noise."""
    times = ceil(sqrt(grey.width * grey.height / _SHARPENED_PIXELS))
    sharp = grey.reduce(times).filter(ImageFilter.UnsharpMask(radius=1.5, percent=300, threshold=0))
    return _seen(sharp, grey)


def _enlarged(grey: Image.Image) -> Iterator[Seen]:
    """For cards of a few hundred pixels."""
    if grey.width * grey.height > _ENLARGED_PIXELS:
        return iter(())
    large = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    sharp = large.filter(ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0))
    return _seen(sharp, grey)


def _seen(changed: Image.Image, grey: Image.Image) -> Iterator[Seen]:
    """What is in the changed picture, where it is in the other."""
    across, down = grey.width / changed.width, grey.height / changed.height
    for seen in qr_codes.read(changed):
        yield Seen(seen.text, stretched(seen.corners, across, down))


def _along(trails: Sequence[Trace], grey: Image.Image) -> Iterator[Seen]:
    """For cards that are told by their looks."""
    for trace in trails:
        place = homography(quad_of(0, 0, *CARD), trace.corners)
        assert place is not None  # noqa: S101 - a rectangle
        face = FACES[trace.kind]
        for board in (face.main, face.small):
            yield from close_up.look(grey, place, board)


def _missing(grey: Image.Image, card: Card) -> Iterable[Seen]:
    """For the other symbol of a card of which one was read."""
    face = FACES[card.card_data.kind]
    if card.main is None:
        return close_up.look(grey, card.place, face.main)
    if card.small is None:
        return close_up.look(grey, card.place, face.small)
    return ()
