"""The citizen identification number: division (6), birth (8), sequence (3) and check digit (1).

The sequence is odd for men and even for women (GB 11643-1999). Numbers of 15 digits are not
supported: second-generation cards do not have them.
"""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

Numbers = Literal["valid", "safe"]
"""How identification numbers are generated.

valid: with the division code of a county. By chance, a real person may have the same number.
safe: with the division code of a prefecture, which ends in 00, so no real person has the number.
Validators that look up counties reject it, others accept it (docs/fidelity.md#numbers-safe)."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""2 ** (17 - i) % 11 for digit i (ISO 7064 MOD 11-2)."""

_CHECK_DIGITS = "10X98765432"
_FORM = re.compile(r"([0-9]{6})([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{2}([0-9])[0-9Xx]")


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """The facts about its holder that a number encodes."""

    division: str
    """Six digits: the county that assigned the number. It may have been abolished since."""
    birth: date
    sex: str
    """男 or 女."""


def check_digit(first_seventeen: str) -> str:
    """The 18th character, '0'-'9' or 'X', for 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(map(mul, _WEIGHTS, map(int, first_seventeen))) % 11]


def compose(division: str, birth: date, sequence: int) -> str:
    """The number for a division of six digits and a sequence from 1 to 999, odd for men."""
    first_seventeen = f"{division}{birth.isoformat().replace('-', '')}{sequence:03}"
    return first_seventeen + check_digit(first_seventeen)


def read(number: str) -> NumberFacts | None:
    """What the number says; None if it has the wrong form, or a birth that is not a date.

    A wrong check digit, a lower-case x and an unknown division are accepted.
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
    """Whether the number can be read and has the right check digit.

    The division is not looked up, because numbers keep the codes of abolished divisions. The birth
    may be in the future.
    """
    return read(number) is not None and number[17] == check_digit(number[:17])
