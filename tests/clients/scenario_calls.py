"""Calls to shipped scenarios through the official Python SDK."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.accounts.account import Account
from mockocr.scenario.library import Library
from mockocr.scenario.scenario import Scenario
from tests.clients.seen import ASKED

if TYPE_CHECKING:
    from tests.conftest import Running

LIBRARY = Library()


def new_account(server: "Running", name: str, scenario: Scenario) -> Account:
    account = Account(name, {f"AKID{name}": f"key of {name}"})
    server.state.accounts.add(account)
    server.state.registry.set_for_account(name, [scenario])
    return account


def client_of(
    account: Account, server: "Running", timeout_seconds: int = 10, retryer: Any = None
) -> OcrClient:
    http = HttpProfile(protocol="http", endpoint=server.endpoint, reqTimeout=timeout_seconds)
    ((secret_id, secret_key),) = account.keys.items()
    profile = ClientProfile(httpProfile=http, retryer=retryer)
    return OcrClient(Credential(secret_id, secret_key), "", profile)


def called(client: OcrClient, asked: Mapping[str, Any] = ASKED) -> tuple[str, Mapping[str, Any]]:
    """The result of a call: the outcome as in `Seen`, and the members of Response."""
    request = models.IDCardOCRRequest()
    for name, value in asked.items():
        setattr(request, name, value)
    try:
        response = client.IDCardOCR(request)
    except TencentCloudSDKException as error:
        return str(error.code), {}
    return "ok", json.loads(response.to_json_string())
