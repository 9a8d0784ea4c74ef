"""The record of one call as JSON."""

import json

import pytest

from mockocr.images.image import ImageError, Picture
from mockocr.journal.exchange import Exchange
from mockocr.protocol.refusals import INTERNAL_ERROR
from tests.records import (
    SECRETS,
    an_exchange,
    an_exchange_full_of_secrets,
)


def json_of(exchange: Exchange) -> str:
    return json.dumps([exchange.summary(), exchange.details()], ensure_ascii=False)


def test_a_summary_has_account_action_and_outcome() -> None:
    exchange = an_exchange(account="default", action="IDCardOCR", rule="r", milliseconds=1.5)

    summary = exchange.summary()

    assert summary == {
        "RequestId": "id-1",
        "time": "2026-11-22T12:00:00.000+00:00",
        "account": "default",
        "action": "IDCardOCR",
        "outcome": "ok",
        "cause": None,
        "reason": None,
        "side": None,
        "notes": [],
        "rule": "r",
        "scenario": None,
        "unmatched": False,
        "milliseconds": 1.5,
    }


@pytest.mark.parametrize(("sent", "side"), [("BACK", "BACK"), (None, None), (5, None)])
def test_a_summary_has_the_side_that_was_sent(sent: object, side: str | None) -> None:
    assert an_exchange(parameters={"CardSide": sent}).summary()["side"] == side


def test_the_outcome_of_a_refused_call_is_its_code() -> None:
    assert an_exchange(error=INTERNAL_ERROR.error()).outcome == "InternalError"


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        (None, None),
        (ImageError.TOO_SMALL, "too small"),
        (
            Picture("PNG", 80, 50, 9, "d"),
            {
                "format": "PNG",
                "width": 80,
                "height": 50,
                "size_bytes": 9,
                "sha256": "d",
                "reading": None,
            },
        ),
    ],
)
def test_details_contain_the_facts_of_the_picture(
    picture: Picture | ImageError | None, shown: object
) -> None:
    details = json.loads(json.dumps(an_exchange(picture=picture).details()))

    assert details["picture"] == shown


def test_fields_of_later_stages_are_null() -> None:
    details = an_exchange().details()

    unknown = {name for name, value in details.items() if value is None}
    assert {"account", "action", "rule", "signature", "parameters", "error", "response"} <= unknown
    assert details["body_bytes"] == 2


def test_the_journal_shows_no_personal_data_and_no_secret() -> None:
    text = json_of(an_exchange_full_of_secrets())

    assert not [secret for secret in SECRETS if secret in text]
    assert "Credential=<4 characters>/2026-11-22/ocr/tc3_request" in text
    assert "https://xx/a.jpg?***" in text
    assert '"CardSide": "FRONT"' in text
    assert "/9j/" not in text
