from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.people import validity

LEAP_DAY = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("age", "years"),
    [(0, 5), (15, 5), (16, 10), (25, 10), (26, 20), (45, 20), (46, None), (100, None)],
)
def test_the_span_goes_by_age_at_issue(age: int, years: int | None) -> None:
    assert validity.span_years(age) == years


@pytest.mark.parametrize(
    ("day", "birth", "age"),
    [
        (date(2016, 5, 9), date(2000, 5, 10), 15),
        (date(2016, 5, 10), date(2000, 5, 10), 16),
        (date(2017, 2, 28), date(2000, 2, 29), 16),
        (date(2017, 3, 1), date(2000, 2, 29), 17),
        (date(2020, 2, 29), date(2000, 2, 29), 20),
    ],
)
def test_age_is_completed_years(day: date, birth: date, age: int) -> None:
    assert validity.age_on(day, birth) == age


def test_the_day_before_a_birthday_still_counts_the_younger_age() -> None:
    birth = date(1980, 7, 1)

    assert validity.last_day(date(2006, 6, 30), birth) == date(2016, 6, 30)
    assert validity.last_day(date(2006, 7, 1), birth) == date(2026, 7, 1)
    assert validity.last_day(date(2026, 7, 1), birth) is None


def test_a_missing_leap_day_has_two_neighbours() -> None:
    assert validity.years_later(LEAP_DAY, 5) == (date(2013, 2, 28), date(2013, 3, 1))
    assert validity.years_later(LEAP_DAY, 20) == (date(2028, 2, 29),)


def test_a_card_issued_on_a_leap_day_ends_on_the_28th() -> None:
    assert validity.last_day(LEAP_DAY, date(1990, 1, 1)) == date(2018, 2, 28)


@given(st.dates(max_value=date(9979, 12, 31)), st.sampled_from(validity.SPANS_YEARS))
def test_every_end_of_a_documented_span_is_accepted(issued: date, years: int) -> None:
    ends = validity.years_later(issued, years)

    assert all(validity.is_documented_span(issued, end) for end in ends)


def test_long_term_is_a_documented_span() -> None:
    assert validity.is_documented_span(date(2010, 7, 21), None)


@pytest.mark.parametrize(
    "valid_until",
    [
        date(2020, 7, 20),
        date(2020, 7, 22),
        date(2025, 7, 21),  # 15 years
        date(2010, 7, 21),
        date(2000, 7, 21),
        date.max,
    ],
)
def test_any_other_span_is_not(valid_until: date) -> None:
    assert not validity.is_documented_span(date(2010, 7, 21), valid_until)


def test_a_leap_day_that_exists_is_the_only_end() -> None:
    assert validity.is_documented_span(LEAP_DAY, date(2028, 2, 29))
    assert not validity.is_documented_span(LEAP_DAY, date(2028, 2, 28))
    assert not validity.is_documented_span(LEAP_DAY, date(2028, 3, 1))
