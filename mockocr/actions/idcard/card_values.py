"""Checks the values of `card` when a scenario is loaded: finds those that mockocr would change or
drop, and those that no real card can have. A member of Response beside `card` is returned as
written."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from mockocr.actions.action import Unanswerable
from mockocr.actions.idcard.answer_spec import CardFields
from mockocr.actions.idcard.conditions import IDCardConditions
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.people import number
from mockocr.people.card import birth_text, validity_text
from mockocr.people.tables import NATIONS

_AS_IT_IS = "to return it unchanged, write {0} beside card"
_DATE = re.compile(r"(\d{4})\D{0,2}?(\d{1,2})\D{0,2}?(\d{1,2})\D?")
_HYPHENS = re.compile("[—–―－~～至]+")
_QUOTES = ("“”", "‘’", "「」", "''", '""')
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]")
_FROM_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def card_values(
    when: IDCardConditions | None, card: CardFields, as_it_is: str | None = _AS_IT_IS
) -> Iterator[Unanswerable]:
    """`as_it_is`: how the caller can write a text that is returned unchanged; None: not at all."""
    texts: Mapping[str, str] = card.members()
    quoted = set()
    for member, text in texts.items():
        if len(text) > 1 and text[0] + text[-1] in _QUOTES:
            quoted.add(member)
            yield _refused(
                member, f"the quotation marks {text[0]}{text[-1]} are part of the text; remove them"
            )
    plain = {member: text for member, text in texts.items() if text and member not in quoted}
    if (birth := plain.get("Birth")) is not None:
        day = read_day(birth)
        if day is None:
            form = "a date such as 1987/1/1"
            remedies = _remedies("Birth", _birth(birth), as_it_is)
            yield _refused("Birth", _expected(birth, form, remedies))
        elif birth_text(day) != birth:
            yield _warned("Birth", f"the API returns {birth_text(day)}")
    if (valid_date := plain.get("ValidDate")) is not None:
        span = read_validity(valid_date)
        if span is None:
            forms = "2010.07.21-2020.07.21 or 2010.07.21-长期"
            remedies = _remedies("ValidDate", _validity(valid_date), as_it_is)
            yield _refused("ValidDate", _expected(valid_date, forms, remedies))
        elif validity_text(*span) != valid_date:
            yield _warned("ValidDate", f"the API returns {validity_text(*span)}")
    nation = plain.get("Nation", "")
    if (bare := nation.removesuffix("族")) != nation and bare in NATIONS:
        yield _warned("Nation", f"the API returns {bare}, without 族")
    yield from _number(plain.get("IdNum", ""))
    if when is None or when.enable_recognition_rectify is not False:
        yield from _rectified(texts)


def _refused(member: str, reason: str) -> Unanswerable:
    return Unanswerable("then", ("card", member), reason)


def _warned(member: str, reason: str) -> Unanswerable:
    return Unanswerable("then", ("card", member), reason, is_refused=False)


def _expected(text: str, form: str, remedies: str) -> str:
    return f"expected {form}, got {text!r}" + (f"; {remedies}" if remedies else "")


def _remedies(member: str, instead: str | None, as_it_is: str | None) -> str:
    remedies = [f"write {instead}"] if instead else []
    if as_it_is:
        remedies.append(as_it_is.format(member))
    return ", or ".join(remedies)


def _number(text: str) -> Iterator[Unanswerable]:
    if _FULL_WIDTH.search(text):
        instead = text.translate(_FROM_FULL_WIDTH)
        yield _refused("IdNum", f"{text!r} has full-width characters; write {instead}")
    elif number.read(text) and text.endswith("x"):
        yield _warned("IdNum", "the API returns the check digit X in upper case")


def _rectified(texts: Mapping[str, str]) -> Iterator[Unanswerable]:
    facts = number.read(texts.get("IdNum", ""))
    if facts is None:
        return
    for member, derived in (("Birth", birth_text(facts.birth)), ("Sex", facts.sex)):
        text = texts.get(member, derived)
        if text != derived and read_day(text) != facts.birth:
            reason = (
                f"{derived} is returned, derived from IdNum, unless the call sends"
                " EnableRecognitionRectify: false"
            )
            yield _warned(member, reason)


def _birth(text: str) -> str | None:
    day = _day(text)
    return None if day is None else birth_text(day)


def _validity(text: str) -> str | None:
    first, _, last = _HYPHENS.sub("-", text.translate(_FROM_FULL_WIDTH)).partition("-")
    valid_from, valid_until = _day(first), _day(last)
    if valid_from is None or (valid_until is None and last.strip() != "长期"):
        return None
    return validity_text(valid_from, valid_until)


def _day(text: str) -> date | None:
    """A date in one of the other usual forms."""
    found = _DATE.fullmatch(text.translate(_FROM_FULL_WIDTH).strip())
    return read_day("/".join(found.groups())) if found else None
