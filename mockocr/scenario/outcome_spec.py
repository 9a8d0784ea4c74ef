"""Outcomes as people write them: in `then`, `one_of` and `chaos` (docs/scenarios.md)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator

from mockocr.actions.matchers import Spec
from mockocr.documents.messages import invalid
from mockocr.protocol.wire import Fault
from mockocr.scenario.durations import DelaySpec, Duration, Wait

Count = Annotated[int, Field(ge=0, lt=2**53)]
Positive = Annotated[int, Field(ge=1, lt=2**53)]


class OutcomeSpec(Spec):
    """The keys of an outcome of every action. An action adds the keys of its own answer."""

    ANSWER_KEY: ClassVar[str | None] = None
    """The key of an answer, such as `card`; None if the outcome is for all actions."""
    MORE_KINDS: ClassVar[tuple[str, ...]] = ()

    error: str | None = Field(
        default=None,
        description="A documented error code. The API refuses the call, with HTTP 200.",
    )
    message: str | None = Field(
        default=None, description="The message of the error, instead of the documented one."
    )
    fault: Fault | None = Field(
        default=None, strict=False, description="A fault of the network or of the reply."
    )
    http: Annotated[int, Field(ge=400, le=599)] | None = Field(
        default=None, description="A gateway answers with this HTTP status instead of the API."
    )
    delay: DelaySpec | None = Field(
        default=None, description="The client waits this long for the answer."
    )
    dribble: Wait | None = Field(
        default=None, description="The answer arrives in pieces, over this time."
    )

    @model_validator(mode="after")
    def _is_one_outcome(self) -> "OutcomeSpec":
        fields = type(self).model_fields
        keys = {fields[name].alias or name for name in self.model_fields_set}
        kinds = [kind for kind in self.kinds() if kind in keys]
        if len(kinds) != 1:
            self._check_kinds(kinds)
        for kind in kinds:
            needed = self._needed_kinds()
            excess = sorted(key for key in keys if needed.get(key, kind) != kind)
            if excess:
                raise invalid(f"not allowed together with {kind}: {', '.join(excess)}")
        return self

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        """An outcome has exactly one of these keys."""
        answers = () if cls.ANSWER_KEY is None else (cls.ANSWER_KEY,)
        return (*answers, "error", "fault", "http", *cls.MORE_KINDS)

    def _check_kinds(self, kinds: list[str]) -> None:
        """Raises an error if these kinds, none or several, are not allowed."""
        raise invalid(
            f"expected exactly one of {', '.join(self.kinds())},"
            f" got {' and '.join(kinds) or 'none of them'}"
        )

    @classmethod
    def _needed_kinds(cls) -> Mapping[str, str]:
        """The keys that are allowed with one kind only, each with this kind."""
        common = {"message": "error"}
        with_any = {
            *cls.kinds(),
            "action",
            "delay",
            "dribble",
            "times",
            "weight",
            "probability",
            "after_calls",
            "for",
        }
        names = (field.alias or name for name, field in cls.model_fields.items())
        own = (name for name in names if name not in with_any | common.keys())
        return common | {name: cls.ANSWER_KEY for name in own if cls.ANSWER_KEY is not None}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Adds the rules of the validator above."""
        json_schema = handler.resolve_ref_schema(handler(schema))
        json_schema["oneOf"] = cls._one_kind()
        json_schema["dependentRequired"] = {
            key: [kind] for key, kind in cls._needed_kinds().items()
        } | cls._more_required()
        return json_schema

    @classmethod
    def _one_kind(cls) -> list[dict[str, Any]]:
        return [{"required": [kind]} for kind in cls.kinds()]

    @classmethod
    def _more_required(cls) -> dict[str, list[str]]:
        return {}


class ChoiceSpec(OutcomeSpec):
    weight: float = Field(
        default=1.0, gt=0, le=1e9, description="How likely this choice is, relative to the others."
    )


class StepSpec(OutcomeSpec):
    MORE_KINDS = ("one_of",)

    times: Positive = Field(default=1, description="The outcome of this many calls in a row.")


class ChaosEntrySpec(OutcomeSpec):
    """An entry of `chaos`: an outcome, or a delay or dribble for the outcome of the rules."""

    MORE_KINDS = ("one_of",)

    action: str | None = Field(
        default=None,
        description="Only calls of this action. Default: the action of the file, or all actions.",
    )
    probability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None,
        description="Applies to a call with this probability: 0.03 is three calls in a hundred.",
    )
    after_calls: Count | None = Field(
        default=None, description="Applies to the calls of an account after this many."
    )
    for_: (
        Annotated[
            Annotated[Positive, Tag("calls")] | Annotated[Duration, Tag("duration")],
            Discriminator(lambda value: "calls" if type(value) is int else "duration"),
        ]
        | None
    ) = Field(
        default=None,
        alias="for",
        description="For this many calls, or this long by the account clock. Default: without end.",
    )

    def _check_kinds(self, kinds: list[str]) -> None:
        if kinds or (self.delay is None and self.dribble is None):
            raise invalid(
                f"expected exactly one of {', '.join(self.kinds())}, or only delay or dribble,"
                f" got {' and '.join(kinds) or 'none of them'}"
            )

    @model_validator(mode="after")
    def _has_one_trigger(self) -> "ChaosEntrySpec":
        if (self.probability is None) == (self.after_calls is None):
            raise invalid("expected exactly one of probability, after_calls")
        if self.for_ is not None and self.after_calls is None:
            raise invalid("`for` needs after_calls")
        return self

    @classmethod
    def _one_kind(cls) -> list[dict[str, Any]]:
        none = {"not": {"anyOf": super()._one_kind()}}
        slow = {"anyOf": [{"required": ["delay"]}, {"required": ["dribble"]}]}
        kinds = [*super()._one_kind(), {"allOf": [none, slow]}]
        triggers = [{"required": ["probability"]}, {"required": ["after_calls"]}]
        return [{"allOf": [kind, {"oneOf": triggers}]} for kind in kinds]

    @classmethod
    def _more_required(cls) -> dict[str, list[str]]:
        return {"for": ["after_calls"]}
