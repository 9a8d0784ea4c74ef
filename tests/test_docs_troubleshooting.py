"""docs/troubleshooting.md: each entry shows the output of `mockocr explain` for a real mistake."""

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockocr.accounts.account import Account
from mockocr.explainer.causes import NAMES
from mockocr.protocol.wire import WireRequest
from mockocr.terminal import mistake_lines
from tests.explainer.calls import ALICE, BOB, cause_of, received
from tests.explainer.signing import (
    BODY,
    SCOPE,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    LegacySigner,
    Signer,
    hmac_sha256,
    sha256,
)
from tests.test_docs import ROOT

PAGES = ("docs/troubleshooting.md", "docs/troubleshooting.zh-CN.md")
ENTRY = re.compile(r"^### (\w+)\n(.*?)(?=^##+ |\Z)", re.MULTILINE | re.DOTALL)
PART = re.compile(r"^## .*\n", re.MULTILINE)
BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def hexadecimal_keys(signer: Signer) -> bytes:
    key = f"TC3{signer.secret_key}".encode()
    for part in SCOPE.split("/"):
        key = hmac_sha256(key, part).hex().encode()
    return key


def legacy_signature(signer: Signer) -> str:
    return b64encode(hmac.digest(SECRET_KEY.encode(), signer.text().encode(), "sha1")).decode()


def without_blank_line(signer: Any) -> str:
    return "\n".join(
        [signer.method, signer.path, signer.query, *signer.lines, signer.names, signer.payload]
    )


JSON = "application/json"
CHARSET = f"{JSON}; charset=utf-8"
COMPACT = b'{"CardSide":"FRONT","ImageUrl":"https://xx/a.jpg"}'
CHINESE = '{"ImageUrl": "https://xx/张.jpg"}'

TC3: Mapping[str, dict[str, Any]] = {
    "unknown_secret_id": {"secret_id": "undefined"},
    "malformed_authorization": {"sent": {"authorization": "Bearer token"}},
    "wrong_secret_key": {"secret_key": "another"},
    "key_of_another_account": {"secret_key": "key-of-bob"},
    "secret_has_whitespace": {"secret_key": f"{SECRET_KEY}\n"},
    "body_changed_after_signing": {"sent_body": b"\xef\xbb\xbf" + BODY},
    "body_reserialized": {"signed_body": COMPACT},
    "content_type_differs": {"sent": {"content-type": "text/plain"}},
    "content_type_charset": {"sent": {"content-type": CHARSET}},
    "host_differs": {"signed_as": {"host": "localhost:8018"}},
    "signed_headers_order": {"names": ("host", "content-type")},
    "missing_signed_header": {"listed": "content-type"},
    "query_not_as_sent": {"method": "GET", "query": "a=x%20y", "sent_query": "a=x+y"},
    "query_sorted": {"method": "GET", "query": "a=1&b=2", "sent_query": "b=2&a=1"},
    "date_not_utc": {"date": "2026-11-23"},
    "date_differs_from_timestamp": {"date": "2026-01-01"},
    "timestamp_differs": {"sent_timestamp": TIMESTAMP + 2},
    "wrong_service": {"service": "cvm", "scope": SCOPE},
    "scope_terminator": {"end": "aws4_request"},
    "hex_case_or_length": {"spell": lambda signer: signer.digest().hex().upper()},
    "v1_signature_in_tc3": {"spell": legacy_signature},
    "unsigned_payload_literal": {"payload_hash": "UNSIGNED-PAYLOAD"},
    "payload_hash_of_empty": {"payload_hash": sha256("")},
    "secret_key_missing": {"secret_key": "undefined"},
    "secret_id_and_key_swapped": {"secret_id": SECRET_KEY, "secret_key": SECRET_ID},
    "signing_key_derivation": {"derive": hexadecimal_keys},
    "canonical_request_layout": {"arrange": without_blank_line},
    "canonical_request_not_hashed": {"state": lambda signer, canonical: canonical},
    "payload_hash": {"payload_hash": sha256(BODY).upper()},
    "string_to_sign_layout": {"signed_timestamp": f"{TIMESTAMP}000"},
    "signature_encoding": {"spell": lambda signer: signer.digest().hex().encode().hex()},
    "body_encoding": {"body": CHINESE.encode(), "signed_body": CHINESE.encode("gbk")},
}
LEGACY: Mapping[str, dict[str, Any]] = {"legacy_layout": {"change": list}}


def mistaken(name: str) -> tuple[WireRequest, tuple[Account, ...]]:
    """A request with the mistake of an entry, and the accounts of the server."""
    if name in LEGACY:
        return received(LegacySigner(**LEGACY[name])), (ALICE, BOB)
    request = received(Signer(**TC3.get(name, {})))
    if name == "clock_skew":
        late = datetime.fromtimestamp(TIMESTAMP, UTC) + timedelta(seconds=400)
        return replace(request, received_at=late), (ALICE, BOB)
    if name == "token_missing_or_wrong":
        return request, (replace(ALICE, tokens=frozenset({"t"})),)
    return request, (ALICE, BOB)


def shown(name: str) -> str:
    """The block of an entry: the cause and its details, as `mockocr explain` prints them."""
    request, accounts = mistaken(name)
    cause = cause_of(request, *accounts)
    lines = [f"cause     {cause.name} ({'proven' if cause.proven else 'likely, not proven'})"]
    for detail in cause.details:
        step, *more = mistake_lines(detail.to_dict())
        lines += [f"step      {step}", *(line.strip() for line in more)]
    return "\n".join(lines) + "\n"


def signatures(page: str) -> str:
    """The part of a page about causes. `tests/test_reasons.py` checks the others."""
    return PART.split((ROOT / page).read_text(encoding="utf-8"))[1]


@pytest.mark.parametrize("page", PAGES)
def test_every_cause_has_one_entry(page: str) -> None:
    names = [name for name, _ in ENTRY.findall(signatures(page))]

    assert names == sorted(NAMES)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", NAMES)
def test_an_entry_shows_the_explanation_of_its_mistake(name: str, page: str) -> None:
    entry = dict(ENTRY.findall(signatures(page)))[name]

    assert BLOCK.findall(entry) == [shown(name)]
    assert shown(name).startswith(f"cause     {name} (")
