"""The light that a card was seen in: how it changes what is light and dark, fitted and undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageMath

from mockocr.pictures.geometry import solution

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
    found = None
    for _ in range(_ROUNDS):
        if len(equations) < _LEAST_MEANS:
            return None
        found = _least_squares(equations)
        if found is None:
            return None
        off = [_off(found, equation) for equation in equations]
        most = max(_WORST * sorted(off)[len(off) // 2], 0.5)
        equations = [one for one, much in zip(equations, off, strict=True) if much <= most]
    assert found is not None  # noqa: S101 - there was a round
    gain, across, down, twist, offset = found
    return Light(gain, across, down, twist, offset) if gain > _LEAST_GAIN else None


def _means(image: Image.Image) -> bytes:
    return image.resize(_GRID, Image.Resampling.BOX).tobytes()


def _least_squares(equations: Sequence[Sequence[float]]) -> tuple[float, ...] | None:
    size = len(equations[0])
    normal = [[0.0] * size for _ in range(size - 1)]
    for equation in equations:
        for row, value in zip(normal, equation, strict=False):
            for place, other in enumerate(equation):
                row[place] += value * other
    return solution(normal)


def _off(found: Sequence[float], equation: Sequence[float]) -> float:
    return abs(equation[-1] - sum(a * b for a, b in zip(found, equation, strict=False)))


@cache
def _slopes(size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """From -1 to 1 across, and down."""
    down = Image.linear_gradient("L").convert("F").point(lambda value: value * (2 / 255) - 1)
    across = down.transpose(Image.Transpose.ROTATE_90)
    return across.resize(size), down.resize(size)
