"""The clock of one account, which a test can move."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any

from mockocr.suggestions import quoted
from mockocr.testing.admin import Admin
from mockocr.testing.errors import RefusedError, UsageError, is_for_the_user
from mockocr.testing.written import written

__tracebackhide__ = is_for_the_user


class MovableClock:
    """Sets the time of an account: for signatures, the rate, ages and validity.

    Each method has a lasting effect. In a `with` statement, the effect ends with the block:
    `with mockocr.clock.offset("+6m"): ...`. With a frozen clock, signatures of a real SDK expire
    unless the client's time is frozen too.
    """

    def __init__(self, admin: Admin, account: str) -> None:
        self._admin = admin
        self._account = account

    def freeze(self, moment: datetime | date | str | float) -> "Moved":
        """Freezes the clock: ISO 8601, UNIX seconds, or a datetime (UTC if it has no zone)."""
        return self._moved("freeze", moment)

    def offset(self, by: timedelta | str | float) -> "Moved":
        """Sets the difference from real time: `+400s`, `-5m`, `2h`, `30d`, a number of seconds or a
        timedelta; 0 is real time."""
        return self._moved("offset", by)

    def _moved(self, kind: str, value: Any) -> "Moved":
        path = f"clock.{kind}"
        spec = {kind: written(value, path, kind)}
        if value is None:
            raise UsageError(f"{path}: expected a time, got None; to undo a move, use `with`")
        before = self._ask("GET")["clocks"][self._account]
        try:
            self._set(spec)
        except RefusedError as error:
            text = str(error).removeprefix(f"{kind}: ")
            raise UsageError(f"{path}: {text}, got {quoted(value)}") from None
        return Moved(self, before)

    def _set(self, spec: Mapping[str, Any]) -> None:
        self._ask("PUT", json_body=spec)

    def _ask(self, method: str, **body: Any) -> dict[str, Any]:
        return self._admin.ask(method, "clock", query={"account": self._account}, **body)


class Moved:
    """A moved clock. At the end of a `with` block, the clock is set back."""

    def __init__(self, clock: MovableClock, before: Mapping[str, Any]) -> None:
        self._clock = clock
        self._before = before

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._clock._set(self._before)
