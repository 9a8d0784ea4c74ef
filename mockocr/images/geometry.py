"""Plane geometry: the homography between a card and its picture. Pure, and no numpy.

A homography is eight numbers (a, b, c, d, e, f, g, h), in the order of Pillow's transform:
x' = (a x + b y + c) / (g x + h y + 1), y' = (d x + e y + f) / (g x + h y + 1).
"""

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple, TypeAlias


class Point(NamedTuple):
    x: float
    y: float


Homography: TypeAlias = tuple[float, float, float, float, float, float, float, float]

Quad: TypeAlias = tuple[Point, Point, Point, Point]
"""Four corners in the order top left, top right, bottom right, bottom left of the object itself: if
it is upside down in the picture, its top left is at the bottom right."""


def moved(homography: Homography, point: tuple[float, float]) -> Point:
    """The image of a point under a homography."""
    a, b, c, d, e, f, g, h = homography
    x, y = point
    scale = g * x + h * y + 1
    if scale <= 1e-9:  # on the horizon or behind it
        scale = 1e-9
    return Point((a * x + b * y + c) / scale, (d * x + e * y + f) / scale)


def quad_of(left: float, top: float, right: float, bottom: float) -> Quad:
    return Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)


def moved_quad(homography: Homography, quad: Quad) -> Quad:
    one, two, three, four = (moved(homography, corner) for corner in quad)
    return one, two, three, four


def stretched(quad: Quad, across: float, down: float) -> Quad:
    one, two, three, four = (Point(corner.x * across, corner.y * down) for corner in quad)
    return one, two, three, four


def homography(
    sources: Sequence[tuple[float, float]],
    targets: Sequence[tuple[float, float]],
    weights: Sequence[float] | None = None,
) -> Homography | None:
    """The homography that moves sources to targets; for more than four points, the one with the
    least weighted squares.

    None if the points do not determine one (fewer than four, or three of four on a line), or if
    it moves the origin of the sources behind the horizon.
    """
    to_source, unit_sources = _in_units(sources)
    to_target, unit_targets = _in_units(targets)
    normal = [[0.0] * 9 for _ in range(8)]
    weights = weights or [1.0] * len(sources)
    for (x, y), (u, v), weight in zip(unit_sources, unit_targets, weights, strict=True):
        _add(normal, (x, y, 1, 0, 0, 0, -u * x, -u * y, u), weight)
        _add(normal, (0, 0, 0, x, y, 1, -v * x, -v * y, v), weight)
    solved = solution(normal)
    if solved is None:
        return None
    unit = (solved[:3], solved[3:6], (*solved[6:], 1.0))
    scale, x, y = to_source
    from_source = ((1 / scale, 0.0, -x / scale), (0.0, 1 / scale, -y / scale), (0.0, 0.0, 1.0))
    scale, x, y = to_target
    whole = _product(
        ((scale, 0.0, x), (0.0, scale, y), (0.0, 0.0, 1.0)), _product(unit, from_source)
    )
    last = whole[2][2]
    if last < 1e-9:  # the origin of the sources would be behind the horizon
        return None
    a, b, c, d, e, f, g, h, _ = (value / last for row in whole for value in row)
    return a, b, c, d, e, f, g, h


def is_convex(quad: Quad) -> bool:
    """Whether the quad is convex, with its corners in either direction."""
    turns = []
    for place in range(4):
        (x0, y0), (x1, y1), (x2, y2) = (quad[(place + step) % 4] for step in range(3))
        turns.append((x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1))
    return all(turn > 0 for turn in turns) or all(turn < 0 for turn in turns)


def sides(quad: Quad) -> tuple[float, float, float, float]:
    """The lengths of top, right, bottom and left side."""
    one, two, three, four = quad
    return _distance(one, two), _distance(two, three), _distance(three, four), _distance(four, one)


def middle(quad: Quad) -> Point:
    return Point(sum(corner.x for corner in quad) / 4, sum(corner.y for corner in quad) / 4)


def _distance(one: Point, other: Point) -> float:
    return hypot(one.x - other.x, one.y - other.y)


_Matrix: TypeAlias = Sequence[Sequence[float]]


def _in_units(
    points: Sequence[tuple[float, float]],
) -> tuple[tuple[float, float, float], list[tuple[float, float]]]:
    """Scale and centre of the points, and the points normalized to the centre 0 and a mean distance
    of 1, to keep rounding errors small."""
    count = len(points)
    x, y = sum(point[0] for point in points) / count, sum(point[1] for point in points) / count
    scale = sum(hypot(point[0] - x, point[1] - y) for point in points) / count or 1.0
    return (scale, x, y), [((point[0] - x) / scale, (point[1] - y) / scale) for point in points]


def _add(normal: list[list[float]], equation: Sequence[float], weight: float) -> None:
    for row, value in zip(normal, equation, strict=False):
        if value:
            for column, other in enumerate(equation):
                row[column] += weight * value * other


def solution(rows: list[list[float]]) -> tuple[float, ...] | None:
    """Solves normal equations by Gaussian elimination, which needs no pivots for them. Each row has
    the coefficients and the right-hand side. None if the equations are dependent."""
    size = len(rows)
    for column, first in enumerate(rows):
        if first[column] < 1e-12:
            return None
        for row in rows[column + 1 :]:
            factor = row[column] / first[column]
            for index in range(column, size + 1):
                row[index] -= factor * first[index]
    found = [0.0] * size
    for place in reversed(range(size)):
        equation = rows[place]
        rest = sum(equation[column] * found[column] for column in range(place + 1, size))
        found[place] = (equation[size] - rest) / equation[place]
    return tuple(found)


def _product(one: _Matrix, other: _Matrix) -> list[list[float]]:
    columns = list(zip(*other, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in one
    ]
