"""The proof that hints are true: with the scenario that a row names, and with its line of pytest, a
call of the official SDK makes the row seen."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr import Account, MockOCR
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.idcard.contract import CHANGES
from mockocr.coverage.denominator import denominator
from mockocr.coverage.report import CoverageRow
from tests.testing.calling import request_of

NEWEST = CHANGES[-1].day
ROWS = denominator([ID_CARD_OCR], NEWEST)
MOST_CALLS = 3


@pytest.fixture(scope="module")
def ocr(state_dir: Path) -> Iterator[Account]:
    with MockOCR(state_dir=state_dir, contract=str(NEWEST)) as account:
        yield account


def call(account: Account, row: CoverageRow) -> None:
    """Makes the same call until it has an answer."""
    http = HttpProfile(protocol="http", endpoint=account.endpoint, reqTimeout=1)
    credential = Credential(account.secret_id, account.secret_key)
    client = OcrClient(credential, "", ClientProfile(httpProfile=http))
    parameters: dict[str, Any] = dict(row.parameters)
    if "Config" in parameters:
        parameters["Config"] = json.dumps(parameters["Config"])
    for _ in range(MOST_CALLS if row.group == "recovery" else 1):
        try:
            client.IDCardOCR(request_of(**parameters))
        except Exception:  # noqa: S112 - an error of any kind may be what the row is about
            continue
        return


def seen_rows(account: Account) -> set[str]:
    report = account.server.admin.ask("GET", "coverage", query={"account": account.name})
    return {row["id"] for row in report["rows"] if row["calls"]}


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_the_scenario_of_a_row_makes_it_seen(ocr: Account, row: CoverageRow) -> None:
    account = ocr.account(contract=str(NEWEST))
    account.play(str(row.scenario))

    call(account, row)

    assert row.id in seen_rows(account)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_the_line_of_a_row_makes_it_seen(ocr: Account, row: CoverageRow) -> None:
    account = ocr.account(contract=str(NEWEST))
    eval(row.respond, {"mockocr": account})  # noqa: S307 - our own line

    call(account, row)

    assert row.id in seen_rows(account)
