"""Builders for tests: pictures, queries and their answers. They use no mocks."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.answer_spec import IDCardAnswerSpec
from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.query import IDCardQuery, parse_query
from mockocr.actions.idcard.render import render
from mockocr.people.number import Numbers
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import read_parameters
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.settings import API_PAGE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://xx/a.jpg"

FRONT_OF_LI_MING = {
    "Name": "李明",
    "Sex": "男",
    "Nation": "汉",
    "Birth": "1987/1/1",
    "Address": "北京市石景山区高新技术园腾讯大楼",
    "IdNum": "440524198701010014",
}
"""The front of the API page's example, by member of Response."""


def a_picture(kind: str = "PNG", width: int = 80, height: int = 50, shade: int = 200) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), (shade % 256, shade // 256, 7)).save(buffer, kind)
    return buffer.getvalue()


def base64(content: bytes) -> str:
    return b64encode(content).decode()


def config(*flags: str) -> str:
    return json.dumps(dict.fromkeys(flags, True))


def asked_for(contract: date = API_PAGE, **parameters: Any) -> IDCardQuery:
    """A query; about a picture at a URL unless the parameters have a picture."""
    if not {"ImageUrl", "ImageBase64"} & parameters.keys():
        parameters["ImageUrl"] = URL
    return _parsed(contract, parameters)


def _parsed(contract: date, parameters: Mapping[str, Any]) -> IDCardQuery:
    return parse_query(read_parameters(contract_on(contract).parameters, parameters), contract)


def an_answer(**words: Any) -> IDCardAnswer:
    return IDCardAnswerSpec.model_validate(words).answer()


def answered(
    parameters: Mapping[str, Any] | None = None,
    answer: IDCardAnswer | None = None,
    seed: int = 0,
    numbers: Numbers = "valid",
    contract: date = API_PAGE,
) -> Mapping[str, Any]:
    """The members of Response without RequestId. By default, no rule matches."""
    asked = asked_for(contract, **(parameters or {}))
    call_image = CallImage(PictureCache(), asked.image)
    settings = CallSettings(NOW, seed, numbers, contract)
    return render(asked, answer or IDCardAnswer(), settings, call_image).members


def advanced_info(response: Mapping[str, Any]) -> dict[str, Any]:
    text = response["AdvancedInfo"]
    assert isinstance(text, str)
    info = json.loads(text)
    assert isinstance(info, dict)
    return info


def refusal_of(contract: date = API_PAGE, **parameters: Any) -> ApiError:
    """The code with which a query is refused."""
    with pytest.raises(ApiError) as refused:
        _parsed(contract, parameters)
    return refused.value
