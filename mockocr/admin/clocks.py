"""Clocks in replies of the admin API."""

from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from mockocr.accounts.clock_spec import ClockSpec


class ClockView(ClockSpec):
    """A clock; {} is real time."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in whole(self).items() if value is not None}
