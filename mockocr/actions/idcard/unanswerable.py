"""Rules that the API could never follow: found when a scenario is loaded, not in a test run."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mockocr.actions.action import RulePath, Unanswerable
from mockocr.actions.idcard.answer_spec import CardFields, CardText, IDCardAnswerSpec
from mockocr.actions.idcard.card_values import card_values
from mockocr.actions.idcard.conditions import IDCardConditions
from mockocr.actions.idcard.contract import CHANGES, Contract, contract_on
from mockocr.actions.idcard.query import CardSide
from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.entry import Entry
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.specimens.measured import Region


def unanswerable(
    when: IDCardConditions | None, answer: IDCardAnswerSpec | None, day: date
) -> Iterator[Unanswerable]:
    """What the contract of a day rules out. `answer` is None for errors, faults and so on."""
    contract = contract_on(day)
    if when is not None:
        for path, reason in _unknown_conditions(when, contract, day):
            yield Unanswerable("when", path, reason)
        for text in when.image_url if isinstance(when.image_url, list) else ():
            if "*" in text:
                glob = f"{{glob: {text!r}}}"
                reason = f"{text!r} is compared as it is written; for a pattern, write {glob}"
                yield Unanswerable("when", ("ImageUrl",), reason, is_refused=False)
    if answer is not None:
        for path, reason in _impossible_answers(when or _ANY, answer, contract, day):
            yield Unanswerable("then", path, reason)
        if isinstance(answer.card, CardFields):
            yield from card_values(when, answer.card)


_ANY = IDCardConditions()

_Reasons = Iterator[tuple[RulePath, str]]


def _unknown_conditions(when: IDCardConditions, contract: Contract, day: date) -> _Reasons:
    for field in when.model_fields_set:
        name = type(when).model_fields[field].alias or field
        if since := contract.newer_parameters.get(name):
            yield (name,), f"the contract of {day} has no parameter {name}; {_use(since)}"
    for flag in _flags(when):
        if flag not in contract.flags:
            since = next(change.day for change in CHANGES if flag in change.flags)
            yield ("Config", flag), f"the contract of {day} has no flag {flag}; {_use(since)}"


def _impossible_answers(
    when: IDCardConditions, answer: IDCardAnswerSpec, contract: Contract, day: date
) -> _Reasons:
    yield from _unknown_warnings(answer, contract, day)
    yield from _without_their_flag(when, answer, contract)
    yield from _on_the_other_side(when, answer)
    if isinstance(answer.card, str) and (entry := BY_NAME.get(answer.card)):
        yield from _specimen(when, entry, contract, day)


def _unknown_warnings(answer: IDCardAnswerSpec, contract: Contract, day: date) -> _Reasons:
    for index, name in enumerate(answer.warnings):
        if name not in contract.warnings:
            since = next(change.day for change in CHANGES if name in change.warnings)
            reason = f"the contract of {day} has no warning {name!r}; {_use(since)}"
            yield ("warnings", index), reason


def _use(since: date) -> str:
    return f"use contract: {since} or later"


def _without_their_flag(
    when: IDCardConditions, answer: IDCardAnswerSpec, contract: Contract
) -> _Reasons:
    """Parts that are returned only with a flag, if the conditions say that the flag is not set."""
    flags = _flags(when)
    for index, name in enumerate(answer.warnings):
        warning = contract.warnings.get(name)
        if warning is None:
            continue
        if flags.get(warning.flag) is False:
            yield ("warnings", index), _flag_is_off(f"{name!r}", warning.flag)
        elif warning.advanced and when.card_warn_type == ["Basic"]:
            reason = (
                f"{name!r} is returned only with CardWarnType: Advanced,"
                " but the rule requires Basic"
            )
            yield ("warnings", index), reason
    for word, flag in (
        ("quality", "Quality"),
        ("border", "BorderCheckWarn"),
        ("reflections", "ReflectWarn"),
    ):
        if word in answer.model_fields_set and flags.get(flag) is False:
            yield (word,), _flag_is_off(word, flag)
    if answer.reflections and when.enable_reflect_detail is False:
        reason = (
            "reflections are returned only with EnableReflectDetail: true,"
            " but the rule requires false"
        )
        yield ("reflections",), reason


def _flag_is_off(part: str, flag: str) -> str:
    return f"{part} is returned only with Config.{flag}: true, but the rule requires false"


def _flags(when: IDCardConditions) -> dict[str, Any]:
    return when.config.model_dump(by_alias=True, exclude_unset=True) if when.config else {}


NOT_ON_SIDE: Mapping[CardSide, Region] = {"FRONT": "NationalEmblem", "BACK": "Portrait"}
"""人像照片位置 is on the front, 国徽位置 on the back (API page §2)."""


def _on_the_other_side(when: IDCardConditions, answer: IDCardAnswerSpec) -> _Reasons:
    """Parts of the side that the rule excludes; only MultiCardDetect returns both sides."""
    side = _only_side(when)
    if side is None or _flags(when).get("MultiCardDetect"):
        return
    for index, region in enumerate(answer.reflections):
        if region == NOT_ON_SIDE[side]:
            reason = f"the side {side}, which the rule requires, has no {region}"
            yield ("reflections", index), reason
    foreign = BACK_MEMBERS if side == "FRONT" else FRONT_MEMBERS
    parts: list[tuple[RulePath, CardText]] = [((), answer)]
    if isinstance(answer.card, CardText):
        parts.append((("card",), answer.card))
    for path, text in parts:
        for member, value in text.model_dump(by_alias=True, exclude_none=True).items():
            if member in foreign and value:
                reason = (
                    f"the side {side}, which the rule requires, has no {member}"
                    " (unless the rule also requires Config.MultiCardDetect: true)"
                )
                yield (*path, member), reason


def _only_side(when: IDCardConditions) -> CardSide | None:
    """The side that the conditions require; None if they allow both."""
    sides = when.card_side if isinstance(when.card_side, list) else []
    return sides[0] if len(set(sides)) == 1 else None


def _specimen(when: IDCardConditions, entry: Entry, contract: Contract, day: date) -> _Reasons:
    side = _only_side(when)
    if side is not None and side not in entry.by_side:
        reason = (
            f"the specimen {entry.name!r} has no side {side}, which the rule requires;"
            " the API would refuse it: write `error: FailedOperation.CardSideError`"
        )
        yield ("card",), reason
    if entry.warnings and contract.warnings.keys().isdisjoint(entry.warnings):
        reason = (
            f"the contract of {day} has no warning of the specimen {entry.name!r};"
            f" {_use(entry.contract)}"
        )
        yield ("card",), reason
