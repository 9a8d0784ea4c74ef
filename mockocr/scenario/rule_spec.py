"""Rules and their conditions as people write them (docs/scenarios.md)."""

import re
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, field_validator

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


class ConditionSpec(Spec):
    """The conditions of every action. An action adds its own."""

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


class RuleSpec(Spec, Generic[WhenT, ThenT]):
    name: Name = Field(description="Unique in the file.")
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
