"""What a scenario's rules may ask about a call of IDCardOCR; in the API's own words."""

from typing import Any

from pydantic import ConfigDict, Field

from mockocr.actions.idcard.answer_words import ApiWords
from mockocr.actions.idcard.asked import CardSide, CardWarnType, Flags
from mockocr.actions.words import TextCondition, one_or_more, value_condition

_Sides: Any = value_condition(CardSide)
_WarnTypes: Any = one_or_more(CardWarnType)


class FlagConditions(Flags):
    """`Config: {TempIdWarn: true}`: parsed, not text; a flag that is not sent is false."""

    model_config = ConfigDict(extra="forbid")


class IDCardConditions(ApiWords):
    """The parameters that a rule may ask about: a value, a list of them, or a matcher."""

    card_side: _Sides = None
    image_url: TextCondition | None = None
    image_base64: TextCondition | None = Field(default=None, alias="ImageBase64")
    config: FlagConditions | None = None
    enable_recognition_rectify: bool | None = None
    enable_reflect_detail: bool | None = None
    enable_date_verify: bool | None = None
    card_warn_type: _WarnTypes = None
