"""The parts of headers and signatures that the journal leaves out."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mockocr.journal.exchange import exchange_of
from mockocr.journal.redact import redacted_signature
from mockocr.protocol.signature import Signature
from tests.records import PICTURE, QUERY, REQUEST, SIGNATURE, TOKEN


def headers_of(headers: Mapping[str, str]) -> Mapping[str, str]:
    return exchange_of(replace(REQUEST, headers=headers)).headers


@pytest.mark.parametrize(
    ("sent", "shown"),
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
def test_the_shown_authorization_has_no_signature(sent: str, shown: str) -> None:
    assert headers_of({"authorization": sent}) == {"authorization": shown}


@pytest.mark.parametrize("name", ["x-tc-token", "cookie", "proxy-authorization"])
def test_headers_that_are_secrets_are_masked(name: str) -> None:
    assert headers_of({name: TOKEN, "host": "h"}) == {name: "***", "host": "h"}


def test_a_signature_without_secrets_is_unchanged() -> None:
    signature = Signature("text", False, "POST\n/\n\nhost:h\n\nhost\nhash", "hash", True)

    assert redacted_signature(signature) == signature


def test_a_signed_query_has_only_names() -> None:
    query = f"CardSide=FRONT&ImageUrl=https%3A%2F%2Fxx%3F{QUERY}&{TOKEN}&"

    redacted = redacted_signature(Signature("text", True, f"GET\n/\n{query}\nhost:h\n\nhost\nhash"))

    canonical = "GET\n/\nCardSide=***&ImageUrl=***&***&\nhost:h\n\nhost\nhash"
    assert redacted.canonical_request == canonical


def test_a_legacy_signature_has_no_personal_data() -> None:
    pairs = f"Action=IDCardOCR&ImageBase64={PICTURE}&ImageUrl=https://xx/a.jpg?a=b&{QUERY}&Nonce=1"

    redacted = redacted_signature(
        Signature(f"POSTlocalhost/?{pairs}&SecretId=AKID&Token={TOKEN}", True)
    )

    assert redacted.string_to_sign == (
        "POSTlocalhost/?Action=IDCardOCR&ImageBase64=***&ImageUrl=***&sign=***&Nonce=1"
        "&SecretId=AKID&Token=***"
    )
