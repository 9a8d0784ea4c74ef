"""Being refused.

Exception
├── ApiError        a caller's mistake, or a scripted failure: answered with a documented code
└── anything else   a bug of ours: answered as InternalError, logged with its traceback
"""

from enum import StrEnum
from typing import Literal, NamedTuple

Language = Literal["zh-CN", "en-US"]
"""The documented values of X-TC-Language."""


class Evidence(StrEnum):
    """How well a behaviour of the real service is known."""

    OBSERVED = "observed"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


class Refusal(NamedTuple):
    """One documented way to be refused, and its words in both languages.

    `{name}` in the words stands for what varies from call to call. `spoken` is the language for a
    client that asks for none. `evidence` is about the words of the better known language.
    """

    code: str
    en: str
    zh: str
    evidence: Evidence
    spoken: Language = "en-US"

    def error(self, **values: str | int) -> "ApiError":
        return ApiError(self, values)


class ApiError(Exception):
    """The call is refused with a documented code; caught once, in the corridor."""

    def __init__(self, refusal: Refusal, values: dict[str, str | int] | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.values = values or {}

    @property
    def code(self) -> str:
        return self.refusal.code

    def message(self, language: Language | None) -> str:
        words = self.refusal.zh if (language or self.refusal.spoken) == "zh-CN" else self.refusal.en
        return words.format_map(self.values) if self.values else words
