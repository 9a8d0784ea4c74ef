from itertools import product
from math import dist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockocr.images.geometry import (
    Point,
    Quad,
    homography,
    is_convex,
    middle,
    moved,
    moved_quad,
    quad_of,
    sides,
    stretched,
)

CARD = quad_of(0, 0, 1000, 631)


@st.composite
def quads(draw: st.DrawFn) -> Quad:
    """A card in perspective."""
    width, height = draw(st.floats(50, 4000)), draw(st.floats(50, 4000))
    inwards = [
        (draw(st.floats(0, 0.25)) * width, draw(st.floats(0, 0.25)) * height) for _ in range(4)
    ]
    x, y = draw(st.floats(-500, 500)), draw(st.floats(-500, 500))
    (a, b), (c, d), (e, f), (g, h) = inwards
    corners = [
        Point(x + a, y + b),
        Point(x + width - c, y + d),
        Point(x + width - e, y + height - f),
        Point(x + g, y + height - h),
    ]
    call_number = draw(st.integers(0, 3))
    one, two, three, four = corners[call_number:] + corners[:call_number]
    return one, two, three, four


@given(quads())
def test_four_points_determine_a_homography(seen: Quad) -> None:
    found = homography(CARD, seen)

    assert found is not None
    assert max(map(dist, moved_quad(found, CARD), seen)) < 1e-4 * dist(seen[0], seen[2])


@given(quads())
def test_a_homography_and_its_inverse_cancel_out(seen: Quad) -> None:
    there, back = homography(CARD, seen), homography(seen, CARD)
    assert there is not None
    assume(back is not None)
    assert back is not None

    places = [Point(x, y) for x, y in product((0, 300, 1000), (0, 200, 631))]

    assert max(dist(moved(back, moved(there, place)), place) for place in places) < 0.1


@given(quads(), st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_more_points_outvote_a_wrong_one(seen: Quad, x: float, y: float) -> None:
    there = homography(CARD, seen)
    assert there is not None
    assume(dist(seen[0], seen[2]) > 500)
    places = [Point(x, y) for x, y in product((100, 500, 900), (100, 300, 500))]
    targets = [moved(there, place) for place in places]
    wrong = [Point(targets[0].x + x, targets[0].y + y), *targets[1:]]

    found, weighed = homography(places, wrong), homography(places, wrong, [1e-6] + [1.0] * 8)

    assert found is not None
    assert weighed is not None
    assert max(map(dist, moved_quad(found, CARD), seen)) < 40
    assert max(map(dist, moved_quad(weighed, CARD), seen)) < 0.1


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (1, 0), (1, 1)],
        [(0, 0), (1, 1), (2, 2), (5, 0)],
        [(1, 1)] * 4,
        [(0, 0), (0, 0), (1, 0), (1, 1)],
    ],
)
def test_degenerate_points_give_no_homography(points: list[tuple[float, float]]) -> None:
    assert homography(points, points) is None


def test_a_source_behind_the_horizon_gives_no_homography() -> None:
    sources = quad_of(1000, 1000, 2000, 2000)
    targets = quad_of(0, 0, 1, 1)
    tilted = (targets[0], targets[1], Point(0.7, 0.2), Point(0.3, 0.2))

    assert homography(sources, tilted) is None


def test_a_point_on_the_horizon_is_far_away() -> None:
    x, y = moved((1, 0, 5, 0, 1, 5, -0.01, 0), (100, 0))

    assert min(x, y) > 1e6


@given(quads())
def test_a_flat_card_is_seen_as_a_convex_quadrilateral(seen: Quad) -> None:
    mirrored = (seen[1], seen[0], seen[3], seen[2])

    assert is_convex(seen)
    assert is_convex(mirrored)


def test_a_bow_tie_and_a_dart_are_not_convex() -> None:
    one, two, three, four = CARD

    assert not is_convex((one, three, two, four))
    assert not is_convex((one, two, Point(100, 100), four))
    assert not is_convex((one, two, Point(500, 0), four))


def test_sides_and_middle_of_a_rectangle() -> None:
    assert sides(quad_of(10, 20, 110, 70)) == (100, 50, 100, 50)
    assert middle(quad_of(10, 20, 110, 70)) == (60, 45)
    assert stretched(quad_of(10, 20, 110, 70), 2, 3) == quad_of(20, 60, 220, 210)
