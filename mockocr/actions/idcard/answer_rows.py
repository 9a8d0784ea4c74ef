"""The rows of outcome coverage that only answers of IDCardOCR have, by the contract of a day."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mockocr.actions.answer_rows import AnswerRow, Words
from mockocr.actions.idcard.contract import CHANGES, contract_on
from mockocr.actions.idcard.marks import (
    BOTH_SIDES,
    CROPS,
    LONG_TERM,
    MINORITY_NAME,
    NO_INFO,
    REFLECTIONS,
    SHAPE,
    TEMPORARY_CARD,
    X_CHECK_DIGIT,
)

_INVENTED: Mapping[str, Any] = {"card": "invented"}
_ANY = "li-ming"
"""A ready-made scenario that answers every call."""

_NEWEST = contract_on(CHANGES[-1].day)


def answer_rows(day: date) -> Iterator[AnswerRow]:
    yield from _warnings(day)
    yield AnswerRow("side", "FRONT", _ANY, _INVENTED, {"CardSide": "FRONT"})
    yield AnswerRow("side", "BACK", _ANY, _INVENTED, {"CardSide": "BACK"})
    yield AnswerRow("side", "none", _ANY, _INVENTED, {}, Words("without CardSide", "不带 CardSide"))
    flags = contract_on(day).flags
    for flag in _NEWEST.flags:
        is_possible = flag in flags
        yield AnswerRow("flag", flag, _ANY, _INVENTED, config(flag), is_possible=is_possible)
    for mark, scenario, outcome, parameters, detail in _SHAPES:
        name = mark.removeprefix(SHAPE)
        yield AnswerRow("shape", name, scenario, outcome, parameters, detail)


def _warnings(day: date) -> Iterator[AnswerRow]:
    """Each warning, given to a call that asks for it. Its code is that of the day."""
    current = contract_on(day).warnings
    for name, newest in _NEWEST.warnings.items():
        warning = current.get(name, newest)
        asked = config(warning.flag)
        if warning.advanced:
            asked["CardWarnType"] = "Advanced"
        scenario = f"warning-{name.replace('_', '-')}"
        outcome = {**_INVENTED, "warnings": [name]}
        detail = Words(f"{warning.code}: {warning.meaning}", str(warning.code))
        yield AnswerRow("warning", name, scenario, outcome, asked, detail, name in current)


def config(*flags: str) -> dict[str, Any]:
    return {"Config": dict.fromkeys(flags, True)}


_SHAPES: tuple[tuple[str, str, Mapping[str, Any], Mapping[str, Any], Words], ...] = (
    (
        CROPS,
        _ANY,
        _INVENTED,
        config("CropIdCard", "CropPortrait"),
        Words("IdCard or Portrait in AdvancedInfo", "AdvancedInfo 中有 IdCard 或 Portrait"),
    ),
    (
        REFLECTIONS,
        "reflected",
        {**_INVENTED, "reflections": ["Portrait"]},
        {**config("ReflectWarn"), "EnableReflectDetail": True},
        Words("ReflectDetailInfos has a position", "ReflectDetailInfos 中有反光位置"),
    ),
    (
        BOTH_SIDES,
        "both-sides",
        {"card": {"Name": "李明", "Authority": "赵县公安局"}},
        config("MultiCardDetect"),
        Words("fields of a front and of a back", "同时有人像面和国徽面的字段"),
    ),
    (
        TEMPORARY_CARD,
        "temporary-card",
        {**_INVENTED, "warnings": ["temporary_id"]},
        config("TempIdWarn"),
        Words("-9104, and all eight fields are empty", "-9104，且八个字段都为空"),
    ),
    (
        LONG_TERM,
        "long-term-card",
        {"card": {"Birth": "1956/4/2", "ValidDate": "2010.07.21-长期"}},
        {"CardSide": "BACK"},
        Words("ValidDate ends with 长期", "ValidDate 以“长期”结尾"),
    ),
    (
        X_CHECK_DIGIT,
        "x-check-digit",
        {"card": {"IdNum": "44050019920308003X"}},
        {"CardSide": "FRONT"},
        Words("IdNum ends with X", "IdNum 以 X 结尾"),
    ),
    (
        MINORITY_NAME,
        "minority-name",
        {"card": {"Name": "阿依努尔·买买提"}},
        {"CardSide": "FRONT"},
        Words("Name has a middle dot", "Name 中有间隔号"),
    ),
    (
        NO_INFO,
        _ANY,
        _INVENTED,
        {},
        Words("Config sets no flag, so AdvancedInfo is empty", "未设置 Config，AdvancedInfo 为空"),
    ),
)
