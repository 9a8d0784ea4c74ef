"""The person on a card if no specimen tells: fixed by a scenario, otherwise generated."""

from collections.abc import Mapping

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.people.card import IdCard
from mockocr.people.person import FixedFields, invent


def person(key: bytes | int, settings: CallSettings, given: Mapping[str, str]) -> IdCard:
    """A card with the given texts (by member of Response). The same key gives the same person."""
    sex = given.get("Sex")
    fixed = FixedFields(
        name=given.get("Name"),
        sex=sex if sex in ("男", "女") else None,
        nation=given.get("Nation"),
        birth=read_day(given.get("Birth")),
        address=given.get("Address"),
        number=given.get("IdNum"),
        authority=given.get("Authority"),
        validity=read_validity(given.get("ValidDate")),
    )
    return invent(key, settings.today, settings.numbers, fixed)


def texts_of(card: IdCard, given: Mapping[str, str]) -> Mapping[str, str]:
    """All eight members: the given text if there is one, otherwise that of the card."""
    return {**card.front(), **card.back(), **given}
