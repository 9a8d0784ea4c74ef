"""The scenario language as pydantic models: what a scenario file may say (docs/scenarios.md).

CamelCase words are the API's own; lower-case words are mockocr's.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from mockocr.accounts.clock_spec import ClockSpec
from mockocr.accounts.conditions import Overrides, State
from mockocr.actions.action import Action
from mockocr.actions.matchers import TextCondition, Words, one_or_more
from mockocr.documents.own_rule import OWN_RULE
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.wire import Fault
from mockocr.scenario.durations import DelayWords, Span, Wait
from mockocr.settings import contract_date

WhenT = TypeVar("WhenT", bound=BaseModel)
ThenT = TypeVar("ThenT", bound=BaseModel)
RuleT = TypeVar("RuleT", bound=BaseModel)
StrikeT = TypeVar("StrikeT", bound=BaseModel)

Name = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Positive = Annotated[int, Field(ge=1, lt=2**53)]


def _day(given: Any) -> date | None:
    """None where nothing is given: that is told elsewhere."""
    try:
        return None if given is None else contract_date(str(given))
    except ValueError as error:
        raise PydanticCustomError(f"{OWN_RULE}contract", "{error}", {"error": str(error)}) from None


Day: TypeAlias = Annotated[
    date | None,
    BeforeValidator(
        _day, json_schema_input_type=Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    ),
]


class OutcomeSpec(Words):
    """What every action may answer; the words of an action's own answer stand beside these."""

    KINDS: ClassVar[tuple[str, ...]] = ("card", "error", "fault", "http")
    """An outcome is exactly one of these."""

    error: str | None = Field(
        default=None, description="A documented code: the API refuses the call, as HTTP 200."
    )
    message: str | None = Field(
        default=None, description="Words of the error, instead of the documented ones."
    )
    fault: Fault | None = Field(
        default=None, strict=False, description="Something goes wrong on the wire."
    )
    http: Annotated[int, Field(ge=400, le=599)] | None = Field(
        default=None, description="A gateway in front answers with this status, and not the API."
    )
    delay: DelayWords | None = Field(
        default=None, description="How long the client waits for the answer."
    )
    dribble: Wait | None = Field(
        default=None, description="The answer comes in pieces, over so long."
    )

    @model_validator(mode="after")
    def _is_one_outcome(self) -> "OutcomeSpec":
        spelled = dict(self._said())
        kinds = [kind for kind in self.KINDS if kind in spelled]
        if len(kinds) != 1:
            self._check_no_kind(kinds)
        for kind in kinds:
            beside = sorted(
                name
                for name, goes_with in self._beside().items()
                if name in spelled and goes_with != kind
            )
            if beside:
                raise PydanticCustomError(
                    f"{OWN_RULE}beside",
                    "nothing of this goes with {kind}: {beside}",
                    {"kind": kind, "beside": ", ".join(beside)},
                )
        return self

    def _check_no_kind(self, kinds: list[str]) -> None:
        raise PydanticCustomError(
            f"{OWN_RULE}one_outcome",
            "an outcome is exactly one of {kinds}, found {found}",
            {"kinds": ", ".join(self.KINDS), "found": ", ".join(kinds) or "none of them"},
        )

    def _said(self) -> Iterator[tuple[str, Any]]:
        for name in self.model_fields_set:
            yield type(self).model_fields[name].alias or name, getattr(self, name)

    @classmethod
    def _beside(cls) -> Mapping[str, str]:
        """Words that go with one kind of outcome only."""
        common = {"message": "error"}
        known = {
            *cls.KINDS,
            "delay",
            "dribble",
            "times",
            "weight",
            "probability",
            "after_calls",
            "for",
        }
        names = (field.alias or name for name, field in cls.model_fields.items())
        return common | {name: "card" for name in names if name not in known | common.keys()}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The rules of the validator above, in the words of JSON Schema."""
        told = handler.resolve_ref_schema(handler(schema))
        told["oneOf"] = cls._one_kind()
        told["dependentRequired"] = {
            name: [kind] for name, kind in cls._beside().items()
        } | cls._further_requirements()
        return told

    @classmethod
    def _one_kind(cls) -> list[dict[str, Any]]:
        return [{"required": [kind]} for kind in cls.KINDS]

    @classmethod
    def _further_requirements(cls) -> dict[str, list[str]]:
        return {}


class ChoiceSpec(OutcomeSpec):
    weight: float = Field(
        default=1.0, gt=0, le=1e9, description="How likely it is beside the other choices."
    )


class StepSpec(OutcomeSpec):
    KINDS = (*OutcomeSpec.KINDS, "one_of")

    times: Positive = Field(default=1, description="So many calls in a row.")


class ChaosEntrySpec(OutcomeSpec):
    """An entry of chaos: an outcome, or only a delay or dribble for whatever the rules decide."""

    KINDS = (*OutcomeSpec.KINDS, "one_of")

    probability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="Strikes any call, so probably: 0.03 is three in a hundred."
    )
    after_calls: Count | None = Field(
        default=None, description="Strikes the account's calls after so many of them."
    )
    for_: (
        Annotated[
            Annotated[Positive, Tag("calls")] | Annotated[Span, Tag("span")],
            Discriminator(lambda given: "calls" if type(given) is int else "span"),
        ]
        | None
    ) = Field(
        default=None,
        alias="for",
        description="So many calls, or so long by the account's clock; not said: to the end.",
    )

    def _check_no_kind(self, kinds: list[str]) -> None:
        if kinds or (self.delay is None and self.dribble is None):
            raise PydanticCustomError(
                f"{OWN_RULE}one_outcome",
                "chaos is exactly one of {kinds}, or only a delay or dribble; found {found}",
                {"kinds": ", ".join(self.KINDS), "found": ", ".join(kinds) or "none of them"},
            )

    @model_validator(mode="after")
    def _strikes_somehow(self) -> "ChaosEntrySpec":
        if (self.probability is None) == (self.after_calls is None):
            raise PydanticCustomError(
                f"{OWN_RULE}strikes", "chaos strikes by probability or after_calls: one of them"
            )
        if self.for_ is not None and self.after_calls is None:
            raise PydanticCustomError(f"{OWN_RULE}strikes", "`for` goes with after_calls only")
        return self

    @classmethod
    def _one_kind(cls) -> list[dict[str, Any]]:
        none = {"not": {"anyOf": super()._one_kind()}}
        late = {"anyOf": [{"required": ["delay"]}, {"required": ["dribble"]}]}
        kinds = [*super()._one_kind(), {"allOf": [none, late]}]
        strikes = [{"required": ["probability"]}, {"required": ["after_calls"]}]
        return [{"allOf": [kind, {"oneOf": strikes}]} for kind in kinds]

    @classmethod
    def _further_requirements(cls) -> dict[str, list[str]]:
        return {"for": ["after_calls"]}


_SHA256 = r"^[0-9a-fA-F]{64}$"


def _digest(text: Any) -> Any:
    if isinstance(text, str) and not re.match(_SHA256, text):
        raise PydanticCustomError(f"{OWN_RULE}sha256", "64 hexadecimal digits are wanted")
    return text.lower() if isinstance(text, str) else text


Sha256 = Annotated[
    str,
    BeforeValidator(_digest, json_schema_input_type=Annotated[str, Field(pattern=_SHA256)]),
]
_Formats: Any = one_or_more(Literal["PNG", "JPEG", "BMP"])
_Digests: Any = one_or_more(Sha256)


class PictureConditions(Words):
    """Of the picture itself; it is looked at only where a rule asks. The names of an action's
    specimens stand beside these."""

    format: _Formats = Field(default=None, description="PNG, JPEG or BMP, or a list of them.")
    sha256: _Digests = Field(
        default=None, description="Of the picture's bytes (behind the Base64), in hex; or a list."
    )
    min_width: Positive | None = Field(default=None, description="In pixels.")


class ConditionSpec(Words):
    """What a rule of every action may ask about; the conditions of an action stand beside these."""

    picture: PictureConditions | None = None
    header: dict[Name, TextCondition] | None = Field(
        default=None, description="HTTP headers; their names in any case."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _could_hold(cls, value: Any) -> Any:
        if value is None or value == []:
            raise PydanticCustomError(
                f"{OWN_RULE}no_value",
                "a value is wanted, found nothing; leave the condition out where any value will do",
            )
        return value


class RuleSpec(Words, Generic[WhenT, ThenT]):
    name: Name = Field(description="Rules of a file are told apart by it.")
    priority: Positive = Field(
        default=5,
        description="1 is asked first; rules of one priority in the order in which they stand.",
    )
    when: WhenT | None = Field(
        default=None, description="All conditions must hold; none given: always."
    )
    then: ThenT = Field(description="One outcome, or a list: one after the other, call by call.")
    after: Literal["last", "cycle", "fall_through"] = Field(
        default="last",
        description="After the list: the last again, the first again, or as if the rule were not"
        " there.",
    )
    per: Literal["account", "picture"] = Field(
        default="account", description="Whose calls go through the list together."
    )


class AccountSettingsSpec(Words):
    """What holds of every account that the scenario plays for and that says nothing else."""

    state: State | None = None
    package: Count | None = None
    rate: Count | None = None


class Bounds(Words):
    at_least: Count | None = None
    at_most: Count | None = None

    @model_validator(mode="after")
    def _could_be(self) -> "Bounds":
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError(f"{OWN_RULE}bounds", "at_least or at_most is wanted")
        if self.at_most is not None and (self.at_least or 0) > self.at_most:
            raise PydanticCustomError(f"{OWN_RULE}bounds", "at_least is more than at_most")
        return self


CallsWords: TypeAlias = Annotated[
    Annotated[Count, Tag("exactly")] | Annotated[Bounds, Tag("bounds")],
    Discriminator(lambda given: "bounds" if isinstance(given, dict | Bounds) else "exactly"),
]
"""3, or {at_least: 1, at_most: 4}."""


SAYING_SOMETHING = ("rules", "chaos", "account", "clock", "contract", "seed", "expect")
"""A scenario says at least one of these."""


class ScenarioSpec(Words, Generic[RuleT, StrikeT]):
    """A scenario: its rules decide, the first that takes a call."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [word]} for word in SAYING_SOMETHING]}
    )

    name: Name
    description: str = ""
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = Field(
        default=None, description="Everything invented, and every chance, follows from it."
    )
    contract: Day = Field(
        default=None, description="The API is answered as it was on this day, YYYY-MM-DD."
    )
    clock: ClockSpec | None = Field(
        default=None, description="{freeze: 2026-01-01T00:00:00Z} or {offset: +400s}."
    )
    account: AccountSettingsSpec | None = None
    chaos: list[StrikeT] = Field(
        default_factory=list, description="What may strike any call, whatever the rules say."
    )
    rules: list[RuleT] = Field(default_factory=list)
    expect: dict[Name, CallsWords] = Field(
        default_factory=dict,
        description="How many calls each rule is to take: checked when somebody asks.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> "ScenarioSpec[RuleT, StrikeT]":
        if self.model_fields_set.isdisjoint(SAYING_SOMETHING):
            raise PydanticCustomError(
                f"{OWN_RULE}nothing",
                "the scenario says nothing: rules are wanted, or chaos, account, ...",
            )
        return self

    def overrides(self) -> Overrides:
        account = self.account or AccountSettingsSpec()
        return Overrides(
            seed=self.seed,
            contract=self.contract,
            clock=self.clock.clock() if self.clock else None,
            state=account.state,
            package=account.package,
            rate=account.rate,
        )


@cache
def scenario_model(action: Action[Any, Any]) -> type[ScenarioSpec[Any, Any]]:
    """The language for the rules of one action: its parameters, its answers, its errors."""
    codes: Any = Literal[tuple(sorted({*action.refusals, *COMMON_ERRORS}))]
    error = (codes | None, Field(default=None, description="A documented code."))

    def outcome(name: str, base: type[OutcomeSpec], **more: Any) -> Any:
        return create_model(name, __base__=(action.answer_spec(), base), error=error, **more)

    choice = outcome("Choice", ChoiceSpec)
    choices: Any = Annotated[list[choice], Field(min_length=1)] | None  # type: ignore[valid-type]
    one_of = (choices, Field(default=None, description="One of several outcomes, by weight."))
    step = outcome("Outcome", StepSpec, one_of=one_of)
    strike: Any = outcome("ChaosEntry", ChaosEntrySpec, one_of=one_of)
    region: Any = Literal[tuple(sorted(action.regions))]
    specimens: Any = one_or_more(Literal[action.specimens()])
    told = "A specimen that is recognized in it, by name, whatever was done to it; or a list."
    picture: Any = create_model(
        "PictureConditions",
        __base__=PictureConditions,
        __doc__="Of the picture itself; it is looked at only where a rule asks.",
        specimen=(specimens, Field(default=None, description=told)),
    )
    when: Any = create_model(
        "When",
        __base__=(action.rule_conditions(), ConditionSpec),
        Region=(one_or_more(region), None),
        picture=(picture | None, None),
    )
    steps: Any = one_or_more(step)
    rule: Any = create_model("Rule", __base__=RuleSpec[when, steps], __doc__=RuleSpec.__doc__)
    return create_model(
        "Scenario", __base__=ScenarioSpec[rule, strike], __doc__=ScenarioSpec.__doc__
    )
