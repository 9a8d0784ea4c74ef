"""Clocks as people write them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from mockocr.accounts.clock import Clock
from mockocr.documents.messages import invalid

_OFFSET = re.compile(r"([+-]?)([0-9]{1,9})(s|m|h|d)")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class ClockSpec(BaseModel):
    """`{"freeze": UNIX seconds or ISO 8601}`, `{"offset": "+400s"}`, or `{}` for real time."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    freeze: float | str | None = None
    offset: str | None = None

    @field_validator("freeze")
    @classmethod
    def _is_valid_time(cls, freeze: float | str | None) -> float | str | None:
        _time(freeze)
        return freeze

    @field_validator("offset")
    @classmethod
    def _is_valid_offset(cls, offset: str | None) -> str | None:
        _offset(offset)
        return offset

    @model_validator(mode="after")
    def _is_one_kind(self) -> "ClockSpec":
        if self.freeze is not None and self.offset is not None:
            raise invalid("expected freeze or offset, got both")
        return self

    def clock(self) -> Clock:
        return Clock(_time(self.freeze), _offset(self.offset))

    @classmethod
    def of(cls, clock: Clock) -> Self:
        if clock.frozen_at is not None:
            return cls(freeze=clock.frozen_at.isoformat())
        seconds = int(clock.offset.total_seconds())
        # In seconds, or in the first unit that needs at most nine digits, rounded down.
        unit = next(name for name, length in _UNIT_SECONDS.items() if abs(seconds) < length * 10**9)
        count = seconds // _UNIT_SECONDS[unit]
        return cls(offset=f"{count:+}{unit}") if count else cls()


def _time(freeze: float | str | None) -> datetime | None:
    """A time without a zone is UTC."""
    if freeze is None:
        return None
    try:
        if isinstance(freeze, str):
            moment = datetime.fromisoformat(freeze)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return datetime.fromtimestamp(freeze, UTC)
    except (ValueError, OverflowError, OSError):
        # Not quoted: in a keys file, misplaced text may be a secret.
        raise invalid("expected UNIX seconds or ISO 8601, as in 2026-01-01T00:00:00Z") from None


def _offset(text: str | None) -> timedelta:
    if text is None:
        return timedelta(0)
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise invalid("expected an offset such as +400s, -5m, 2h or 30d")
    sign, count, unit = match.groups()
    offset = timedelta(seconds=int(count) * _UNIT_SECONDS[unit])
    return -offset if sign == "-" else offset
