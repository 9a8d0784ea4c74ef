"""Who is on the card, where no specimen says it: as a scenario says, the rest invented to fit."""

from collections.abc import Mapping

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.answer import CardFields, CardText
from mockocr.actions.idcard.texts import birth_text, read_day, read_validity, validity_text
from mockocr.cards.card import IdCard
from mockocr.cards.people import Given, invent


def person(key: bytes, conditions: Conditions, fields: CardFields) -> IdCard:
    """The same for the same key and fields."""
    given = Given(
        name=fields.name,
        sex=fields.sex,
        nation=fields.nation,
        birth=read_day(fields.birth),
        address=fields.address,
        number=fields.id_num,
        authority=fields.authority,
        validity=read_validity(fields.valid_date),
    )
    return invent(key, conditions.today, conditions.numbers, given)


def texts_of(card: IdCard, fields: CardFields) -> Mapping[str, str]:
    """All eight members: as said, else of the card."""
    return {
        "Name": card.name,
        "Sex": card.sex,
        "Nation": card.nation,
        "Birth": birth_text(card.birth),
        "Address": card.address,
        "IdNum": card.number,
        "Authority": card.authority,
        "ValidDate": validity_text(card.valid_from, card.valid_until),
    } | spoken(fields)


def spoken(text: CardText) -> dict[str, str]:
    """What was said, by member."""
    return text.model_dump(by_alias=True, exclude_none=True)
