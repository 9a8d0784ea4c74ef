"""The picture of a call in replies of the admin API."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockocr.admin.replies import Reply
from mockocr.images.geometry import homography, moved_quad, quad_of
from mockocr.images.image import ImageError, Picture
from mockocr.journal.exchange import Exchange
from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import CARD
from mockocr.specimens.regions import region_boxes

Point = tuple[int, int]
"""In pixels of the picture."""


class MeasuredValue(Reply):
    value: float
    threshold: float
    """The highest good value, or the lowest if `least` is true."""
    least: bool
    """Whether the threshold is the lowest good value."""
    warns: list[str]
    """The warnings it causes beyond the threshold. A call gets them if it asks for them and no rule
    scripts other warnings."""


class CardView(Reply):
    """A card in a picture, without its personal data."""

    kind: str
    specimen: str | None
    """Its name in the catalogue (docs/cards.md); null if it is not one of those."""
    corners: list[Point]
    """In pixels of the picture; the card's own top left corner first."""
    regions: dict[str, list[list[Point]]]
    """Where the regions are that ReflectDetailInfos names: the corners of each part. `Others` is
    the rest of the card."""
    exact: bool
    """Whether both codes were read, so that the corners are exact."""
    defects: list[str]
    """The defects recorded in its code."""
    measured: dict[str, MeasuredValue] | None
    """Measured from its pixels: quality, border, reflection, pattern, chroma, covered, edited.
    Null if no flag of the call needed it."""


class ReadingView(Reply):
    width: int
    """Of the picture, after its EXIF orientation; the corners of cards refer to it."""
    height: int
    contents: str
    """front, back, front and back, several of one side, covered, blurred or nothing."""
    looks_like: str | None
    """The kind of specimen that was recognized without reading a code."""
    cards: list[CardView]


class PictureView(Reply):
    """A picture; its bytes are not stored."""

    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    reading: ReadingView | None
    """Null if the picture was not read, because a rule scripted the answer."""


def picture_view(exchange: Exchange) -> PictureView | ImageError | None:
    picture = exchange.picture
    if not isinstance(picture, Picture):
        return picture
    return PictureView(
        format=picture.format,
        width=picture.width,
        height=picture.height,
        size_bytes=picture.size_bytes,
        sha256=picture.sha256,
        reading=_reading_view(exchange.reading) if exchange.reading else None,
    )


def _reading_view(reading: Mapping[str, Any]) -> ReadingView:
    cards = [{**card, "regions": _regions(card)} for card in reading["cards"]]
    return ReadingView(**{**reading, "cards": cards})


def _regions(card: Mapping[str, Any]) -> dict[str, list[list[Point]]]:
    corners: Sequence[tuple[float, float]] = card["corners"]
    place = homography(quad_of(0, 0, *CARD), corners)
    if place is None:
        return {}
    return {
        region: [
            [(round(x), round(y)) for x, y in moved_quad(place, quad_of(*box))] for box in boxes
        ]
        for region, boxes in region_boxes(Kind(card["kind"])).items()
    }
