"""Calls with the official SDK, as code under test makes them. Also copied into the folders of
inner test runs."""

from typing import Any

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119.models import IDCardOCRRequest
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

URL = "https://xx/a.jpg"


def request_of(**parameters: Any) -> IDCardOCRRequest:
    request = IDCardOCRRequest()
    if "ImageBase64" not in parameters:
        request.ImageUrl = URL
    for name, value in parameters.items():
        setattr(request, name, value)
    return request


def call(account: Any, *, key: str = "", secret_id: str = "", **parameters: Any) -> Any:
    """The answer to a call of an account. Raises the exceptions of the SDK."""
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=account.endpoint))
    credential = Credential(secret_id or account.secret_id, key or account.secret_key)
    return OcrClient(credential, "", profile).IDCardOCR(request_of(**parameters))


def outcome(account: Any, **parameters: Any) -> str:
    """Makes a call; returns ok or its error code."""
    try:
        call(account, **parameters)
    except TencentCloudSDKException as error:
        return str(error.code)
    return "ok"
