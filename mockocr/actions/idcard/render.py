"""From what is asked and what is to be answered to the members of Response (API page §3)."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.answer import RENDERED, CardFields, CardText, IDCardAnswer
from mockocr.actions.idcard.asked import Asked, Flags
from mockocr.actions.idcard.contract import Contract, WarningName, contract_on
from mockocr.actions.idcard.refusals import refused
from mockocr.cards import number
from mockocr.cards.card import IdCard
from mockocr.cards.validity import is_documented_span
from mockocr.pictures.look import Sight
from mockocr.pictures.picture import Trouble

FRONT_MEMBERS = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum")
BACK_MEMBERS = ("Authority", "ValidDate")

_REFUSAL_OF_TROUBLE = {
    Trouble.UNDECODABLE: "FailedOperation.ImageDecodeFailed",
    Trouble.TOO_SMALL: "FailedOperation.IdCardTooSmall",
    Trouble.TOO_LARGE: "FailedOperation.ImageSizeTooLarge",
    Trouble.NOT_DOWNLOADABLE: "FailedOperation.DownLoadError",
}

_SPOILING: frozenset[WarningName] = frozenset({"border", "occlusion", "reflection"})
"""With these, names and values of fields are not all complete and free of reflections (assumed)."""


def render(
    asked: Asked, answer: IDCardAnswer, conditions: Conditions, sight: Sight
) -> Mapping[str, Any]:
    """Raises ApiError where the answer is to be read from a picture that cannot be read."""
    if answer.card == "from_picture":
        seen = sight.look()
        if isinstance(seen, Trouble):
            raise refused(_REFUSAL_OF_TROUBLE[seen])
    key = f"{conditions.seed}:{sight.digest()}".encode()
    fields = answer.card if isinstance(answer.card, CardFields) else _NOTHING_SAID
    card = _card(key, conditions, fields)
    shown = _shown_members(asked, fields)
    texts = _texts(card, fields, asked.rectify)
    contract = contract_on(conditions.contract)
    holding = _holding(answer, texts["ValidDate"] if "ValidDate" in shown else "")
    if "temporary_id" in holding and asked.flags.temp_id_warn:
        # The page's example 1: -9104 comes with all eight members blank.
        texts = {**dict.fromkeys(texts, ""), **_spoken(fields)}
    members: dict[str, Any] = {
        member: text if member in shown else "" for member, text in texts.items()
    }
    info = _advanced_info(asked, answer, contract, card, key, holding, shown)
    default = contract.default_info[asked.card_side or "FRONT"]
    members["AdvancedInfo"] = _json_text(info) if info else default
    told = asked.flags.reflect_warn and asked.reflect_detail
    members["ReflectDetailInfos"] = [
        {"Position": position} for position in (answer.reflections if told else ())
    ]
    return members | answer.model_dump(by_alias=True, exclude=RENDERED, exclude_none=True)


_NOTHING_SAID = CardFields()


def _card(key: bytes, conditions: Conditions, fields: CardFields) -> IdCard:
    # Late: faker, behind this, takes 75 ms to import, and the first answer may need nobody.
    from mockocr.cards.people import Given, invent

    given = Given(
        name=fields.name,
        sex=fields.sex,
        nation=fields.nation,
        birth=_read_day(fields.birth),
        address=fields.address,
        number=fields.id_num,
        authority=fields.authority,
        validity=_read_validity(fields.valid_date),
    )
    return invent(key, conditions.today, conditions.numbers, given)


_DAY = re.compile(r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})")


def _read_day(text: str | None) -> date | None:
    """1987/1/1 or 2010.07.21; None for a text that is no day."""
    match = _DAY.fullmatch(text or "")
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_validity(text: str | None) -> tuple[date, date | None] | None:
    """2010.07.21-2020.07.21 or 2010.07.21-长期; None for a text that is no such span."""
    first, _, last = (text or "").partition("-")
    valid_from, valid_until = _read_day(first), _read_day(last)
    if valid_from is None or (valid_until is None and last != "长期"):
        return None
    return valid_from, valid_until


def _texts(card: IdCard, fields: CardFields, rectify: bool) -> dict[str, str]:
    """All eight members: as said, else of the card.

    EnableRecognitionRectify: sex, birth and number agree ("三个字段会进行矫正补齐", API page §2);
    that the number decides is assumed.
    """
    until = f"{card.valid_until:%Y.%m.%d}" if card.valid_until else "长期"
    texts = {
        "Name": card.name,
        "Sex": card.sex,
        "Nation": card.nation,
        "Birth": _birth_text(card.birth),
        "Address": card.address,
        "IdNum": card.number,
        "Authority": card.authority,
        "ValidDate": f"{card.valid_from:%Y.%m.%d}-{until}",
    } | _spoken(fields)
    if rectify and (facts := number.read(texts["IdNum"])):
        texts |= {"Sex": facts.sex, "Birth": _birth_text(facts.birth)}
    return texts


def _birth_text(birth: date) -> str:
    """Without leading zeros: 1987/1/1 (API page §3)."""
    return f"{birth.year}/{birth.month}/{birth.day}"


def _spoken(text: CardText) -> dict[str, str]:
    return text.model_dump(by_alias=True, exclude_none=True)


def _shown_members(asked: Asked, fields: CardFields) -> frozenset[str]:
    """The members of the side asked for; of both, with MultiCardDetect, for a card that a rule
    gives both sides of. A picture without a side is taken for a front (assumed)."""
    said = _spoken(fields).keys()
    both = not said.isdisjoint(FRONT_MEMBERS) and not said.isdisjoint(BACK_MEMBERS)
    if asked.flags.multi_card_detect and both:
        return frozenset(FRONT_MEMBERS + BACK_MEMBERS)
    return frozenset(BACK_MEMBERS if asked.card_side == "BACK" else FRONT_MEMBERS)


def _holding(answer: IDCardAnswer, valid_date: str) -> set[WarningName]:
    """The warnings that hold, asked for or not."""
    holding = set(answer.warnings)
    if answer.reflections:
        holding.add("reflection")
    span = _read_validity(valid_date)
    if valid_date and not (span and is_documented_span(*span)):
        holding.add("invalid_date")
    return holding


def _advanced_info(
    asked: Asked,
    answer: IDCardAnswer,
    contract: Contract,
    card: IdCard,
    key: bytes,
    holding: set[WarningName],
    shown: frozenset[str],
) -> dict[str, Any]:
    """Exactly what Config asks for; no WarnInfos but with a *Warn flag (`wire.md` §3.2). A warning
    that the contract has not is not given."""
    flags = asked.flags
    info: dict[str, Any] = {}
    if flags.crop_id_card or flags.crop_portrait:
        info |= _crops(flags, card, shown)
    chance = sha256(key).digest()
    # Assumed scores of a picture that is no specimen (`product.md` §5).
    if flags.quality:
        info["Quality"] = _said(answer.quality, 80 + chance[0] % 20)
    if flags.border_check_warn:
        # "分数越低边框遮挡可能性越低,建议阈值≤50" (API page §3): over 50 where it is not whole.
        least = 51 if "border" in holding else 0
        info["BorderCodeValue"] = _said(answer.border, least + chance[1] % 21)
    if flags.key_check:
        info["IsKeyValid"] = holding.isdisjoint(_SPOILING)
    if flags.value_check:
        info["IsValueValid"] = holding.isdisjoint(_SPOILING)
    if any(flags.has(warning.flag) for warning in contract.warnings.values()):
        info["WarnInfos"] = [
            warning.code
            for name, warning in contract.warnings.items()
            if name in holding and asked.warns_of(warning)
        ]
    return info


def _said(score: int | None, otherwise: int) -> int:
    return otherwise if score is None else score


def _crops(flags: Flags, card: IdCard, shown: frozenset[str]) -> dict[str, str]:
    """Until there are specimens to crop: a plain drawn card. The back has no portrait: "".

    JPEG in Base64, as in the page's example 4.
    """
    # Late: Pillow takes 30 ms to import, and few calls ask for crops.
    from mockocr.pictures import placeholder

    front = "IdNum" in shown
    if front:
        image = placeholder.draw_front(card.number, _birth_text(card.birth))
    else:
        until = f"{card.valid_until:%Y.%m.%d}" if card.valid_until else "no end"
        image = placeholder.draw_back(f"{card.valid_from:%Y.%m.%d}-{until}")
    crops = {}
    if flags.crop_id_card:
        crops["IdCard"] = b64encode(placeholder.as_jpeg(image)).decode()
    if flags.crop_portrait:
        portrait = placeholder.as_jpeg(placeholder.crop_portrait(image)) if front else b""
        crops["Portrait"] = b64encode(portrait).decode()
    return crops


_json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
