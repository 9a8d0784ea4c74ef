"""A closer look: one symbol of a card sought where it has to be, seen straight and large."""

from PIL import Image, ImageFilter

from mockocr.images.geometry import Homography, homography, moved_quad, quad_of
from mockocr.specimens import qr_codes
from mockocr.specimens.layout import Box
from mockocr.specimens.qr_codes import Seen

_SIDE = 440
"""Pixels of what is looked at."""
_MARGIN = 60
"""Units around the board, as the guess of where the card lies may be off by that."""
_SHARPER = ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0)


def look(grey: Image.Image, card: Homography, board: Box) -> list[Seen]:
    """The symbols around a board, of a card that lies about so in a picture of mode L."""
    left, top, right, bottom = board
    around = quad_of(left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
    back = homography(quad_of(0, 0, _SIDE, _SIDE), moved_quad(card, around))
    if back is None:
        return []
    straight = grey.transform(
        (_SIDE, _SIDE), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC
    )
    found = qr_codes.read(straight) or qr_codes.read(straight.filter(_SHARPER))
    return [Seen(seen.text, moved_quad(back, seen.corners)) for seen in found]
