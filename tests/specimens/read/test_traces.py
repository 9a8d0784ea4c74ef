from math import atan2, degrees, dist

import pytest
from PIL import Image, ImageDraw, ImageFilter

from mockocr.images.geometry import Point, homography, quad_of
from mockocr.specimens import colours
from mockocr.specimens.card_data import Kind
from mockocr.specimens.draw.specimen import card_boxes, draw
from mockocr.specimens.layout import CARD
from mockocr.specimens.read.traces import Looks, Trace
from tests.specimens.people import SIDES, some_card_data


def traces(picture: Image.Image) -> list[Trace]:
    return list(Looks(picture).traces())


@pytest.mark.parametrize("blur", [0, 3, 6, 9])
@pytest.mark.parametrize("kind", SIDES)
def test_a_specimen_is_recognized_by_its_appearance_however_blurred(kind: Kind, blur: int) -> None:
    picture = draw(some_card_data(kind)).filter(ImageFilter.GaussianBlur(blur))

    (trace,) = traces(picture)

    (box,) = card_boxes(kind, picture.size)
    assert trace.kind is kind
    if blur < 9:
        assert max(map(dist, trace.corners, quad_of(*box))) < 0.04 * CARD[0]


@pytest.mark.parametrize("angle", [0, 33, 90, 180, 200, 270])
def test_a_specimen_is_located_by_its_appearance(angle: int) -> None:
    picture = draw(some_card_data(Kind.BACK)).rotate(angle, Image.Resampling.BICUBIC, expand=True)

    (trace,) = traces(picture)

    one, two, *_ = trace.corners
    assert trace.kind is Kind.BACK
    found = -degrees(atan2(two.y - one.y, two.x - one.x))
    assert abs((found - angle + 180) % 360 - 180) < 2


def test_two_cards_give_two_traces() -> None:
    found = traces(draw(some_card_data(Kind.BOTH)))

    assert {trace.kind for trace in found} == {Kind.FRONT, Kind.BACK}


def test_a_bar_shows_the_top_of_its_card_at_any_angle() -> None:
    (box,) = card_boxes(Kind.FRONT, (1200, 800))
    one, two, *_ = quad_of(*box)

    tops = list(Looks(draw(some_card_data())).tops())

    assert len(tops) == 2
    assert min(dist(left, one) + dist(right, two) for left, right in tops) < 20


def test_a_bar_at_the_edge_of_a_picture_may_be_cut_off() -> None:
    picture = draw(some_card_data())

    for box in ((150, 0, 1200, 800), (0, 0, 1080, 800), (100, 84, 1100, 715)):
        looks = Looks(picture.crop(box))
        assert looks.bars == 1
        assert list(looks.tops()) == []


@pytest.mark.parametrize("strength", range(5))
def test_a_blurred_card_is_recognized_in_perspective(strength: int) -> None:
    width, height = 1200, 800
    seen = (
        Point(30.0 * strength, 0),
        Point(width - 20.0 * strength, 30.0 * strength),
        Point(width, height),
        Point(0, height - 25.0 * strength),
    )
    back = homography(seen, quad_of(0, 0, width, height))
    assert back is not None
    picture = draw(some_card_data()).transform((width, height), Image.Transform.PERSPECTIVE, back)

    assert len(traces(picture.filter(ImageFilter.GaussianBlur(7)))) == 1


def test_only_the_longest_of_many_bars_are_examined() -> None:
    image = Image.new("RGB", (1200, 1200), "white")
    for top in range(0, 1200, 100):
        ImageDraw.Draw(image).rectangle((10, top, 1000 + top // 10, top + 40), colours.RED)

    looks = Looks(image)

    assert looks.bars == 4
    assert traces(image) == []


def bars(colour: tuple[int, int, int], ground: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (1200, 800), ground)
    pen = ImageDraw.Draw(image)
    for top in (100, 400):
        pen.rectangle((100, top, 1100, top + 43), colour)
    return image


def zigzag() -> Image.Image:
    """A shape as long and as wide as a bar, but not filled."""
    image = Image.new("RGB", (1200, 800), "white")
    points = [(100 + 50 * step, 100 + 60 * (step % 2)) for step in range(21)]
    ImageDraw.Draw(image).line(points, colours.RED, 12)
    return image


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (1200, 800), "red"),
        Image.new("RGB", (20, 20), "white"),
        Image.new("RGB", (10_000, 20), colours.RED),
        bars(colours.RED, (255, 255, 255)),
        bars(colours.RED, colours.DESK),
        zigzag(),
        bars((0, 120, 0), (255, 255, 255)),
        draw(some_card_data()).convert("L").convert("RGB"),
        Image.merge("RGB", [Image.effect_noise((1200, 800), 90) for _ in range(3)]),
        Image.linear_gradient("L").resize((600, 400)).convert("RGB"),
    ],
    ids=["red", "tiny", "bar", "on white", "bars", "zigzag", "green", "grey", "noise", "slope"],
)
def test_a_picture_with_something_red_gives_no_trace(picture: Image.Image) -> None:
    assert traces(picture) == []


def test_a_picture_full_of_red_pixels_is_given_up() -> None:
    fine = Image.effect_noise((256, 256), 90).point(lambda value: 255 * (value > 128))
    dots = Image.merge("RGB", [fine, Image.new("L", fine.size), Image.new("L", fine.size)])

    assert traces(dots) == []
