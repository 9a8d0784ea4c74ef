from math import dist

import pytest

from mockocr.images.geometry import (
    Homography,
    Point,
    Quad,
    homography,
    moved_quad,
    quad_of,
    stretched,
)
from mockocr.specimens import card_code
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.finding import Specimen
from mockocr.specimens.layout import CARD
from mockocr.specimens.qr_codes import SeenCode, codes_of
from mockocr.specimens.read.grouping import GroupedCodes, group_codes
from tests.specimens.people import LI_MING, some_card_data

AT_HOME = quad_of(100, 84, 1100, 715)
BESIDE = quad_of(1300, 84, 2300, 715)
TILTED = (Point(150, 100), Point(1000, 40), Point(1050, 700), Point(90, 600))
UPSIDE_DOWN = (Point(1100, 715), Point(100, 715), Point(100, 84), Point(1100, 84))
TURNED = (Point(700, 100), Point(700, 1100), Point(69, 1100), Point(69, 100))
MIRRORED = (Point(1100, 84), Point(100, 84), Point(100, 715), Point(1100, 715))


def placed(corners: Quad) -> Homography:
    place = homography(quad_of(0, 0, *CARD), corners)
    assert place is not None
    return place


def seen(card_data: CardData, corners: Quad = AT_HOME) -> tuple[SeenCode, SeenCode]:
    """The main and the small code of a card with these corners."""
    place = placed(corners)
    main, small = (
        SeenCode(code.text, moved_quad(place, quad_of(*code.place))) for code in codes_of(card_data)
    )
    return main, small


def off(found: GroupedCodes, corners: Quad, card: int = 0) -> float:
    return max(map(dist, found.cards[card].side().corners, corners))


@pytest.mark.parametrize("corners", [AT_HOME, TILTED, UPSIDE_DOWN, TURNED])
@pytest.mark.parametrize("kind", [Kind.FRONT, Kind.BACK, Kind.TEMPORARY])
def test_two_symbols_locate_a_card(kind: Kind, corners: Quad) -> None:
    card_data = some_card_data(kind)

    found = group_codes(reversed(seen(card_data, corners)), {})

    (side,) = [card.side() for card in found.cards]
    assert (side.card_data, side.exact, side.main_read) == (card_data, True, True)
    assert off(found, corners) < 0.1
    assert found.unknown == ()


def test_a_mirrored_card_is_located() -> None:
    as_read = [
        SeenCode(one.text, (one.corners[0], one.corners[3], one.corners[2], one.corners[1]))
        for one in seen(LI_MING, MIRRORED)
    ]

    found = group_codes(as_read, {})

    assert off(found, MIRRORED) < 0.1
    assert found.cards[0].side().exact


def test_a_main_symbol_alone_makes_a_card() -> None:
    main, _ = seen(LI_MING)

    found = group_codes([main], {})

    assert off(found, AT_HOME) < 0.1
    assert not found.cards[0].side().exact


def test_a_card_without_its_small_symbol_is_placed_better_by_its_bar() -> None:
    main, _ = seen(LI_MING)
    one, two, three, four = main.corners
    shaken = SeenCode(
        main.text, (one, Point(two.x + 1, two.y - 1), Point(three.x, three.y + 2), four)
    )

    alone = group_codes([shaken], {})
    helped = group_codes([shaken], {}, [AT_HOME[:2], BESIDE[:2]])

    assert off(helped, AT_HOME) < off(alone, AT_HOME) / 2


def test_a_bar_hardly_moves_a_card_that_is_placed_well() -> None:
    main, _ = seen(LI_MING)
    left, right = AT_HOME[:2]

    found = group_codes([main], {}, [(Point(left.x + 10, left.y), Point(right.x, right.y + 10))])

    assert 0 < off(found, AT_HOME) < 9


def test_the_corner_of_a_small_symbol_that_is_a_guess_counts_for_nothing() -> None:
    main, small = seen(LI_MING)
    one, two, three, four = small.corners

    found = group_codes(
        [main, SeenCode(small.text, (one, two, Point(three.x + 3, three.y - 3), four))], {}
    )

    assert off(found, AT_HOME) < 0.1
    assert found.cards[0].side().exact


def test_the_bar_of_another_card_is_ignored() -> None:
    main, _ = seen(LI_MING)

    assert group_codes([main], {}, [BESIDE[:2]]).cards == group_codes([main], {}).cards


def test_a_small_code_alone_is_a_card_only_if_it_is_known() -> None:
    _, small = seen(LI_MING)

    by_mark = {small.text: Specimen("li-ming", LI_MING)}

    unknown, known = group_codes([small], {}), group_codes([small], by_mark)

    assert (unknown.cards, unknown.unknown) == ((), (small,))
    (side,) = [card.side(by_mark) for card in known.cards]
    assert (side.card_data, side.exact, side.main_read) == (LI_MING, False, False)
    assert side.name == "li-ming"
    assert known.unknown == ()


def test_a_known_card_is_not_counted_twice_for_its_small_code() -> None:
    main, small = seen(LI_MING)
    elsewhere = SeenCode(small.text, stretched(small.corners, 9, 9))

    found = group_codes([main, elsewhere], {small.text: Specimen("li-ming", LI_MING)})

    assert [card.small for card in found.cards] == [None]
    assert found.unknown == (elsewhere,)


def test_a_small_symbol_of_another_person_belongs_to_no_card() -> None:
    (main, _), (_, other) = seen(LI_MING), seen(some_card_data(seed=1))

    found = group_codes([main, other], {})

    assert [card.small for card in found.cards] == [None]
    assert found.unknown == (other,)


def test_the_same_card_twice_is_two_cards_each_with_its_own_codes() -> None:
    here, there = seen(LI_MING, AT_HOME), seen(LI_MING, BESIDE)

    found = group_codes([here[0], there[0], there[1], here[1]], {})

    assert [card.card_data for card in found.cards] == [LI_MING, LI_MING]
    assert off(found, AT_HOME, 0) < 0.1
    assert off(found, BESIDE, 1) < 0.1


def test_a_card_does_not_take_the_distant_symbol_of_an_identical_card() -> None:
    (main, _), (_, far) = seen(LI_MING, AT_HOME), seen(LI_MING, BESIDE)

    found = group_codes([main, far], {})

    assert [card.small for card in found.cards] == [None]
    assert found.unknown == (far,)


def test_a_symbol_seen_twice_counts_once() -> None:
    codes = seen(LI_MING)
    again = [
        SeenCode(one.text, moved_quad((1.001, 0, 1, 0, 1, 2, 0, 0), one.corners)) for one in codes
    ]

    found = group_codes([*codes, *again], {})

    assert found.seen == codes
    assert len(found.cards) == 1


def test_nothing_is_left_unread_if_every_card_is_read() -> None:
    codes, other = seen(LI_MING), seen(some_card_data(seed=1), BESIDE)

    assert group_codes(codes, {}).complete(1)
    assert group_codes(codes[:1], {}).complete(0)
    assert not group_codes(codes, {}).complete(2)
    assert not group_codes([*codes, other[1]], {}).complete(1)
    assert not group_codes([], {}).complete(0)


def test_stray_codes_are_ignored() -> None:
    strays = [SeenCode(text, AT_HOME) for text in ("https://xx/", "MO1:ABC", "", "MO2:ABC", "K12")]

    found = group_codes(strays, {})

    assert (found.cards, found.unknown) == ((), ())


@pytest.mark.parametrize(
    "corners", [(AT_HOME[0],) * 4, (AT_HOME[0], AT_HOME[2], AT_HOME[1], AT_HOME[3])]
)
def test_a_symbol_with_impossible_corners_makes_no_card(corners: Quad) -> None:
    assert group_codes([SeenCode(card_code.write(LI_MING), corners)], {}).cards == ()
    known = {card_code.key(LI_MING): Specimen("li-ming", LI_MING)}
    assert group_codes([SeenCode(card_code.key(LI_MING), corners)], known).cards == ()
