"""A second action, registered for a test, works everywhere. Only `catalogue.py` knows it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from mockocr import Account, MockOCR
from mockocr.actions import catalogue
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.documents.document import DocumentError
from mockocr.documents.reading import parse_document
from mockocr.scenario.library import SHIPPED
from mockocr.scenario.load import load, load_file
from mockocr.testing.errors import RefusedError, UsageError
from tests.actions.toy import ECHO_OCR

if TYPE_CHECKING:
    from tests.conftest import Run

BOTH = "several actions are registered; name one of IDCardOCR, EchoOCR"
URL = "https://example.com/a.jpg"


@pytest.fixture(autouse=True)
def two_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_ACTIONS", (ID_CARD_OCR, ECHO_OCR))


@pytest.fixture
def ocr(state_dir: Path) -> Iterator[Account]:
    with MockOCR(state_dir=state_dir) as account:
        yield account


def call(account: Account, name: str = "EchoOCR", **parameters: Any) -> dict[str, Any]:
    """Response of a call with the official SDK. A code of an error is its member `code`."""
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=account.endpoint))
    credential = Credential(account.secret_id, account.secret_key)
    client = CommonClient("ocr", "2018-11-19", credential, "ap-guangzhou", profile)
    if name == "EchoOCR":
        parameters = {"ImageUrl": URL, "Text": "hello", **parameters}
    try:
        return dict(client.call_json(name, parameters)["Response"])
    except TencentCloudSDKException as error:
        return {"code": error.code}


def echo_rule(**rule: Any) -> dict[str, Any]:
    return {"name": "echo", "rules": [{"name": "first", "action": "EchoOCR", **rule}]}


def test_a_call_is_answered_by_the_action_that_it_names(ocr: Account) -> None:
    assert call(ocr)["Echo"] == "hello"
    assert call(ocr, "IDCardOCR", ImageUrl=URL)["IdNum"]
    assert call(ocr, "GhostOCR") == {"code": "InvalidAction"}


def test_a_refusal_of_the_action_reaches_the_client(ocr: Account) -> None:
    assert call(ocr, Text="") == {"code": "FailedOperation.NoEcho"}


def test_its_errors_are_in_the_outcome_coverage(ocr: Account) -> None:
    call(ocr, Text="")
    call(ocr)

    rows = ocr.server.admin.ask("GET", "coverage")["rows"]

    assert [row["id"] for row in rows if row["calls"]] == ["EchoOCR/error:FailedOperation.NoEcho"]


def test_a_large_picture_is_cached_without_its_bytes(ocr: Account) -> None:
    picture = "A" * 100_000

    assert [call(ocr, ImageBase64=picture)["Echo"] for _ in range(2)] == ["hello", "hello"]


def test_rules_apply_to_calls_of_their_action_only(ocr: Account) -> None:
    ocr.play(echo_rule(when={"Text": {"contains": "ell"}}, then={"echo": "scripted"}))

    assert call(ocr)["Echo"] == "scripted"
    assert call(ocr, Text="other")["Echo"] == "other"
    assert call(ocr, "IDCardOCR", ImageUrl=URL)["IdNum"]
    assert [each.rule for each in ocr.requests] == ["first", None, None]


def test_one_scenario_has_rules_of_both_actions(ocr: Account) -> None:
    rules = [
        {"name": "card", "then": {"error": "FailedOperation.ImageBlur"}},
        {"name": "echo", "action": "EchoOCR", "then": {"error": "FailedOperation.NoEcho"}},
    ]
    ocr.play({"name": "both", "action": "IDCardOCR", "rules": rules})

    assert call(ocr)["code"] == "FailedOperation.NoEcho"
    assert call(ocr, "IDCardOCR", ImageUrl=URL)["code"] == "FailedOperation.ImageBlur"


def test_a_fault_breaks_off_the_answer_of_the_action(ocr: Account) -> None:
    ocr.respond(action="EchoOCR", fault="BAD_JSON")

    with pytest.raises(json.JSONDecodeError):
        call(ocr)

    assert [each.outcome for each in ocr.requests] == ["fault:BAD_JSON"]


def test_a_fault_replaces_the_answer_of_the_action(ocr: Account) -> None:
    ocr.respond(action="EchoOCR", fault="CONNECTION_RESET_BY_PEER")

    assert call(ocr) == {"code": "ClientNetworkError"}


def test_chaos_without_an_action_strikes_calls_of_every_action(ocr: Account) -> None:
    ocr.play({"name": "down", "chaos": [{"probability": 1.0, "error": "InternalError"}]})

    assert call(ocr)["code"] == "InternalError"
    assert call(ocr, "IDCardOCR", ImageUrl=URL)["code"] == "InternalError"


def test_chaos_with_an_action_strikes_its_calls_only(ocr: Account) -> None:
    entry = {"action": "EchoOCR", "probability": 1.0, "echo": "struck"}
    ocr.play({"name": "struck", "chaos": [entry]})

    assert call(ocr)["Echo"] == "struck"
    assert call(ocr, "IDCardOCR", ImageUrl=URL)["IdNum"]


def test_calls_are_counted_by_action_and_by_its_conditions(ocr: Account) -> None:
    call(ocr, Text="hello")
    call(ocr, "IDCardOCR", ImageUrl=URL, CardSide="FRONT")

    ocr.assert_called(2)
    ocr.assert_called(1, action="EchoOCR")
    ocr.assert_called(1, action="IDCardOCR", CardSide="FRONT")
    with pytest.raises(AssertionError, match="EchoOCR"):
        ocr.assert_called(2, action="EchoOCR")
    with pytest.raises(UsageError, match=BOTH):
        ocr.assert_called(1, CardSide="FRONT")


def test_the_texts_of_a_call_are_masked_in_the_journal(ocr: Account) -> None:
    call(ocr)

    details = ocr.requests[0].details
    assert details["action"] == "EchoOCR"
    assert details["parameters"] == {"ImageUrl": "***", "Text": "***"}
    assert details["response"]["Echo"] == "***"


def test_a_dry_run_names_the_action(ocr: Account) -> None:
    ocr.play(echo_rule(when={"Text": "hello"}, then={"echo": "scripted"}))
    admin, account = ocr.server.admin, ocr.name
    sent = {"account": account, "parameters": {"Text": "hello"}}

    matched = admin.ask("POST", "match", json_body={**sent, "action": "EchoOCR"})
    other = admin.ask("POST", "match", json_body={**sent, "action": "IDCardOCR"})

    assert (matched["rule"], matched["outcome"]) == ("first", "ok")
    assert other["outcome"] == "UnknownParameter"
    with pytest.raises(RefusedError, match=BOTH):
        admin.ask("POST", "match", json_body=sent)
    with pytest.raises(RefusedError, match="did you mean 'EchoOCR'"):
        admin.ask("POST", "match", json_body={**sent, "action": "EchoOcr"})


def test_near_misses_are_explained_in_the_words_of_the_action(ocr: Account) -> None:
    ocr.play(echo_rule(when={"Text": "bye"}, then={"echo": "scripted"}))
    call(ocr)

    (near_miss,) = ocr.explain()["decision"]["near_misses"]

    (difference,) = near_miss["differences"]
    assert (difference["name"], difference["found"]) == ("Text", "***")


def test_info_metrics_and_schema_have_both_actions(ocr: Account) -> None:
    call(ocr)

    info = ocr.server.admin.ask("GET", "info")
    schema = ocr.server.admin.ask("GET", "schema")

    assert info["actions"] == ["IDCardOCR", "EchoOCR"]
    assert schema["title"] == "mockocr scenario for IDCardOCR, EchoOCR"
    assert schema["properties"]["action"]["enum"] == ["IDCardOCR", "EchoOCR"]
    assert len(schema["properties"]["rules"]["items"]["anyOf"]) == 2


def test_the_contract_of_the_account_dates_the_action(ocr: Account) -> None:
    newer = ocr.account(contract="2025-01-01")

    assert call(newer, Loud=True)["Echo"] == "HELLO"
    assert call(newer)["Volume"] == 5
    assert call(ocr, Loud=True) == {"code": "UnknownParameter"}
    details = ocr.requests[-1].details
    assert details["reason"]["parameter"] == "Loud"
    assert "--contract to 2025-01-01" in details["hint"]["en"]


def test_an_account_may_be_limited_to_one_action(ocr: Account) -> None:
    limited = ocr.account(allow=["IDCardOCR"])

    assert call(limited) == {"code": "AuthFailure.UnauthorizedOperation"}


def test_a_card_is_drawn_by_the_action_that_has_specimens(ocr: Account) -> None:
    assert ocr.card(Name="李明").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "name: a\nrules:\n  - name: b\n    then: {http: 500}\n",
            f"a:3:5: {BOTH} with `action:`, here or for the whole file",
        ),
        (
            "name: a\naction: EchoOcr\nrules:\n  - name: b\n    then: {eror: x}\n",
            "a:2:9: unknown action 'EchoOcr'; did you mean 'EchoOCR'?",
        ),
        (
            "name: a\nrules:\n  - name: b\n    action: EchoOCR\n    then: {card: invented}\n",
            "a:5:12: unknown key 'card'; expected one of ",
        ),
        (
            "name: a\naction: EchoOCR\nrules:\n  - name: b\n    then: {echo: x, volume: 3}\n",
            "a:5:29: use contract: 2025-01-01 or later",
        ),
        (
            "name: a\nchaos:\n  - {probability: 0.5, echo: x}\n",
            "a:3:24: unknown key 'echo'; expected one of ",
        ),
        ("name: a\nrules: [3]\n", f"a:2:9: {BOTH}"),
    ],
)
def test_a_wrong_scenario_is_refused_in_the_words_of_its_action(text: str, problem: str) -> None:
    with pytest.raises(DocumentError) as refused:
        load(parse_document(text, "a"))

    assert problem in str(refused.value)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_shipped_scenario_names_its_action_if_it_needs_to(file: Path) -> None:
    assert load_file(file).name == file.stem


def test_a_file_of_a_second_action_is_validated(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "echo.yaml").write_text(json.dumps(echo_rule(then={"echo": "scripted"})))

    checked = run("validate", "echo.yaml")

    assert (checked.code, checked.stdout) == (0, "echo.yaml: ok, 1 rule\n")


def test_a_call_from_the_command_line_names_its_action(run: "Run", ocr: Account) -> None:
    keys = ("--secret-id", ocr.secret_id, "--secret-key", ocr.secret_key)
    made = ("call", "--server", ocr.url, *keys, "--image", URL)

    answered = run(*made, "--param", "Text=hello", "--action", "EchoOCR")
    unnamed = run(*made)

    assert json.loads(answered.stdout)["Response"]["Echo"] == "hello"
    assert (unnamed.code, unnamed.stderr) == (2, f"mockocr call: --action: {BOTH}\n")


def test_changes_of_the_contract_are_listed_by_action(run: "Run") -> None:
    printed = run("contract", "diff", "2024-12-26", "2025-01-01")

    assert printed.stdout == "added: EchoOCR: parameter Loud: bool\n"
