"""IDCardOCR as a record: what the corridor and the scenarios know of it."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from mockocr.actions.action import Action, Unanswerable
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import contract_on, newer_parameters
from mockocr.actions.idcard.mask import mask
from mockocr.actions.idcard.query import IDCardQuery, facts, parse_query
from mockocr.actions.idcard.refusals import REFUSALS
from mockocr.actions.idcard.render import render
from mockocr.specimens.finding import Known

if TYPE_CHECKING:
    from pydantic import BaseModel

_CONFIG_BYTES = 2048


def _may_ask_for_crops(body: bytes) -> bool:
    """Drawing takes tens of milliseconds. Config stands before or behind the picture."""
    return b"Crop" in body[:_CONFIG_BYTES] or b"Crop" in body[-_CONFIG_BYTES:]


def _rule_conditions() -> "type[BaseModel]":
    # Late: the models of conditions take 20 ms to build, and the first answer may need no rule.
    from mockocr.actions.idcard.conditions import IDCardConditions

    return IDCardConditions


def _answer_spec() -> "type[BaseModel]":
    # Late, as above.
    from mockocr.actions.idcard.answer_spec import IDCardAnswerSpec

    return IDCardAnswerSpec


def _known() -> Known:
    # Late: few pictures have a mark of which only the name can be read.
    from mockocr.actions.idcard.named import known

    return known()


def _specimens() -> tuple[str, ...]:
    from mockocr.actions.idcard.named import RECOGNIZED

    return RECOGNIZED


def _unanswerable(when: Any, answer: Any, day: date) -> Iterator[Unanswerable]:
    # Late, as above.
    from mockocr.actions.idcard.impossible import unanswerable

    return unanswerable(when, answer, day)


ID_CARD_OCR: Action[IDCardQuery, IDCardAnswer] = Action(
    service="ocr",
    name="IDCardOCR",
    version="2018-11-19",
    # "本接口仅支持其中的" (API page §2).
    regions=frozenset(
        {
            "ap-beijing",
            "ap-guangzhou",
            "ap-hongkong",
            "ap-shanghai",
            "ap-singapore",
            "na-toronto",
        }
    ),
    parameters=lambda day: contract_on(day).parameters,
    newer_parameters=newer_parameters,
    long_parameters=("ImageBase64",),
    parse_query=parse_query,
    image=lambda asked: asked.image,
    rule_conditions=_rule_conditions,
    facts=facts,
    specimens=_specimens,
    known=_known,
    unanswerable=_unanswerable,
    answer_spec=_answer_spec,
    answer=lambda words: words.answer(),
    unscripted=IDCardAnswer(),
    render=render,
    refusals=REFUSALS,
    # docs/fidelity.md#billed
    billed_errors=frozenset({"FailedOperation.EmptyImageError"}),
    slow=_may_ask_for_crops,
    mask=mask,
)
