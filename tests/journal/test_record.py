"""What is told of one call, and what is not: nothing personal, no secret."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mockocr.images.image import ImageError, Picture
from mockocr.journal.exchange import Exchange, exchange_of, without_secrets
from mockocr.protocol.refusals import INTERNAL_ERROR
from mockocr.protocol.signature import Signature
from tests.records import (
    PICTURE,
    QUERY,
    REQUEST,
    SECRETS,
    SIGNATURE,
    TOKEN,
    an_exchange,
    an_exchange_full_of_secrets,
)


def headers_of(headers: Mapping[str, str]) -> Mapping[str, str]:
    return exchange_of(replace(REQUEST, headers=headers)).headers


def said_of(exchange: Exchange) -> str:
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
        "rule": "r",
        "scenario": None,
        "milliseconds": 1.5,
    }


def test_the_outcome_of_a_refused_call_is_its_code() -> None:
    assert an_exchange(error=INTERNAL_ERROR.error()).outcome == "InternalError"


@pytest.mark.parametrize(
    ("found", "told"),
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
def test_details_show_what_was_found_in_the_picture(
    found: Picture | ImageError | None, told: object
) -> None:
    details = json.loads(json.dumps(an_exchange(picture=found).details()))

    assert details["picture"] == told


def test_unknown_values_are_null() -> None:
    details = an_exchange().details()

    unknown = {name for name, value in details.items() if value is None}
    assert {"account", "action", "rule", "signature", "parameters", "error", "response"} <= unknown
    assert details["bodyBytes"] == 2


def test_the_journal_shows_no_personal_data_and_no_secret() -> None:
    text = said_of(an_exchange_full_of_secrets())

    assert not [secret for secret in SECRETS if secret in text]
    assert "Credential=AKID/2026-11-22/ocr/tc3_request" in text
    assert "https://xx/a.jpg?***" in text
    assert '"CardSide": "FRONT"' in text
    assert "/9j/" not in text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (f"TC3-X Credential=x, Signature={SIGNATURE}", "TC3-X Credential=x, Signature=***"),
        (f"TC3-X Credential=x,Signature={SIGNATURE}", "TC3-X Credential=x,Signature=***"),
        (f"TC3-X signature = {SIGNATURE}", "TC3-X signature = ***"),
        (f"Bearer {TOKEN}", "***"),
        (TOKEN, "***"),
        ("SKIP", "SKIP"),
        ("", ""),
    ],
)
def test_the_shown_authorization_has_no_signature(sent: str, told: str) -> None:
    assert headers_of({"authorization": sent}) == {"authorization": told}


@pytest.mark.parametrize("name", ["x-tc-token", "cookie", "proxy-authorization"])
def test_headers_that_are_secrets_are_masked(name: str) -> None:
    assert headers_of({name: TOKEN, "host": "h"}) == {name: "***", "host": "h"}


def test_a_signature_without_secrets_is_shown_unchanged() -> None:
    signature = Signature("text", False, "POST\n/\n\nhost:h\n\nhost\nhash", "hash", True)

    assert without_secrets(signature) == signature


def test_only_the_names_of_a_signed_query_are_shown() -> None:
    query = f"CardSide=FRONT&ImageUrl=https%3A%2F%2Fxx%3F{QUERY}&{TOKEN}&"

    told = without_secrets(Signature("text", True, f"GET\n/\n{query}\nhost:h\n\nhost\nhash"))

    canonical = "GET\n/\nCardSide=***&ImageUrl=***&***&\nhost:h\n\nhost\nhash"
    assert told.canonical_request == canonical


def test_a_legacy_signature_is_shown_without_personal_data() -> None:
    pairs = f"Action=IDCardOCR&ImageBase64={PICTURE}&ImageUrl=https://xx/a.jpg?a=b&{QUERY}&Nonce=1"

    told = without_secrets(Signature(f"POSTlocalhost/?{pairs}&SecretId=AKID&Token={TOKEN}", True))

    assert told.string_to_sign == (
        "POSTlocalhost/?Action=IDCardOCR&ImageBase64=***&ImageUrl=***&sign=***&Nonce=1"
        "&SecretId=AKID&Token=***"
    )
