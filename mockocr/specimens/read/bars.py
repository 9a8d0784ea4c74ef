"""Finds red bars in a picture: long, thin, filled rectangles in any direction. Every specimen has
one, except in a grey copy."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from math import atan2, sqrt
from typing import NamedTuple

from PIL import Image, ImageChops

_MOST_RUNS = 4000
"""A picture with more runs of red pixels is a red pattern, in which no bar is searched for."""
_LEAST_LENGTH = 40
"""Pixels."""
_SLENDERNESS = (14.0, 45.0)
"""Length divided by width. It is 23 for a specimen; blur increases it, perspective decreases it."""
_LEAST_FILL = 0.8
"""The least share of red pixels in the rectangle; letters take the rest."""


class Bar(NamedTuple):
    """A bar, in pixels."""

    x: float
    y: float
    """The centre."""
    angle: float
    """The direction of the long side in radians; it may differ by half a turn."""
    length: float


class _Run(NamedTuple):
    """Connected red pixels of one row, from `begin` up to and without `end`."""

    y: int
    begin: int
    end: int


def bars(picture: Image.Image) -> Iterator[Bar]:
    """The bars in a picture of mode RGB, which should have only a few hundred pixels a side."""
    for runs in _connected(_red(picture)):
        bar = _as_bar(runs)
        if bar is not None:
            yield bar


def _red(picture: Image.Image) -> Image.Image:
    """A mask of the pixels that are mainly red, in any brightness."""
    red, green, blue = picture.split()
    excess = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    needed = red.point([max(12, value // 2) for value in range(256)])
    return ImageChops.subtract(excess, needed).point([0] + [255] * 255)


def _connected(mask: Image.Image) -> Iterable[list[_Run]]:
    """The runs of each connected region."""
    width, height = mask.size
    content = mask.tobytes()
    runs: list[_Run] = []
    leaders: list[int] = []

    def leader(run: int) -> int:
        while leaders[run] != run:
            run = leaders[run]
        return run

    above: list[int] = []
    for y in range(height):
        row: list[int] = []
        first = 0
        for match in re.finditer(b"\xff+", content[y * width : (y + 1) * width]):
            begin, end = match.span()
            index = len(runs)
            runs.append(_Run(y, begin, end))
            leaders.append(index)
            row.append(index)
            while first < len(above) and runs[above[first]].end <= begin:
                first += 1
            for other in islice(above, first, None):
                if runs[other].begin >= end:
                    break
                leaders[leader(index)] = leader(other)
        if len(runs) > _MOST_RUNS:
            return []
        above = row
    regions = defaultdict[int, list[_Run]](list)
    for index, run in enumerate(runs):
        regions[leader(index)].append(run)
    return regions.values()


def _as_bar(runs: list[_Run]) -> Bar | None:
    """The rectangle that has the moments of a region; None if the region is not like a bar."""
    area = sum(run.end - run.begin for run in runs)
    if area < _LEAST_LENGTH:
        return None
    x = sum((run.end - run.begin) * (run.begin + run.end) / 2 for run in runs) / area
    y = sum((run.end - run.begin) * (run.y + 0.5) for run in runs) / area
    xx = xy = yy = 0.0
    for run in runs:
        size, dx, dy = run.end - run.begin, (run.begin + run.end) / 2 - x, run.y + 0.5 - y
        xx += size * (dx * dx + size * size / 12) / area
        xy += size * dx * dy / area
        yy += size * (dy * dy + 1 / 12) / area
    spread = sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    length = sqrt(12 * ((xx + yy) / 2 + spread))
    width = sqrt(12 * max(1e-6, (xx + yy) / 2 - spread))
    least, most = _SLENDERNESS
    if length < _LEAST_LENGTH or not least < length / width < most:
        return None
    if area < _LEAST_FILL * length * width:
        return None
    return Bar(x, y, atan2(2 * xy, xx - yy) / 2, length)
