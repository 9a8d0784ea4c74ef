"""The proof that hints are true: with the scenario that a row names, and with its line of pytest, a
call of the official SDK makes the row seen."""

import json
from collections.abc import Callable
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

NEWEST = str(CHANGES[-1].day)
ROWS = denominator([ID_CARD_OCR], CHANGES[-1].day)
MOST_CALLS = 3


def play_scenario(account: Account, row: CoverageRow) -> None:
    account.play(str(row.scenario))


def run_line(account: Account, row: CoverageRow) -> None:
    eval(row.respond, {"mockocr": account})  # noqa: S307 - our own line


def call(account: Account, row: CoverageRow) -> None:
    """Makes the call of a row; for a recovery the same call until it has an answer."""
    timeout_seconds = 1 if row.id == "fault:TIMEOUT" else 30
    http = HttpProfile(protocol="http", endpoint=account.endpoint, reqTimeout=timeout_seconds)
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


@pytest.mark.parametrize("prepare", [play_scenario, run_line])
def test_the_hint_of_each_row_makes_it_seen(
    state_dir: Path, prepare: Callable[[Account, CoverageRow], None]
) -> None:
    with MockOCR(state_dir=state_dir, contract=NEWEST) as ocr:
        for number, row in enumerate(ROWS):
            account = ocr.account(name=f"row {number}", contract=NEWEST)
            prepare(account, row)
            call(account, row)
        report = ocr.server.admin.ask("GET", "coverage")

    seen = [{source["name"] for source in row["sources"]} for row in report["rows"]]
    assert [row.id for number, row in enumerate(ROWS) if f"row {number}" not in seen[number]] == []
    assert len(ROWS) > 100
