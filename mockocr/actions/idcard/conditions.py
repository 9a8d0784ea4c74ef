"""The conditions that rules of IDCardOCR may have, named like the API's parameters."""

from datetime import date
from typing import Any

from pydantic import Field, create_model

from mockocr.actions.idcard.answer_spec import ApiSpec
from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.query import CardSide, CardWarnType
from mockocr.actions.matchers import Spec, TextCondition, one_or_more, value_condition

_Sides: Any = value_condition(CardSide)
_WarnTypes: Any = one_or_more(CardWarnType)


_flags: Any = dict.fromkeys(contract_on(date.max).flags, (bool, False))
FlagConditions: Any = create_model(
    "FlagConditions",
    __base__=Spec,
    __doc__="The flags of Config, such as `{TempIdWarn: true}`. A flag that is not sent is false.",
    **_flags,
)


class IDCardConditions(ApiSpec):
    """Parameters of the call: a value, a list of values, or a matcher."""

    card_side: _Sides = None
    image_url: TextCondition | None = None
    image_base64: TextCondition | None = Field(default=None, alias="ImageBase64")
    config: FlagConditions | None = None
    enable_recognition_rectify: bool | None = None
    enable_reflect_detail: bool | None = None
    enable_date_verify: bool | None = None
    card_warn_type: _WarnTypes = None
