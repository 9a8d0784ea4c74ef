"""The clock of one account, which a test can move."""

from datetime import datetime, timedelta
from typing import Any

from mockocr.testing.admin import Admin


class MovableClock:
    """Sets the time of an account: for signatures, the rate, ages and validity.

    With a frozen clock, signatures of a real SDK expire unless the client's time is frozen too.
    """

    def __init__(self, admin: Admin, account: str) -> None:
        self._admin = admin
        self._account = account

    def freeze(self, moment: datetime | str | float) -> None:
        """Freezes the clock: ISO 8601, UNIX seconds, or a datetime (UTC if it has no zone)."""
        self._set({"freeze": moment.isoformat() if isinstance(moment, datetime) else moment})

    def offset(self, by: timedelta | str) -> None:
        """Sets the difference from real time: `+400s`, `-5m`, `2h`, `30d`; `0s` is real time."""
        text = f"{round(by.total_seconds()):+}s" if isinstance(by, timedelta) else by
        self._set({"offset": text})

    def _set(self, spec: dict[str, Any]) -> None:
        self._admin.ask("PUT", "clock", query={"account": self._account}, json_body=spec)
