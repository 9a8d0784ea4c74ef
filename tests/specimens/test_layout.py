from itertools import combinations

import pytest

from mockocr.specimens.card_data import TEXTS_OF, Kind
from mockocr.specimens.layout import BAR, CARD, FACES, SMALL_PRINT, Box, Face

KINDS = list(FACES)

PUBLISHED: dict[Kind, dict[str, tuple[float, float, float, float]]] = {
    Kind.FRONT: {
        "name": (0.17, 0.10, 0.55, 0.19),
        "sex": (0.17, 0.22, 0.25, 0.30),
        "nation": (0.38, 0.22, 0.58, 0.30),
        "birth": (0.17, 0.34, 0.58, 0.42),
        "address": (0.17, 0.46, 0.60, 0.72),
        "id_num": (0.33, 0.83, 0.95, 0.92),
        "portrait": (0.63, 0.10, 0.95, 0.78),
    },
    Kind.BACK: {
        "main": (0.05, 0.07, 0.30, 0.47),
        "title": (0.33, 0.12, 0.93, 0.45),
        "authority": (0.40, 0.68, 0.92, 0.77),
        "valid_date": (0.40, 0.81, 0.92, 0.90),
    },
}
"""As fractions of the card (docs/fidelity.md#specimen-boxes)."""


def boxes(face: Face) -> dict[str, Box]:
    """The boxes that must not overlap."""
    apart = {**face.texts, "bar": BAR, "small": face.small, "patch": face.patch}
    apart |= {label.text: label.box for label in face.labels} | {"small print": SMALL_PRINT}
    if face.portrait:
        return {**apart, "portrait": face.portrait}
    assert face.title
    return {**apart, "main": face.main, "title": face.title}


def overlap(one: Box, other: Box) -> bool:
    return (
        max(one.left, other.left) < min(one.right, other.right)
        and max(one.top, other.top) < min(one.bottom, other.bottom)
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_are_inside_the_card_and_do_not_overlap(kind: Kind) -> None:
    apart = boxes(FACES[kind])

    assert [n for n, b in apart.items() if b.left < 0 or b.top < 0] == []
    assert [n for n, b in apart.items() if b.right > CARD[0] or b.bottom > CARD[1]] == []
    assert [p for p in combinations(apart, 2) if overlap(apart[p[0]], apart[p[1]])] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_a_kind_has_its_box(kind: Kind) -> None:
    assert set(FACES[kind].texts) == set(TEXTS_OF[kind])


@pytest.mark.parametrize("kind", [Kind.FRONT, Kind.TEMPORARY])
def test_the_main_symbol_is_inside_the_portrait(kind: Kind) -> None:
    face = FACES[kind]
    assert face.portrait

    assert face.portrait.left < face.main.left < face.main.right < face.portrait.right
    assert face.portrait.top < face.main.top < face.main.bottom < face.portrait.bottom
    assert face.main.middle[1] > face.portrait.middle[1]


@pytest.mark.parametrize("kind", KINDS)
def test_boards_are_square_and_the_symbols_far_from_each_other(kind: Kind) -> None:
    face = FACES[kind]

    assert face.main.width == face.main.height
    assert face.small.width == face.small.height
    assert abs(face.main.middle[0] - face.small.middle[0]) > CARD[0] / 2


@pytest.mark.parametrize("kind", PUBLISHED)
def test_boxes_are_close_to_their_places_on_real_cards(kind: Kind) -> None:
    face = FACES[kind]
    ours = {**face.texts, "portrait": face.portrait, "title": face.title, "main": face.main}

    for name, fractions in PUBLISHED[kind].items():
        box = ours[name]
        assert box
        found = (
            box.left / CARD[0],
            box.top / CARD[1],
            box.right / CARD[0],
            box.bottom / CARD[1],
        )
        # The number's box ends before the patch.
        most = 0.12 if name == "id_num" else 0.06
        assert max(abs(a - b) for a, b in zip(found, fractions, strict=True)) < most, name
