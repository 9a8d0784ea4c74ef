from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from math import atan2, degrees, dist

import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter

from mockocr.images.geometry import quad_of
from mockocr.images.image import ImageError
from mockocr.specimens import card_code, qr_codes
from mockocr.specimens.card_data import DEFECTS, CardData, Kind
from mockocr.specimens.draw.specimen import card_boxes, draw, encoded
from mockocr.specimens.finding import Contents, Finding, Specimen
from mockocr.specimens.layout import FACES
from mockocr.specimens.read.reading import find, read
from tests.builders import a_picture
from tests.specimens.people import LI_MING, SIDES, some_card_data

FINGER = (205, 160, 132)


def stray(text: str, scale: int = 5) -> Image.Image:
    """A QR code that is not of a specimen."""
    rows = segno.make_qr(text).matrix
    code = Image.new("1", (len(rows) + 8, len(rows) + 8), 1)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            code.putpixel((x + 4, y + 4), 1 - module)
    return code.convert("RGB").resize((code.width * scale, code.height * scale))


def side_by_side(*pictures: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)))
    left = 0
    for picture in pictures:
        whole.paste(picture, (left, 0))
        left += picture.width
    return whole


def covered(card_data: CardData, code: str = "main") -> Image.Image:
    """A picture of a card whose code is covered by a finger."""
    picture = draw(card_data)
    (card,) = card_boxes(card_data.kind, picture.size)
    board = getattr(FACES[card_data.kind], code)
    ImageDraw.Draw(picture).ellipse(
        [
            card.left + board.left,
            card.top + board.top,
            card.left + board.right,
            card.top + board.bottom,
        ],
        FINGER,
    )
    return picture


@pytest.mark.parametrize("kind", SIDES)
def test_a_specimen_is_read_and_its_corners_are_exact(kind: Kind) -> None:
    card_data = replace(some_card_data(kind), defects=("copy", "reflection"))
    picture = draw(card_data)

    found = find(picture)

    (side,) = found.sides
    (box,) = card_boxes(kind, picture.size)
    assert side.card_data == card_data
    assert side.exact
    assert max(map(dist, side.corners, quad_of(*box))) < 3
    assert (found.width, found.height) == (1200, 800)


def test_every_recorded_defect_is_read_back() -> None:
    card_data = replace(LI_MING, defects=DEFECTS)

    assert [side.card_data for side in find(draw(card_data)).sides] == [card_data]


@pytest.mark.parametrize("call_number", [0, 1, 45, 90, 137, 180, 222.5, 270, 359])
@pytest.mark.parametrize("kind", SIDES)
def test_a_specimen_is_read_and_located_at_any_angle(kind: Kind, call_number: float) -> None:
    card_data = some_card_data(kind)
    picture = draw(card_data).rotate(call_number, Image.Resampling.BICUBIC, expand=True)

    found = find(picture)

    (side,) = found.sides
    assert side.card_data == card_data
    one, two, *_ = side.corners
    angle = -degrees(atan2(two.y - one.y, two.x - one.x))
    assert abs((angle - call_number + 180) % 360 - 180) < 1


@pytest.mark.parametrize(
    ("orientation", "transposed"),
    [
        (1, None),
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_90),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_corners_are_those_of_the_picture_upright_as_exif_says(
    orientation: int, transposed: Image.Transpose | None
) -> None:
    picture = draw(LI_MING)
    stored = picture if transposed is None else picture.transpose(transposed)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = BytesIO()
    stored.save(buffer, "JPEG", exif=exif)

    found = read(buffer.getvalue())

    assert isinstance(found, Finding)
    assert (found.width, found.height) == (1200, 800)
    (side,) = found.sides
    assert max(map(dist, side.corners, quad_of(*card_boxes(Kind.FRONT, (1200, 800))[0]))) < 3


def test_corners_are_in_pixels_of_the_original_if_a_reduced_picture_was_read() -> None:
    size = (3600, 2400)

    found = read(encoded(draw(LI_MING, size), "JPEG"))

    assert isinstance(found, Finding)
    assert (found.width, found.height) == size
    (side,) = found.sides
    assert max(map(dist, side.corners, quad_of(*card_boxes(Kind.FRONT, size)[0]))) < 15


def test_a_mirrored_specimen_is_read() -> None:
    found = find(draw(LI_MING).transpose(Image.Transpose.FLIP_LEFT_RIGHT))

    (side,) = found.sides
    one, two, *_ = side.corners
    assert side.card_data == LI_MING
    assert side.exact
    assert one.x > two.x


def test_a_front_and_a_back_are_both_found() -> None:
    card_data = some_card_data(Kind.BOTH)

    found = find(draw(card_data))

    assert found.contents is Contents.FRONT_AND_BACK
    assert {side.card_data for side in found.sides} == set(card_data.sides())
    assert all(side.exact for side in found.sides)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LI_MING, LI_MING),
        (LI_MING, some_card_data(Kind.FRONT)),
        (LI_MING, some_card_data(Kind.TEMPORARY)),
        (some_card_data(Kind.BACK), some_card_data(Kind.BACK, 1)),
    ],
)
def test_two_cards_of_one_side_are_distinguished_from_one(one: CardData, other: CardData) -> None:
    found = find(side_by_side(draw(one), draw(other)))

    assert found.contents is Contents.SEVERAL_OF_ONE_SIDE
    assert sorted(str(side.card_data) for side in found.sides) == sorted([str(one), str(other)])
    assert all(side.exact for side in found.sides)


@pytest.mark.parametrize("kind", SIDES)
def test_a_specimen_blurred_beyond_reading_is_found_blurred(kind: Kind) -> None:
    found = find(draw(some_card_data(kind)).filter(ImageFilter.GaussianBlur(6)))

    assert found.contents is Contents.BLURRED
    assert found.looks_like is kind
    assert found.sides == ()


@pytest.mark.parametrize(("kind", "blur"), [(Kind.FRONT, 3.3), (Kind.BACK, 4)])
def test_a_grey_and_blurred_specimen_is_read_sharpened(kind: Kind, blur: float) -> None:
    grey = draw(some_card_data(kind)).convert("L").filter(ImageFilter.GaussianBlur(blur))
    assert qr_codes.read(grey) == []

    found = find(grey.convert("RGB"))

    assert [side.card_data for side in found.sides] == [some_card_data(kind)]


@pytest.mark.parametrize("colours", ["RGB", "L"])
def test_a_tiny_specimen_is_read_enlarged(colours: str) -> None:
    tiny = draw(LI_MING).resize((240, 160), Image.Resampling.BICUBIC).convert(colours)
    assert qr_codes.read(tiny.convert("L")) == []

    found = find(tiny.convert("RGB"))

    assert [side.card_data for side in found.sides] == [LI_MING]


def test_a_small_card_in_a_large_picture_is_looked_at_more_closely() -> None:
    picture = Image.new("RGB", (1500, 1000), (90, 84, 78))
    picture.paste(draw(LI_MING).resize((250, 167), Image.Resampling.BICUBIC), (700, 500))
    assert qr_codes.read(picture.convert("L")) == []

    found = find(picture)

    assert [side.card_data for side in found.sides] == [LI_MING]


@pytest.mark.parametrize("kind", SIDES)
def test_a_blurred_small_symbol_is_looked_at_more_closely(kind: Kind) -> None:
    picture = draw(some_card_data(kind)).filter(ImageFilter.GaussianBlur(2.2))
    assert len(qr_codes.read(picture.convert("L"))) == 1

    found = find(picture)

    assert [side.exact for side in found.sides] == [True]


@pytest.mark.parametrize("kind", SIDES)
def test_a_covered_specimen_is_covered_unless_it_is_known(kind: Kind) -> None:
    card_data = some_card_data(kind)
    picture = covered(card_data)

    unknown, known = (
        find(picture),
        find(picture, {card_code.key(card_data): Specimen("named", card_data)}),
    )

    assert unknown.contents is Contents.COVERED
    assert unknown.unknown == (card_code.key(card_data),)
    (side,) = known.sides
    assert (side.card_data, side.exact, side.main_read) == (card_data, False, False)
    assert side.name == "named"
    assert known.unknown == ()


@pytest.mark.parametrize("kind", SIDES)
def test_a_covered_small_symbol_leaves_the_corners_inexact(kind: Kind) -> None:
    card_data = some_card_data(kind)

    (side,) = find(covered(card_data, "small")).sides

    (box,) = card_boxes(kind, (1200, 800))
    assert side.card_data == card_data
    assert not side.exact
    assert max(map(dist, side.corners, quad_of(*box))) < 20


def test_a_known_person_is_not_read_from_a_picture_without_the_card() -> None:
    known = {card_code.key(LI_MING): Specimen("li-ming", LI_MING)}

    assert find(covered(some_card_data()), known).contents is Contents.COVERED
    assert find(Image.new("RGB", (600, 400), "white"), known).contents is Contents.NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/",
        "MO1:",
        "MO1:" + "A" * 90,
        card_code.write(LI_MING)[:-1] + "0",
        card_code.write(LI_MING).replace("MO1", "MO2"),
        "K12345",
    ],
)
def test_a_stray_code_is_not_a_card(text: str) -> None:
    assert card_code.read(text) is None

    assert find(stray(text)).contents is Contents.NOTHING


def test_a_stray_code_beside_a_specimen_changes_nothing() -> None:
    found = find(side_by_side(stray("https://example.com/"), draw(LI_MING), stray("K12345")))

    assert [side.card_data for side in found.sides] == [LI_MING]
    assert found.contents is Contents.FRONT


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_any_other_picture_has_no_card(kind: str) -> None:
    found = read(a_picture(kind, width=800, height=500))

    assert found == Finding(800, 500)


@pytest.mark.parametrize(
    ("content", "image_error"),
    [
        (b"", ImageError.UNDECODABLE),
        (b"fake", ImageError.UNDECODABLE),
        (a_picture("GIF"), ImageError.UNDECODABLE),
        (a_picture(width=19), ImageError.TOO_SMALL),
        (a_picture(width=10_001, height=20), ImageError.TOO_LARGE),
    ],
)
def test_an_unreadable_picture_is_an_image_error_and_no_exception(
    content: bytes, image_error: ImageError
) -> None:
    assert read(content) is image_error


def test_a_specimen_whose_file_has_another_extension_or_mode_is_read() -> None:
    for mode, kind in (("L", "PNG"), ("P", "PNG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("1", "BMP")):
        buffer = BytesIO()
        draw(LI_MING).convert(mode).save(buffer, kind)

        found = read(buffer.getvalue())

        assert isinstance(found, Finding)
        assert [side.card_data for side in found.sides] == [LI_MING], (mode, kind)


def test_concurrent_threads_draw_and_read_their_own_specimens() -> None:
    people = [some_card_data(kind, seed) for seed in range(4) for kind in SIDES]

    def there_and_back(card_data: CardData) -> list[CardData]:
        return [side.card_data for side in find(draw(card_data, (720, 480))).sides]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(there_and_back, people)) == [[card_data] for card_data in people]
