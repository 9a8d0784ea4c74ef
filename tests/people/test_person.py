import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import TypedDict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockocr.people import number, validity
from mockocr.people.card import IdCard
from mockocr.people.divisions import area_of_address, counties_in
from mockocr.people.number import Numbers
from mockocr.people.person import (
    FIRST_BIRTH,
    FIRST_ISSUE,
    LAST_BIRTH,
    NO_FIXED_FIELDS,
    FixedFields,
    invent,
)


class Items(TypedDict):
    """The fields that a card takes unchanged."""

    name: str
    sex: str
    nation: str
    birth: date
    address: str
    number: str
    authority: str


TODAY = date(2026, 11, 22)
PAGE_NUMBER = "440524198701010014"
PAGE_ADDRESS = "北京市石景山区高新技术园腾讯大楼"
ITEMS: Items = {
    "name": "李明",
    "sex": "男",
    "nation": "汉",
    "birth": date(1987, 1, 1),
    "address": PAGE_ADDRESS,
    "number": PAGE_NUMBER,
    "authority": "赵县公安局",
}
LITERAL = FixedFields(**ITEMS, validity=(date(2010, 7, 21), date(2020, 7, 21)))
ALONE = {
    item: replace(LITERAL, **{other: None for other in asdict(LITERAL) if other != item})
    for item in asdict(LITERAL)
}
"""Each field of LITERAL alone."""

GOLDEN = IdCard(
    name="李明",
    sex="女",
    nation="汉",
    birth=date(1993, 1, 18),
    address="辽宁省辽阳市白塔区中山路146号5号楼402室",
    number="211002199301189382",
    authority="辽阳市公安局白塔分局",
    valid_from=date(2020, 12, 28),
    valid_until=date(2040, 12, 28),
)


def keys(count: int) -> list[bytes]:
    return [b"key %d" % i for i in range(count)]


def crowd(
    count: int, numbers: Numbers = "valid", fixed: FixedFields = NO_FIXED_FIELDS
) -> list[IdCard]:
    return [invent(key, TODAY, numbers=numbers, fixed=fixed) for key in keys(count)]


def changed(before: IdCard, after: IdCard) -> set[str]:
    """The names of the fields that differ."""
    return {name for name, value in asdict(before).items() if asdict(after)[name] != value}


@pytest.fixture(scope="module")
def ten_thousand() -> list[IdCard]:
    return crowd(10_000)


def test_every_number_agrees_with_the_rest_of_its_card(ten_thousand: list[IdCard]) -> None:
    for card in ten_thousand:
        assert number.is_valid(card.number)
        assert number.read(card.number) == number.NumberFacts(
            area_of_address(card.address), card.birth, card.sex
        )
        assert card.number[14:17] != "000"


def test_every_authority_is_of_the_region_of_the_address(ten_thousand: list[IdCard]) -> None:
    for card in ten_thousand:
        (county,) = counties_in(card.number[:6])
        assert card.address.startswith(county.head)
        assert card.authority == county.authority
        assert len(card.authority) <= 18


def test_every_address_fits_on_four_lines_and_goes_beyond_the_county(
    ten_thousand: list[IdCard],
) -> None:
    for card in ten_thousand:
        (county,) = counties_in(card.number[:6])
        assert len(county.head) + 5 <= len(card.address) <= 41
        assert card.address[-1] == ("室" if county.name[-1] in "区市" else "号")


def test_every_span_follows_from_the_age_at_issue(ten_thousand: list[IdCard]) -> None:
    for card in ten_thousand:
        years = validity.span_years(validity.age_on(card.valid_from, card.birth))
        assert validity.is_documented_span(card.valid_from, card.valid_until)
        if years is None:
            assert card.valid_until is None
        else:
            assert card.valid_until is not None
            assert card.valid_until.year - card.valid_from.year == years


def test_every_card_is_held_today_by_an_adult(ten_thousand: list[IdCard]) -> None:
    for card in ten_thousand:
        assert FIRST_BIRTH <= card.birth <= LAST_BIRTH
        assert validity.age_on(card.valid_from, card.birth) >= 16
        assert FIRST_ISSUE <= card.valid_from <= TODAY
        assert card.valid_until is None or card.valid_until > TODAY


def test_people_are_various(ten_thousand: list[IdCard]) -> None:
    nations = Counter(card.nation for card in ten_thousand)
    women = sum(card.sex == "女" for card in ten_thousand)

    assert len({card.number for card in ten_thousand}) == 10_000
    assert len({card.name for card in ten_thousand}) > 4000
    assert 4800 < women < 5200
    assert 8900 < nations["汉"] < 9300
    assert len(nations) > 25
    assert {card.number[:2] for card in ten_thousand} == {c.code[:2] for c in counties_in("")}
    assert any((card.birth.month, card.birth.day) == (2, 29) for card in ten_thousand)


def test_a_minority_is_often_at_home(ten_thousand: list[IdCard]) -> None:
    at_home = [card.number[:2] == "65" for card in ten_thousand if card.nation == "维吾尔"]

    assert 0.3 < sum(at_home) / len(at_home) < 0.8


@pytest.mark.parametrize("sex", ["男", "女"])
@pytest.mark.parametrize("nation", ["维吾尔", "哈萨克"])
def test_some_nations_have_names_with_a_middle_dot(nation: str, sex: str) -> None:
    names = {card.name for card in crowd(50, fixed=FixedFields(nation=nation, sex=sex))}

    assert len(names) > 5
    assert all(name.count("\u00b7") == 1 for name in names)


@pytest.mark.parametrize("nation", ["汉", "维吾尔"])
def test_women_and_men_have_different_given_names(nation: str) -> None:
    men, women = (
        {invent(key, TODAY, fixed=FixedFields(nation=nation, sex=sex)).name for key in keys(200)}
        for sex in ("男", "女")
    )

    assert men.isdisjoint(women)


def test_a_key_is_this_very_person_but_for_the_name_which_is_up_to_the_version_of_faker() -> None:
    assert invent(b"mockocr", TODAY, fixed=FixedFields(name="李明")) == GOLDEN


def test_another_process_with_another_hash_seed_invents_the_same_people() -> None:
    program = (
        "from datetime import date; from mockocr.people.person import invent\n"
        "print([invent(b'key %d' % i, date(2026, 11, 22)) for i in range(50)])"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout.strip()
        for seed in ("1", "2")
    ]

    assert outputs == [repr(crowd(50))] * 2


@given(st.binary(), st.binary())
def test_only_the_same_key_is_the_same_person(one: bytes, other: bytes) -> None:
    assert (invent(one, TODAY) == invent(other, TODAY)) == (one == other)


def test_a_moved_clock_sees_the_next_card_of_the_same_person() -> None:
    for key in keys(300):
        card = invent(key, TODAY)
        if card.valid_until is None:
            continue
        on_the_last_eve = invent(key, card.valid_until - timedelta(days=1))
        renewed = invent(key, card.valid_until)

        assert on_the_last_eve == card
        assert changed(card, renewed) <= {"valid_from", "valid_until"}
        assert renewed.valid_from == card.valid_until


def test_before_the_first_card_it_is_the_first_card_already() -> None:
    for key in keys(300):
        first = invent(key, date(1990, 1, 1))

        assert first == invent(key, first.valid_from)
        assert validity.age_on(first.valid_from, first.birth) >= 16
        assert first.valid_from >= FIRST_ISSUE
        if first.birth.year >= 1990:
            assert validity.age_on(first.valid_from, first.birth) <= 17


def test_a_child_has_a_childs_card() -> None:
    for key in keys(100):
        birth = date(2019, 2, 14)
        card = invent(key, TODAY, fixed=FixedFields(birth=birth))

        assert card.valid_from <= TODAY
        assert card.valid_until in validity.years_later(card.valid_from, 5)
        assert card.valid_until > TODAY


@given(st.dates(), st.dates())
@example(date.max, date.max)
@example(date.min, date.min)
def test_no_birth_and_no_clock_is_too_early_or_too_late(birth: date, today: date) -> None:
    card = invent(b"key", today, fixed=FixedFields(birth=birth))

    assert card.birth == birth
    assert validity.is_documented_span(card.valid_from, card.valid_until)


def test_safe_numbers_have_a_code_that_no_county_has() -> None:
    for card, valid in zip(crowd(2000, numbers="safe"), crowd(2000), strict=True):
        (county,) = counties_in(area_of_address(card.address))
        assert number.is_valid(card.number)
        assert card.number[:6] == county.unused_code
        assert changed(valid, card) == {"number"}


@pytest.mark.parametrize("item", ALONE)
def test_a_fixed_field_stays_as_it_is(item: str) -> None:
    for key in keys(20):
        card = invent(key, TODAY, fixed=ALONE[item])
        span = card.valid_from, card.valid_until
        assert (span if item == "validity" else getattr(card, item)) == getattr(LITERAL, item)


def test_a_card_can_be_given_whole() -> None:
    assert invent(b"key", TODAY, fixed=LITERAL) == IdCard(
        **ITEMS,
        valid_from=date(2010, 7, 21),
        valid_until=date(2020, 7, 21),
    )


def test_an_empty_item_is_given_too() -> None:
    card = invent(b"key", TODAY, fixed=FixedFields(name="", authority=""))

    assert (card.name, card.authority) == ("", "")


@pytest.mark.parametrize(
    ("item", "follows"),
    [
        ("name", set()),
        ("sex", {"name", "number"}),
        ("nation", {"name", "address", "number", "authority"}),
        ("birth", {"number", "valid_from", "valid_until"}),
        ("address", {"number", "authority"}),
        ("authority", set()),
    ],
)
def test_a_given_item_leaves_unrelated_items_as_they_were(item: str, follows: set[str]) -> None:
    for key in keys(100):
        before = invent(key, TODAY)
        after = invent(key, TODAY, fixed=ALONE[item])

        assert changed(before, after) <= {item} | follows


def test_a_given_validity_changes_nothing_else() -> None:
    for key in keys(100):
        after = invent(key, TODAY, fixed=FixedFields(validity=(date(2010, 7, 21), None)))

        assert changed(invent(key, TODAY), after) <= {"valid_from", "valid_until"}
        assert after.valid_until is None


def test_the_number_is_made_for_a_given_birth_and_sex() -> None:
    for card in crowd(100, fixed=FixedFields(birth=date(2000, 2, 29), sex="女")):
        facts = number.read(card.number)
        assert number.is_valid(card.number)
        assert facts is not None
        assert (facts.birth, facts.sex) == (date(2000, 2, 29), "女")


def test_birth_sex_and_region_follow_from_a_given_number() -> None:
    (county,) = counties_in("130133")
    for sequence, sex in ((123, "男"), (124, "女")):
        fixed_number = number.compose("130133", date(1996, 2, 29), sequence)
        for card in crowd(20, fixed=FixedFields(number=fixed_number)):
            assert (card.birth, card.sex) == (date(1996, 2, 29), sex)
            assert card.address.startswith(county.head)
            assert card.authority == county.authority


def test_a_given_safe_number_leads_to_its_prefecture() -> None:
    fixed_number = number.compose("130100", date(1996, 2, 29), 123)

    assert {
        area_of_address(card.address)[:4]
        for card in crowd(50, fixed=FixedFields(number=fixed_number))
    } == {"1301"}


def test_a_number_of_an_abolished_county_still_tells_birth_and_sex() -> None:
    for card in crowd(50, fixed=FixedFields(number=PAGE_NUMBER)):
        assert (card.birth, card.sex) == (date(1987, 1, 1), "男")
        (county,) = counties_in(area_of_address(card.address))
        assert card.authority == county.authority


def test_the_card_of_the_api_page_may_have_its_address_elsewhere() -> None:
    card = invent(b"key", TODAY, fixed=FixedFields(number=PAGE_NUMBER, address=PAGE_ADDRESS))

    assert (card.number, card.address) == (PAGE_NUMBER, PAGE_ADDRESS)
    assert card.authority == "北京市公安局石景山分局"


def test_the_authority_is_of_the_address_and_not_of_the_number() -> None:
    fixed = FixedFields(
        number=number.compose("130133", date(1996, 2, 29), 123), address=PAGE_ADDRESS
    )

    assert invent(b"key", TODAY, fixed=fixed).authority == "北京市公安局石景山分局"


@pytest.mark.parametrize("malformed", ["", "123", "440524870101001", "440524198713010014"])
def test_nothing_follows_from_a_malformed_number(malformed: str) -> None:
    for key in keys(20):
        before = invent(key, TODAY)
        after = invent(key, TODAY, fixed=FixedFields(number=malformed))

        assert after == replace(before, number=malformed)


def test_given_sex_and_birth_win_over_the_number() -> None:
    fixed = FixedFields(number=PAGE_NUMBER, sex="女", birth=date(1990, 5, 6))
    card = invent(b"key", TODAY, fixed=fixed)

    assert (card.number, card.sex, card.birth) == (PAGE_NUMBER, "女", date(1990, 5, 6))


def test_number_and_authority_follow_from_a_given_address() -> None:
    for card in crowd(50, fixed=FixedFields(address=PAGE_ADDRESS)):
        assert card.number.startswith("110107")
        assert card.authority == "北京市公安局石景山分局"


def test_an_address_that_names_only_its_prefecture_leads_to_one_of_its_counties() -> None:
    cards = crowd(50, fixed=FixedFields(address="深圳市福强路1号"))

    assert len({card.number[:6] for card in cards}) > 3
    for card in cards:
        (county,) = counties_in(card.number[:6])
        assert county.code.startswith("4403")
        assert card.authority == county.authority


def test_nothing_follows_from_an_address_without_a_known_area() -> None:
    before = invent(b"key", TODAY)
    after = invent(b"key", TODAY, fixed=FixedFields(address="火星路1号"))

    assert after == replace(before, address="火星路1号")


def test_a_name_does_not_decide_the_sex() -> None:
    sexes = {card.sex for card in crowd(50, fixed=FixedFields(name="李丽"))}

    assert sexes == {"男", "女"}
