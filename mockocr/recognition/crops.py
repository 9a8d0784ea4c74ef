"""Crops as the API returns them: the card, upright and without margin, and its portrait, as JPEG.

They are cut out of the picture of a specimen. For any other picture they are drawn.
"""

from dataclasses import dataclass
from io import BytesIO
from math import dist

from PIL import Image

from mockocr.images.cost import MAX_REDUCED_PIXELS
from mockocr.images.decoding import Pixels
from mockocr.images.geometry import Quad, homography, quad_of, sides, stretched
from mockocr.specimens import colours
from mockocr.specimens.card_code import TooLongError
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.face import draw_card
from mockocr.specimens.finding import Side
from mockocr.specimens.layout import CARD, FACES

_WIDTHS = (428, 1284)
"""Least and greatest width of a crop in pixels: 5 and 15 per millimetre. Between them, the crop has
the width that the card has in the picture."""

_UPRIGHT = 0.004
"""If the corners of a card differ less from an upright rectangle, as a share of its width, the
rectangle is cut out, which takes a fourth of the time. It allows a rotation of half a degree.
Corners are exact to 0.007 (`bench/distortions.py`)."""

_MOST_REDUCED = 8
CUT_PIXELS = MAX_REDUCED_PIXELS
"""Larger pictures are reduced to fewer pixels. Reading needs fewer."""

_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Crops:
    """JPEG files."""

    card: bytes
    portrait: bytes
    """Empty for a back, which has no portrait."""


def enough(pixels: Pixels, side: Side) -> bool:
    """Whether decoding the picture to more pixels would not make the crop of the card larger."""
    return not pixels.reduced or _width(pixels.placed(side.corners)) >= _WIDTHS[1]


def cut(pixels: Pixels, side: Side) -> Crops:
    """The crops of a card from the picture in which it was found."""
    image, corners = pixels.image, pixels.placed(side.corners)
    least, most = _WIDTHS
    width = round(min(most, max(least, _width(corners))))
    size = (width, round(width * CARD[1] / CARD[0]))
    upright = _upright(corners, image.size)
    if upright is not None:
        card = image.resize(size, Image.Resampling.BICUBIC, upright)
    else:
        card = _straightened(image, corners, size)
    return _crops(card, side.card_data.kind)


def _width(card: Quad) -> float:
    """The largest width of the card in the picture, in pixels."""
    top, right, bottom, left = sides(card)
    return max(top, bottom, (left + right) / 2 * CARD[0] / CARD[1])


def _upright(corners: Quad, picture: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """The box of a card that is upright and completely in the picture; None for any other card."""
    one, two, three, four = corners
    left, top = max(0.0, (one.x + four.x) / 2), max(0.0, (one.y + two.y) / 2)
    right = min(float(picture[0]), (two.x + three.x) / 2)
    bottom = min(float(picture[1]), (three.y + four.y) / 2)
    off = max(map(dist, corners, quad_of(left, top, right, bottom)))
    return (left, top, right, bottom) if off <= _UPRIGHT * (right - left) else None


def _straightened(image: Image.Image, corners: Quad, size: tuple[int, int]) -> Image.Image:
    """The card without rotation and perspective, in mode YCbCr.

    Colours have half of the resolution, as in JPEG: this saves a third of the time.
    """
    top, _, bottom, _ = sides(corners)
    # Reduced first, because a transform to fewer pixels skips pixels.
    times = max(1, min(_MOST_REDUCED, int(max(top, bottom) / size[0])))
    if times > 1:
        image, corners = image.reduce(times), stretched(corners, 1 / times, 1 / times)
    light = _transformed(image.convert("L"), corners, size, Image.Resampling.BICUBIC)
    half = (-(-size[0] // 2), -(-size[1] // 2))
    coloured = _transformed(image, corners, half, Image.Resampling.BILINEAR)
    _, blue, red = coloured.convert("YCbCr").resize(size, Image.Resampling.NEAREST).split()
    return Image.merge("YCbCr", (light, blue, red))


def _transformed(
    image: Image.Image, corners: Quad, size: tuple[int, int], how: Image.Resampling
) -> Image.Image:
    back = homography(quad_of(0, 0, *size), corners)
    assert back is not None  # noqa: S101 - a card was read
    # A text, because Pillow converts it to any mode.
    desk = f"rgb{colours.DESK}"
    return image.transform(size, Image.Transform.PERSPECTIVE, back, how, fillcolor=desk)


def drawn(card_data: CardData) -> Crops:
    """The crops of a drawn card. If its texts do not fit into a code, it has no codes."""
    try:
        image = draw_card(card_data)
    except TooLongError:
        image = draw_card(card_data, with_codes=False)
    return _crops(image, card_data.kind)


def _crops(card: Image.Image, kind: Kind) -> Crops:
    portrait = FACES[kind].portrait
    if portrait is None:
        return Crops(_jpeg(card), b"")
    box = [round(value * card.width / CARD[0]) for value in portrait]
    return Crops(_jpeg(card), _jpeg(card.crop((box[0], box[1], box[2], box[3]))))


def _jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
