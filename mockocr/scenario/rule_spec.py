"""Rules and their conditions as people write them (docs/scenarios.md)."""

import re
from datetime import UTC, datetime, time
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, field_validator

from mockocr.actions.matchers import Spec, TextCondition, one_or_more
from mockocr.documents.messages import invalid
from mockocr.scenario.outcome_spec import Positive
from mockocr.suggestions import quoted

WhenT = TypeVar("WhenT", bound=BaseModel)
ThenT = TypeVar("ThenT", bound=BaseModel)

Name = Annotated[str, Field(min_length=1, max_length=200)]
_SHA256 = r"^[0-9a-fA-F]{64}$"


def _digest(text: Any) -> Any:
    if isinstance(text, str) and not re.match(_SHA256, text):
        raise invalid(f"expected 64 hexadecimal digits, got {quoted(text)}")
    return text.lower() if isinstance(text, str) else text


Sha256 = Annotated[
    str,
    BeforeValidator(_digest, json_schema_input_type=Annotated[str, Field(pattern=_SHA256)]),
]
_Formats: Any = one_or_more(Literal["PNG", "JPEG", "BMP"])
_Digests: Any = one_or_more(Sha256)


class PictureSpec(Spec):
    """Conditions on the picture, which is examined only if a rule has any. An action that has
    specimens adds their names."""

    format: _Formats = Field(default=None, description="PNG, JPEG or BMP, or a list.")
    sha256: _Digests = Field(
        default=None, description="The SHA-256 of the decoded picture, in hex, or a list."
    )
    min_width: Positive | None = Field(default=None, description="The least width in pixels.")


_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](Z|[+-][0-9]{2}:[0-9]{2})?$"


def _time_of_day(text: Any) -> Any:
    """`22:00`, of UTC, or `22:00+08:00`."""
    if type(text) is int:
        # YAML reads 22:00 as a number.
        raise invalid(f"expected text, got {text // 60}:{text % 60:02}; put it in quotes")
    if not (isinstance(text, str) and re.match(_TIME, text)):
        raise invalid(f'expected a time, "22:00" (UTC) or "22:00+08:00", got {quoted(text)}')
    try:
        time.fromisoformat(text)
    except ValueError:
        raise invalid(f"expected an offset of less than a day, got {quoted(text)}") from None
    return text


TimeOfDay = Annotated[
    str,
    BeforeValidator(_time_of_day, json_schema_input_type=Annotated[str, Field(pattern=_TIME)]),
]


def in_utc(text: str) -> str:
    """`14:00:00` for `22:00+08:00`."""
    moment = datetime.fromisoformat(f"2000-01-02T{text}")
    return f"{(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC):%H:%M:%S}"


def _differ(times: list[str]) -> list[str]:
    if in_utc(times[0]) == in_utc(times[1]):
        raise invalid('expected two different times, as in ["22:00", "06:00"]')
    return times


Window = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2), AfterValidator(_differ)]


def with_conditions(when: Any) -> Any:
    """Of `not` and `any`: without a condition, they would match nothing or everything."""
    if not when.model_fields_set:
        raise invalid("expected a condition, got none")
    return when


class ConditionSpec(Spec):
    """The conditions of every action. An action adds its own."""

    between: Window | None = Field(
        default=None,
        description="The time of day by the account's clock, from the first time until before the"
        ' second: ["22:00", "06:00"]. UTC, unless an offset follows: "22:00+08:00".',
    )
    picture: PictureSpec | None = None
    header: dict[Name, TextCondition] | None = Field(
        default=None, description="HTTP headers. Their names may be in any case."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_not_empty(cls, value: Any) -> Any:
        if value is None or value == []:
            raise invalid("expected a value, got nothing; to match any value, remove the condition")
        return value


def name_of(index: int, name: Any) -> Any:
    """The name of a rule: by default, its position in the file."""
    return f"rules[{index}]" if name is None else name


class RuleSpec(Spec, Generic[WhenT, ThenT]):
    name: Name | None = Field(
        default=None, description="Unique in the file. Default: rules[0] for the first rule, etc."
    )
    action: str | None = Field(
        default=None,
        description="The action of the calls. Default: the action of the file, or the only action.",
    )
    priority: Positive = Field(
        default=5,
        description="Rules are tried from priority 1 upwards, then in the order of the file.",
    )
    when: WhenT | None = Field(
        default=None,
        description="The rule matches if all conditions match. Without any, it always matches.",
    )
    then: ThenT = Field(description="One outcome, or a list: one outcome for each call.")
    after: Literal["last", "cycle", "fall_through"] = Field(
        default="last",
        description="After the list: repeat the last outcome, start again, or try the next rule.",
    )
    per: Literal["account", "picture"] = Field(
        default="account", description="Count the calls of the account, or those of each picture."
    )
