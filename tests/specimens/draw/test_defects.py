from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from mockocr.specimens.card_data import DEFECTS, Kind
from mockocr.specimens.draw.specimen import Arrangement, card_boxes, default_size, draw
from mockocr.specimens.finding import Contents
from mockocr.specimens.layout import Box
from mockocr.specimens.read.reading import find
from tests.specimens.people import LI_MING, SIDES, some_card_data

NOT_DRAWN = ("invalid_date", "temporary_id")
DRAWN = tuple(name for name in DEFECTS if name not in NOT_DRAWN)


@pytest.mark.parametrize("kind", [*SIDES, Kind.BOTH])
@pytest.mark.parametrize("defect", DRAWN)
def test_a_specimen_with_any_defect_is_read(defect: str, kind: Kind) -> None:
    card_data = some_card_data(kind)

    found = find(draw(card_data, defects={defect: 1.0}))

    assert {side.card_data for side in found.sides} == set(card_data.sides())
    assert all(side.exact for side in found.sides)


@pytest.mark.parametrize("size", [(480, 320), (1920, 1080), (640, 1000)])
@pytest.mark.parametrize("defect", DRAWN)
def test_a_defect_is_drawn_in_any_size(defect: str, size: tuple[int, int]) -> None:
    image = draw(LI_MING, size, defects={defect: 1.0})

    assert image.size == size
    assert find(image).contents is Contents.FRONT


@pytest.mark.parametrize("defect", DRAWN)
def test_a_stronger_defect_changes_the_picture_more(defect: str) -> None:
    plain = draw(LI_MING)

    def changed(strength: float) -> float:
        difference = ImageChops.difference(plain, draw(LI_MING, defects={defect: strength}))
        return sum(level * count for level, count in enumerate(difference.convert("L").histogram()))

    assert 0 == changed(0.0) < changed(0.3) < changed(1.0)


@pytest.mark.parametrize("defect", NOT_DRAWN)
def test_a_defect_that_pixels_cannot_show_is_not_drawn(defect: str) -> None:
    assert draw(LI_MING, defects={defect: 1.0}) == draw(LI_MING)


def test_planting_draws_no_defect_and_drawing_plants_none() -> None:
    (defects,) = find(draw(replace(LI_MING, defects=("copy", "reshoot")))).sides
    (drawn,) = find(draw(LI_MING, defects={"copy": 1.0, "reshoot": 1.0})).sides

    assert defects.card_data.defects == ("copy", "reshoot")
    assert drawn.card_data.defects == ()


def test_a_picture_may_have_several_defects() -> None:
    defects = dict.fromkeys(("copy_bw", "occlusion", "watermark", "border"), 0.6)

    assert find(draw(LI_MING, defects=defects)).contents is Contents.FRONT


@pytest.mark.parametrize("arrangement", ["stacked", "beside"])
def test_every_card_of_a_picture_is_cut_off(arrangement: Arrangement) -> None:
    width, height = default_size(Kind.BOTH, arrangement)

    boxes = card_boxes(Kind.BOTH, (width, height), arrangement, cut_off=1.0)

    beyond = [max(box.right - width, box.bottom - height) / box.width for box in boxes]
    assert beyond == [pytest.approx(0.065, abs=0.001)] * 2
    found = find(draw(some_card_data(Kind.BOTH), None, arrangement, {"border": 1.0}))
    assert found.contents is Contents.FRONT_AND_BACK


def test_only_a_reflection_is_as_bright_as_glare() -> None:
    (place,) = card_boxes(Kind.FRONT, (1200, 800))
    brightest = {
        defect: max(high for _, high in _channels(draw(LI_MING, defects={defect: 1.0}), place))
        for defect in DRAWN
    }

    assert {name for name, value in brightest.items() if value >= 250} == {"reflection"}


def _channels(image: Image.Image, box: Box) -> list[tuple[int, int]]:
    return [channel.getextrema() for channel in image.crop(box).split()]  # type: ignore[misc]
