from dataclasses import replace
from datetime import date

import pytest

from mockocr.people.person import FixedFields, invent
from mockocr.specimens.card_data import BACK_TEXTS, FRONT_TEXTS, TEXTS, CardData, Kind, card_data_of
from tests.specimens.people import LI_MING, TODAY

PERSON = invent(
    b"1",
    TODAY,
    fixed=FixedFields(
        name="李明",
        birth=date(1987, 1, 1),
        address="北京市石景山区高新技术园腾讯大楼",
        validity=(date(2010, 7, 21), date(2020, 7, 21)),
    ),
)


def test_a_front_has_the_fields_of_the_api_page() -> None:
    card_data = card_data_of(PERSON, Kind.FRONT)

    assert tuple(card_data.texts) == FRONT_TEXTS
    assert card_data.texts["birth"] == "1987/1/1"
    assert (card_data.name, card_data.address) == ("李明", "北京市石景山区高新技术园腾讯大楼")
    assert (card_data.authority, card_data.valid_date) == ("", "")


def test_a_back_has_authority_and_validity() -> None:
    card_data = card_data_of(PERSON, Kind.BACK)

    assert tuple(card_data.texts) == BACK_TEXTS
    assert card_data.authority == "北京市公安局石景山分局"
    assert card_data.valid_date == "2010.07.21-2020.07.21"
    assert card_data.name == ""


def test_an_unlimited_validity_is_written_in_words() -> None:
    card = replace(PERSON, valid_until=None)

    assert card_data_of(card, Kind.BACK).valid_date == "2010.07.21-长期"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2010, 7, 21), "2010.10.21"),
        (date(2010, 11, 30), "2011.02.28"),
        (date(2011, 11, 30), "2012.02.29"),
        (date(2010, 12, 1), "2011.03.01"),
        (date(9999, 12, 1), "9999.12.31"),
    ],
)
def test_a_temporary_card_has_all_eight_fields_and_is_valid_for_three_months(
    first: date, last: str
) -> None:
    card_data = card_data_of(replace(PERSON, valid_from=first), Kind.TEMPORARY)

    assert tuple(card_data.texts) == TEXTS
    assert card_data.valid_date == f"{first:%Y.%m.%d}-{last}"


def test_both_sides_are_a_front_and_a_back_of_one_person() -> None:
    both = card_data_of(PERSON, Kind.BOTH)

    assert both.sides() == (card_data_of(PERSON, Kind.FRONT), card_data_of(PERSON, Kind.BACK))


@pytest.mark.parametrize("kind", [Kind.FRONT, Kind.BACK, Kind.TEMPORARY])
def test_any_other_specimen_is_its_only_side(kind: Kind) -> None:
    card_data = card_data_of(PERSON, kind)

    assert card_data.sides() == (card_data,)


def test_defects_of_both_sides_are_recorded_in_each() -> None:
    both = replace(card_data_of(PERSON, Kind.BOTH), defects=("copy", "blur"))

    assert [side.defects for side in both.sides()] == [("copy", "blur")] * 2


@pytest.mark.parametrize("name", ["a\nb", "\x00", "\x7f", "\u2028", "\ud800", "x" * 121])
def test_a_text_is_one_line_of_bounded_length(name: str) -> None:
    with pytest.raises(ValueError, match="name: expected one line of at most 120 characters"):
        replace(LI_MING, name=name)


def test_a_front_has_no_authority() -> None:
    with pytest.raises(ValueError, match="authority: a specimen of the kind front"):
        replace(LI_MING, authority="赵县公安局")


@pytest.mark.parametrize("defects", [("rain",), ("blur", "copy"), ("copy", "copy")])
def test_recorded_defects_are_known_and_in_order(defects: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="defects: expected names in the order of"):
        replace(LI_MING, defects=defects)


def test_any_fields_of_a_rule_make_card_data() -> None:
    card = replace(PERSON, name="a\nb\ud800", address="x" * 500)

    card_data = card_data_of(card, Kind.FRONT)

    assert (card_data.name, card_data.address) == ("a b ", "x" * 120)


def test_card_data_is_made_from_texts_by_name() -> None:
    texts = {field: field for field in TEXTS}

    assert CardData.of(Kind.TEMPORARY, texts).texts == texts
    assert CardData.of(Kind.BACK, texts) == CardData(
        Kind.BACK, authority="authority", valid_date="valid_date"
    )
