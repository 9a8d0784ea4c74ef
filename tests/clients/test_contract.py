"""Every dated change of the contract, with the official Python SDK: the day before the change
and its first day."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.accounts.account import Account
from mockocr.actions.idcard.contract import CHANGES
from tests.builders import URL, a_picture, base64, config

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

Call = Callable[..., Any]
"""`call(day, CardSide="FRONT")`: AdvancedInfo by the contract of a day, or a refusal's code."""

SCENARIO = """
name: every warning
rules:
  - name: front, warned of
    when: {ImageUrl: https://xx/warned.jpg}
    then:
      card: invented
      warnings: [invalid_date, border, copy, reshoot, occlusion, tampered, reflection, copy_bw,
        electronic_id, watermark]
"""
WARNED = "https://xx/warned.jpg"
MEBI = 1024 * 1024


def test_the_first_contract_is_the_api_page() -> None:
    """All other tests are about its answers."""
    assert CHANGES[0].day <= date(2024, 5, 1) < CHANGES[1].day


@pytest.fixture
def server(serve: "Serve", tmp_path: Path) -> "Running":
    (tmp_path / "warned.yaml").write_text(SCENARIO)
    return serve(scenarios=(str(tmp_path / "warned.yaml"),), contract=CHANGES[-1].day)


@pytest.fixture
def call(server: "Running") -> Call:
    def call_once(day: date, **parameters: Any) -> Any:
        name = f"AKID{day:%Y%m%d}"
        if server.state.accounts.named(name) is None:
            server.state.accounts.add(Account(name, {name: "key"}, contract=day))
        http = HttpProfile(protocol="http", endpoint=server.endpoint)
        client = OcrClient(Credential(name, "key"), "", ClientProfile(httpProfile=http))
        try:
            result = client.call_json("IDCardOCR", {"ImageUrl": URL, **parameters})
        except TencentCloudSDKException as error:
            return error.code
        return json.loads(result["Response"]["AdvancedInfo"])

    return call_once


UNKNOWN = "UnknownParameter"
WRONG_VALUE = "InvalidParameterValue.InvalidParameterValueLimit"
TOO_LARGE = "LimitExceeded.TooLargeFileError"
NOTHING: Mapping[str, Any] = {}


def warnings(*codes: int) -> Mapping[str, Any]:
    return {"WarnInfos": list(codes)}


ADVANCED = {
    "ImageUrl": WARNED,
    "CardWarnType": "Advanced",
    "Config": config("DetectPsWarn", "InvalidDateWarn"),
}

FLIPS: list[tuple[str, Mapping[str, Any], Any, Any]] = [
    (
        "2024-06-19",
        {"ImageUrl": WARNED, "Config": config("CopyWarn")},
        warnings(-9102),
        warnings(-9102, -9108),
    ),
    ("2024-11-21", {"CardSide": "FRONT"}, NOTHING, warnings()),
    ("2024-12-06", {"EnableDateVerify": False, "CardSide": "BACK"}, UNKNOWN, NOTHING),
    ("2024-12-26", {"CardSide": "BACK"}, NOTHING, warnings()),
    ("2025-07-03", {"CardWarnType": "Basic"}, UNKNOWN, warnings()),
    ("2025-07-03", {"CardWarnType": "Best"}, UNKNOWN, WRONG_VALUE),
    ("2025-07-03", {"ImageUrl": "", "ImageBase64": "too large"}, TOO_LARGE, warnings()),
    ("2026-02-05", ADVANCED, warnings(-9100, -9106), warnings(-9100, -9106, -9110)),
    ("2026-03-09", ADVANCED, warnings(-9100, -9106, -9110), warnings(-9100, -9106, -9110, -9111)),
    (
        "2026-03-13",
        ADVANCED,
        warnings(-9100, -9106, -9110, -9111),
        warnings(-9106, -9109, -9110, -9111),
    ),
    (
        "2026-09-17",
        {"Config": config("KeyCheck", "ValueCheck")},
        warnings(),
        {"IsKeyValid": True, "IsValueValid": True},
    ),
]

FLIPS_NOTHING = {"2023-11-15", "2025-05-09"}
"""The first contract, and the change that only removed a warning from the page: it keeps its
code."""


@pytest.fixture(scope="module")
def large_picture() -> str:
    """More than 7M of Base64, and less than 10M."""
    return base64(a_picture("BMP", 1400, 1400))


@pytest.mark.parametrize(("day", "parameters", "before", "after"), FLIPS)
def test_every_dated_change_flips_a_behaviour_on_its_day(
    call: Call,
    large_picture: str,
    day: str,
    parameters: dict[str, Any],
    before: Any,
    after: Any,
) -> None:
    if parameters.get("ImageBase64"):
        assert 7 * MEBI < len(large_picture) < 10 * MEBI
        parameters = {**parameters, "ImageBase64": large_picture}
    on_the_day = date.fromisoformat(day)

    answers = [call(each, **parameters) for each in (on_the_day - timedelta(days=1), on_the_day)]

    assert answers == [before, after]


def test_every_dated_change_has_a_test() -> None:
    assert {str(change.day) for change in CHANGES} == {day for day, *_ in FLIPS} | FLIPS_NOTHING


@pytest.mark.parametrize("day", [date(2025, 5, 8), date(2025, 5, 9)])
def test_a_warning_removed_from_the_page_only_keeps_its_code(call: Call, day: date) -> None:
    assert call(day, ImageUrl=WARNED, Config=config("InvalidDateWarn")) == warnings(-9100)


def test_the_contract_of_the_server_applies_to_accounts_without_one(
    serve: "Serve",
) -> None:
    server = serve(contract=date(2026, 3, 13))
    http = HttpProfile(protocol="http", endpoint=server.endpoint)
    server.state.accounts.add(Account("older", {"AKIDolder": "key"}, contract=date(2024, 5, 1)))

    infos = [
        OcrClient(Credential(*pair), "", ClientProfile(httpProfile=http)).call_json(
            "IDCardOCR", {"ImageUrl": URL}
        )["Response"]["AdvancedInfo"]
        for pair in (("AKIDMOCKOCR", "mockocr"), ("AKIDolder", "key"))
    ]

    assert infos == ['{"WarnInfos":[]}', "{}"]
