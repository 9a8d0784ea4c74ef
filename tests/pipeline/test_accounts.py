"""Accounts in the pipeline: authentication, permissions, limits, and contracts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import Clock
from mockocr.journal.journal import CallFilter, Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from tests.faults import Draft
from tests.pipelines import ALICE, WRONG, a_pipeline, outcome, refused, response
from tests.requests import (
    FRONT,
    HOST,
    NOW,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    a_call,
    a_get,
    a_v1_call,
)


def test_the_twenty_first_call_of_a_second_is_refused_in_the_observed_words() -> None:
    pipeline = a_pipeline(Account("alice", {SECRET_ID: SECRET_KEY}))
    outcomes = [refused(pipeline) for _ in range(20)]

    error = response(pipeline.answer(a_call(X_TC_Language="zh-CN")))["Error"]

    assert outcomes == ["ok"] * 20
    assert error["Message"] == "您当前每秒请求 `21` 次，超过了每秒频率上限 `20`，请稍后重试。"
    later = replace(a_call(), received_at=NOW + timedelta(seconds=1))
    assert outcome(pipeline.answer(later)) == "ok"


def test_a_rate_of_zero_is_unlimited() -> None:
    pipeline = a_pipeline(Account("alice", {SECRET_ID: SECRET_KEY}), rate=0)

    assert {refused(pipeline) for _ in range(50)} == {"ok"}


def test_the_refusal_of_cam_names_the_operation_and_the_request() -> None:
    pipeline = a_pipeline(replace(ALICE, allow=frozenset()))

    message = response(pipeline.answer(a_call()))["Error"]["Message"]

    assert message.endswith(
        "[[request id:request-id]you are not authorized to perform operation (ocr:IDCardOCR)\n"
        "resource (*) has no permission\n]"
    )
    assert refused(a_pipeline(replace(ALICE, allow=frozenset({"IDCardOCR"})))) == "ok"


def test_only_success_and_an_empty_image_are_charged_to_a_package() -> None:
    pipeline = a_pipeline(replace(ALICE, package=2))
    free = [{"ImageBase64": "x"}, {"CardSide": "x"}, {"Sied": 1}, {**FRONT, "Config": "{"}]

    for parameters in free:
        assert outcome(pipeline.answer(a_call(parameters))) != "ok"
    assert pipeline.state.packages.left("alice", 2) == 2
    assert outcome(pipeline.answer(a_call({}))) == "FailedOperation.EmptyImageError"
    assert refused(pipeline) == "ok"
    assert refused(pipeline) == "ResourceUnavailable.ResourcePackageRunOut"


def test_a_token_is_required_if_the_account_has_one() -> None:
    pipeline = a_pipeline(replace(ALICE, tokens=frozenset({"t1", "t2"})))

    codes = [
        outcome(pipeline.answer(a_call(X_TC_Token=token))) for token in (None, "t", "t1", "t2")
    ]

    assert codes == ["AuthFailure.TokenFailure"] * 2 + ["ok"] * 2
    assert outcome(pipeline.answer(a_v1_call(Token="t1"))) == "ok"
    assert outcome(pipeline.answer(a_v1_call(Token="x"))) == "AuthFailure.TokenFailure"


def test_a_token_sent_to_an_account_without_one_is_ignored() -> None:
    assert outcome(a_pipeline().answer(a_call(X_TC_Token="t"))) == "ok"


@pytest.mark.parametrize(("seconds", "code"), [(300, "ok"), (301, "AuthFailure.SignatureExpire")])
def test_an_accounts_clock_moves_the_signature_window(seconds: int, code: str) -> None:
    for sign in (1, -1):
        clock = Clock(offset=timedelta(seconds=sign * seconds))
        assert refused(a_pipeline(replace(ALICE, clock=clock))) == code


def test_an_expired_call_of_an_unknown_secret_id_is_expired() -> None:
    late = replace(a_call(), received_at=NOW + timedelta(seconds=301))
    unknown = a_pipeline(Account("bob", {"AKIDbob": "x"}))

    assert outcome(unknown.answer(late)) == "AuthFailure.SignatureExpire"
    assert outcome(unknown.answer(a_call())) == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize("code", WRONG)
def test_lenient_reports_a_wrong_signature_and_accepts_the_call(code: str) -> None:
    pipeline = a_pipeline(auth="lenient")

    assert outcome(pipeline.answer(WRONG[code])) == "ok"

    (exchange,) = pipeline.state.journal.newest_first()
    assert exchange.unproven == code
    assert exchange.account == "alice"
    assert refused(pipeline) == "ok"
    assert pipeline.state.journal.newest_first()[0].unproven is None


@pytest.mark.parametrize("code", WRONG)
def test_strict_refuses_what_lenient_accepts(code: str) -> None:
    assert outcome(a_pipeline().answer(WRONG[code])) == code


@pytest.mark.parametrize("code", WRONG)
def test_off_verifies_and_reports_nothing(code: str) -> None:
    pipeline = a_pipeline(auth="off")

    assert outcome(pipeline.answer(WRONG[code])) == "ok"
    assert pipeline.state.journal.newest_first()[0].unproven is None


def test_off_needs_only_action_and_version() -> None:
    headers = {"x-tc-action": "IDCardOCR", "x-tc-version": "2018-11-19"}
    request = replace(a_call(), headers={**headers, "content-type": "application/json"})

    assert outcome(a_pipeline(auth="off").answer(request)) == "ok"


def test_every_call_is_refused_if_there_is_no_account() -> None:
    pipeline = a_pipeline(auth="off")
    pipeline.state.accounts.remove("alice")

    assert refused(pipeline) == "AuthFailure.SecretIdNotFound"


def test_sixty_four_concurrent_accounts_are_isolated() -> None:
    """Each has its own rate, package, clock, seed and journal; every second one is refused."""
    accounts = [
        Account(
            f"account-{n}",
            {f"AKID{n}": f"key-{n}"},
            rate=10 + n % 2,
            package=5 + n % 5,
            seed=n,
            clock=Clock(offset=timedelta(seconds=0 if n % 4 else 301)),
        )
        for n in range(64)
    ]
    pipeline = Pipeline(
        State(
            Accounts(accounts),
            ScenarioRegistry(CallCounters()),
            Journal(max_calls=10_000, max_bytes=2**30),
            Defaults(),
        )
    )
    drafts = [Draft(secret_id=f"AKID{n}", secret_key=f"key-{n}") for n in range(64)]
    requests = [draft.request(TIMESTAMP, HOST) for draft in drafts]

    with ThreadPoolExecutor(16) as pool:
        replies = list(
            pool.map(
                lambda n: (
                    n % 64,
                    pipeline.answer(replace(requests[n % 64], request_id=f"request-{n}")),
                ),
                range(64 * 12),
            )
        )

    for n, account in enumerate(accounts):
        outcomes = [outcome(reply) for number, reply in replies if number == n]
        if n % 4 == 0:
            expected = {"AuthFailure.SignatureExpire": 12}
        else:
            size, limit = 5 + n % 5, 10 + n % 2
            expected = {
                "ok": size,
                "ResourceUnavailable.ResourcePackageRunOut": limit - size,
                "RequestLimitExceeded": 12 - limit,
            }
        assert {code: outcomes.count(code) for code in outcomes} == expected
        people = {
            response(reply)["IdNum"]
            for number, reply in replies
            if number == n and outcome(reply) == "ok"
        }
        assert len(people) == (0 if n % 4 == 0 else 1)
        journaled = pipeline.state.journal.newest_first(CallFilter(account=account.name))
        assert len(journaled) == 12


def test_a_newer_parameter_is_refused_with_a_hint_naming_its_contract() -> None:
    pipeline = a_pipeline()

    refused = pipeline.answer(a_call({**FRONT, "CardWarnType": "Basic", "EnableDateVerify": True}))

    assert outcome(refused) == "UnknownParameter"
    assert "--contract" not in refused.body.decode()
    (exchange,) = pipeline.state.journal.newest_first()
    assert exchange.reason == {
        "parameter": "CardWarnType",
        "value": None,
        "expected": "2025-07-03",
    }
    assert "--contract to 2025-07-03" in exchange.details()["hint"]["en"]


def test_a_call_within_the_contract_has_no_note() -> None:
    pipeline = a_pipeline(contract=date(2025, 7, 3))

    answered = pipeline.answer(a_call({**FRONT, "CardWarnType": "Basic"}))

    assert outcome(answered) == "ok"
    assert pipeline.state.journal.newest_first()[0].reason is None


def test_the_contract_of_an_account_overrides_that_of_the_server() -> None:
    newer = replace(ALICE, contract=date(2025, 7, 3))

    answered = a_pipeline(newer).answer(a_call({**FRONT, "CardWarnType": "Basic"}))
    refused = a_pipeline(ALICE).answer(a_call({**FRONT, "CardWarnType": "Basic"}))

    assert (outcome(answered), outcome(refused)) == ("ok", "UnknownParameter")


@pytest.mark.parametrize("form", [a_get, a_v1_call])
def test_a_newer_bool_can_be_a_text(form: Any) -> None:
    call = form({**FRONT, "EnableDateVerify": "true"})

    answered = a_pipeline(contract=date(2024, 12, 6)).answer(call)
    refused = a_pipeline().answer(call)

    assert (outcome(answered), outcome(refused)) == ("ok", "UnknownParameter")
