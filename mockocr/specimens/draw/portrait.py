"""Draws the cartoon in place of a photo: a person who holds a board. It depicts no real person."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from mockocr.specimens.colours import BOARD, Colour

SIZE = (320, 429)
"""Width and height in units of the card."""
FINENESS = 4
"""The cartoon is drawn larger by this factor and reduced, because Pillow does not antialias."""

_WALL: Colour = (196, 212, 226)
_LIGHT: Colour = (208, 222, 233)
_SKIN: Colour = (232, 199, 168)
_SHADE: Colour = (214, 176, 146)
_CHEEK: Colour = (232, 176, 154)
_FEATURES: Colour = (62, 48, 44)
_FRAME: Colour = (176, 148, 112)


@dataclass(frozen=True, slots=True)
class Looks:
    long_hair: bool
    hair: Colour
    coat: Colour


WOMAN = Looks(long_hair=True, hair=(58, 44, 42), coat=(178, 92, 88))
MAN = Looks(long_hair=False, hair=(44, 44, 50), coat=(66, 98, 132))


def draw(looks: Looks) -> Image.Image:
    """The cartoon with an empty board for the code; `SIZE` in pixels."""
    drawing = _Pen(_WALL)
    drawing.ellipse((44, -26, 276, 206), _LIGHT)
    if looks.long_hair:
        drawing.rounded((104, 36, 216, 140), 50, looks.hair)
        drawing.ellipse((94, 88, 134, 146), looks.hair)
        drawing.ellipse((186, 88, 226, 146), looks.hair)
    drawing.ellipse((38, 112, 282, 330), looks.coat)
    drawing.rounded((142, 100, 178, 136), 14, _SHADE)
    drawing.polygon(
        [(136, 114), (160, 142), (184, 114), (196, 122), (172, 156), (148, 156), (124, 122)], BOARD
    )
    _head(drawing, looks)
    _board(drawing)
    return drawing.picture()


def _head(drawing: "_Pen", looks: Looks) -> None:
    drawing.ellipse((108, 70, 128, 94), _SHADE)
    drawing.ellipse((192, 70, 212, 94), _SHADE)
    drawing.rounded((114, 32, 206, 126), 44, _SKIN)
    if looks.long_hair:
        drawing.chord((110, 22, 210, 96), 180, 360, looks.hair)
        drawing.polygon(
            [
                (110, 58),
                (114, 88),
                (122, 62),
                (150, 54),
                (172, 44),
                (196, 60),
                (206, 88),
                (210, 58),
            ],
            looks.hair,
        )
    else:
        drawing.chord((111, 22, 209, 98), 182, 358, looks.hair)
        drawing.polygon(
            [(111, 58), (115, 76), (124, 60), (196, 60), (205, 76), (209, 58)], looks.hair
        )
    for x in (140, 180):
        drawing.ellipse((x - 4.5, 76, x + 4.5, 87), _FEATURES)
        drawing.arc((x - 10, 64, x + 10, 80), 215, 325, 3, _FEATURES)
    for x in (129, 191):
        drawing.ellipse((x - 9, 89, x + 9, 101), _CHEEK)
    drawing.arc((154, 84, 166, 97), 30, 150, 2.5, _SHADE)
    drawing.arc((140, 84, 180, 113), 25, 155, 3.5, _FEATURES)


def _board(drawing: "_Pen") -> None:
    drawing.rounded((15, 139, 305, 429), 10, _FRAME)
    drawing.rounded((22, 146, 298, 422), 5, BOARD)
    for hand in (64, 256):
        for finger in range(4):
            x = hand + (finger - 1.5) * 12.5
            drawing.rounded((x - 6, 129, x + 6, 153), 6, _SHADE)
            drawing.rounded((x - 5.2, 129.8, x + 5.2, 152.2), 5, _SKIN)


class _Pen:
    """Draws in units of `SIZE`, with antialiasing."""

    def __init__(self, ground: Colour) -> None:
        width, height = SIZE
        self._image = Image.new("RGB", (width * FINENESS, height * FINENESS), ground)
        self._draw = ImageDraw.Draw(self._image)

    def ellipse(self, box: tuple[float, ...], colour: Colour) -> None:
        self._draw.ellipse(_fine(box), colour)

    def rounded(self, box: tuple[float, ...], radius: float, colour: Colour) -> None:
        self._draw.rounded_rectangle(_fine(box), radius * FINENESS, colour)

    def chord(self, box: tuple[float, ...], start: float, end: float, colour: Colour) -> None:
        self._draw.chord(_fine(box), start, end, colour)

    def arc(
        self, box: tuple[float, ...], start: float, end: float, width: float, colour: Colour
    ) -> None:
        self._draw.arc(_fine(box), start, end, colour, round(width * FINENESS))

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self._draw.polygon([(x * FINENESS, y * FINENESS) for x, y in points], colour)

    def picture(self) -> Image.Image:
        return self._image.reduce(FINENESS)


def _fine(box: tuple[float, ...]) -> list[float]:
    return [value * FINENESS for value in box]
