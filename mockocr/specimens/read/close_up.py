"""Reads one code at its expected place, from an enlarged view without perspective."""

from PIL import Image, ImageFilter

from mockocr.images.geometry import Homography, homography, moved_quad, quad_of
from mockocr.specimens import qr_codes
from mockocr.specimens.layout import Box
from mockocr.specimens.qr_codes import SeenCode

_SIDE = 440
"""Width and height of the view, in pixels."""
_MARGIN = 60
"""Units around the board: the place of the card may be wrong by as much."""
_SHARPER = ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0)


def look(grey: Image.Image, card: Homography, board: Box) -> list[SeenCode]:
    """The codes near a board of a card. `card` is roughly the homography from the card to the
    picture `grey` of mode L."""
    left, top, right, bottom = board
    around = quad_of(left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
    back = homography(quad_of(0, 0, _SIDE, _SIDE), moved_quad(card, around))
    if back is None:
        return []
    straight = grey.transform(
        (_SIDE, _SIDE), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC
    )
    found = qr_codes.read(straight) or qr_codes.read(straight.filter(_SHARPER))
    return [SeenCode(seen.text, moved_quad(back, seen.corners)) for seen in found]
