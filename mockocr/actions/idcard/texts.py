"""The text members of Response, and how dates in them are read."""

import re
from collections.abc import Mapping
from datetime import date

from mockocr.specimens.card_data import TEXTS

FRONT_MEMBERS = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum")
BACK_MEMBERS = ("Authority", "ValidDate")
MEMBERS: Mapping[str, str] = dict(zip(TEXTS, (*FRONT_MEMBERS, *BACK_MEMBERS), strict=True))
"""Members of Response by the names in `CardData`."""

_DAY = re.compile(r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})")


def read_day(text: str | None) -> date | None:
    """Reads 1987/1/1 or 2010.07.21. None if the text is not a date."""
    match = _DAY.fullmatch(text or "")
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_validity(text: str | None) -> tuple[date, date | None] | None:
    """Reads 2010.07.21-2020.07.21 or 2010.07.21-长期 (ends with None). None for any other text."""
    first, _, last = (text or "").partition("-")
    valid_from, valid_until = read_day(first), read_day(last)
    if valid_from is None or (valid_until is None and last != "长期"):
        return None
    return valid_from, valid_until
