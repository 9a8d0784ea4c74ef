"""How long a card is valid, by the age of its holder when it is issued (居民身份证法 art. 5)."""

from datetime import date

SPANS_YEARS = (5, 10, 20)
"""The validities of a card besides 长期."""


def span_years(age: int) -> int | None:
    """Years of validity of a card that is issued at this age; None for 长期."""
    if age < 16:
        return 5
    if age < 26:
        return 10
    if age < 46:
        return 20
    return None


def age_on(day: date, birth: date) -> int:
    """Completed years. A year since a 29 February is complete on 1 March if the year is no leap
    year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def years_later(day: date, years: int) -> tuple[date, ...]:
    """The same day, this number of years later. If that is a 29 February that does not exist, both
    28 February and 1 March.

    Assumed: a card that is issued on a 29 February may end on either.
    """
    year = day.year + years
    try:
        return (day.replace(year=year),)
    except ValueError:
        return date(year, 2, 28), date(year, 3, 1)


def last_day(issued: date, birth: date) -> date | None:
    """The last day that is printed on a card; None for 长期."""
    years = span_years(age_on(issued, birth))
    return years_later(issued, years)[0] if years else None


def is_documented_span(valid_from: date, valid_until: date | None) -> bool:
    """Whether a card is valid for 5, 10 or 20 years or 长期, whatever the age of its holder.

    The API checks only this; an expired card is not invalid (InvalidDateWarn, API page).
    """
    if valid_until is None:
        return True
    years = valid_until.year - valid_from.year
    return years in SPANS_YEARS and valid_until in years_later(valid_from, years)
