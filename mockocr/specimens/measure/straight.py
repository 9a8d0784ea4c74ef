"""Cuts parts of a card out of a picture, upright and at a fixed scale."""

from dataclasses import dataclass, field

from PIL import Image

from mockocr.images.geometry import (
    Homography,
    Quad,
    homography,
    moved_quad,
    quad_of,
    sides,
    stretched,
)
from mockocr.specimens import colours
from mockocr.specimens.layout import CARD, Box

_MOST_REDUCED = 16


@dataclass(frozen=True, slots=True)
class Straight:
    """A card in a picture, without rotation and perspective."""

    picture: Image.Image
    """Mode RGB."""
    corners: Quad
    """The corners of the card in the picture."""
    _place: Homography = field(init=False)

    def __post_init__(self) -> None:
        place = homography(quad_of(0, 0, *CARD), self.corners)
        assert place is not None  # noqa: S101 - a card was read
        object.__setattr__(self, "_place", place)

    def box(self, box: Box, units: int, how: Image.Resampling) -> Image.Image:
        """The part of the card in a box, with `units` of the card per pixel."""
        picture, seen = self.picture, moved_quad(self._place, quad_of(*box))
        top, right, bottom, left = sides(seen)
        # Reduced first, because a transform to fewer pixels skips pixels.
        finest = units * min(max(top, bottom) / box.width, max(left, right) / box.height)
        times = max(1, min(_MOST_REDUCED, round(finest)))
        if times > 1:
            picture, seen = picture.reduce(times), stretched(seen, 1 / times, 1 / times)
        size = (box.width // units, box.height // units)
        back = homography(quad_of(0, 0, *size), seen)
        assert back is not None  # noqa: S101 - a card was read
        return picture.transform(
            size, Image.Transform.PERSPECTIVE, back, how, fillcolor=colours.DESK
        )

    def contains(self, box: Box) -> bool:
        """Whether a box of the card is completely in the picture."""
        width, height = self.picture.size
        corners = moved_quad(self._place, quad_of(*box))
        return all(0 <= x <= width and 0 <= y <= height for x, y in corners)
