"""The two symbols of a specimen, as QR codes: written by segno, read by zxing-cpp."""

from dataclasses import dataclass
from typing import NamedTuple

import zxingcpp
from PIL import Image

from mockocr.images.geometry import Point, Quad
from mockocr.specimens import card_code, colours
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.layout import FACES, Box

_QUIET_ZONE = 4
"""Modules around a symbol (ISO/IEC 18004)."""

_HOLDS = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311)
"""Alphanumeric characters in versions 1 to 10 at level M (ISO/IEC 18004, table 7)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A symbol on its card."""

    text: str
    version: int
    place: Box
    """Of its modules, in units of the card."""


def main_symbol(kind: Kind, text: str) -> Placed:
    version = next(at for at, most in enumerate(_HOLDS, start=1) if len(text) <= most)
    return _placed(text, version, FACES[kind].main)


def small_symbol(kind: Kind, text: str) -> Placed:
    return _placed(text, 1, FACES[kind].small)


def symbols_of(card_data: CardData) -> tuple[Placed, Placed]:
    """The main and the small symbol of one side."""
    return main_symbol(card_data.kind, card_code.write(card_data)), small_symbol(
        card_data.kind, card_code.key(card_data)
    )


def drawn(symbol: Placed, scale: int) -> Image.Image:
    """At so many pixels a unit. At level M, or better where the version has room for it."""
    # Late: segno takes 20 ms to import, and reading needs none of it.
    import segno

    code = segno.make_qr(symbol.text, version=symbol.version, error="m", mode="alphanumeric")
    modules = len(code.matrix)
    image = Image.new("P", (modules, modules))
    image.putpalette([*colours.BOARD, *colours.MODULE])
    image.putdata([module for row in code.matrix for module in row])
    side = symbol.place.width * scale
    return image.convert("RGB").resize((side, side), Image.Resampling.NEAREST)


def _placed(text: str, version: int, board: Box) -> Placed:
    """In the middle of its board, in the largest whole modules."""
    modules = 17 + 4 * version
    side = board.width // (modules + 2 * _QUIET_ZONE) * modules
    left, top = board.left + (board.width - side) // 2, board.top + (board.height - side) // 2
    return Placed(text, version, Box(left, top, left + side, top + side))


_QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class Seen(NamedTuple):
    """A QR code that was read."""

    text: str
    corners: Quad
    """Of its modules, without the quiet zone."""


def read(grey: Image.Image) -> list[Seen]:
    """All QR codes that can be read in a picture of mode L, whatever they say."""
    found = zxingcpp.read_barcodes(grey, _QR_CODES, try_invert=False)
    symbols = []
    for code in found:
        at = code.position
        corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        one, two, three, four = (Point(corner.x, corner.y) for corner in corners)
        symbols.append(Seen(code.text, (one, two, three, four)))
    return symbols
