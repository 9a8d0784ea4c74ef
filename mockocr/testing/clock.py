"""The clock of one account, as a test moves it."""

from datetime import datetime, timedelta
from typing import Any

from mockocr.testing.admin import Admin


class MovableClock:
    """What of an account depends on time: the signature window, the rate, ages and validity.

    A frozen clock makes every call of a real SDK expire, unless the time of the client is frozen
    too.
    """

    def __init__(self, admin: Admin, account: str) -> None:
        self._admin = admin
        self._account = account

    def freeze(self, moment: datetime | str | float) -> None:
        """At a moment: ISO 8601, UNIX seconds, or a datetime (without a zone: in UTC)."""
        self._set({"freeze": moment.isoformat() if isinstance(moment, datetime) else moment})

    def offset(self, by: timedelta | str) -> None:
        """Ahead of real time, or behind: `+400s`, `-5m`, `2h`, `30d`; `0s` is real time again."""
        text = f"{round(by.total_seconds()):+}s" if isinstance(by, timedelta) else by
        self._set({"offset": text})

    def _set(self, words: dict[str, Any]) -> None:
        self._admin.ask("PUT", "clock", query={"account": self._account}, json_body=words)
