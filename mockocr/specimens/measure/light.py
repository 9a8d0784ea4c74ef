"""The light in a photo of a card: estimates it, and removes its effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from typing import Any

from PIL import Image, ImageMath

from mockocr.images.geometry import solution

_GRID = (25, 15)
"""Columns and rows of the means that the light is fitted to; few, to be fast."""
_ROUNDS = 4
"""How often the light is fitted; each time, outliers such as covers and glare are removed."""
_WORST = 2.5
"""Outliers have an error of more than this multiple of the median."""
_LEAST_MEANS = 40
_LEAST_GAIN = 0.02


@dataclass(frozen=True, slots=True)
class Light:
    """seen = (gain + across x + down y + twist x y) * drawn + offset, with x and y from -1 to 1.

    This describes a lamp on one side, darkness and low contrast.
    """

    gain: float
    across: float
    down: float
    twist: float
    offset: float

    def undone(self, seen: Image.Image) -> Image.Image:
        """The picture in even light, in mode L."""
        x, y = _slopes(seen.size)

        def even(images: dict[str, Any]) -> Any:
            x, y = images["x"], images["y"]
            gain = x * (y * self.twist + self.across) + y * self.down + self.gain
            return (images["seen"] - self.offset) / images["max"](gain, _LEAST_GAIN)

        evened: Image.Image = ImageMath.lambda_eval(even, seen=seen, x=x, y=y)
        return evened.convert("L")


def fitted(seen: Image.Image, expected: Image.Image, usable: Image.Image) -> Light | None:
    """The light that turns `expected` into `seen`, both of mode L and the same size. The mask
    `usable` is 255 where they can be compared. None if too little can be compared, or if there is
    no contrast."""
    columns, rows = _GRID
    grids = (_means(image) for image in (seen, expected, usable))
    equations = []
    for place, (value, mean, share) in enumerate(zip(*grids, strict=True)):
        if share == 255:
            x = (place % columns + 0.5) / columns * 2 - 1
            y = (place // columns + 0.5) / rows * 2 - 1
            equations.append((mean, mean * x, mean * y, mean * x * y, 1.0, float(value)))
    for _ in range(_ROUNDS):
        if len(equations) < _LEAST_MEANS:
            return None
        found = _least_squares(equations)
        if found is None:
            return None
        gain, across, down, twist, offset = found
        off = [
            abs(value - (mean * gain + by_x * across + by_y * down + by_xy * twist + offset))
            for mean, by_x, by_y, by_xy, _, value in equations
        ]
        most = max(_WORST * sorted(off)[len(off) // 2], 0.5)
        equations = [one for one, much in zip(equations, off, strict=True) if much <= most]
    return Light(gain, across, down, twist, offset) if gain > _LEAST_GAIN else None


def _means(image: Image.Image) -> bytes:
    return image.resize(_GRID, Image.Resampling.BOX).tobytes()


def _least_squares(equations: Sequence[Sequence[float]]) -> tuple[float, ...] | None:
    columns = tuple(zip(*equations, strict=True))
    return solution([[sum(map(mul, one, other)) for other in columns] for one in columns[:-1]])


@cache
def _slopes(size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """Two images whose values rise from -1 to 1: from left to right, and from top to bottom."""
    down = Image.linear_gradient("L").convert("F").point(lambda value: value * (2 / 255) - 1)
    across = down.transpose(Image.Transpose.ROTATE_90)
    return across.resize(size), down.resize(size)
