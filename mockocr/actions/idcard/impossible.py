"""What no contract could answer, told when a scenario is loaded and not found out in a test."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mockocr.actions.action import Unanswerable
from mockocr.actions.idcard.answer_spec import CardText, IDCardAnswerSpec
from mockocr.actions.idcard.catalogue_entry import Entry
from mockocr.actions.idcard.conditions import IDCardConditions
from mockocr.actions.idcard.contract import CHANGES, Contract, contract_on
from mockocr.actions.idcard.named import BY_NAME
from mockocr.actions.idcard.query import CardSide
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.specimens.measured import Region


def unanswerable(
    when: IDCardConditions | None, answer: IDCardAnswerSpec | None, day: date
) -> Iterator[Unanswerable]:
    """By the contract of a day. `answer` is None for an outcome that is none of the API's."""
    contract = contract_on(day)
    if when is not None:
        yield from _unknown_conditions(when, contract, day)
    if answer is not None:
        yield from _unknown_warnings(answer, contract, day)
        yield from _never_asked_for(when or _ANY, answer, contract)
        yield from _of_the_other_side(when or _ANY, answer)
        if isinstance(answer.card, str) and (entry := BY_NAME.get(answer.card)):
            yield from _of_specimen(when or _ANY, entry, contract, day)


_ANY = IDCardConditions()


def _unknown_conditions(
    when: IDCardConditions, contract: Contract, day: date
) -> Iterator[Unanswerable]:
    for field in when.model_fields_set:
        name = type(when).model_fields[field].alias or field
        if since := contract.newer_parameters.get(name):
            yield (
                "when",
                (name,),
                f"{name} is no parameter of the contract of {day}; {_from(since)}",
            )
    for flag in _flags(when):
        if flag not in contract.flags:
            since = next(change.day for change in CHANGES if flag in change.flags)
            where = ("Config", flag)
            yield "when", where, f"{flag} is no flag of the contract of {day}; {_from(since)}"


def _unknown_warnings(
    answer: IDCardAnswerSpec, contract: Contract, day: date
) -> Iterator[Unanswerable]:
    for index, name in enumerate(answer.warnings):
        if name not in contract.warnings:
            since = next(change.day for change in CHANGES if name in change.warnings)
            words = f"there is no warning {name!r} in the contract of {day}; {_from(since)}"
            yield "then", ("warnings", index), words


def _from(since: date) -> str:
    return f"it is known with contract: {since}"


def _never_asked_for(
    when: IDCardConditions, answer: IDCardAnswerSpec, contract: Contract
) -> Iterator[Unanswerable]:
    """What is returned with a flag only, and a condition says that the flag is not set."""
    flags = _flags(when)
    for index, name in enumerate(answer.warnings):
        warning = contract.warnings.get(name)
        if warning is None:
            continue
        if flags.get(warning.flag) is False:
            yield "then", ("warnings", index), _never(f"{name!r}", warning.flag)
        elif warning.advanced and when.card_warn_type == ["Basic"]:
            words = (
                f"{name!r} is returned with CardWarnType=Advanced only, and the rule takes Basic"
            )
            yield "then", ("warnings", index), words
    for word, flag in (
        ("quality", "Quality"),
        ("border", "BorderCheckWarn"),
        ("reflections", "ReflectWarn"),
    ):
        if word in answer.model_fields_set and flags.get(flag) is False:
            yield "then", (word,), _never(word, flag)
    if answer.reflections and when.enable_reflect_detail is False:
        words = "positions are returned with EnableReflectDetail only, and the rule takes false"
        yield "then", ("reflections",), words


def _never(what: str, flag: str) -> str:
    return f"{what} is returned with Config.{flag} only, and the rule takes {flag}: false"


def _flags(when: IDCardConditions) -> dict[str, Any]:
    return when.config.model_dump(by_alias=True, exclude_unset=True) if when.config else {}


_ELSEWHERE: Mapping[CardSide, Region] = {"FRONT": "NationalEmblem", "BACK": "Portrait"}
"""What each side has not: 人像照片位置 is on the front, 国徽位置 on the back (API page §2)."""


def _of_the_other_side(when: IDCardConditions, answer: IDCardAnswerSpec) -> Iterator[Unanswerable]:
    """Both sides are answered with MultiCardDetect only."""
    side = _only_side(when)
    if side is None or _flags(when).get("MultiCardDetect"):
        return
    for index, region in enumerate(answer.reflections):
        if region == _ELSEWHERE[side]:
            yield (
                "then",
                ("reflections", index),
                f"there is no {region} on the side {side}, which the rule takes",
            )
    foreign = BACK_MEMBERS if side == "FRONT" else FRONT_MEMBERS
    said: list[tuple[tuple[str, ...], CardText]] = [((), answer)]
    if isinstance(answer.card, CardText):
        said.append((("card",), answer.card))
    for where, text in said:
        for member, value in text.model_dump(by_alias=True, exclude_none=True).items():
            if member in foreign and value:
                words = f"{member} is not on the side {side}, which the rule takes"
                yield "then", (*where, member), f"{words} (nor has it MultiCardDetect: true)"


def _only_side(when: IDCardConditions) -> CardSide | None:
    """That the rule takes, where it takes one only."""
    sides = when.card_side if isinstance(when.card_side, list) else []
    return sides[0] if len(set(sides)) == 1 else None


def _of_specimen(
    when: IDCardConditions, entry: Entry, contract: Contract, day: date
) -> Iterator[Unanswerable]:
    side = _only_side(when)
    if side is not None and side not in entry.by_side:
        words = (
            f"the specimen {entry.name!r} has no side {side}, which the rule takes: it would be"
            " answered with `error: FailedOperation.CardSideError`"
        )
        yield "then", ("card",), words
    if entry.warnings and contract.warnings.keys().isdisjoint(entry.warnings):
        words = (
            f"the specimen {entry.name!r} warns of nothing that is in the contract of {day};"
            f" {_from(entry.contract)}"
        )
        yield "then", ("card",), words
