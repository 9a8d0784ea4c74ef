"""How long a card is valid: 居民身份证法 art. 5, by the bearer's age when it is issued."""

from datetime import date

SPANS_YEARS = (5, 10, 20)
"""The spans a card may have besides 长期."""


def span_years(age: int) -> int | None:
    """Years of validity of a card issued at this age; None is 长期."""
    if age < 16:
        return 5
    if age < 26:
        return 10
    if age < 46:
        return 20
    return None


def age_on(day: date, birth: date) -> int:
    """Completed years; whoever was born on 29 February completes one on 1 March of common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def years_later(day: date, years: int) -> tuple[date, ...]:
    """The same day years later: one date, or 28 February and 1 March for a missing 29 February.

    Assumed: either may be printed as the end of a card issued on a 29 February.
    """
    year = day.year + years
    try:
        return (day.replace(year=year),)
    except ValueError:
        return date(year, 2, 28), date(year, 3, 1)


def last_day(issued: date, birth: date) -> date | None:
    """The date printed as the end of a card issued on that day; None is 长期."""
    years = span_years(age_on(issued, birth))
    return years_later(issued, years)[0] if years else None


def is_documented_span(valid_from: date, valid_until: date | None) -> bool:
    """Whether the span is 5, 10 or 20 years or 长期, at whatever age: all that the API looks at.

    (API page, InvalidDateWarn. An expired card is not an invalid date.)
    """
    if valid_until is None:
        return True
    years = valid_until.year - valid_from.year
    return years in SPANS_YEARS and valid_until in years_later(valid_from, years)
