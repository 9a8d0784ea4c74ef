"""Invented texts of a card with the shape of real ones: what a recording keeps of a card.

The shape: which texts there are; a minority stays a minority, and its name keeps the dot; the
length of a Chinese name; the age group; the check digit X; a wrong check digit; a number that
contradicts Sex or Birth; 长期, the years of validity, and whether the card has expired.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.actions.recording import Placeholders
from mockocr.people import number
from mockocr.people.card import IdCard, birth_text
from mockocr.people.divisions import County, area_of_address, counties_in
from mockocr.people.names import full_name
from mockocr.people.person import FIRST_ISSUE, FixedFields, invent
from mockocr.people.tables import NATIONS, OWN_NAMES
from mockocr.people.validity import SPANS_YEARS, age_on, is_documented_span, last_day, years_later

T = TypeVar("T")

AGES = (0, 16, 18, 26, 46)
"""Where an age group begins: the ages at which the validity of a card, and what its holder may do,
change."""
MAX_AGE = 100
"""Somebody older becomes somebody younger."""
MAX_VALIDITY = timedelta(36525)
"""A longer one has this length."""

MAX_TRIES = 200
"""For somebody who has just reached an age, few days are possible."""

_DOT = re.compile(r"[·•‧∙・]")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_RARE = re.compile(r"[\u3400-\u4dbf\u9fa6-\u9fff\U00020000-\U0003ffff]")
_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


def invented_like(
    real: Mapping[str, str], placeholders: Placeholders, settings: CallSettings
) -> dict[str, str]:
    """`real`: texts by member of Response. An empty text stays empty."""
    texts = {member: text for member, text in real.items() if text}
    invented = dict.fromkeys(real, "")
    if not texts:
        return invented
    card = _card(texts, placeholders, settings)
    whole = {**card.front(), **card.back()}
    for member, text in texts.items():
        invented[member] = _text_like(member, text, texts, whole[member], placeholders, settings)
    return invented


def find_numbers(text: str, placeholders: Placeholders, settings: CallSettings) -> None:
    """Makes the placeholders of the numbers in a text."""
    for found in _NUMBER.findall(text):
        if number.read(found):
            _number_like(found, placeholders, settings)


def _card(texts: Mapping[str, str], placeholders: Placeholders, settings: CallSettings) -> IdCard:
    """The invented card of a person: the same for the same number, else for the same texts."""
    identity = texts.get("IdNum") or "\n".join(f"{name}={texts[name]}" for name in sorted(texts))
    key = placeholders.key("person", identity.upper())
    random = Random(key)  # noqa: S311 - the key is secret
    today, facts = settings.today, number.read(texts.get("IdNum", ""))
    if facts:
        known = number.read(_number_like(texts["IdNum"], placeholders, settings))
        assert known is not None  # noqa: S101 - it is made of a date
        sex, birth = known.sex, known.birth
    else:
        sex = "男" if random.random() < 0.5 else "女"
        birth = birth_like(read_day(texts.get("Birth")) or date(1990, 1, 1), today, random)
    county = _county_of_card(texts, placeholders)
    sequence = 2 * (1 + int(random.random() * 499)) - (sex == "男")
    validity = read_validity(texts.get("ValidDate"))
    fixed = FixedFields(
        name="",
        nation=_nation_like(texts.get("Nation", ""), texts.get("Name", ""), random),
        number=number.compose(county.code, birth, sequence),
        validity=validity and _validity_like(*validity, texts, birth, today, random),
    )
    return invent(key, today, settings.numbers, fixed)


def _text_like(
    member: str,
    real: str,
    texts: Mapping[str, str],
    invented: str,
    placeholders: Placeholders,
    settings: CallSettings,
) -> str:
    """The text of a member. `invented`: that of the invented card."""
    facts = number.read(texts.get("IdNum", ""))
    random = Random(placeholders.key(member, real))  # noqa: S311 - the key is secret
    match member:
        case "Name":
            return placeholders.of(real, lambda: _name_like(real, texts, random))
        case "IdNum" if facts:
            return _number_like(real, placeholders, settings)
        case "Sex" if real in ("男", "女"):
            contradicts = facts is not None and facts.sex != real
            return {"男": "女", "女": "男"}[invented] if contradicts else invented
        case "Birth" if day := read_day(real):
            if facts is not None and facts.birth != day:
                return birth_text(birth_like(day, settings.today, random))
            return invented
        case "Nation" if real in NATIONS:
            return invented
        case "ValidDate" if read_validity(real):
            return invented
        case "Address" | "Authority":
            return placeholders.of(real, lambda: invented)
        case _:
            return scrambled(real, random)


def scrambled(real: str, random: Random) -> str:
    """A text in no known form: other digits and letters, 某 for all others, the same signs."""

    def other(character: str) -> str:
        if "0" <= character <= "9":
            return str(int(random.random() * 10))
        if character.isascii() and character.isalpha():
            letter = chr(ord("a") + int(random.random() * 26))
            return letter.upper() if character.isupper() else letter
        return "某" if character.isalnum() else character

    return "".join(map(other, real))


# Names and nations


def _name_like(real: str, texts: Mapping[str, str], random: Random) -> str:
    sex = "男" if random.random() < 0.5 else "女"
    if facts := number.read(texts.get("IdNum", "")):
        sex = facts.sex
    if dot := _DOT.search(real):
        own = OWN_NAMES[_own_nation(texts.get("Nation", ""), random)]
        children = own.sons if sex == "男" else own.daughters
        return f"{_pick(children, random)}{dot[0]}{_pick(own.fathers, random)}"
    if not _CHINESE_NAME.fullmatch(real):
        return scrambled(real, random)
    name = ""
    while len(name) < len(real):
        name += full_name(random, sex)
    return "".join(
        _rare_like(sent, random) if _RARE.match(sent) else made
        for sent, made in zip(real, name, strict=False)
    )


def _rare_like(real: str, random: Random) -> str:
    """A character of the same plane: programs with a small character set fail with both."""
    few = "𠮷𠅤𡈽𢖍" if real > "\uffff" else "㛃㐂㑇㓥"
    return _pick(few.replace(real, ""), random)


def _nation_like(real: str, name: str, random: Random) -> str:
    if _DOT.search(name) or real in OWN_NAMES:
        return _own_nation(real, random)
    if real in ("汉", ""):
        return "汉"
    others = [it for it in NATIONS if it not in OWN_NAMES and it not in (real, "汉")]
    return _pick(others, random)


def _own_nation(real: str, random: Random) -> str:
    """A nation with names of its own."""
    return _pick([it for it in OWN_NAMES if it != real], random)


# Numbers, days and counties


def _number_like(real: str, placeholders: Placeholders, settings: CallSettings) -> str:
    """Depends on the number only, so that a message and a card agree."""
    made = placeholders.of(real.upper(), lambda: _made_number(real, placeholders, settings))
    return made.lower() if real.endswith("x") else made


def _made_number(real: str, placeholders: Placeholders, settings: CallSettings) -> str:
    facts = number.read(real)
    assert facts is not None  # noqa: S101 - the callers have read it
    random = Random(placeholders.key("number", real.upper()))  # noqa: S311 - the key is secret
    county = _county_like(_authority(facts.division) or facts.division, placeholders)
    division = county.unused_code if settings.numbers == "safe" else county.code
    birth = birth_like(facts.birth, settings.today, random)
    start, is_man = int(random.random() * 499), random.random() < 0.5
    ends_with_x, is_valid = real[-1] in "Xx", number.is_valid(real.upper())
    candidates = (
        number.compose(division, birth, 2 * (1 + (start + step) % 499) - is_man)
        for step in range(499)
    )
    # One number in eleven ends with X.
    if is_valid:
        return next(it for it in candidates if it.endswith("X") == ends_with_x)
    right = next(it for it in candidates if not it.endswith("X"))
    return right[:-1] + ("X" if ends_with_x else str((int(right[-1]) + 1) % 10))


def birth_like(real: date, today: date, random: Random) -> date:
    """Another day of birth of the same age group."""
    if real > today:
        return _other_day(real, today + timedelta(1), today + timedelta(365), random)
    age = min(age_on(today, real), MAX_AGE - 1)
    first = max(it for it in AGES if it <= age)
    after = next((it for it in AGES if it > age), MAX_AGE)
    return _other_day(
        real, _years_before(today, after) + timedelta(1), _years_before(today, first), random
    )


def _validity_like(
    valid_from: date,
    valid_until: date | None,
    texts: Mapping[str, str],
    birth: date,
    today: date,
    random: Random,
) -> tuple[date, date | None]:
    """If the real validity follows from the age of its holder, so does the invented one. `birth`:
    of the invented holder."""
    facts = number.read(texts.get("IdNum", ""))
    real_birth = facts.birth if facts else read_day(texts.get("Birth"))
    follows = real_birth is not None and _follows(valid_from, valid_until, real_birth)
    for _ in range(MAX_TRIES):
        made = validity_like(valid_from, valid_until, today, random)
        if not follows or _follows(*made, birth):
            break
    return made


def _follows(valid_from: date, valid_until: date | None, birth: date) -> bool:
    """Whether the law gives this validity to a card that is issued on its first day."""
    return birth <= valid_from and last_day(valid_from, birth) == valid_until


def validity_like(
    valid_from: date, valid_until: date | None, today: date, random: Random
) -> tuple[date, date | None]:
    """As many years, or 长期; expired, valid, or not yet valid, as the real one."""
    if valid_until is None:
        return _other_day(valid_from, min(FIRST_ISSUE, today), today, random), None
    length = min(max(valid_until - valid_from, timedelta(0)), MAX_VALIDITY)
    if valid_from > today:
        earliest, latest = today + timedelta(1), today + timedelta(365)
    elif valid_until < today:
        latest = today - length - timedelta(2)
        earliest = latest - timedelta(3650)
    else:
        earliest, latest = min(today, today - length + timedelta(2)), today
    start = _other_day(valid_from, earliest, latest, random)
    if is_documented_span(valid_from, valid_until):
        years = next(it for it in SPANS_YEARS if valid_until in years_later(valid_from, it))
        return start, years_later(start, years)[0]
    while is_documented_span(start, start + length):
        start -= timedelta(1)
    return start, start + length


def _years_before(day: date, years: int) -> date:
    return years_later(day, -years)[0]


def _other_day(real: date, first: date, last: date, random: Random) -> date:
    """A day from the first to the last, or the day before, but never the real one."""
    day = first + timedelta(int(random.random() * ((last - first).days + 1)))
    return day if day != real else day - timedelta(1)


def _county_of_card(texts: Mapping[str, str], placeholders: Placeholders) -> County:
    """By the address, else the authority, else the number. If these agree on the real card, they
    agree on the invented one."""
    if address := texts.get("Address"):
        return _county_like(_authority(area_of_address(address)) or address, placeholders)
    if authority := texts.get("Authority"):
        return _county_like(authority, placeholders)
    facts = number.read(texts.get("IdNum", ""))
    division = facts.division if facts else ""
    return _county_like(_authority(division) or division, placeholders)


def _authority(code: str) -> str | None:
    """That of a county; None for a larger area and for an unknown code."""
    counties = counties_in(code) if len(code) == 6 else ()
    return counties[0].authority if counties else None


def _county_like(real: str, placeholders: Placeholders) -> County:
    """Another county. `real`: the authority of the real one, or any other text that names it."""
    random = Random(placeholders.key("county", real))  # noqa: S311 - the key is secret
    counties = counties_in("")
    index = int(random.random() * len(counties))
    return counties[index if counties[index].authority != real else index - 1]


def _pick(choices: Sequence[T], random: Random) -> T:
    return choices[int(random.random() * len(choices))]
