from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from mockocr.specimens import colours
from mockocr.specimens.card_data import TEXTS_OF, CardData, Kind
from mockocr.specimens.draw.face import draw_card
from mockocr.specimens.layout import BAR, CARD, FACES, Box
from mockocr.specimens.qr_codes import codes_of
from tests.specimens.people import LI_MING, LINES, SIDES, some_card_data, the_longest


def changed(one: Image.Image, other: Image.Image) -> Box | None:
    """The box in which two pictures differ."""
    box = ImageChops.difference(one, other).getbbox()
    return None if box is None else Box(*box)


def within(box: Box | None, outer: Box) -> bool:
    if box is None:
        return True
    return (
        outer.left <= box.left
        and outer.top <= box.top
        and box.right <= outer.right
        and box.bottom <= outer.bottom
    )


def pixels(image: Image.Image, colour: tuple[int, int, int]) -> int:
    """The number of pixels of this colour."""
    plain = Image.new("RGB", image.size, colour)
    return ImageChops.difference(image, plain).convert("L").histogram()[0]


def unmarked(kind: Kind, **texts: str) -> Image.Image:
    return draw_card(CardData.of(kind, texts), with_codes=False)


@pytest.mark.parametrize("kind", SIDES)
def test_a_card_is_marked_as_a_specimen(kind: Kind) -> None:
    card = draw_card(some_card_data(kind))

    assert card.size == CARD
    assert pixels(card.crop(BAR), colours.RED) > 0.8 * BAR.width * BAR.height


@pytest.mark.parametrize("size", [CARD, (427, 269), (1500, 947)])
@pytest.mark.parametrize("kind", SIDES)
def test_nothing_is_as_bright_as_glare(kind: Kind, size: tuple[int, int]) -> None:
    brightest = [high for _, high in draw_card(some_card_data(kind), size).getextrema()]  # type: ignore[misc]

    assert max(brightest) == colours.BRIGHTEST


@pytest.mark.parametrize("kind", SIDES)
def test_paper_is_coloured_so_that_a_grey_copy_shows(kind: Kind) -> None:
    red, green, blue = draw_card(some_card_data(kind)).split()
    most = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    least = ImageChops.darker(red, ImageChops.darker(green, blue))

    chroma = ImageChops.subtract(most, least).histogram()

    # docs/fidelity.md#measured-copy
    assert sum(chroma[19:]) > 0.1 * CARD[0] * CARD[1]


@pytest.mark.parametrize("kind", SIDES)
def test_the_patch_is_of_one_colour(kind: Kind) -> None:
    patch = FACES[kind].patch
    inner = draw_card(the_longest(kind)).crop(
        (patch.left + 6, patch.top + 6, patch.right - 6, patch.bottom - 6)
    )

    assert inner.getcolors() == [(inner.width * inner.height, colours.BOARD)]


def test_a_temporary_card_has_a_black_and_white_photo() -> None:
    portrait = FACES[Kind.TEMPORARY].portrait
    assert portrait
    red, green, blue = (
        draw_card(some_card_data(Kind.TEMPORARY), with_codes=False).crop(portrait).split()
    )

    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_a_temporary_card_is_green() -> None:
    red, green, blue = draw_card(some_card_data(Kind.TEMPORARY)).getpixel((20, 300))  # type: ignore[misc]

    assert green > red
    assert green > blue


def test_women_and_men_have_different_portraits_and_others_get_one_of_them() -> None:
    portrait = FACES[Kind.FRONT].portrait
    assert portrait
    man, woman, other = (unmarked(Kind.FRONT, sex=sex).crop(portrait) for sex in "男女x")

    assert changed(man, woman)
    assert not changed(man, other)


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind in SIDES for field in TEXTS_OF[kind]]
)
def test_a_text_is_drawn_in_its_box(kind: Kind, field: str) -> None:
    box = FACES[kind].texts[field]
    text = the_longest(kind).texts[field]
    # Not the sex of a woman: her portrait is another.
    card = unmarked(kind, **{field: "男" if field == "sex" else text})

    seen = changed(card, unmarked(kind))

    assert seen
    assert within(seen, box)


@given(
    st.sampled_from(SIDES).flatmap(lambda k: st.sampled_from([(k, f) for f in TEXTS_OF[k]])), LINES
)
@settings(max_examples=60, deadline=None)
def test_any_text_stays_in_its_box(place: tuple[Kind, str], text: str) -> None:
    kind, field = place
    if text == "女":
        return
    card = unmarked(kind, **{field: text * 8})

    assert within(changed(card, unmarked(kind)), FACES[kind].texts[field])


def test_a_birth_is_written_out_and_any_other_text_is_copied() -> None:
    written, other = (unmarked(Kind.FRONT, birth=text) for text in ("1987/1/1", "1987-1-1"))

    assert changed(written, other)
    assert pixels(written.crop(FACES[Kind.FRONT].texts["birth"]), colours.LABEL) > 20
    assert pixels(other.crop(FACES[Kind.FRONT].texts["birth"]), colours.LABEL) == 0


@pytest.mark.parametrize("kind", SIDES)
def test_symbols_have_whole_modules_of_four_pixels_and_more_on_their_boards(kind: Kind) -> None:
    face = FACES[kind]
    for card_data in (some_card_data(kind), the_longest(kind)):
        card = draw_card(card_data)
        for code, board in zip(codes_of(card_data), (face.main, face.small), strict=True):
            modules = 17 + 4 * code.version
            module = code.place.width // modules
            assert module >= 4
            assert code.place.width == code.place.height == module * modules
            quiet = 4 * module
            assert within(
                Box(
                    code.place.left - quiet,
                    code.place.top - quiet,
                    code.place.right + quiet,
                    code.place.bottom + quiet,
                ),
                board,
            )
            drawn = card.crop(code.place)
            small = drawn.resize((modules, modules), Image.Resampling.NEAREST)
            assert small.resize(drawn.size, Image.Resampling.NEAREST).tobytes() == drawn.tobytes()
            assert {colour for _, colour in small.getcolors() or ()} == {
                colours.BOARD,
                colours.MODULE,
            }


def test_an_unmarked_card_has_empty_boards() -> None:
    card = draw_card(LI_MING, with_codes=False)
    small = FACES[Kind.FRONT].small
    inner = card.crop((small.left + 8, small.top + 8, small.right - 8, small.bottom - 8))

    assert pixels(inner, colours.BOARD) == inner.width * inner.height


def test_drawing_a_card_does_not_change_the_next_one() -> None:
    first = draw_card(LI_MING)
    draw_card(replace(LI_MING, name="王", address="x"))

    assert draw_card(LI_MING).tobytes() == first.tobytes()


def test_a_larger_card_has_the_same_layout() -> None:
    double = draw_card(LI_MING, (CARD[0] * 2, CARD[1] * 2))

    difference = ImageChops.difference(double.reduce(2), draw_card(LI_MING))

    assert double.crop(Box(*codes_of(LI_MING)[0].place).times(2)).reduce(2).tobytes() == (
        draw_card(LI_MING).crop(codes_of(LI_MING)[0].place).tobytes()
    )
    assert sum(difference.convert("L").histogram()[64:]) < 0.02 * CARD[0] * CARD[1]
