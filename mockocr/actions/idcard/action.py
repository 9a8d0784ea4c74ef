"""IDCardOCR as the pipeline and the scenarios see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mockocr.actions.action import Action, ParameterDocumentation, Unanswerable
from mockocr.actions.answer_rows import AnswerCoverage, AnswerRow
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import contract_changes, contract_on, newer_parameters
from mockocr.actions.idcard.marks import marks
from mockocr.actions.idcard.mask import mask
from mockocr.actions.idcard.query import IDCardQuery, facts, parse_query
from mockocr.actions.idcard.refusals import REFUSALS
from mockocr.actions.idcard.render import picture_need, render

if TYPE_CHECKING:
    from pydantic import BaseModel

    from mockocr.actions.idcard.specimens.entry import Entry
    from mockocr.actions.recording import Recording
    from mockocr.actions.specimens import DrawnSpecimen
    from mockocr.specimens.card_data import Kind
    from mockocr.specimens.draw.specimen import Format
    from mockocr.specimens.finding import NamedSpecimens


def _rule_conditions() -> "type[BaseModel]":
    # Late: the models of conditions take 20 ms to build, and the first answer may need no rule.
    from mockocr.actions.idcard.conditions import IDCardConditions

    return IDCardConditions


def _answer_spec() -> "type[BaseModel]":
    # Late, as above.
    from mockocr.actions.idcard.answer_spec import IDCardAnswerSpec

    return IDCardAnswerSpec


def _unanswerable(when: Any, answer: Any, day: date) -> Iterator[Unanswerable]:
    # Late, as above.
    from mockocr.actions.idcard.unanswerable import unanswerable

    return unanswerable(when, answer, day)


def _documentation() -> "Iterable[ParameterDocumentation]":
    # Late, as above: only a form needs the sentences.
    from mockocr.actions.idcard.documentation import documentation

    return documentation()


def _recording() -> "Recording[IDCardQuery]":
    # Late: Faker takes 60 ms to import, and only `mockocr record` needs this.
    from mockocr.actions.idcard import recording

    return recording


def _answer_rows(day: date) -> Iterator[AnswerRow]:
    # Late: only a report of outcome coverage needs them.
    from mockocr.actions.idcard.answer_rows import answer_rows

    return answer_rows(day)


class _Specimens:
    """A SpecimenCatalogue. Late imports: the catalogue takes 10 ms, and drawing takes Pillow."""

    def entries(self) -> "Sequence[Entry]":
        from mockocr.actions.idcard.specimens.catalogue import CATALOGUE

        return CATALOGUE

    def recognized_names(self) -> tuple[str, ...]:
        from mockocr.actions.idcard.specimens.catalogue import RECOGNIZED_NAMES

        return RECOGNIZED_NAMES

    def by_code(self) -> "NamedSpecimens":
        from mockocr.actions.idcard.specimens.catalogue import by_code

        return by_code()

    def picture(self, name: str, format: "Format | None" = None) -> bytes:
        from mockocr.actions.idcard.specimens.catalogue import BY_NAME
        from mockocr.actions.idcard.specimens.pictures import picture_of

        return picture_of(BY_NAME[name], format)

    def draw(
        self, kind: "Kind", fields: Mapping[str, Any], seed: int, now: datetime, **how: Any
    ) -> "DrawnSpecimen":
        from mockocr.actions.idcard.making import make, read_fields

        return make(kind, read_fields(fields), seed, now, **how)


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
    parse_query=parse_query,
    # CropIdCard and CropPortrait of Config: drawing takes tens of milliseconds.
    slow_names=("Crop",),
    picture_need=picture_need,
    rule_conditions=_rule_conditions,
    facts=facts,
    answer_key="card",
    answer_spec=_answer_spec,
    answer=lambda spec: spec.answer(),
    unscripted=IDCardAnswer(),
    invented=IDCardAnswer(card="invented"),
    unanswerable=_unanswerable,
    render=render,
    mask=mask,
    refusals=REFUSALS,
    # docs/fidelity.md#billed
    billed_errors=frozenset({"FailedOperation.EmptyImageError"}),
    contract_changes=contract_changes,
    documentation=_documentation,
    recording=_recording,
    specimens=_Specimens(),
    coverage=AnswerCoverage(
        _answer_rows,
        marks,
        retryable_errors=frozenset(
            {
                "FailedOperation.EngineRecognizeTimeout",
                "FailedOperation.OcrFailed",
                "FailedOperation.UnKnowError",
                "FailedOperation.WarningServiceFailed",
            }
        ),
    ),
)
