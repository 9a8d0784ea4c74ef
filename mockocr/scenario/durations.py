"""Spans of time and delays as people write them."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from mockocr.actions.matchers import Words
from mockocr.documents.own_rule import OWN_RULE
from mockocr.scenario.delays import Delay, Fixed, LogNormal, Uniform

MAX_WAIT_SECONDS = 600
"""Ten times what SDKs wait by default (docs/fidelity.md#client-timeout)."""

_SPAN = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h)")
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def _seconds(span: Any) -> float:
    match = _SPAN.fullmatch(span) if isinstance(span, str) else None
    if match is None:
        raise PydanticCustomError(
            f"{OWN_RULE}span",
            "a span of time such as 250ms, 2s or 1m is wanted, found {found}",
            {"found": repr(span)[:80]},
        )
    return float(match[1]) * _UNIT_SECONDS[match[2]]


def _wait_seconds(span: Any) -> float:
    seconds = _seconds(span)
    if seconds > MAX_WAIT_SECONDS:
        raise PydanticCustomError(f"{OWN_RULE}span", "at most 10m: no client waits longer")
    return seconds


_SPAN_SCHEMA: Any = Annotated[str, Field(pattern=f"^{_SPAN.pattern}$")]
Span: TypeAlias = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=_SPAN_SCHEMA)]
"""Written as 250ms, 2s, 1.5m or 1h; in seconds."""
Wait: TypeAlias = Annotated[
    float, BeforeValidator(_wait_seconds, json_schema_input_type=_SPAN_SCHEMA)
]
"""A span that a client is kept waiting."""


class UniformDelaySpec(Words):
    uniform: list[Wait] = Field(
        min_length=2,
        max_length=2,
        description="From the first to the second, each as likely as the other.",
    )

    @model_validator(mode="after")
    def _grows(self) -> "UniformDelaySpec":
        if self.uniform[0] > self.uniform[1]:
            raise PydanticCustomError(
                f"{OWN_RULE}uniform", "the second span is to be no shorter than the first"
            )
        return self

    def delay(self) -> Delay:
        least, most = self.uniform
        return Uniform(least, most)


class LogNormalShape(Words):
    median: Wait
    sigma: float = Field(ge=0, le=10, description="0.4 is usual of services; 0: always the median.")
    max: Wait = Field(default=MAX_WAIT_SECONDS, description="No delay is longer.")


class LogNormalDelaySpec(Words):
    lognormal: LogNormalShape = Field(
        description="As services are: most answers near the median, few very late."
    )

    def delay(self) -> Delay:
        shape = self.lognormal
        return LogNormal(shape.median, shape.sigma, shape.max)


def _kind(delay: Any) -> str | None:
    if not isinstance(delay, dict):
        return "fixed"
    (kind,) = delay if len(delay) == 1 else (None,)
    return kind if kind in ("uniform", "lognormal") else None


DelayWords: TypeAlias = Annotated[
    Annotated[Wait, Tag("fixed")]
    | Annotated[UniformDelaySpec, Tag("uniform")]
    | Annotated[LogNormalDelaySpec, Tag("lognormal")],
    Discriminator(
        _kind,
        custom_error_type=f"{OWN_RULE}delay",
        custom_error_message="a delay is a span such as 250ms, {uniform: [50ms, 200ms]} or"
        " {lognormal: {median: 80ms, sigma: 0.4, max: 2s}}",
    ),
]
"""250ms, {uniform: [50ms, 200ms]} or {lognormal: {median: 80ms, sigma: 0.4, max: 2s}}."""


def delay_of(words: float | UniformDelaySpec | LogNormalDelaySpec | None) -> Delay | None:
    match words:
        case None:
            return None
        case float():
            return Fixed(words)
        case _:
            return words.delay()
