"""The person on a card that is not read from a specimen: set by a scenario, otherwise generated."""

from collections.abc import Mapping

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.people.card import IdCard
from mockocr.people.person import FixedFields, invent


def person(key: bytes | int, settings: CallSettings, texts: Mapping[str, str]) -> IdCard:
    """A card with these texts (by member of Response). The same key gives the same person."""
    sex = texts.get("Sex")
    fixed = FixedFields(
        name=texts.get("Name"),
        sex=sex if sex in ("男", "女") else None,
        nation=texts.get("Nation"),
        birth=read_day(texts.get("Birth")),
        address=texts.get("Address"),
        number=texts.get("IdNum"),
        authority=texts.get("Authority"),
        validity=read_validity(texts.get("ValidDate")),
    )
    return invent(key, settings.today, settings.numbers, fixed)


def texts_of(card: IdCard, texts: Mapping[str, str]) -> Mapping[str, str]:
    """All eight members: the text in `texts` if there is one, otherwise that of the card."""
    return {**card.front(), **card.back(), **texts}
