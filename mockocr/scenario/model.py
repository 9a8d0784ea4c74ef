"""The scenario language as pydantic models: what a scenario file may say (`product.md` §6)."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mockocr.actions.action import Action
from mockocr.actions.words import one_or_more
from mockocr.documents import OWN_RULE
from mockocr.protocol.refusals import COMMON_ERRORS

WhenT = TypeVar("WhenT", bound=BaseModel)
ThenT = TypeVar("ThenT", bound=BaseModel)
RuleT = TypeVar("RuleT", bound=BaseModel)

OUTCOMES = ("card", "error")
"""One outcome is exactly one of these."""

Name = Annotated[str, Field(min_length=1)]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OutcomeWords(BaseModel):
    """What every action may answer; the words of an action's own answer stand beside these."""

    error: str | None = Field(default=None, alias="error")

    @model_validator(mode="after")
    def _is_one_outcome(self) -> "OutcomeWords":
        said = self.model_fields_set
        if len(said.intersection(OUTCOMES)) != 1:
            raise PydanticCustomError(
                f"{OWN_RULE}one_outcome",
                "an outcome is exactly one of {outcomes}",
                {"outcomes": ", ".join(OUTCOMES)},
            )
        if "error" in said and len(said) > 1:
            raise PydanticCustomError(
                f"{OWN_RULE}beside_error",
                "nothing of an answer goes with error: {beside}",
                {"beside": ", ".join(sorted(_as_spelled(self, said - {"error"})))},
            )
        return self


def _as_spelled(words: BaseModel, fields: Iterable[str]) -> Iterator[str]:
    return (type(words).model_fields[field].alias or field for field in fields)


class ConditionWords(BaseModel):
    """What a rule of every action may ask about; the conditions of an action stand beside these."""

    @field_validator("*", mode="before")
    @classmethod
    def _could_hold(cls, value: Any) -> Any:
        if value is None or value == []:
            raise PydanticCustomError(
                f"{OWN_RULE}no_value",
                "a value is wanted, found nothing; leave the condition out where any value will do",
            )
        return value


class RuleWords(_Words, Generic[WhenT, ThenT]):
    name: Name
    when: WhenT | None = None
    """All conditions must hold; none given: always."""
    then: ThenT


class ScenarioWords(_Words, Generic[RuleT]):
    """A scenario: its rules decide, the first that takes a call."""

    name: Name
    description: str = ""
    rules: list[RuleT]


@cache
def scenario_model(action: Action[Any, Any, Any]) -> type[ScenarioWords[Any]]:
    """The language for the rules of one action: its parameters, its answers, its errors."""
    codes: Any = Literal[tuple(sorted({*action.refusals, *COMMON_ERRORS}))]
    outcome: Any = create_model(
        "Outcome",
        __base__=(OutcomeWords, action.answer),
        error=(codes, Field(default=None, alias="error")),
    )
    region: Any = Literal[tuple(sorted(action.regions))]
    when: Any = create_model(
        "When",
        __base__=(ConditionWords, action.rule_conditions),
        Region=(one_or_more(region), None),
    )
    return ScenarioWords[RuleWords[when, outcome]]
