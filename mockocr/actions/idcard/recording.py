"""From the reply of another server to an outcome of a scenario, without personal data
(docs/recording.md)."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.answer_spec import CardFields, IDCardAnswerSpec
from mockocr.actions.idcard.card_values import card_values
from mockocr.actions.idcard.contract import WARNING_OF_CODE, contract_on
from mockocr.actions.idcard.invented import find_numbers, invented_like
from mockocr.actions.idcard.mask import CROPS, SHOWN_INFO
from mockocr.actions.idcard.query import IDCardQuery
from mockocr.actions.idcard.render import render
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.actions.idcard.unanswerable import NOT_ON_SIDE
from mockocr.actions.recording import Placeholders, RecordedAnswer
from mockocr.protocol.reasons import shown_name
from mockocr.recognition.call_image import CallImage
from mockocr.specimens.measured import Region

TEXTS = (*FRONT_MEMBERS, *BACK_MEMBERS)
CROP_FLAGS = frozenset({"CropIdCard", "CropPortrait"})
_DIGITS = re.compile("[0-9]{4}")
MAX_CHARACTERS = 200
"""A longer text is left out. An address has at most 44 characters."""


def conditions(query: IDCardQuery, day: date) -> dict[str, Any]:
    """Every parameter and flag, so that a call that differs in one of them is another call."""
    contract = contract_on(day)
    values = {
        "EnableRecognitionRectify": query.rectify,
        "EnableReflectDetail": query.reflect_detail,
        "EnableDateVerify": query.date_verify,
        "CardWarnType": query.card_warn_type,
    }
    return {
        "CardSide": query.card_side or {"absent": True},
        **{name: value for name, value in values.items() if name in contract.parameters},
        "Config": {flag: flag in query.flags for flag in contract.flags},
    }


def find_placeholders(text: str, placeholders: Placeholders, settings: CallSettings) -> None:
    find_numbers(text, placeholders, settings)


def answer(
    query: IDCardQuery,
    members: Mapping[str, Any],
    placeholders: Placeholders,
    settings: CallSettings,
    call_image: CallImage,
) -> RecordedAnswer:
    left_out: list[str] = []
    texts = dict(_texts(query, members, left_out))
    info = _info(members.get("AdvancedInfo"), left_out)
    positions = _positions(members.get("ReflectDetailInfos"), left_out)
    invented = invented_like(texts, placeholders, settings)
    outcome = {
        "card": _card(invented),
        **_around(query, info or {}, positions, settings.contract),
    }
    replayed = _replayed(query, outcome, settings, call_image)
    outcome |= {name: text for name, text in invented.items() if replayed.get(name) != text}
    if info is not None and json.loads(replayed["AdvancedInfo"]) != info:
        if query.flags.isdisjoint(CROP_FLAGS):
            outcome["AdvancedInfo"] = json.dumps(info, ensure_ascii=False)
        else:
            left_out.append("AdvancedInfo beside the crops, which are drawn when it is replayed")
    details = [{"Position": position} for position in positions]
    if "ReflectDetailInfos" in members and replayed["ReflectDetailInfos"] != details:
        outcome["ReflectDetailInfos"] = details
    return RecordedAnswer(outcome, tuple(left_out))


def _texts(
    query: IDCardQuery, members: Mapping[str, Any], left_out: list[str]
) -> Iterator[tuple[str, str]]:
    """The texts of the card by member. Adds the names of all other members to `left_out`."""
    both = query.card_side is None or "MultiCardDetect" in query.flags
    foreign = FRONT_MEMBERS if query.card_side == "BACK" else BACK_MEMBERS
    for name, value in members.items():
        match name, value:
            case "AdvancedInfo" | "ReflectDetailInfos", _:
                pass
            case _ if name not in TEXTS:
                left_out.append(f"{_shown(name)} (not documented)")
            case _, str() if len(value) > MAX_CHARACTERS:
                left_out.append(f"{name} (more than {MAX_CHARACTERS} characters)")
            case _, str() if value and name in foreign and not both:
                left_out.append(f"{name} (not on the side {query.card_side})")
            case _, str():
                yield name, value
            case _:
                left_out.append(f"{name} (not a text)")


def _shown(name: str) -> str:
    """The name of a member; only its length if it may be personal itself."""
    return f"<{len(name)} characters>" if _DIGITS.search(name) else shown_name(name)


def _card(invented: Mapping[str, str]) -> Any:
    """The texts that `card` can have. The others are written beside it."""
    card = {member: invented[member] for member in TEXTS if invented.get(member)}
    if card.get("Sex") not in ("男", "女"):
        card.pop("Sex", None)
    fields = CardFields.model_validate(card)
    for problem in card_values(None, fields):
        if problem.is_refused:
            card.pop(str(problem.path[-1]), None)
    return card or "invented"


def _around(
    query: IDCardQuery, info: Mapping[str, Any], positions: list[str], day: date
) -> dict[str, Any]:
    """The parts of the outcome beside the card that agree with the flags of the call."""
    contract, around = contract_on(day), dict[str, Any]()
    names = [WARNING_OF_CODE[code] for code in info.get("WarnInfos", ()) if code in WARNING_OF_CODE]
    asked = [
        name
        for name in names
        if name in contract.warnings and query.warns_of(contract.warnings[name])
    ]
    if asked:
        around["warnings"] = asked
    for word, member, flag in (
        ("quality", "Quality", "Quality"),
        ("border", "BorderCodeValue", "BorderCheckWarn"),
    ):
        if member in info and flag in query.flags:
            around[word] = info[member]
    if query.reflect_detail and "ReflectWarn" in query.flags:
        not_on_side = NOT_ON_SIDE.get(query.card_side) if query.card_side else None
        if positions and not_on_side not in positions:
            around["reflections"] = positions
    return around


def _replayed(
    query: IDCardQuery,
    outcome: Mapping[str, Any],
    settings: CallSettings,
    call_image: CallImage,
) -> Mapping[str, Any]:
    """What the outcome leads to, without crops."""
    spec = IDCardAnswerSpec.model_validate(outcome)
    without_crops = query._replace(flags=query.flags - CROP_FLAGS)
    return render(without_crops, spec.answer(), settings, call_image).members


# AdvancedInfo and ReflectDetailInfos


def _info(text: Any, left_out: list[str]) -> dict[str, Any] | None:
    """The members of AdvancedInfo that are not personal, without crops; None if there are none
    because it is not JSON."""
    if text is None:
        return None
    try:
        info = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        info = None
    if not isinstance(info, dict):
        left_out.append("AdvancedInfo (not a JSON object)")
        return None
    known = {}
    for name, value in info.items():
        if name in SHOWN_INFO and SHOWN_INFO[name](value):
            known[name] = value
        elif name not in CROPS:
            left_out.append(f"AdvancedInfo.{_shown(name)} (not documented)")
    return known


def _positions(details: Any, left_out: list[str]) -> list[str]:
    """The documented positions of reflections."""
    positions = []
    for detail in details if isinstance(details, list) else ():
        position = detail.get("Position") if isinstance(detail, dict) else None
        if isinstance(position, str) and position in get_args(Region) and len(detail) == 1:
            positions.append(position)
        else:
            left_out.append("ReflectDetailInfos (not documented)")
    return positions
