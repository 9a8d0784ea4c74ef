from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.people import number

PAGE = "440524198701010014"
"""The number in the examples of the API page."""

divisions = st.integers(110000, 829999).map(str)


@pytest.mark.parametrize(
    ("first_seventeen", "expected"),
    [
        (PAGE[:17], PAGE[17]),
        ("11010519491231002", "X"),  # annex of GB 11643-1999
        ("44052418800101001", "4"),  # annex of GB 11643-1999
        ("34052419800101001", "X"),
        ("00000000000000000", "1"),
    ],
)
def test_the_check_digit_is_iso_7064_mod_11_2(first_seventeen: str, expected: str) -> None:
    assert number.check_digit(first_seventeen) == expected


def test_a_number_tells_division_birth_and_sex() -> None:
    facts = number.read(PAGE)

    assert facts == number.NumberFacts("440524", date(1987, 1, 1), "男")


def test_an_even_sequence_is_a_woman() -> None:
    facts = number.read("11010519491231002X")

    assert facts is not None
    assert facts.sex == "女"


def test_the_leap_day_is_a_birthday_in_leap_years_only() -> None:
    facts = number.read("110105200002290015")

    assert facts is not None
    assert facts.birth == date(2000, 2, 29)
    assert number.read("110105190002290015") is None


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "440524870101001",  # 15 digits: the first generation
        PAGE[:17],
        PAGE + "4",
        PAGE + "\n",
        "44052419870101001A",
        "X40524198701010014",
        "４40524198701010014",  # full-width: int() would take it
        "440524198713010014",
        "440524198704310014",
        "440524000001010014",
    ],
)
def test_nothing_is_read_out_of_a_malformed_number(malformed: str) -> None:
    assert number.read(malformed) is None
    assert not number.is_valid(malformed)


def test_a_number_with_a_wrong_check_digit_is_read_but_not_valid() -> None:
    assert number.read(PAGE[:17] + "5") == number.read(PAGE)
    assert not number.is_valid(PAGE[:17] + "5")


def test_a_small_x_is_read_but_not_valid() -> None:
    assert number.is_valid("11010519491231002X")
    assert number.read("11010519491231002x") == number.read("11010519491231002X")
    assert not number.is_valid("11010519491231002x")


@given(divisions, st.dates(), st.integers(1, 999))
def test_a_composed_number_is_valid_and_reads_the_same(
    division: str, birth: date, sequence: int
) -> None:
    composed = number.compose(division, birth, sequence)

    assert len(composed) == 18
    assert composed[14:17] == f"{sequence:03}"
    assert number.is_valid(composed)
    assert number.read(composed) == number.NumberFacts(division, birth, "女男"[sequence % 2])


@given(divisions, st.dates(), st.integers(1, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_changed_digit_is_found(
    division: str, birth: date, sequence: int, place: int, step: int
) -> None:
    composed = number.compose(division, birth, sequence)
    digit = "0123456789X".index(composed[place])
    changed = composed[:place] + str((digit + step) % 10) + composed[place + 1 :]

    assert number.is_valid(changed) == (changed == composed)
