"""Requests with known signatures, made outside of this project: `fixtures/vectors`."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.identity import identify
from mockocr.protocol import tc3
from mockocr.protocol.authorization import read_authorization
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest

VECTORS = Path(__file__).parents[2] / "fixtures" / "vectors"
QUIRKS = {"py-v1-underscore-key"}
CASES = sorted(path.parent for path in VECTORS.glob("*/case.json"))


def read_case(folder: Path) -> tuple[dict[str, Any], WireRequest]:
    case = json.loads((folder / "case.json").read_text())
    headers = {name.lower(): value for name, value in case["headers"].items()}
    if case["kind"] == "TC3":
        headers["authorization"] = case["expected_authorization"]
    moment = datetime.fromtimestamp(case["timestamp"], UTC)
    body = (folder / "body").read_bytes()
    return case, WireRequest("id", moment, case["method"], "/", case["query"], headers, body)


def test_there_are_107_vectors() -> None:
    assert len(CASES) == 107


@pytest.mark.parametrize(
    "folder", [each for each in CASES if each.name not in QUIRKS], ids=lambda each: each.name
)
def test_a_known_answer_verifies(folder: Path) -> None:
    case, request = read_case(folder)
    accounts = Accounts([Account("a", {case["secret_id"]: case["secret_key"]})])

    identity = identify(request, read_call(request), accounts)

    assert identity.refusal is None, identity.signature
    assert identity.signature is not None
    assert identity.signature.valid


@pytest.mark.parametrize(
    "folder",
    [each for each in CASES if "intermediates" in json.loads((each / "case.json").read_text())],
    ids=lambda each: each.name,
)
def test_each_published_step_is_reproduced(folder: Path) -> None:
    case, request = read_case(folder)
    authorization = read_authorization(request, case["timestamp"])

    signature = tc3.verify(request, authorization, case["timestamp"], case["secret_key"])

    assert signature.canonical_request is not None
    steps = {
        "hashed_payload": signature.payload_hash,
        "hashed_canonical_request": sha256(signature.canonical_request.encode()).hexdigest(),
        "secret_signing": tc3.signing_key(
            case["secret_key"], authorization.date, authorization.service
        ).hex(),
    }
    published = case["intermediates"]
    assert {name: steps[name] for name in steps if name in published} == {
        name: published[name] for name in steps if name in published
    }
    assert signature.string_to_sign.endswith(published["hashed_canonical_request"])


def test_the_quirk_of_the_python_sdk_is_refused() -> None:
    case, request = read_case(VECTORS / "py-v1-underscore-key")
    accounts = Accounts([Account("a", {case["secret_id"]: case["secret_key"]})])

    identity = identify(request, read_call(request), accounts)

    assert identity.refusal is not None
    assert identity.refusal.code == "AuthFailure.SignatureFailure"
