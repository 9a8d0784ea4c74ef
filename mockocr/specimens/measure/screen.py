"""The pattern that a camera sees on a screen, on the one patch of a specimen that is flat."""

from math import cos, hypot, pi, sin

from PIL import Image

UNITS = 2
"""Of a card, for a pixel of what is looked at."""

_LEAST_WAVES = 1 / 12
"""A pixel: slower ones are a shadow or an edge."""
_LEAST_SHARE = 0.3
"""Of all that varies, that the strongest wave and its neighbours make up. Assumed: a pattern does,
noise and JPEG never (`bench/defects.py`)."""


def pattern(patch: Image.Image) -> float:
    """The amplitude of the strongest wave, in percent of how light a patch is; 0 where it does not
    stand out, and where it is not all over: the edge of something has waves as well, in one half.

    Of one channel, mode L, as the colours of a screen beat apart: in grey they cancel.
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
    """By a discrete Fourier transform without numpy, of a few hundred pixels."""
    width, height = patch.size
    content = patch.tobytes()
    mean = sum(content) / len(content)
    rows = [[value - mean for value in content[y * width : (y + 1) * width]] for y in range(height)]
    varying = sum(value * value for row in rows for value in row)
    if varying < len(content) or not mean:  # of less than a level: flat
        return 0.0
    powers = _powers(rows)
    across, down = max(powers, key=lambda wave: powers[wave])
    near = sum(powers.get((across + x, down + y), 0.0) for x in (-1, 0, 1) for y in (-1, 0, 1))
    # Each wave is twice in the spectrum, of which here is half.
    if 2 * near / len(content) < _LEAST_SHARE * varying:
        return 0.0
    return float(100 * 2 * near**0.5 / len(content) / mean)


def _powers(rows: list[list[float]]) -> dict[tuple[int, int], float]:
    """By waves across and down, those that are no shadow."""
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
    call_counters = [
        complex(cos(2 * pi * y / height), -sin(2 * pi * y / height)) for y in range(height)
    ]
    powers = {}
    for across, column in enumerate(by_column):
        for down in range(-(height // 2) + 1, height // 2):
            if hypot(across / width, down / height) < _LEAST_WAVES:
                continue
            wave = sum(value * call_counters[down * y % height] for y, value in enumerate(column))
            powers[across, down] = abs(wave) ** 2
    return powers
