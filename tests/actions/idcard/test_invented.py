"""Invented texts have the shape of the real ones, and agree with each other."""

import re
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.invented import AGES, find_numbers, invented_like
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.actions.recording import Placeholders
from mockocr.people import number
from mockocr.people.divisions import area_of_address, counties_in
from mockocr.people.person import invent
from mockocr.people.validity import age_on, is_documented_span, last_day
from mockocr.settings import API_PAGE
from tests.builders import NOW

TODAY = NOW.date()
SETTINGS = CallSettings(NOW, 0, "valid", API_PAGE)
SECRETS = st.binary(min_size=1, max_size=8)


def like(
    real: Mapping[str, str], secret: bytes = b"x", settings: CallSettings = SETTINGS
) -> dict[str, str]:
    return invented_like(real, Placeholders(secret), settings)


def group(age: int) -> int:
    return max(it for it in AGES if it <= age)


@given(st.integers(0, 2**32), SECRETS)
def test_a_person_becomes_another_one_of_the_same_shape(seed: int, secret: bytes) -> None:
    card = invent(seed, TODAY)
    real = {**card.front(), **card.back()}
    made = like(real, secret)
    facts = number.read(made["IdNum"])

    assert facts is not None
    assert number.is_valid(made["IdNum"])
    assert (made["IdNum"][-1] == "X") == (real["IdNum"][-1] == "X")
    assert (facts.birth, facts.sex) == (read_day(made["Birth"]), made["Sex"])
    assert facts.birth != card.birth
    assert group(age_on(TODAY, facts.birth)) == group(age_on(TODAY, card.birth))
    (county,) = counties_in(facts.division)
    assert area_of_address(made["Address"]) == county.code
    assert made["Authority"] == county.authority != real["Authority"]
    assert ("·" in made["Name"]) == ("·" in real["Name"])
    assert "·" in real["Name"] or len(made["Name"]) == len(real["Name"])
    assert (made["Nation"] == "汉") == (real["Nation"] == "汉")
    assert made["Nation"] == "汉" or made["Nation"] != real["Nation"]
    check_validity(real["ValidDate"], made["ValidDate"])


def check_validity(real: str, made: str) -> None:
    before, after = read_validity(real), read_validity(made)
    assert before is not None
    assert after is not None
    assert before[0] != after[0]
    assert (before[1] is None) == (after[1] is None)
    if before[1] is not None and after[1] is not None:
        assert is_documented_span(*before) == is_documented_span(*after)
        assert (before[1] < TODAY) == (after[1] < TODAY)
        if is_documented_span(*before):
            assert after[1].year - after[0].year == before[1].year - before[0].year


@pytest.mark.parametrize("seed", range(10))
def test_the_validity_of_a_whole_card_follows_from_the_age(seed: int) -> None:
    card = invent(seed, TODAY)
    made = like({**card.front(), **card.back()})
    birth, span = read_day(made["Birth"]), read_validity(made["ValidDate"])

    assert birth is not None
    assert span is not None
    assert last_day(span[0], birth) == span[1]


@given(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.dates(date(1985, 1, 1), date(2060, 1, 1)),
    SECRETS,
)
def test_any_validity_keeps_its_shape(first: date, last: date, secret: bytes) -> None:
    if last < first:
        first, last = last, first
    real = f"{first:%Y.%m.%d}-{last:%Y.%m.%d}"
    made = like({"ValidDate": real}, secret)["ValidDate"]

    after = read_validity(made)
    assert after is not None
    assert after[1] is not None
    assert is_documented_span(*after) == is_documented_span(first, last)
    assert (after[0] > TODAY) == (first > TODAY)
    assert (after[1] < TODAY) == (last < TODAY) or (last - first).days < 3


def test_an_undocumented_validity_does_not_become_a_documented_one() -> None:
    real = "2015.03.01-2020.02.29"
    for secret in range(20):
        made = read_validity(like({"ValidDate": real}, bytes([secret]))["ValidDate"])
        assert made is not None
        assert not is_documented_span(*made)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), SECRETS)
def test_any_birth_stays_in_its_age_group(birth: date, secret: bytes) -> None:
    made = read_day(like({"Birth": f"{birth.year:04}/{birth.month}/{birth.day}"}, secret)["Birth"])

    assert made is not None
    assert (made > TODAY) == (birth > TODAY)
    if birth <= TODAY:
        assert group(age_on(TODAY, made)) == group(age_on(TODAY, birth))


@given(
    st.dictionaries(
        st.sampled_from(["Name", "IdNum", "Birth", "ValidDate", "Nation", "Sex"]),
        st.text(max_size=30),
    ),
    SECRETS,
)
def test_any_texts_have_invented_ones(real: Mapping[str, str], secret: bytes) -> None:
    made = like(real, secret)

    assert made.keys() == real.keys()
    assert [bool(text) for text in made.values()] == [bool(text) for text in real.values()]


@pytest.mark.parametrize(
    ("real", "is_x", "is_valid"),
    [
        ("11010519491231002X", True, True),
        ("11010519491231002x", True, False),
        ("440524198701010014", False, True),
        ("440524198701010015", False, False),
        ("44052419870101001X", True, False),
        ("999999198701010011", False, False),
    ],
)
def test_the_check_digit_keeps_its_kind(real: str, is_x: bool, is_valid: bool) -> None:
    made = like({"IdNum": real})["IdNum"]

    assert (made[-1] in "Xx") is is_x
    assert made.endswith("x") is real.endswith("x")
    assert number.is_valid(made) is is_valid
    assert made != real


def test_safe_numbers_have_no_county() -> None:
    settings = CallSettings(NOW, 0, "safe", API_PAGE)
    made = like({"IdNum": "440524198701010014"}, settings=settings)["IdNum"]

    assert number.is_valid(made)
    assert made[4:6] == "00"


def test_contradictions_stay() -> None:
    made = like({"IdNum": "440524198701010014", "Sex": "女", "Birth": "1987/1/2"})
    facts = number.read(made["IdNum"])

    assert facts is not None
    assert made["Sex"] != facts.sex
    assert read_day(made["Birth"]) not in (None, facts.birth)


@pytest.mark.parametrize(
    ("member", "real", "made"),
    [
        ("IdNum", "12345", "^[0-9]{5}$"),
        ("IdNum", "A-b 李", "^[A-Z]-[a-z] 某$"),
        ("Birth", "1987年", "^[0-9]{4}某$"),
        ("Sex", "X", "^[A-Z]$"),
        ("Nation", "外星", "^某某$"),
        ("ValidDate", "长期", "^某某$"),
        ("Name", "Li 明", "^[A-Z][a-z] 某$"),
        ("Name", "李", "^.$"),
        ("Name", "欧阳诸葛", "^[\u4e00-\u9fff]{4}$"),
        ("Name", "买买提•艾力", "^[\u4e00-\u9fff]+•[\u4e00-\u9fff]+$"),
        ("Name", "李𠮷", "^.[\U00020000-\U0003ffff]$"),
        ("Name", "李㛃", "^.[\u3400-\u4dbf]$"),
    ],
)
def test_texts_in_other_forms_keep_their_form(member: str, real: str, made: str) -> None:
    text = like({member: real})[member]
    assert re.match(made, text)
    assert text != real or real == "李"


def test_a_place_that_is_named_elsewhere_is_the_same_place() -> None:
    placeholders = Placeholders(b"x")
    front = invented_like({"Address": "河北省赵县南大街1号"}, placeholders, SETTINGS)
    back = invented_like({"Authority": "赵县公安局"}, placeholders, SETTINGS)
    other = invented_like({"Address": "河北省秘密路1号", "Name": "李明"}, placeholders, SETTINGS)

    (county,) = counties_in(area_of_address(front["Address"]))
    assert back["Authority"] == county.authority
    assert "秘密" not in other["Address"]


def test_the_same_name_and_number_have_one_placeholder() -> None:
    placeholders = Placeholders(b"x")
    find_numbers("A440524198701010014, 9876543210123456789", placeholders, SETTINGS)
    first = invented_like({"Name": "李明", "IdNum": "440524198701010014"}, placeholders, SETTINGS)
    second = invented_like({"Name": "李明"}, placeholders, SETTINGS)

    assert first["Name"] == second["Name"]
    parts = list(placeholders.replaced_in("李明 440524198701010014"))
    assert parts == [(first["Name"], True), (" ", False), (first["IdNum"], True)]


def test_without_a_secret_of_the_test_every_run_invents_others() -> None:
    made = {
        invented_like({"IdNum": "440524198701010014"}, Placeholders(), SETTINGS)["IdNum"]
        for _ in range(5)
    }

    assert len(made) > 1


def test_nothing_stays_nothing() -> None:
    assert like({"Name": "", "Sex": ""}) == {"Name": "", "Sex": ""}
