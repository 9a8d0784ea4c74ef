"""Finds reflections, which are whiter than anything on a card, and the regions that they cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageFilter

from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import FACES
from mockocr.specimens.measure.blocks import COLUMNS, ROWS, around, connected, overlapping
from mockocr.specimens.measured import Region
from mockocr.specimens.regions import region_boxes

NEARLY_WHITE = 250
"""A pixel is nearly white if all three channels have at least this value. A specimen has at
most 235 (`colours.py`)."""

_SOME = 8
"""A block is lost if more than this share of it is nearly white, in 255ths."""
_SHARE_OF_REGION = 0.1
"""A reflection covers a region if more than this share of the reflection is in it. Assumed. It may
cover several regions ("一个反光点允许覆盖多个区域", API page §2)."""


@dataclass(frozen=True, slots=True)
class Glare:
    percent: float
    """The share of the card that the largest reflection covers."""
    regions: tuple[Region, ...]
    """The regions that are covered by reflections above the threshold."""
    lost: frozenset[int]
    """Blocks that are at least partly invisible."""


def glare(card: Image.Image, kind: Kind, most_percent: float) -> Glare:
    """The reflections on a card that is upright, in mode RGB, and consists of whole blocks.

    `most_percent`: the threshold for `regions`, in percent of the card.
    """
    red, green, blue = card.split()
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    if not sum(least.histogram()[NEARLY_WHITE:]):
        return Glare(0.0, (), frozenset())
    white = least.point([0] * NEARLY_WHITE + [255] * (256 - NEARLY_WHITE))
    # Eroded, because JPEG ringing and noise make single pixels nearly white.
    share = white.filter(ImageFilter.MinFilter(3)).resize((COLUMNS, ROWS), Image.Resampling.BOX)
    shares = {place: value for place, value in enumerate(share.tobytes()) if value}
    for place in _codes(kind):
        shares.pop(place, None)
    largest, regions = 0.0, set[Region]()
    for blob in connected(frozenset(place for place, value in shares.items() if value > _SOME)):
        percent = 100 * sum(shares[place] for place in blob) / 255 / (COLUMNS * ROWS)
        largest = max(largest, percent)
        if percent > most_percent:
            regions.update(_regions_of(blob, shares, kind))
    # Blocks around a reflection are too light to be compared.
    lost = around(around(frozenset(place for place, value in shares.items() if value > _SOME)))
    return Glare(largest, tuple(region for region in _ORDER if region in regions), lost)


_ORDER: tuple[Region, ...] = ("NationalEmblem", "Portrait", "RecognitionField", "Others")


def _regions_of(blob: frozenset[int], shares: Mapping[int, int], kind: Kind) -> set[Region]:
    by_region = dict.fromkeys(_ORDER, 0)
    for place in blob:
        by_region[_map(kind).get(place, "Others")] += shares[place]
    whole = sum(by_region.values())
    return {region for region, value in by_region.items() if value > _SHARE_OF_REGION * whole}


@cache
def _map(kind: Kind) -> Mapping[int, Region]:
    """The region of each block that has one."""
    return {
        place: region
        for region, boxes in region_boxes(kind).items()
        for box in boxes
        for place in overlapping(box)
    }


@cache
def _codes(kind: Kind) -> frozenset[int]:
    """The blocks on the codes, which are skipped: JPEG ringing makes large parts of them white."""
    face = FACES[kind]
    return frozenset(place for board in (face.main, face.small) for place in overlapping(board))
