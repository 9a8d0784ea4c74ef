"""Who is on the card, where no specimen says it: as a scenario says, the rest invented to fit."""

from collections.abc import Mapping

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.people.card import IdCard
from mockocr.people.person import Given, invent


def person(key: bytes | int, conditions: Conditions, said: Mapping[str, str]) -> IdCard:
    """The same for the same key and for what is said, by member."""
    sex = said.get("Sex")
    given = Given(
        name=said.get("Name"),
        sex=sex if sex in ("男", "女") else None,
        nation=said.get("Nation"),
        birth=read_day(said.get("Birth")),
        address=said.get("Address"),
        number=said.get("IdNum"),
        authority=said.get("Authority"),
        validity=read_validity(said.get("ValidDate")),
    )
    return invent(key, conditions.today, conditions.numbers, given)


def texts_of(card: IdCard, said: Mapping[str, str]) -> Mapping[str, str]:
    """All eight members: as said, else of the card."""
    return {**card.front(), **card.back(), **said}
