"""People who do not exist, consistent in themselves."""

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
from mockocr.people.divisions import County, area_at_head_of, counties_in
from mockocr.people.number import Numbers

FIRST_BIRTH = date(1945, 1, 1)
LAST_BIRTH = date(2007, 12, 31)
"""Assumed: bearers are adults. Whoever is said to be born later has a child's card."""

FIRST_ISSUE = date(2004, 3, 29)
"""The first second-generation cards."""
LAST_FIRST_ISSUE = date(2012, 12, 31)
"""Cards of the first generation ended with this day: until then everyone had changed theirs."""

_END_OF_TIME = date(9900, 1, 1)
"""Births after this day have their cards as if born on it: datetime knows no year 10000."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a person; None is for us to invent."""

    name: str | None = None
    sex: str | None = None
    nation: str | None = None
    birth: date | None = None
    address: str | None = None
    number: str | None = None
    authority: str | None = None
    validity: tuple[date, date | None] | None = None
    """First and last day; a last day of None is 长期."""


NOTHING_GIVEN = Given()


@lru_cache(maxsize=4096)
def invent(
    key: bytes | int, today: date, numbers: Numbers = "valid", given: Given = NOTHING_GIVEN
) -> IdCard:
    """The person of this key: the first one of a `Random` that is seeded with it.

    Faker seeds in the same way: for the key N it is the first card of
    `IdCardProvider` after `fake.seed_instance(N)`.
    """
    return next_person(Random(key), today, numbers, given)  # noqa: S311 - no secret


def next_person(
    chance: Random, today: date, numbers: Numbers = "valid", given: Given = NOTHING_GIVEN
) -> IdCard:
    """The next person of this chance, with the card held today.

    What is given stays as it is and the rest is made to fit: sex, birth and division follow from a
    number that can be read, authority and the number's division from an address, and where both
    are given the authority is the address'. What does not follow from a given item is the same as
    without it.
    """
    # Only random() is promised to stay the same in later Pythons: nothing else is asked for here.
    luck = _Luck(*(chance.random() for _ in _Luck._fields))
    told = number.read(given.number or "")
    if told:
        given = replace(given, sex=_kept(given.sex, told.sex), birth=_kept(given.birth, told.birth))
    sex = _kept(given.sex, _pick(("男", "女"), luck.sex))
    nation = _kept(given.nation, _NATIONS.pick(luck.nation))
    birth = _kept(given.birth, _day_between(FIRST_BIRTH, LAST_BIRTH, luck.birth))
    county = _county(given.address or "", told.division if told else "", nation, luck)
    division = county.code_of_nobody if numbers == "safe" else county.code
    valid_from, valid_until = _kept(given.validity, _card_held(today, birth, luck.first_issue))
    return IdCard(
        name=_name(sex, nation, luck, chance) if given.name is None else given.name,
        sex=sex,
        nation=nation,
        birth=birth,
        address=_kept(given.address, _address(county, luck)),
        number=_kept(given.number, number.compose(division, birth, _sequence(sex, luck.sequence))),
        authority=_kept(given.authority, county.authority),
        valid_from=valid_from,
        valid_until=valid_until,
    )


class _Luck(NamedTuple):
    """A number in [0, 1) for each choice. All are drawn, whatever is given, in this order: a new
    one goes to the end, or everybody becomes somebody else."""

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


def _pick(table: Sequence[T], luck: float) -> T:
    return table[int(luck * len(table))]


class _Weighted:
    def __init__(self, weights: Mapping[str, float]) -> None:
        self._names = tuple(weights)
        self._ends = tuple(accumulate(weights.values()))

    def pick(self, luck: float) -> str:
        return self._names[bisect(self._ends, luck * self._ends[-1])]


_NATIONS = _Weighted(tables.NATIONS)


def _kept(given: T | None, invented: T) -> T:
    return invented if given is None else given


def _county(address: str, division: str, nation: str, luck: _Luck) -> County:
    """Of the address; else of the number's division, any of a prefecture's; else anywhere."""
    home = tables.HOMES.get(nation, "") if luck.at_home < 0.5 else ""
    for area in (area_at_head_of(address), division.removesuffix("00"), home):
        if area and (counties := counties_in(area)):
            return _pick(counties, luck.county)
    return _pick(counties_in(""), luck.county)


def _name(sex: str, nation: str, luck: _Luck, chance: Random) -> str:
    if own := tables.OWN_NAMES.get(nation):
        child = _pick(own.sons if sex == "男" else own.daughters, luck.given_name)
        return f"{child}·{_pick(own.fathers, luck.father)}"
    # Late: Faker takes 60 ms to import, and an answer whose name is given does without it.
    from mockocr.people.names import full_name

    return full_name(chance, sex)


def _address(county: County, luck: _Luck) -> str:
    house = _from_one(299, luck.house)
    if county.name.endswith(("区", "市")):
        street, building = _pick(tables.STREETS, luck.street), _from_one(30, luck.building)
        room = 100 * _from_one(18, luck.floor) + _from_one(4, luck.door)
        return f"{county.head}{street}{house}号{building}号楼{room}室"
    town, village = _pick(tables.TOWNS, luck.town), _pick(tables.VILLAGES, luck.village)
    return f"{county.head}{town}{village}{_from_one(12, luck.group)}组{house}号"


def _sequence(sex: str, luck: float) -> int:
    """1-997 and odd for men, 2-998 and even for others."""
    return 2 * _from_one(499, luck) - (sex == "男")


def _card_held(today: date, birth: date, luck: float) -> tuple[date, date | None]:
    """First and last day of the card that is valid today, or of the first if that is to come.

    The first is issued at 16 or 17 (a child's before 2), but none before second-generation cards;
    each next one on the day its predecessor ends.
    """
    birth = min(birth, _END_OF_TIME)
    age = 0 if birth > LAST_BIRTH else 16
    issued = validity.years_later(birth, age)[0] + timedelta(days=int(luck * 730))
    if issued < FIRST_ISSUE:
        issued = _day_between(FIRST_ISSUE, LAST_FIRST_ISSUE, luck)
    until = validity.last_day(issued, birth)
    while until is not None and until <= today:
        issued, until = until, validity.last_day(until, birth)
    return issued, until


def _from_one(last: int, luck: float) -> int:
    return 1 + int(luck * last)


def _day_between(first: date, last: date, luck: float) -> date:
    return first + timedelta(days=int(luck * ((last - first).days + 1)))
