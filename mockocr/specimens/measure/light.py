"""The light that a card was seen in: how it changes what is light and dark, fitted and undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from typing import Any

from PIL import Image, ImageMath

from mockocr.images.geometry import solution

_GRID = (25, 15)
"""Of means that it is fitted to: as many as need no time."""
_ROUNDS = 4
"""Of leaving out what fits worst: whatever covers the card, and glare."""
_WORST = 2.5
"""Times the median, what is left out."""
_LEAST_MEANS = 40
_LEAST_GAIN = 0.02


@dataclass(frozen=True, slots=True)
class Light:
    """seen = (gain + across x + down y + twist x y) * as it is + offset, with x and y from -1 to 1:
    a lamp on one side, darkness, faint contrast."""

    gain: float
    across: float
    down: float
    twist: float
    offset: float

    def undone(self, seen: Image.Image) -> Image.Image:
        """As it would be in plain light, of mode L."""
        x, y = _slopes(seen.size)

        def even(it: dict[str, Any]) -> Any:
            gain = it["x"] * (it["y"] * self.twist + self.across) + it["y"] * self.down + self.gain
            return (it["seen"] - self.offset) / it["max"](gain, _LEAST_GAIN)

        evened: Image.Image = ImageMath.lambda_eval(even, seen=seen, x=x, y=y)
        return evened.convert("L")


def fitted(seen: Image.Image, expected: Image.Image, usable: Image.Image) -> Light | None:
    """Of pictures of mode L and one size; a mask says where they can be compared. None where that
    is hardly anywhere, or all is of one colour."""
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
    """From -1 to 1 across, and down."""
    down = Image.linear_gradient("L").convert("F").point(lambda value: value * (2 / 255) - 1)
    across = down.transpose(Image.Transpose.ROTATE_90)
    return across.resize(size), down.resize(size)
