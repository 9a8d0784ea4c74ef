"""New specimens: from a seed and the fields of a card to a picture that carries them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.answer_spec import CardFields
from mockocr.actions.idcard.card_values import card_values
from mockocr.actions.idcard.person import person
from mockocr.actions.idcard.texts import MEMBERS
from mockocr.actions.specimens import DrawnSpecimen, WrongFieldsError
from mockocr.documents.messages import message_of
from mockocr.people.number import Numbers
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import DEFECTS, CardData, Kind, card_data_of
from mockocr.specimens.draw.specimen import NO_DEFECTS, Format, card_boxes, draw, encoded


def read_fields(fields: Mapping[str, Any]) -> CardFields:
    """Raises WrongFieldsError."""
    try:
        return CardFields.model_validate(dict(fields))
    except ValidationError as invalid:
        raise WrongFieldsError(
            {
                str(error["loc"][0]): message_of(error, CardFields, error["loc"])
                for error in invalid.errors(include_url=False)
            }
        ) from None


def make(
    kind: Kind,
    fields: CardFields,
    seed: int,
    day: datetime,
    size: tuple[int, int] | None = None,
    format: Format = "PNG",
    numbers: Numbers = "valid",
    defects: Mapping[str, float] = NO_DEFECTS,
) -> DrawnSpecimen:
    """A card with these fields; the others are generated to match, for a person alive on `day`.

    `size` is width and height in pixels. `defects` maps names of `DEFECTS` to a strength from 0
    (none) to 1; each is drawn and listed in the data that the picture carries.

    Raises ValueError if the kind has no such field, if a date or number has another form than those
    of the API, if the size is too small or too large, or if a text fits neither the card nor its
    code.
    """
    for problem in card_values(None, fields, as_it_is=None):
        if problem.is_refused:
            raise ValueError(f"{problem.path[-1]}: {problem.reason}")
    settings = CallSettings(day, seed, numbers, API_PAGE)
    fixed = fields.members()
    card = person(seed, settings, fixed)
    defects = {name: strength for name, strength in defects.items() if strength > 0}
    if "temporary_id" in defects and kind is Kind.FRONT:
        kind = Kind.TEMPORARY
    texts = dict(card_data_of(card, kind).texts)
    if foreign := fixed.keys() - {MEMBERS[name] for name in texts}:
        other = Kind.BACK if kind is Kind.FRONT else Kind.FRONT
        raise ValueError(
            f"a {kind} does not show {', '.join(sorted(foreign))}; choose the side {other} or both"
        )
    if "invalid_date" in defects and "valid_date" in texts:
        texts["valid_date"] = _of_no_documented_length(card.valid_from)
    texts |= {name: fixed[MEMBERS[name]] for name in texts if MEMBERS[name] in fixed}
    card_data = CardData.of(kind, texts, tuple(name for name in DEFECTS if name in defects))
    picture = draw(card_data, size, defects=defects)
    sides = tuple(side.kind for side in card_data.sides())
    boxes = card_boxes(kind, picture.size, cut_off=defects.get("border", 0.0))
    on_card = {MEMBERS[name]: text for name, text in texts.items()}
    cards = tuple(zip(sides, boxes, strict=True))
    return DrawnSpecimen(encoded(picture, format), on_card, card_data.defects, picture.size, cards)


def _of_no_documented_length(first: date) -> str:
    """A validity of seven years: only 5, 10, 20 years and 长期 are documented."""
    last = first.replace(year=first.year + 7, day=min(first.day, 28))
    return f"{first:%Y.%m.%d}-{last:%Y.%m.%d}"
