"""Finds the moire of a photographed screen, on the plain patch of a specimen."""

from math import cos, hypot, pi, sin

from PIL import Image

UNITS = 2
"""Units of the card per pixel."""

_LEAST_WAVES = 1 / 12
"""Waves per pixel. Longer waves are a shadow or an edge."""
_LEAST_SHARE = 0.3
"""The minimum share of the variance that is in the strongest wave and its neighbours. Assumed:
moire exceeds it, noise and JPEG artifacts never do (`bench/defects.py`)."""


def pattern(patch: Image.Image) -> float:
    """The amplitude of the strongest periodic pattern, in percent of the patch's brightness.

    0 if it does not stand out in every half of the patch: the edge of an object has waves in one
    half only. The patch is one channel, in mode L: in grey, the moire of the channels cancels out.
    """
    width, height = patch.size
    least = 100.0
    for half in (
        (0, 0, width // 2, height),
        (width - width // 2, 0, width, height),
        (0, 0, width, height // 2),
        (0, height - height // 2, width, height),
    ):
        least = min(least, _strongest(patch.crop(half)))
        if not least:
            break
    return least


def _strongest(patch: Image.Image) -> float:
    """The same for a part of the patch, by a discrete Fourier transform without numpy."""
    width, height = patch.size
    content = patch.tobytes()
    mean = sum(content) / len(content)
    rows = [[value - mean for value in content[y * width : (y + 1) * width]] for y in range(height)]
    varying = sum(value * value for row in rows for value in row)
    if varying < len(content) or not mean:  # The variance is less than one level.
        return 0.0
    powers = _powers(rows)
    across, down = max(powers, key=lambda wave: powers[wave])
    near = sum(powers.get((across + x, down + y), 0.0) for x in (-1, 0, 1) for y in (-1, 0, 1))
    # The spectrum has each wave twice, and `powers` is half of the spectrum.
    if 2 * near / len(content) < _LEAST_SHARE * varying:
        return 0.0
    return float(100 * 2 * near**0.5 / len(content) / mean)


def _powers(rows: list[list[float]]) -> dict[tuple[int, int], float]:
    """The power of each wave, by the number of waves across and down, without long waves."""
    width, height = len(rows[0]), len(rows)
    by_column = []
    for across in range(width // 2):
        real = [cos(2 * pi * across * x / width) for x in range(width)]
        unreal = [sin(2 * pi * across * x / width) for x in range(width)]
        by_column.append(
            [
                complex(sum(map(float.__mul__, row, real)), -sum(map(float.__mul__, row, unreal)))
                for row in rows
            ]
        )
    turns = [complex(cos(2 * pi * y / height), -sin(2 * pi * y / height)) for y in range(height)]
    powers = {}
    for across, column in enumerate(by_column):
        for down in range(-(height // 2) + 1, height // 2):
            if hypot(across / width, down / height) < _LEAST_WAVES:
                continue
            wave = sum(value * turns[down * y % height] for y, value in enumerate(column))
            powers[across, down] = abs(wave) ** 2
    return powers
