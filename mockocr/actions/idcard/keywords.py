"""The words of rules and answers as types, for mypy and editors. A test compares them with the
models that check the values."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypedDict

from mockocr.actions.idcard.query import CardSide as Side
from mockocr.actions.idcard.query import CardWarnType as WarnType
from mockocr.specimens.card_data import WarningName
from mockocr.specimens.measured import Region


class Matcher(TypedDict, total=False):
    """Exactly one of these."""

    glob: str
    regex: str
    contains: str
    absent: bool


TextMatch: TypeAlias = str | Sequence[str] | Matcher
"""A text, a list of texts (one must be equal), or a matcher."""


class CardFields(TypedDict, total=False):
    """Texts of a card; those that are missing are generated to match."""

    Name: str
    Sex: Literal["男", "女"]
    Nation: str
    Birth: str
    """1987/1/1"""
    Address: str
    IdNum: str
    Authority: str
    ValidDate: str
    """2010.07.21-2020.07.21 or 2010.07.21-长期"""


class Answer(TypedDict, total=False):
    """An answer. CamelCase members are returned exactly as they are written."""

    card: str | CardFields
    """from_picture, invented, the name of a specimen, or fields."""
    warnings: Sequence[WarningName | int]
    """By name or code; each is returned only if its flag of Config is set."""
    quality: int
    border: int
    reflections: Sequence[Region]
    Name: str
    Sex: str
    Nation: str
    Birth: str
    Address: str
    IdNum: str
    Authority: str
    ValidDate: str
    AdvancedInfo: str
    ReflectDetailInfos: Sequence[Mapping[str, Any]]


class Flags(TypedDict, total=False):
    """The flags of Config. A flag that is not sent is false."""

    CropIdCard: bool
    CropPortrait: bool
    CopyWarn: bool
    BorderCheckWarn: bool
    ReshootWarn: bool
    DetectPsWarn: bool
    TempIdWarn: bool
    InvalidDateWarn: bool
    Quality: bool
    MultiCardDetect: bool
    ReflectWarn: bool
    KeyCheck: bool
    ValueCheck: bool


class Conditions(TypedDict, total=False):
    """Conditions on the parameters of a call."""

    CardSide: Side | Sequence[Side] | Matcher
    ImageUrl: TextMatch
    ImageBase64: TextMatch
    Config: Flags
    EnableRecognitionRectify: bool
    EnableReflectDetail: bool
    EnableDateVerify: bool
    CardWarnType: WarnType | Sequence[WarnType]
