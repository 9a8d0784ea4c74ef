from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from mockocr.images.decoding import Pixels, decode
from mockocr.images.geometry import Point, homography, quad_of
from mockocr.people.person import invent
from mockocr.recognition.crops import CUT_PIXELS, Crops, cut, drawn
from mockocr.specimens import colours
from mockocr.specimens.card_data import Kind, card_data_of
from mockocr.specimens.draw.face import draw_card
from mockocr.specimens.draw.specimen import draw, encoded
from mockocr.specimens.finding import Finding, Side
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.read.reading import find, read
from tests.specimens.people import LI_MING, SIDES, TODAY, some_card_data

PERSON = invent(b"1", TODAY)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    assert image.format == "JPEG"
    return image.convert("RGB")


def cut_out_of(picture: Image.Image, side: int = 0) -> Crops:
    content = encoded(picture, "PNG")
    finding, pixels = read(content), decode(content, CUT_PIXELS)
    assert isinstance(finding, Finding)
    assert isinstance(pixels, Pixels)
    return cut(pixels, finding.sides[side])


def unlike(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of the same size, without details."""
    assert one.size == other.size
    difference = ImageChops.difference(one.reduce(4), other.reduce(4))
    return max(ImageStat.Stat(difference).mean)


def tilted(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    seen = (
        Point(0.1 * width, 0.05 * height),
        Point(0.9 * width, 0.15 * height),
        Point(width, 0.95 * height),
        Point(0, 0.85 * height),
    )
    back = homography(seen, quad_of(0, 0, width, height))
    assert back is not None
    return picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC
    )


@pytest.mark.parametrize("kind", SIDES)
def test_the_card_is_cut_out_without_its_margins(kind: Kind) -> None:
    card_data = some_card_data(kind)

    card = opened(cut_out_of(draw(card_data)).card)

    assert card.size == CARD
    assert unlike(card, draw_card(card_data)) < 4


@pytest.mark.parametrize("call_number", [0, 30, 90, 180, 270])
@pytest.mark.parametrize("kind", SIDES)
def test_the_card_is_upright_however_it_lay(kind: Kind, call_number: int) -> None:
    card_data = some_card_data(kind)
    picture = tilted(draw(card_data)).rotate(call_number, Image.Resampling.BICUBIC, expand=True)

    card = opened(cut_out_of(picture).card)

    assert unlike(card.resize(CARD), draw_card(card_data)) < 6
    assert [side.card_data for side in find(card).sides] == [card_data]


@pytest.mark.parametrize("degrees", [-0.3, 0.3, 0.7, 2])
def test_a_slightly_rotated_card_is_cut_out_upright(degrees: float) -> None:
    picture = draw(LI_MING).rotate(degrees, Image.Resampling.BICUBIC)

    card = opened(cut_out_of(picture).card)

    assert unlike(card.resize(CARD), draw_card(LI_MING)) < 4


def test_a_mirrored_card_is_mirrored_back() -> None:
    picture = draw(LI_MING).transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    assert unlike(opened(cut_out_of(picture).card), draw_card(LI_MING)) < 4


@pytest.mark.parametrize("kind", [Kind.FRONT, Kind.TEMPORARY])
def test_the_portrait_is_cut_out_of_the_card(kind: Kind) -> None:
    box = FACES[kind].portrait
    assert box

    portrait = opened(cut_out_of(draw(some_card_data(kind))).portrait)

    assert portrait.size == (box.width, box.height)
    assert unlike(portrait, draw_card(some_card_data(kind)).crop(box)) < 4


def test_a_back_has_no_portrait() -> None:
    assert cut_out_of(draw(some_card_data(Kind.BACK))).portrait == b""


def test_each_of_two_cards_is_cut_out() -> None:
    card_data = some_card_data(Kind.BOTH)
    found = find(draw(card_data))

    for number, side in enumerate(found.sides):
        card = opened(cut_out_of(draw(card_data), number).card)
        assert unlike(card, draw_card(side.card_data)) < 4


@pytest.mark.parametrize(
    ("size", "width"), [((480, 320), 428), ((720, 480), 600), ((3600, 2400), 1284)]
)
def test_a_crop_has_the_pixels_of_the_card_within_bounds(size: tuple[int, int], width: int) -> None:
    crops = cut_out_of(draw(LI_MING, size))

    card, portrait = opened(crops.card), opened(crops.portrait)

    assert abs(card.width - width) <= 0.02 * width
    assert abs(card.height - card.width * 0.631) <= 1
    assert abs(portrait.width - card.width * 0.32) <= 1
    assert unlike(card.resize(CARD), draw_card(LI_MING)) < 9


@pytest.mark.parametrize("call_number", [0, 90])
def test_a_card_of_many_pixels_is_reduced_by_averaging(call_number: int) -> None:
    large = draw_card(LI_MING, (2800, 1767)).rotate(call_number, expand=True)

    card = opened(cut_out_of(large).card)

    assert card.width == 1284
    assert unlike(card.resize(CARD), draw_card(LI_MING)) < 4


def test_parts_beyond_the_picture_are_filled() -> None:
    picture = draw(LI_MING).crop((0, 0, 1050, 800))

    card = opened(cut_out_of(picture).card)

    assert abs(card.width - 1000) < 20
    edge = ImageStat.Stat(card.crop((card.width - 20, 100, card.width, 500))).mean
    assert max(abs(a - b) for a, b in zip(edge, colours.DESK, strict=True)) < 3


def test_crops_are_small_enough_for_an_answer() -> None:
    crops = cut_out_of(draw(LI_MING, (3600, 2400)))

    assert len(crops.card) < 200_000
    assert len(crops.portrait) < 60_000


@pytest.mark.parametrize("kind", SIDES)
def test_a_drawn_crop_is_a_specimen_of_the_person(kind: Kind) -> None:
    crops = drawn(card_data_of(PERSON, kind))

    card = opened(crops.card)
    assert card.size == CARD
    assert [side.card_data for side in find(card).sides] == [card_data_of(PERSON, kind)]
    assert (crops.portrait == b"") == (kind is Kind.BACK)


@pytest.mark.parametrize("text", ["", "a\nb", "\ud800", "x" * 5000, "𠮷" * 300, "永" * 120])
def test_a_crop_is_drawn_for_any_fields(text: str) -> None:
    card = replace(PERSON, name=text, sex=text, address=text, number=text, authority=text)

    for kind in SIDES:
        assert opened(drawn(card_data_of(card, kind)).card).size == CARD


def test_a_text_too_long_for_a_symbol_leaves_the_boards_empty() -> None:
    texts = "".join(map(chr, range(0x5000, 0x5000 + 120)))

    assert (
        find(opened(drawn(card_data_of(replace(PERSON, address=texts), Kind.FRONT)).card)).sides
        == ()
    )


def test_a_card_beyond_the_picture_is_cut_out_without_an_error() -> None:
    side = Side(LI_MING, quad_of(-5000, -5000, -4000, -4369), exact=True)

    crops = cut(Pixels(Image.new("RGB", (300, 200)), 300, 200), side)

    assert opened(crops.card).size == CARD
