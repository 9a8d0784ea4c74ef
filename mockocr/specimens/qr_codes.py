"""The two QR codes of a specimen: segno draws them, zxing-cpp reads them."""

from dataclasses import dataclass
from typing import NamedTuple

import zxingcpp
from PIL import Image

from mockocr.images.geometry import Point, Quad
from mockocr.specimens import card_code, colours
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.layout import FACES, Box

_QUIET_ZONE = 4
"""Light modules on each side of a code (ISO/IEC 18004)."""

_CAPACITIES = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311)
"""Alphanumeric characters of versions 1 to 10 at level M (ISO/IEC 18004, table 7)."""


@dataclass(frozen=True, slots=True)
class PlacedCode:
    """A code at its place on a card."""

    text: str
    version: int
    place: Box
    """The box of its modules, in units of the card."""


def main_code(kind: Kind, text: str) -> PlacedCode:
    version = next(number for number, most in enumerate(_CAPACITIES, start=1) if len(text) <= most)
    return _placed(text, version, FACES[kind].main)


def small_code(kind: Kind, text: str) -> PlacedCode:
    return _placed(text, 1, FACES[kind].small)


def codes_of(card_data: CardData) -> tuple[PlacedCode, PlacedCode]:
    """The main and the small code of one side. Raises TooLongError."""
    main = main_code(card_data.kind, card_code.write(card_data))
    return main, small_code(card_data.kind, card_code.key(card_data))


def drawn(code: PlacedCode, scale: int) -> Image.Image:
    """The picture of a code with `scale` pixels per unit. Its error correction is of level M, or
    higher if the version has room for it."""
    # Late: segno takes 20 ms to import, and reading needs none of it.
    import segno

    matrix = segno.make_qr(code.text, version=code.version, error="m", mode="alphanumeric").matrix
    modules = len(matrix)
    image = Image.new("P", (modules, modules))
    image.putpalette([*colours.BOARD, *colours.MODULE])
    image.putdata([module for row in matrix for module in row])
    side = code.place.width * scale
    return image.convert("RGB").resize((side, side), Image.Resampling.NEAREST)


def _placed(text: str, version: int, board: Box) -> PlacedCode:
    """A code in the centre of its board, with the largest modules of whole units that fit."""
    modules = 17 + 4 * version
    side = board.width // (modules + 2 * _QUIET_ZONE) * modules
    left, top = board.left + (board.width - side) // 2, board.top + (board.height - side) // 2
    return PlacedCode(text, version, Box(left, top, left + side, top + side))


_QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class SeenCode(NamedTuple):
    """A QR code that was read."""

    text: str
    corners: Quad
    """The corners of its modules, in pixels, without the quiet zone."""


def read(grey: Image.Image) -> list[SeenCode]:
    """All QR codes that can be read in a picture of mode L, with any text."""
    found = zxingcpp.read_barcodes(grey, _QR_CODES, try_invert=False)
    codes = []
    for code in found:
        position = code.position
        corners = (
            position.top_left,
            position.top_right,
            position.bottom_right,
            position.bottom_left,
        )
        one, two, three, four = (Point(corner.x, corner.y) for corner in corners)
        codes.append(SeenCode(code.text, (one, two, three, four)))
    return codes
