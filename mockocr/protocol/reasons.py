"""Why a call is refused, or a parameter has no effect: the value that was sent, the expected one,
and a hint."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

OwnLanguage = Literal["en", "zh"]
"""The languages of mockocr's own texts."""

PAGES: Mapping[OwnLanguage, str] = {
    "en": "docs/troubleshooting.md",
    "zh": "docs/troubleshooting.zh-CN.md",
}
"""An entry for each cause, error code and note."""

MAX_SHOWN_CHARACTERS = 60
_WORDS = re.compile(r"[\w.-]+(, [\w.-]+)+")
_WORD = re.compile(r"\D{0,20}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.;-]{0,39}|[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Hint(NamedTuple):
    """How to fix a call, in both languages. `{parameter}`, `{value}` and `{expected}` are replaced
    by those of the reason."""

    en: str
    zh: str


class Reason(NamedTuple):
    """Made by the line that refuses the call, so calls that succeed make none."""

    hint: Hint
    parameter: str
    """The parameter of the call, or the setting of the account."""
    value: str | None = None
    """The value that was sent, masked, on one short line."""
    expected: str | None = None
    """A value, a type or a limit, or the allowed values separated by commas. Without prose, because
    it is shown in both languages."""
    suggestion: str | None = None
    """The allowed value that is most similar to the one that was sent."""

    def to_dict(self) -> dict[str, str | None]:
        return {"parameter": self.parameter, "value": self.value, "expected": self.expected}

    def hints(self, entry: str) -> dict[OwnLanguage, str]:
        """The hint by language. `entry`: the entry in `PAGES` that the hint refers to."""
        values = {name: value or "" for name, value in self.to_dict().items()}
        en = self.hint.en.format_map(values)
        zh = self.hint.zh.format_map(values | {"expected": _in_chinese(values["expected"])})
        if self.suggestion is not None:
            en, zh = f"Did you mean {self.suggestion}? {en}", f"是否想写 {self.suggestion}？{zh}"
        anchor = anchor_of(entry)
        return {
            "en": f"{en} See {PAGES['en']}#{anchor}",
            "zh": f"{zh}参见 {PAGES['zh']}#{anchor}",
        }


class Note(NamedTuple):
    """A parameter or flag without effect, or data that was left out. The call succeeds."""

    name: str
    reason: Reason

    @property
    def hint(self) -> dict[OwnLanguage, str]:
        return self.reason.hints(self.name)

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, **self.reason.to_dict(), "hint": self.hint}


def difference(reason: Mapping[str, Any], language: OwnLanguage) -> str:
    """The expected value and the one that was sent, as one phrase. `reason` is the dict of a
    Reason."""
    en = language == "en"
    parameter, value, expected = map(reason.get, ("parameter", "value", "expected"))
    if expected and _WORDS.fullmatch(expected):
        expected = f"one of {expected}" if en else f"{_in_chinese(expected)} 之一"
    match expected, value:
        case None, None:
            return f"{parameter}"
        case None, _:
            text = value
        case _, None:
            text = f"expected {expected}" if en else f"应为 {expected}"
        case _:
            text = f"expected {expected}, got {value}" if en else f"应为 {expected}，实际为 {value}"
    return f"{parameter}: {text}" if en else f"{parameter}：{text}"


def _in_chinese(expected: str) -> str:
    """The allowed values with Chinese commas; anything else as it is."""
    return expected.replace(", ", "、") if _WORDS.fullmatch(expected) else expected


def anchor_of(entry: str) -> str:
    """The anchor that GitHub gives to a heading with the name of an entry."""
    return entry.replace(".", "").lower()


def shown(value: object) -> str:
    """A value that is not personal, as JSON; only the length of a long one."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = json.dumps(value)
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"<{len(text)} characters>"


def shown_word(text: str) -> str:
    """A text that should be one of a few words; only its length if it is not a word, because it may
    be personal."""
    return shown(text) if _WORD.fullmatch(text) else f"<{len(text)} characters>"


def shown_name(text: str) -> str:
    """A text that should be a name or a date; otherwise only its length."""
    return text if _NAME.fullmatch(text) else f"<{len(text)} characters>"


def json_type(value: object) -> str:
    """The JSON type of a value that may be personal."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case list():
            return "array"
        case dict():
            return "object"
        case None:
            return "null"
        case _:
            return "string"
