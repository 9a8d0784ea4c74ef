"""The marks of an answer for outcome coverage: which of the rows in `answer_rows.py` it has.

Computed once for each rendered answer, from the members before they are masked: afterwards an X in
a number cannot be seen any more.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from mockocr.actions.answer_rows import ASKED
from mockocr.actions.idcard.contract import WARNING_OF_CODE, contract_on
from mockocr.actions.idcard.query import (
    CardSide,
    CardWarnType,
    Flags,
    IDCardQuery,
    is_asked_for,
)
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS

SIDE, FLAG, WARNING, SHAPE = "side:", "flag:", "warning:", "shape:"

CROPS = f"{SHAPE}crops"
REFLECTIONS = f"{SHAPE}reflections"
BOTH_SIDES = f"{SHAPE}both_sides"
TEMPORARY_CARD = f"{SHAPE}temporary_card"
LONG_TERM = f"{SHAPE}long_term"
X_CHECK_DIGIT = f"{SHAPE}x_check_digit"
MINORITY_NAME = f"{SHAPE}minority_name"
NO_INFO = f"{SHAPE}no_advanced_info"

MIDDLE_DOT = "\u00b7"


def marks(query: IDCardQuery, members: Mapping[str, Any], day: date) -> tuple[str, ...]:
    asked, warnings, empty_infos = _asked(query.flags, query.card_side, query.card_warn_type, day)
    found = list(asked)
    get = members.get
    has_front = any(map(get, FRONT_MEMBERS))
    has_back = any(map(get, BACK_MEMBERS))
    if has_front:
        if has_back:
            found.append(BOTH_SIDES)
        if str(get("IdNum")).endswith("X"):
            found.append(X_CHECK_DIGIT)
        if MIDDLE_DOT in str(get("Name")):
            found.append(MINORITY_NAME)
    if has_back and str(get("ValidDate")).endswith("长期"):
        found.append(LONG_TERM)
    if get("ReflectDetailInfos"):
        found.append(REFLECTIONS)
    text = get("AdvancedInfo")
    if text in empty_infos:
        found.append(NO_INFO)
        return tuple(found)
    info = _parsed(text)
    if info.get("IdCard") or info.get("Portrait"):
        found.append(CROPS)
    given = [warning for warning in _given(info) if warning in warnings]
    found += given
    if _TEMPORARY in given and not (has_front or has_back):
        found.append(TEMPORARY_CARD)
    return tuple(found)


_TEMPORARY = f"{WARNING}temporary_id"


class _Asked(NamedTuple):
    """What depends on the query alone."""

    marks: tuple[str, ...]
    warnings: frozenset[str]
    """The marks of the warnings that the call asked for."""
    empty_infos: frozenset[str]
    """AdvancedInfo if Config sets no flag."""


@lru_cache(maxsize=256)
def _asked(
    flags: Flags, card_side: CardSide | None, card_warn_type: CardWarnType, day: date
) -> _Asked:
    contract = contract_on(day)
    warnings = [
        f"{WARNING}{name}"
        for name, warning in contract.warnings.items()
        if is_asked_for(warning, flags, card_warn_type)
    ]
    found = (
        f"{SIDE}{card_side or 'none'}",
        *(f"{FLAG}{flag}" for flag in contract.flags if flag in flags),
        *(f"{ASKED}{warning}" for warning in warnings),
    )
    return _Asked(found, frozenset(warnings), frozenset(contract.default_info.values()))


def _parsed(text: Any) -> Mapping[str, Any]:
    """AdvancedInfo. Empty if a scenario writes something else than a JSON object."""
    try:
        info = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return info if isinstance(info, dict) else {}


def _given(info: Mapping[str, Any]) -> list[str]:
    """The marks of the warnings in WarnInfos."""
    codes = info.get("WarnInfos")
    if not isinstance(codes, list):
        return []
    return [f"{WARNING}{WARNING_OF_CODE[code]}" for code in codes if _is_code(code)]


def _is_code(code: Any) -> bool:
    return isinstance(code, int) and code in WARNING_OF_CODE
