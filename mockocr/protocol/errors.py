"""Refusals and the error that carries them.

Exception
├── ApiError        a caller's mistake, or a scripted failure: answered with a documented code
│   └── ForwardedError   the refusal of another server (mockocr record)
└── anything else   a bug in mockocr: answered as InternalError, logged with its traceback
"""

from enum import StrEnum
from typing import Literal, NamedTuple

from mockocr.protocol.reasons import Reason

Language = Literal["zh-CN", "en-US"]
"""The documented values of X-TC-Language."""


class Evidence(StrEnum):
    """How well a behaviour of the real service is known."""

    OBSERVED = "observed"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


class Refusal(NamedTuple):
    """A documented error: its code, and its message in both languages.

    `{name}` in a message is a value of the call. `spoken` is the language of the message if the
    client asks for none. `evidence` is about the message in the better known language.
    """

    code: str
    en: str
    zh: str
    evidence: Evidence
    spoken: Language = "en-US"

    def error(self, reason: Reason | None = None, **values: str | int) -> "ApiError":
        return ApiError(self, values, reason)


class ApiError(Exception):
    """Refuses the call with a documented code. Caught once, in `pipeline/pipeline.py`."""

    def __init__(
        self,
        refusal: Refusal,
        values: dict[str, str | int] | None = None,
        reason: Reason | None = None,
    ) -> None:
        """`reason` is None if a scenario or a bug in mockocr refuses the call."""
        super().__init__(refusal.code)
        self.refusal = refusal
        self.values = values or {}
        self.reason = reason

    @property
    def code(self) -> str:
        return self.refusal.code

    def message(self, language: Language | None) -> str:
        refusal = self.refusal
        text = refusal.zh if (language or refusal.spoken) == "zh-CN" else refusal.en
        return text.format_map(self.values) if self.values else text


class ForwardedError(ApiError):
    """The refusal of another server, as it was received. Its message may contain personal data, so
    it is only sent: the record of the call has the message of `refusal`."""

    def __init__(self, refusal: Refusal, received: str) -> None:
        super().__init__(refusal)
        self._received = received

    def message(self, language: Language | None) -> str:
        return self._received
