"""Durations and delays as people write them."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from mockocr.actions.matchers import Spec
from mockocr.documents.messages import OWN_RULE, invalid
from mockocr.scenario.delays import Delay, Fixed, LogNormal, Uniform
from mockocr.suggestions import quoted

MAX_WAIT_SECONDS = 600
"""Ten times the default timeout of the SDKs (docs/fidelity.md#client-timeout)."""

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h)")
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def _seconds(duration: Any) -> float:
    match = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    if match is None:
        raise invalid(f"expected a duration such as 250ms, 2s or 1m, got {quoted(duration)}")
    return float(match[1]) * _UNIT_SECONDS[match[2]]


def _wait_seconds(duration: Any) -> float:
    seconds = _seconds(duration)
    if seconds > MAX_WAIT_SECONDS:
        raise invalid(f"expected at most 10m, got {duration}; no client waits longer")
    return seconds


_DURATION_SCHEMA: Any = Annotated[str, Field(pattern=f"^{_DURATION.pattern}$")]
Duration: TypeAlias = Annotated[
    float, BeforeValidator(_seconds, json_schema_input_type=_DURATION_SCHEMA)
]
"""Written as 250ms, 2s, 1.5m or 1h; in seconds."""
Wait: TypeAlias = Annotated[
    float, BeforeValidator(_wait_seconds, json_schema_input_type=_DURATION_SCHEMA)
]
"""A duration that a client waits, at most MAX_WAIT_SECONDS; in seconds."""


class UniformDelaySpec(Spec):
    uniform: list[Wait] = Field(
        min_length=2,
        max_length=2,
        description="A random delay between the first and the second.",
    )

    @model_validator(mode="after")
    def _is_ascending(self) -> "UniformDelaySpec":
        if self.uniform[0] > self.uniform[1]:
            raise invalid("expected the shorter duration first")
        return self

    def delay(self) -> Delay:
        least, most = self.uniform
        return Uniform(least, most)


class LogNormalSpec(Spec):
    median: Wait
    sigma: float = Field(ge=0, le=10, description="The spread. 0.4 is usual for services.")
    max: Wait = Field(default=MAX_WAIT_SECONDS, description="The longest delay.")


class LogNormalDelaySpec(Spec):
    lognormal: LogNormalSpec = Field(
        description="Like a real service: most answers near the median, a few much later."
    )

    def delay(self) -> Delay:
        shape = self.lognormal
        return LogNormal(shape.median, shape.sigma, shape.max)


def _kind(delay: Any) -> str | None:
    if not isinstance(delay, dict):
        return "fixed"
    (kind,) = delay if len(delay) == 1 else (None,)
    return kind if kind in ("uniform", "lognormal") else None


DelaySpec: TypeAlias = Annotated[
    Annotated[Wait, Tag("fixed")]
    | Annotated[UniformDelaySpec, Tag("uniform")]
    | Annotated[LogNormalDelaySpec, Tag("lognormal")],
    Discriminator(
        _kind,
        custom_error_type=OWN_RULE,
        custom_error_message="expected a delay such as 250ms, {uniform: [50ms, 200ms]} or"
        " {lognormal: {median: 80ms, sigma: 0.4, max: 2s}}",
    ),
]
"""250ms, {uniform: [50ms, 200ms]} or {lognormal: {median: 80ms, sigma: 0.4, max: 2s}}."""


def delay_of(spec: float | UniformDelaySpec | LogNormalDelaySpec | None) -> Delay | None:
    match spec:
        case None:
            return None
        case float():
            return Fixed(spec)
        case _:
            return spec.delay()
