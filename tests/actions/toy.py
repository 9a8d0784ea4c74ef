"""EchoOCR: a complete second action. It answers with the text that it was sent."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.action import Action, ContractChange, Rendering, Unanswerable
from mockocr.actions.facts import Facts
from mockocr.actions.matchers import TextCondition
from mockocr.actions.refusals import ACCOUNT_REFUSALS, business_refusals
from mockocr.images.image import Base64Image, Image, ImageAtUrl
from mockocr.protocol.parameters import LongText
from mockocr.protocol.reasons import Note
from mockocr.recognition.call_image import CallImage

LOUD_SINCE = date(2025, 1, 1)

REFUSALS = {**ACCOUNT_REFUSALS} | business_refusals(
    {"FailedOperation.NoEcho": ("没有回声。", "There is no echo.")}
)


class EchoQuery(NamedTuple):
    image: Image
    text: str
    loud: bool
    notes: tuple[Note, ...] = ()

    def with_image(self, image: Image) -> "EchoQuery":
        return self._replace(image=image)


class EchoConditions(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: TextCondition | None = Field(default=None, alias="Text")


class EchoAnswerSpec(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    echo: str | None = Field(default=None, description="The text of the answer.")
    volume: int | None = Field(default=None, description="Returned from 2025-01-01.")


def parse_query(parameters: Mapping[str, Any], day: date) -> EchoQuery:
    text, picture = parameters.get("Text"), parameters.get("ImageBase64")
    if not text:
        raise REFUSALS["FailedOperation.NoEcho"].error()
    image: Image = ImageAtUrl(parameters.get("ImageUrl", ""), base64_characters=100)
    if picture:
        image = Base64Image(LongText.of(picture) if isinstance(picture, str) else picture)
    return EchoQuery(image, text, parameters.get("Loud", False))


def render(
    query: EchoQuery, answer: EchoAnswerSpec, settings: CallSettings, call_image: CallImage
) -> Rendering:
    echo = query.text if answer.echo is None else answer.echo
    volume = {"Volume": answer.volume or 5} if settings.contract >= LOUD_SINCE else {}
    return Rendering({"Echo": echo.upper() if query.loud else echo, **volume})


def unanswerable(
    when: EchoConditions | None, answer: EchoAnswerSpec | None, day: date
) -> Iterator[Unanswerable]:
    if answer is not None and answer.volume is not None and day < LOUD_SINCE:
        yield Unanswerable("then", ("volume",), f"use contract: {LOUD_SINCE} or later")


def contract_changes(before: date, after: date) -> Iterator[ContractChange]:
    if before < LOUD_SINCE <= after:
        yield ContractChange("added", "parameter Loud", "bool")


_PARAMETERS = {"ImageBase64": "string", "ImageUrl": "string", "Text": "string"}

ECHO_OCR: Action[EchoQuery, EchoAnswerSpec] = Action(
    service="ocr",
    name="EchoOCR",
    version="2018-11-19",
    regions=frozenset({"ap-guangzhou"}),
    parameters=lambda day: _PARAMETERS | ({"Loud": "bool"} if day >= LOUD_SINCE else {}),
    newer_parameters=lambda day: {} if day >= LOUD_SINCE else {"Loud": LOUD_SINCE},
    parse_query=parse_query,
    rule_conditions=lambda: EchoConditions,
    facts=lambda query: Facts({"Text": query.text}, {}),
    answer_key="echo",
    answer_spec=lambda: EchoAnswerSpec,
    answer=lambda spec: spec,
    unscripted=EchoAnswerSpec(),
    invented=EchoAnswerSpec(echo="an invented echo"),
    unanswerable=unanswerable,
    render=render,
    mask=lambda values: dict.fromkeys(values, "***"),
    refusals=REFUSALS,
    contract_changes=contract_changes,
)
