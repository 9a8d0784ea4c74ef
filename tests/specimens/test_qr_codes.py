import pytest
from PIL import Image

from mockocr.images.geometry import quad_of
from mockocr.specimens import card_code, colours
from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import FACES
from mockocr.specimens.qr_codes import codes_of, drawn, main_code, read, small_code
from tests.specimens.people import LI_MING, SIDES, some_card_data, the_longest


def alone(code: Image.Image) -> Image.Image:
    picture = Image.new("RGB", (code.width + 60, code.height + 60), colours.BOARD)
    picture.paste(code, (30, 30))
    return picture.convert("L")


@pytest.mark.parametrize("scale", [1, 2, 3])
@pytest.mark.parametrize("kind", SIDES)
def test_a_drawn_symbol_is_read_at_its_position(kind: Kind, scale: int) -> None:
    for card_data in (some_card_data(kind), the_longest(kind)):
        for code in codes_of(card_data):
            image = drawn(code, scale)

            (seen,) = read(alone(image))

            assert image.width == code.place.width * scale
            assert seen.text == code.text
            expected = quad_of(30, 30, 30 + image.width, 30 + image.height)
            for found, place in zip(seen.corners, expected, strict=True):
                assert abs(found.x - place.x) <= 1
                assert abs(found.y - place.y) <= 1


def test_a_side_has_its_code_and_its_key() -> None:
    main, small = codes_of(LI_MING)

    assert (main.text, small.text) == (card_code.write(LI_MING), card_code.key(LI_MING))
    assert main == main_code(Kind.FRONT, main.text)
    assert small == small_code(Kind.FRONT, small.text)


@pytest.mark.parametrize(
    ("length", "version", "module"),
    [
        (1, 1, 9),
        (21, 2, 8),
        (91, 5, 6),
        (122, 5, 6),
        (123, 6, 5),
        (178, 7, 5),
        (179, 8, 4),
        (311, 10, 4),
    ],
)
def test_a_longer_text_has_more_and_smaller_modules(length: int, version: int, module: int) -> None:
    code = main_code(Kind.FRONT, "A" * length)

    assert code.version == version
    assert code.place.width == module * (17 + 4 * version)
    assert drawn(code, 1).width == code.place.width


def test_the_largest_symbol_holds_the_longest_code() -> None:
    code = main_code(Kind.BACK, "A" * card_code.LONGEST)

    assert code.place.width + 8 * 4 <= FACES[Kind.BACK].main.width


def test_an_empty_picture_has_no_code() -> None:
    assert read(Image.new("L", (300, 200), 128)) == []
    assert read(Image.new("L", (1, 1))) == []
