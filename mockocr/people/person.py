"""Generated people: each field of their card agrees with the others."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import NamedTuple, TypeVar

from mockocr.people import number, tables, validity
from mockocr.people.card import IdCard
from mockocr.people.divisions import County, area_of_address, counties_in
from mockocr.people.number import Numbers

FIRST_BIRTH = date(1945, 1, 1)
LAST_BIRTH = date(2007, 12, 31)
"""Assumed: holders are adults. A person whose fixed birth is later has a child's card."""

FIRST_ISSUE = date(2004, 3, 29)
"""The day of the first second-generation cards."""
LAST_FIRST_ISSUE = date(2012, 12, 31)
"""The last day on which first-generation cards were valid: by then all had been replaced."""

_END_OF_TIME = date(9900, 1, 1)
"""A later birth counts as this day for the validity: Python has no dates after the year 9999."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FixedFields:
    """The fields of a card that are not generated; None for a generated field."""

    name: str | None = None
    sex: str | None = None
    nation: str | None = None
    birth: date | None = None
    address: str | None = None
    number: str | None = None
    authority: str | None = None
    validity: tuple[date, date | None] | None = None
    """First and last day; None as last day for 长期."""


NO_FIXED_FIELDS = FixedFields()


@lru_cache(maxsize=4096)
def invent(
    key: bytes | int, today: date, numbers: Numbers = "valid", fixed: FixedFields = NO_FIXED_FIELDS
) -> IdCard:
    """The person of this key: the first one of a `Random` with this seed.

    For an integer N it is also the first card of `IdCardProvider` after `fake.seed_instance(N)`.
    """
    return next_person(Random(key), today, numbers, fixed)  # noqa: S311 - no secret


def next_person(
    random: Random, today: date, numbers: Numbers = "valid", fixed: FixedFields = NO_FIXED_FIELDS
) -> IdCard:
    """The next person from this source of randomness, with the card that is valid today.

    Fixed fields stay as they are, and generated fields agree with them. Sex, birth and division
    follow from a number that can be read. The authority and the division of the number follow from
    an address; if both are fixed, the authority follows from the address. Other fields do not
    depend on fixed fields.
    """
    # Later Pythons guarantee the same values for random() only: no other method is called.
    draws = _Draws(*(random.random() for _ in _Draws._fields))
    facts = number.read(fixed.number or "")
    if facts:
        fixed = replace(
            fixed, sex=_fixed_or(fixed.sex, facts.sex), birth=_fixed_or(fixed.birth, facts.birth)
        )
    sex = _fixed_or(fixed.sex, _pick(("男", "女"), draws.sex))
    nation = _fixed_or(fixed.nation, _NATIONS.pick(draws.nation))
    birth = _fixed_or(fixed.birth, _day_between(FIRST_BIRTH, LAST_BIRTH, draws.birth))
    county = _county(fixed.address or "", facts.division if facts else "", nation, draws)
    division = county.unused_code if numbers == "safe" else county.code
    valid_from, valid_until = _fixed_or(fixed.validity, _card_held(today, birth, draws.first_issue))
    return IdCard(
        name=_name(sex, nation, draws, random) if fixed.name is None else fixed.name,
        sex=sex,
        nation=nation,
        birth=birth,
        address=_fixed_or(fixed.address, _address(county, draws)),
        number=_fixed_or(
            fixed.number, number.compose(division, birth, _sequence(sex, draws.sequence))
        ),
        authority=_fixed_or(fixed.authority, county.authority),
        valid_from=valid_from,
        valid_until=valid_until,
    )


class _Draws(NamedTuple):
    """A number in [0, 1) for each choice. All are drawn, in this order, whatever is fixed. Add new
    ones at the end: otherwise every key gives another person."""

    sex: float
    birth: float
    nation: float
    at_home: float
    county: float
    sequence: float
    father: float
    given_name: float
    first_issue: float
    house: float
    street: float
    building: float
    floor: float
    door: float
    town: float
    village: float
    group: float


def _pick(table: Sequence[T], draw: float) -> T:
    return table[int(draw * len(table))]


class _Weighted:
    def __init__(self, weights: Mapping[str, float]) -> None:
        self._names = tuple(weights)
        self._ends = tuple(accumulate(weights.values()))

    def pick(self, draw: float) -> str:
        return self._names[bisect(self._ends, draw * self._ends[-1])]


_NATIONS = _Weighted(tables.NATIONS)


def _fixed_or(fixed: T | None, generated: T) -> T:
    return generated if fixed is None else fixed


def _county(address: str, division: str, nation: str, draws: _Draws) -> County:
    """The county of the address; else of the number's division, or one in it if that is a
    prefecture; else any county."""
    home = tables.HOMES.get(nation, "") if draws.at_home < 0.5 else ""
    for area in (area_of_address(address), division.removesuffix("00"), home):
        if area and (counties := counties_in(area)):
            return _pick(counties, draws.county)
    return _pick(counties_in(""), draws.county)


def _name(sex: str, nation: str, draws: _Draws, random: Random) -> str:
    if own := tables.OWN_NAMES.get(nation):
        child = _pick(own.sons if sex == "男" else own.daughters, draws.given_name)
        return f"{child}·{_pick(own.fathers, draws.father)}"
    # Late: Faker takes 60 ms to import, and a person with a fixed name does not need it.
    from mockocr.people.names import full_name

    return full_name(random, sex)


def _address(county: County, draws: _Draws) -> str:
    house = _from_one(299, draws.house)
    if county.name.endswith(("区", "市")):
        street, building = _pick(tables.STREETS, draws.street), _from_one(30, draws.building)
        room = 100 * _from_one(18, draws.floor) + _from_one(4, draws.door)
        return f"{county.head}{street}{house}号{building}号楼{room}室"
    town, village = _pick(tables.TOWNS, draws.town), _pick(tables.VILLAGES, draws.village)
    return f"{county.head}{town}{village}{_from_one(12, draws.group)}组{house}号"


def _sequence(sex: str, draw: float) -> int:
    """From 1 to 997 and odd for men, from 2 to 998 and even for others."""
    return 2 * _from_one(499, draw) - (sex == "男")


def _card_held(today: date, birth: date, draw: float) -> tuple[date, date | None]:
    """First and last day of the card that is valid today, or of the first card if it is issued
    later.

    The first card is issued at the age of 16 or 17, that of a child at 0 or 1, but not before
    FIRST_ISSUE. Each later card is issued on the day on which the previous one expires.
    """
    birth = min(birth, _END_OF_TIME)
    age = 0 if birth > LAST_BIRTH else 16
    issued = validity.years_later(birth, age)[0] + timedelta(days=int(draw * 730))
    if issued < FIRST_ISSUE:
        issued = _day_between(FIRST_ISSUE, LAST_FIRST_ISSUE, draw)
    until = validity.last_day(issued, birth)
    while until is not None and until <= today:
        issued, until = until, validity.last_day(until, birth)
    return issued, until


def _from_one(last: int, draw: float) -> int:
    return 1 + int(draw * last)


def _day_between(first: date, last: date, draw: float) -> date:
    return first + timedelta(days=int(draw * ((last - first).days + 1)))
