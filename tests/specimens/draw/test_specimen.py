import os
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from mockocr.specimens import colours
from mockocr.specimens.card_code import TooLongError
from mockocr.specimens.card_data import TEXTS, CardData, Kind
from mockocr.specimens.draw.specimen import (
    MIN_CARD_WIDTH,
    Arrangement,
    Format,
    SizeError,
    card_boxes,
    default_size,
    draw,
    encoded,
)
from mockocr.specimens.finding import Contents, Finding
from mockocr.specimens.layout import Box
from mockocr.specimens.read.reading import find, read
from tests.specimens.people import LI_MING, SIDES, some_card_data, the_longest

STACKED, BESIDE = (1200, 1600), (2400, 800)


@pytest.mark.parametrize("kind", SIDES)
def test_a_specimen_is_a_card_of_1000_pixels_with_plain_margins(kind: Kind) -> None:
    picture = draw(some_card_data(kind))
    (box,) = card_boxes(kind, picture.size)

    around = ImageChops.difference(picture, Image.new("RGB", picture.size, colours.DESK))

    assert picture.size == (1200, 800)
    assert (box.width, box.height) == (1000, 631)
    assert around.getbbox() == box


@pytest.mark.parametrize(
    ("arrangement", "size", "above"), [("stacked", STACKED, True), ("beside", BESIDE, False)]
)
def test_both_sides_are_stacked_or_side_by_side(
    arrangement: Arrangement, size: tuple[int, int], above: bool
) -> None:
    card_data = some_card_data(Kind.BOTH)

    picture = draw(card_data, arrangement=arrangement)

    front, back = card_boxes(Kind.BOTH, size, arrangement)
    assert picture.size == size == default_size(Kind.BOTH, arrangement)
    assert (front.bottom < back.top) == above
    assert (front.right < back.left) != above
    found = find(picture)
    assert found.contents is Contents.FRONT_AND_BACK
    assert {side.card_data for side in found.sides} == set(card_data.sides())


@pytest.mark.parametrize(
    "size", [(480, 320), (500, 800), (640, 480), (1920, 1080), (3000, 2000), (4000, 3000)]
)
@pytest.mark.parametrize("kind", SIDES)
def test_a_specimen_of_any_size_is_read_back(kind: Kind, size: tuple[int, int]) -> None:
    card_data = the_longest(kind)

    found = find(draw(card_data, size))

    assert [side.card_data for side in found.sides] == [card_data]


def test_both_sides_on_a_small_picture_are_read_back() -> None:
    card_data = some_card_data(Kind.BOTH)

    found = find(draw(card_data, (480, 640)))

    assert {side.card_data for side in found.sides} == set(card_data.sides())


@pytest.mark.parametrize("size", [(479, 800), (1200, 300), (20, 20), (1, 1)])
def test_a_picture_too_small_for_its_card_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(SizeError, match=f"leaves [0-9]+ pixels .* at least {MIN_CARD_WIDTH}$"):
        draw(LI_MING, size)


@pytest.mark.parametrize("size", [(10_001, 800), (9000, 9000)])
def test_a_picture_too_large_to_be_read_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(SizeError, match="a size of at most 10000 pixels a side"):
        draw(LI_MING, size)


def test_two_cards_need_twice_the_size() -> None:
    assert len(card_boxes(Kind.BOTH, (480, 640))) == 2
    with pytest.raises(SizeError):
        card_boxes(Kind.BOTH, (480, 639 // 2))


def test_cards_keep_their_proportions_in_any_picture() -> None:
    for size in ((500, 800), (2000, 700), (1920, 1080)):
        (box,) = card_boxes(Kind.FRONT, size)
        assert abs(box.width * 631 / 1000 - box.height) <= 1
        assert Box(0, 0, *size).left <= box.left
        assert box.right <= size[0]
        assert abs(box.left + box.right - size[0]) <= 1
        assert abs(box.top + box.bottom - size[1]) <= 1


@pytest.mark.parametrize("format", ["PNG", "JPEG", "BMP"])
def test_a_specimen_is_a_file_of_each_format_of_the_api(format: Format) -> None:
    content = encoded(draw(LI_MING), format)

    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size, image.mode) == (format, (1200, 800), "RGB")
    found = read(content)
    assert isinstance(found, Finding)
    assert [side.card_data for side in found.sides] == [LI_MING]


def test_a_file_has_the_same_bytes_in_another_process() -> None:
    script = (
        "import sys; from mockocr.specimens.draw.specimen import draw, encoded; "
        "from tests.specimens.people import LI_MING; "
        "sys.stdout.buffer.write(encoded(draw(LI_MING), 'PNG'))"
    )
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )

    assert done.stdout == encoded(draw(LI_MING), "PNG")


def test_card_data_too_long_for_its_symbol_is_refused() -> None:
    texts = {field: "".join(map(chr, range(0x5000, 0x5078))) for field in TEXTS}

    with pytest.raises(TooLongError):
        draw(CardData.of(Kind.TEMPORARY, texts))
