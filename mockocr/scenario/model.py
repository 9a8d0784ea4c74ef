"""The scenario language as pydantic models: what a scenario file may say (`product.md` §6)."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from mockocr.actions.action import Action
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

    @model_validator(mode="after")
    def _rules_have_names_of_their_own(self) -> "ScenarioWords[RuleT]":
        names = [getattr(rule, "name", "") for rule in self.rules]
        for name in names:
            if names.count(name) > 1:
                raise PydanticCustomError(
                    f"{OWN_RULE}rule_name",
                    "{count} rules are called {name!r}",
                    {"count": names.count(name), "name": name},
                )
        return self


@cache
def scenario_model(action: Action[Any, Any, Any]) -> type[ScenarioWords[Any]]:
    """The language for the rules of one action: its parameters, its answers, its errors."""
    codes: Any = Literal[tuple(sorted({*action.refusals, *COMMON_ERRORS}))]
    outcome: Any = create_model(
        "Outcome",
        __base__=(OutcomeWords, action.answer),
        error=(codes | None, Field(default=None, alias="error")),
    )
    regions: Any = str | list[str] | None
    when: Any = create_model("When", __base__=action.rule_conditions, Region=(regions, None))
    return ScenarioWords[RuleWords[when, outcome]]
