"""The citizen identification number: 6 of division, 8 of birth, 3 of sequence, 1 check digit.

GB 11643-1999; sex is the parity of the sequence, odd for men. Numbers of 15 digits are not read:
second-generation cards do not carry them.
"""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

Numbers = Literal["valid", "safe"]
"""How numbers are invented.

valid: with the code of a county; may by chance be somebody's number.
safe: with a code ending in 00, that of the prefecture around and no county's, so the number can
have no bearer. Loose validators accept it; those that look counties up do not:
docs/fidelity.md#numbers-safe."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""2 ** (17 - i) % 11 for place i (ISO 7064 MOD 11-2)."""

_CHECK_DIGITS = "10X98765432"
_FORM = re.compile(r"([0-9]{6})([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{2}([0-9])[0-9Xx]")


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What a number says of its bearer."""

    division: str
    """Six digits: where the number was assigned, so it may be abolished by now."""
    birth: date
    sex: str
    """男 or 女."""


def check_digit(first_seventeen: str) -> str:
    """The 18th character, '0'-'9' or 'X', for 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(map(mul, _WEIGHTS, map(int, first_seventeen))) % 11]


def compose(division: str, birth: date, sequence: int) -> str:
    """The number for six digits of division and a sequence of 1-999, odd for men."""
    first_seventeen = f"{division}{birth.isoformat().replace('-', '')}{sequence:03}"
    return first_seventeen + check_digit(first_seventeen)


def read(number: str) -> NumberFacts | None:
    """What the number says, or None for a malformed one: wrong shape, or a birth on no day.

    A wrong check digit, a small x and an unknown division do not hinder reading.
    """
    form = _FORM.fullmatch(number)
    if form is None:
        return None
    division, year, month, day, parity = form.groups()
    try:
        birth = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return NumberFacts(division, birth, sex="男" if int(parity) % 2 else "女")


def is_valid(number: str) -> bool:
    """Whether the number can be read and ends in its check digit.

    Divisions are not looked up: a code outlives its division, and births may lie in the future.
    """
    return read(number) is not None and number[17] == check_digit(number[:17])
