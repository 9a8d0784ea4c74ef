"""A sample of `python -m bench.defects`: scores of specimens, with alternating kinds."""

from dataclasses import replace
from random import Random

import pytest
from PIL import Image, ImageDraw

from bench.defects import HARMLESS, LATER, MEASURABLE, STRENGTHS, UNMEASURABLE, measured_in
from bench.defects import with_defect as drawn_with
from bench.distortions import ENVELOPE, random_cards, shot
from bench.shots import clean
from mockocr.images.decoding import Pixels
from mockocr.images.geometry import quad_of
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.specimen import card_boxes, draw, encoded
from mockocr.specimens.finding import Side
from mockocr.specimens.layout import FACES
from mockocr.specimens.measure import difference, light
from mockocr.specimens.measure.blocks import lines_inwards
from mockocr.specimens.measure.measuring import measure
from mockocr.specimens.measured import Measured
from tests.specimens.people import LI_MING, SIDES, some_card_data

CARD_DATA = [card_data for card_data, _ in random_cards(2)]


def measured_of(image: Image.Image) -> Measured:
    (measured,) = measured_in(encoded(image, "PNG"))
    return measured


def measured_with(defect: str, strength: float, kind: Kind, later: str = "clean") -> Measured:
    (measured,) = measured_in(drawn_with(some_card_data(kind), defect, strength, LATER[later]))
    return measured


def score(measured: Measured, name: str) -> float:
    return next(score.value for score in measured.scores if score.name == name)


@pytest.mark.parametrize("kind", SIDES)
def test_a_drawn_specimen_is_sharp_complete_and_without_warnings(kind: Kind) -> None:
    measured = measured_of(draw(some_card_data(kind)))

    assert (measured.quality, measured.border, measured.warnings) == (100, 3, frozenset())


@pytest.mark.parametrize(("number", "name"), list(enumerate(HARMLESS)))
def test_ordinary_processing_of_a_picture_causes_no_warning(number: int, name: str) -> None:
    card_data = CARD_DATA[number % len(CARD_DATA)]
    distorted = ENVELOPE[name](shot(card_data), Random(f"test {name}"))  # noqa: S311 - no secret

    measured = measured_in(encoded(distorted.image, "PNG"))

    assert len(measured) == len(card_data.sides())
    assert [one.warnings for one in measured] == [frozenset()] * len(measured)


@pytest.mark.parametrize("kind", SIDES)
@pytest.mark.parametrize("defect", MEASURABLE)
def test_a_score_moves_with_the_strength_of_its_defect(defect: str, kind: Kind) -> None:
    name, _ = MEASURABLE[defect]
    falling = name in ("quality", "chroma")

    values = [score(measured_with(defect, strength, kind), name) for strength in STRENGTHS]

    assert values == sorted(values, reverse=falling)
    assert len(set(values)) > 3


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize(("number", "defect"), list(enumerate(MEASURABLE)))
def test_a_strong_defect_causes_only_its_warning_after_any_processing(
    number: int, defect: str, later: str
) -> None:
    measured = measured_with(defect, 1.0, SIDES[number % len(SIDES)], later)

    assert measured.warnings == MEASURABLE[defect][1]
    assert (measured.quality < 50) == (defect == "blur")


@pytest.mark.parametrize("kind", SIDES)
@pytest.mark.parametrize("defect", UNMEASURABLE)
def test_a_defect_that_pixels_cannot_show_causes_no_other_warning(defect: str, kind: Kind) -> None:
    assert measured_with(defect, 1.0, kind).warnings == frozenset()


@pytest.mark.parametrize("kind", SIDES)
def test_border_code_value_is_over_50_if_and_only_if_there_is_a_border_warning(kind: Kind) -> None:
    measured = [measured_with("border", strength, kind) for strength in (0.1, 0.25, 0.4, 0.7, 1)]

    values = [one.border for one in measured]
    assert None not in values
    assert [one.border is not None and one.border > 50 for one in measured] == [
        "border" in one.warnings for one in measured
    ]
    assert values[0] != values[1] != values[2]


def test_a_card_cut_off_and_pasted_on_another_ground_is_incomplete() -> None:
    cut = draw(LI_MING, defects={"border": 1.0})
    ground = Image.new("RGB", (1500, 1000), (60, 60, 60))
    ground.paste(cut, (100, 100))

    measured = measured_of(ground)

    assert measured.warnings == {"border"}


def spot(kind: Kind, x: float, y: float, radius: float = 50) -> Image.Image:
    """A white spot on a card that is not moved, in units of the card."""
    image = draw(some_card_data(kind))
    (box,) = card_boxes(kind, image.size)
    ImageDraw.Draw(image).circle((box.left + x, box.top + y), radius, "white")
    return image


@pytest.mark.parametrize(
    ("kind", "x", "y", "regions"),
    [
        (Kind.FRONT, 790, 110, ("Portrait",)),
        (Kind.FRONT, 420, 370, ("RecognitionField",)),
        (Kind.FRONT, 612, 95, ("Portrait", "RecognitionField")),
        (Kind.FRONT, 210, 560, ("Others",)),
        (Kind.BACK, 330, 200, ("NationalEmblem",)),
        (Kind.BACK, 650, 480, ("RecognitionField",)),
        (Kind.BACK, 650, 170, ("Others",)),
        (Kind.TEMPORARY, 420, 480, ("RecognitionField",)),
    ],
)
def test_a_reflection_is_reported_by_the_regions_it_covers(
    kind: Kind, x: float, y: float, regions: tuple[str, ...]
) -> None:
    measured = measured_of(spot(kind, x, y))

    assert set(regions) <= set(measured.reflections) <= {*regions, "Others"}
    assert measured.warnings == {"reflection"}


def test_a_small_spot_and_a_white_ground_are_not_reflections() -> None:
    small = measured_of(spot(Kind.FRONT, 420, 360, radius=16))
    (place,) = card_boxes(Kind.FRONT, (1200, 800))
    ground = Image.new("RGB", (1200, 800), "white")
    ground.paste(draw(LI_MING).crop(place), place[:2])
    on_white = measured_of(ground)

    assert (small.warnings, small.reflections) == (frozenset(), ())
    assert (on_white.warnings, on_white.reflections) == (frozenset(), ())


@pytest.mark.parametrize("shade", [(0, 0, 0), (205, 160, 132), (120, 120, 120), (40, 90, 160)])
def test_any_object_on_the_card_covers_it(shade: tuple[int, int, int]) -> None:
    image = draw(LI_MING)
    ImageDraw.Draw(image).rectangle((280, 200, 480, 420), shade)

    assert measured_of(image).warnings == {"occlusion"}


@pytest.mark.parametrize(
    ("field", "words"), [("address", "另外一条街道"), ("nation", "另一个民族")]
)
def test_an_overwritten_field_counts_as_tampered(field: str, words: str) -> None:
    image = draw(replace(LI_MING, address="", nation=""))
    other = draw(replace(LI_MING, address=words * 2, nation=words))
    (card,) = card_boxes(Kind.FRONT, image.size)
    box = FACES[Kind.FRONT].texts[field]
    at = (card.left + box.left, card.top + box.top)
    piece = other.crop((*at, at[0] + box.width, at[1] + box.height))
    image.paste(piece, at)

    assert measured_of(image).warnings == {"tampered"}


def side_of(card_data: CardData, image: Image.Image, *, exact: bool) -> Side:
    (box,) = card_boxes(card_data.kind, image.size)
    return Side(card_data, quad_of(*box), exact=exact)


def test_a_roughly_located_card_is_measured_only_in_part() -> None:
    image = draw(LI_MING, defects={"occlusion": 1.0, "reflection": 1.0})
    pixels = Pixels(image, *image.size)

    roughly = measure(pixels, side_of(LI_MING, image, exact=False))

    assert [score.name for score in roughly.scores] == ["quality", "border"]
    assert (roughly.border, roughly.reflections, roughly.warnings) == (None, (), frozenset())
    assert roughly.quality == measure(pixels, side_of(LI_MING, image, exact=True)).quality


def test_a_roughly_located_card_that_is_cut_off_has_a_border_warning() -> None:
    image = draw(LI_MING)
    (box,) = card_boxes(Kind.FRONT, image.size)
    cut = image.crop((box.left + 120, 0, *image.size))
    corners = quad_of(-120, box.top, -120 + box.width, box.bottom)

    measured = measure(Pixels(cut, *cut.size), Side(LI_MING, corners, exact=False))

    assert measured.warnings == {"border"}
    assert measured.border == 99


def test_an_invisible_card_is_not_compared() -> None:
    image = Image.new("RGB", (1200, 800), "black")

    measured = measure(Pixels(image, *image.size), side_of(LI_MING, image, exact=True))

    assert measured.quality == 0
    assert {score.name for score in measured.scores} == {
        *("quality", "reflection", "pattern", "border")
    }


def test_measurements_are_shown_with_thresholds_and_no_personal_data() -> None:
    shown = measured_with("reflection", 1.0, Kind.FRONT).to_dict()

    assert shown["reflection"]["threshold"] == 0.4
    assert shown["reflection"]["value"] > 0.4
    assert shown["reflection"]["warns"] == ["reflection"]
    assert not shown["reflection"]["least"]
    assert shown["quality"] == {"value": 100, "threshold": 50, "least": True, "warns": []}
    assert set(shown) == {
        *("quality", "border", "reflection", "pattern", "chroma", "covered", "edited")
    }


def test_a_large_picture_reduced_for_reading_is_measured_the_same() -> None:
    image = draw(LI_MING, (3600, 2400), defects={"tampered": 1.0})

    assert measured_of(image).warnings == {"tampered"}


def test_each_card_of_a_picture_is_measured() -> None:
    picture = drawn_with(some_card_data(Kind.BOTH), "occlusion", 1.0, clean)

    assert [one.warnings for one in measured_in(picture)] == [{"occlusion"}] * 2


def test_light_is_unknown_if_nothing_can_be_compared_or_all_is_equal() -> None:
    grey, other = Image.new("L", (400, 300), 120), Image.new("L", (400, 300), 90)
    nowhere, everywhere = Image.new("L", (400, 300), 0), Image.new("L", (400, 300), 255)

    assert light.fitted(grey, other, nowhere) is None
    assert light.fitted(grey, other, everywhere) is None


def test_a_fully_covered_card_counts_as_cut_off() -> None:
    everything = frozenset().union(*(line for lines in lines_inwards() for line in lines))

    most, missing = difference._cut_off(everything, everything)

    assert missing == everything
    assert most > 0
