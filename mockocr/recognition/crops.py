"""Crops as the API returns them: the card upright with its margins gone, and the portrait out of
it, as JPEG. Cut out of the picture for a specimen, drawn for whatever is none."""

from dataclasses import dataclass
from io import BytesIO
from math import dist

from PIL import Image

from mockocr.images.decoding import Pixels, decode
from mockocr.images.geometry import Quad, homography, quad_of, sides, stretched
from mockocr.images.image import ImageError
from mockocr.specimens import colours
from mockocr.specimens.card_code import TooLongError
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.face import draw_card
from mockocr.specimens.finding import Side
from mockocr.specimens.layout import CARD, FACES

_WIDTHS = (428, 1284)
"""Pixels that a crop of a card has at least and at most: 5 and 15 a millimetre. Between them it has
the pixels that the card has in the picture."""

_UPRIGHT = 0.004
"""Of its width, that corners of a card may be off those of an upright rectangle for it to be cut
out as that, in a fourth of the time: turned by half a degree at most. Corners are known within
0.007 (`bench/distortions.py`)."""

_MOST_REDUCED = 8
_CUT_PIXELS = 6_000_000
"""Of larger pictures less is looked at."""

_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Crops:
    """JPEGs."""

    card: bytes
    portrait: bytes
    """Empty for a back."""


def decoded(content: bytes) -> Pixels | ImageError:
    """In as many pixels as are cut out of."""
    return decode(content, _CUT_PIXELS)


def enough(pixels: Pixels, side: Side) -> bool:
    """Whether no crop would have more pixels if the picture was decoded to more."""
    return not pixels.reduced or _width(pixels.placed(side.corners)) >= _WIDTHS[1]


def cut(pixels: Pixels, side: Side) -> Crops:
    """Out of the picture that the side was found in."""
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
    """In pixels, where it is seen largest."""
    top, right, bottom, left = sides(card)
    return max(top, bottom, (left + right) / 2 * CARD[0] / CARD[1])


def _upright(corners: Quad, picture: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """The box of a card that lies upright and is all in its picture."""
    one, two, three, four = corners
    left, top = max(0.0, (one.x + four.x) / 2), max(0.0, (one.y + two.y) / 2)
    right = min(float(picture[0]), (two.x + three.x) / 2)
    bottom = min(float(picture[1]), (three.y + four.y) / 2)
    off = max(map(dist, corners, quad_of(left, top, right, bottom)))
    return (left, top, right, bottom) if off <= _UPRIGHT * (right - left) else None


def _straightened(image: Image.Image, corners: Quad, size: tuple[int, int]) -> Image.Image:
    """Of mode YCbCr, its colours in half of the pixels across and down, as JPEG keeps them: that
    saves a third of the time."""
    top, _, bottom, _ = sides(corners)
    # Reduced first where the card has many more pixels: transforming leaves out what is between.
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
    assert back is not None  # noqa: S101 - corners of a card that was read
    # As words, which say the same of any mode.
    desk = f"rgb{colours.DESK}"
    return image.transform(size, Image.Transform.PERSPECTIVE, back, how, fillcolor=desk)


def drawn(card_data: CardData) -> Crops:
    """Of a specimen of one side, whatever a script put on it."""
    try:
        image = draw_card(card_data)
    except TooLongError:
        image = draw_card(card_data, marked=False)
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
