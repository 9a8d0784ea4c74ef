"""IdCardProvider in a Faker of the user."""

from collections import OrderedDict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from faker import Faker
from hypothesis import given, settings
from hypothesis import strategies as st

from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.people import number, validity
from mockocr.people.divisions import area_of_address, counties_in
from mockocr.people.names import ChineseNames
from mockocr.people.person import invent
from mockocr.people.provider import IdCardProvider

TODAY = date(2026, 11, 22)
FRONT = ["Name", "Sex", "Nation", "Birth", "Address", "IdNum"]
BACK = ["Authority", "ValidDate"]
LOCALES = pytest.mark.parametrize("locale", ["zh_CN", "en_US"])


def faker(locale: str = "zh_CN", seed: int = 7) -> Any:
    fake = Faker(locale)
    fake.add_provider(IdCardProvider)
    fake.seed_instance(seed)
    return fake


FAKE = faker()


@LOCALES
@given(seed=st.integers())
@settings(deadline=None)
def test_the_first_card_after_seeding_is_the_person_of_the_seed(locale: str, seed: int) -> None:
    card = invent(seed, TODAY)

    assert faker(locale, seed).id_card(today=TODAY) == {**card.front(), **card.back()}


@given(seed=st.integers())
@settings(deadline=None)
def test_every_card_of_any_seed_is_consistent(seed: int) -> None:
    FAKE.seed_instance(seed)
    for _ in range(100):
        card = FAKE.id_card(today=TODAY)
        birth, span = read_day(card["Birth"]), read_validity(card["ValidDate"])
        assert birth is not None
        assert span is not None
        division = area_of_address(card["Address"])
        (county,) = counties_in(division)
        assert number.is_valid(card["IdNum"])
        assert number.read(card["IdNum"]) == number.NumberFacts(division, birth, card["Sex"])
        assert card["Authority"] == county.authority
        assert span[1] == validity.last_day(span[0], birth)
        given_names = {
            "男": ChineseNames.first_names_male,
            "女": ChineseNames.first_names_female,
        }[card["Sex"]]
        assert card["Name"].endswith(tuple(given_names)) or "·" in card["Name"]


def test_each_method_tells_of_the_same_next_person() -> None:
    card = faker().id_card(today=TODAY)

    front, back = faker().id_card_front(today=TODAY), faker().id_card_back(today=TODAY)
    assert ([*front], [*back]) == (FRONT, BACK)
    assert front | back == card
    assert faker().id_card_number() == card["IdNum"]


def test_the_next_call_is_another_person() -> None:
    fake = faker()

    assert len({fake.id_card_number() for _ in range(100)}) == 100


def test_safe_numbers_have_a_code_that_no_county_has() -> None:
    for method in ("id_card", "id_card_front"):
        card = getattr(faker(), method)(numbers="safe")
        assert card["IdNum"] == faker().id_card_number(numbers="safe")
        assert card["IdNum"].startswith(
            counties_in(area_of_address(card["Address"]))[0].unused_code
        )


def test_other_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^numbers: expected 'valid' or 'safe', got 'Safe'$"):
        faker().id_card(numbers="Safe")


def test_a_card_is_held_today_where_no_day_is_given() -> None:
    before = datetime.now(UTC).date()
    card = faker().id_card()
    days = {before, datetime.now(UTC).date()}

    assert card in [faker().id_card(today=day) for day in days]


@LOCALES
def test_nothing_else_of_a_faker_changes(locale: str) -> None:
    weighted = OrderedDict([("often", 0.9), ("seldom", 0.1)])
    plain: Any = Faker(locale)
    plain.seed_instance(7)
    fake = faker(locale)

    for _ in range(20):
        assert fake.name() == plain.name()
        assert fake.random_element(weighted) == plain.random_element(weighted)
    added = set(dir(fake.factories[0])) - set(dir(plain.factories[0]))
    assert added == {"id_card", "id_card_back", "id_card_front", "id_card_number"}
