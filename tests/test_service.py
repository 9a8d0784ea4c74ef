"""The corridor: which refusal comes first, and what a walk leaves behind."""

import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from types import FrameType
from typing import Any

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import Clock
from mockocr.explainer.explain import BUDGET_TRIALS
from mockocr.journal import Journal
from mockocr.pictures.fetching.policy import read_policy
from mockocr.pictures.look import Pictures
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.wire import WireReply, WireRequest
from mockocr.scenario.stage import Stage
from mockocr.scenario.turns import Turns
from mockocr.service import Defaults, Service
from tests.builders import a_picture, base64
from tests.faults import FAULTS, Draft, Fault, ident
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
from tests.scenario.scripts import a_scenario

ALICE = Account("alice", {SECRET_ID: SECRET_KEY}, rate=0)


def a_service(*accounts: Account, **defaults: Any) -> Service:
    journal = Journal(max_calls=100, max_bytes=2**20)
    return Service(Accounts(accounts or [ALICE]), Stage(Turns()), journal, Defaults(**defaults))


def response(reply: WireReply) -> Mapping[str, Any]:
    assert (reply.status, reply.content_type) == (200, "application/json")
    told = json.loads(reply.body)
    assert list(told) == ["Response"]
    assert told["Response"]["RequestId"]
    return dict(told["Response"])


def outcome(reply: WireReply) -> str:
    told = response(reply)
    return str(told["Error"]["Code"]) if "Error" in told else "ok"


def answer_to(draft: Draft, language: str | None = None) -> Mapping[str, Any]:
    service = a_service(draft.account())
    service.rates.count("faulty", "IDCardOCR", TIMESTAMP)
    return response(service.answer(draft.request(TIMESTAMP, HOST, language)))


def test_a_call_without_fault_is_answered() -> None:
    assert answer_to(Draft())["Name"]


@pytest.mark.parametrize("fault", FAULTS, ids=ident)
def test_a_fault_is_refused_with_its_code_in_both_languages(fault: Fault) -> None:
    messages = {}
    for language in ("en-US", "zh-CN"):
        draft = Draft()
        fault.apply(draft)
        error = answer_to(draft, language)["Error"]
        messages[language] = error["Message"]
        assert error["Code"] == fault.code

    assert messages["en-US"].startswith(fault.words)
    is_chinese = any(character >= "\u4e00" for character in messages["zh-CN"])
    assert is_chinese != messages["zh-CN"].startswith("this action not support")


@pytest.mark.parametrize(
    ("earlier", "later"),
    list(combinations(FAULTS, 2)),
    ids=ident,
)
def test_of_two_faults_the_earlier_is_refused(earlier: Fault, later: Fault) -> None:
    draft = Draft()
    later.apply(draft)
    earlier.apply(draft)

    error = answer_to(draft, "en-US")["Error"]

    assert error["Code"] == earlier.code
    assert error["Message"].startswith(earlier.words)


def test_no_language_asked_for_is_english_at_the_gateway_and_chinese_behind_it() -> None:
    gateway = response(a_service().answer(a_call({"Sied": 1})))["Error"]
    business = response(a_service().answer(a_call({})))["Error"]

    assert gateway["Message"] == "The parameter `Sied` is not recognized."
    assert business["Message"] == "图片内容为空。"


def test_a_v1_call_speaks_the_language_of_its_parameter() -> None:
    request = a_v1_call(FRONT | {"Sied": "1"}, Language="zh-CN")

    assert response(a_service().answer(request))["Error"]["Message"] == "未定义参数 Sied"


@pytest.mark.parametrize(
    "request_",
    [a_call(), a_get(), a_v1_call(), a_v1_call(method="GET")],
    ids=["POST", "GET", "v1", "v1 GET"],
)
def test_every_form_of_request_gives_the_same_answer(request_: WireRequest) -> None:
    assert a_service().answer(request_).body == a_service().answer(a_call()).body


@pytest.mark.parametrize("text", ["true", "True", "1"])
def test_a_bool_in_a_get_and_in_v1_is_a_text(text: str) -> None:
    parameters = FRONT | {"EnableReflectDetail": text}

    assert outcome(a_service().answer(a_get(parameters))) == "ok"
    assert outcome(a_service().answer(a_v1_call(parameters))) == "ok"


def test_the_same_call_gives_the_same_bytes_but_request_id() -> None:
    service = a_service()
    first = service.answer(a_call()).body
    second = service.answer(replace(a_call(), request_id="another-id")).body

    assert first.replace(b"request-id", b"another-id") == second


def test_another_seed_gives_another_person_and_an_accounts_own_wins() -> None:
    names = [
        response(service.answer(a_call()))["IdNum"]
        for service in (
            a_service(),
            a_service(seed=1),
            a_service(replace(ALICE, seed=1)),
            a_service(replace(ALICE, seed=0), seed=1),
        )
    ]

    assert names[0] == names[3] != names[1] == names[2]


def test_safe_numbers_have_a_division_of_nobody() -> None:
    number = response(a_service(numbers="safe").answer(a_call()))["IdNum"]

    assert number[4:6] == "00"


def headers(reply: WireReply) -> dict[str, str]:
    return dict(reply.headers)


def test_the_trace_id_is_echoed_and_the_account_is_told() -> None:
    reply = a_service(Account("李 明", {SECRET_ID: SECRET_KEY})).answer(a_call(X_TC_TraceId="t-1"))

    assert headers(reply) == {
        "X-TC-TraceId": "t-1",
        "X-Mockocr-Account": "%E6%9D%8E%20%E6%98%8E",
    }


def test_the_trace_id_is_echoed_on_a_refusal() -> None:
    assert headers(a_service().answer(replace(a_call(X_TC_TraceId="t-1"), method="PUT"))) == {
        "X-TC-TraceId": "t-1"
    }


def refused(service: Service) -> str:
    return outcome(service.answer(a_call()))


def test_the_twenty_first_call_of_a_second_is_refused_in_the_observed_words() -> None:
    service = a_service(Account("alice", {SECRET_ID: SECRET_KEY}))
    outcomes = [refused(service) for _ in range(20)]

    error = response(service.answer(a_call(X_TC_Language="zh-CN")))["Error"]

    assert outcomes == ["ok"] * 20
    assert error["Message"] == "您当前每秒请求 `21` 次，超过了每秒频率上限 `20`，请稍后重试。"
    later = replace(a_call(), received_at=NOW + timedelta(seconds=1))
    assert outcome(service.answer(later)) == "ok"


def test_no_limit_is_no_limit() -> None:
    service = a_service(Account("alice", {SECRET_ID: SECRET_KEY}), rate=0)

    assert {refused(service) for _ in range(50)} == {"ok"}


def test_the_refusal_of_cam_names_the_operation_and_the_request() -> None:
    service = a_service(replace(ALICE, allow=frozenset()))

    message = response(service.answer(a_call()))["Error"]["Message"]

    assert message.endswith(
        "[[request id:request-id]you are not authorized to perform operation (ocr:IDCardOCR)\n"
        "resource (*) has no permission\n]"
    )
    assert refused(a_service(replace(ALICE, allow=frozenset({"IDCardOCR"})))) == "ok"


def test_a_package_is_used_up_by_success_and_by_an_empty_image_only() -> None:
    service = a_service(replace(ALICE, package=2))
    free = [{"ImageBase64": "x"}, {"CardSide": "x"}, {"Sied": 1}, {**FRONT, "Config": "{"}]

    for parameters in free:
        assert outcome(service.answer(a_call(parameters))) != "ok"
    assert service.packages.left("alice", 2) == 2
    assert outcome(service.answer(a_call({}))) == "FailedOperation.EmptyImageError"
    assert refused(service) == "ok"
    assert refused(service) == "ResourceUnavailable.ResourcePackageRunOut"


def test_a_token_is_needed_where_an_account_has_any() -> None:
    service = a_service(replace(ALICE, tokens=frozenset({"t1", "t2"})))

    codes = [outcome(service.answer(a_call(X_TC_Token=token))) for token in (None, "t", "t1", "t2")]

    assert codes == ["AuthFailure.TokenFailure"] * 2 + ["ok"] * 2
    assert outcome(service.answer(a_v1_call(Token="t1"))) == "ok"
    assert outcome(service.answer(a_v1_call(Token="x"))) == "AuthFailure.TokenFailure"


def test_a_token_sent_to_an_account_without_any_is_passed_over() -> None:
    assert outcome(a_service().answer(a_call(X_TC_Token="t"))) == "ok"


@pytest.mark.parametrize(("seconds", "code"), [(300, "ok"), (301, "AuthFailure.SignatureExpire")])
def test_an_accounts_clock_moves_the_signature_window(seconds: int, code: str) -> None:
    for sign in (1, -1):
        clock = Clock(offset=timedelta(seconds=sign * seconds))
        assert refused(a_service(replace(ALICE, clock=clock))) == code


def test_an_expired_call_of_an_unknown_secret_id_is_expired() -> None:
    late = replace(a_call(), received_at=NOW + timedelta(seconds=301))
    unknown = a_service(Account("bob", {"AKIDbob": "x"}))

    assert outcome(unknown.answer(late)) == "AuthFailure.SignatureExpire"
    assert outcome(unknown.answer(a_call())) == "AuthFailure.SecretIdNotFound"


WRONG = {
    "AuthFailure.SignatureFailure": replace(a_call(), body=b'{"ImageUrl": "https://xx/b.jpg"}'),
    "AuthFailure.InvalidAuthorization": replace(
        a_call(), headers={**a_call().headers, "authorization": "SKIP"}
    ),
    "AuthFailure.SignatureExpire": replace(a_call(), received_at=NOW + timedelta(days=1)),
}


@pytest.mark.parametrize("code", WRONG)
def test_lenient_verifies_reports_and_lets_pass(code: str) -> None:
    service = a_service(auth="lenient")

    assert outcome(service.answer(WRONG[code])) == "ok"

    (exchange,) = service.journal.newest_first()
    assert exchange.unproven == code
    assert exchange.account == "alice"
    assert refused(service) == "ok"
    assert service.journal.newest_first()[0].unproven is None


@pytest.mark.parametrize("code", WRONG)
def test_strict_refuses_what_lenient_lets_pass(code: str) -> None:
    assert outcome(a_service().answer(WRONG[code])) == code


@pytest.mark.parametrize("code", WRONG)
def test_off_proves_and_reports_nothing(code: str) -> None:
    service = a_service(auth="off")

    assert outcome(service.answer(WRONG[code])) == "ok"
    assert service.journal.newest_first()[0].unproven is None


def test_off_needs_no_more_than_action_and_version() -> None:
    headers = {"x-tc-action": "IDCardOCR", "x-tc-version": "2018-11-19"}
    request = replace(a_call(), headers={**headers, "content-type": "application/json"})

    assert outcome(a_service(auth="off").answer(request)) == "ok"


def test_without_any_account_nobody_can_call() -> None:
    service = a_service(auth="off")
    service.accounts.remove("alice")

    assert refused(service) == "AuthFailure.SecretIdNotFound"


def a_call_with(content: bytes, **headers: Any) -> WireRequest:
    return a_call({"ImageBase64": base64(content)}, **headers)


def test_a_new_picture_is_no_work_for_the_loop_and_one_seen_before_is() -> None:
    service = a_service()
    first, other = (a_picture(width=width, height=300) * 3 for width in (400, 500))

    assert service.is_slow(a_call_with(first))
    service.answer(a_call_with(first))

    assert not service.is_slow(a_call_with(first))
    assert service.is_slow(a_call_with(other))
    assert not service.is_slow(a_call(FRONT))


def test_a_picture_that_nobody_had_read_is_still_a_new_one() -> None:
    service = a_service()
    call = a_call_with(a_picture(width=400, height=300) * 3)

    service.answer(replace(call, headers={**call.headers, "authorization": "none"}))
    assert service.is_slow(call)
    service.stage.play(a_scenario("name: n\nrules: [{name: a, then: {card: invented}}]"))
    service.answer(call)
    assert service.is_slow(call)
    service.stage.stop()
    service.answer(call)
    assert not service.is_slow(call)


@pytest.mark.parametrize("form", [a_get, a_v1_call])
def test_a_new_picture_in_a_query_or_form_is_none_either(form: Any) -> None:
    assert a_service().is_slow(form({"ImageBase64": "A" * 2000}))
    assert not a_service().is_slow(form(FRONT))


def test_a_url_that_may_be_fetched_is_no_work_for_the_loop() -> None:
    service = a_service()
    service.pictures = Pictures(read_policy(["loopback"]))

    assert service.is_slow(a_call(FRONT))
    assert service.is_slow(a_get(FRONT))


def test_an_unsigned_picture_is_read_anew_each_time() -> None:
    service = a_service()
    long = "QUJD" * 8192
    for text in (long, long[:-4] + "QUJE"):
        request = a_call({"ImageBase64": text}, X_TC_Content_SHA256="UNSIGNED-PAYLOAD")
        assert outcome(service.answer(request)) == "FailedOperation.ImageDecodeFailed"


def test_what_a_call_leaves_in_the_journal_tells_how_far_it_came() -> None:
    service = a_service()
    service.answer(a_call({"CardSide": 1}))
    service.answer(replace(a_call({"ImageBase64": "x"}), request_id="another-id"))

    undecodable, mistyped = service.journal.newest_first()

    assert mistyped.signature is not None
    assert mistyped.signature.valid
    assert (mistyped.parameters, mistyped.picture) == ({"CardSide": "***"}, None)
    assert (undecodable.picture, undecodable.outcome) == (
        "undecodable",
        "FailedOperation.ImageDecodeFailed",
    )


def test_sixty_four_accounts_at_once_do_not_meet() -> None:
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
    service = Service(
        Accounts(accounts), Stage(Turns()), Journal(max_calls=10_000, max_bytes=2**30), Defaults()
    )
    drafts = [Draft(secret_id=f"AKID{n}", secret_key=f"key-{n}") for n in range(64)]
    requests = [draft.request(TIMESTAMP, HOST) for draft in drafts]

    with ThreadPoolExecutor(16) as pool:
        replies = list(
            pool.map(
                lambda n: (
                    n % 64,
                    service.answer(replace(requests[n % 64], request_id=f"request-{n}")),
                ),
                range(64 * 12),
            )
        )

    for n, account in enumerate(accounts):
        told = [outcome(reply) for which, reply in replies if which == n]
        if n % 4 == 0:
            wanted = {"AuthFailure.SignatureExpire": 12}
        else:
            size, limit = 5 + n % 5, 10 + n % 2
            wanted = {
                "ok": size,
                "ResourceUnavailable.ResourcePackageRunOut": limit - size,
                "RequestLimitExceeded": 12 - limit,
            }
        assert {code: told.count(code) for code in told} == wanted
        people = {
            response(reply)["IdNum"]
            for which, reply in replies
            if which == n and outcome(reply) == "ok"
        }
        assert len(people) == (0 if n % 4 == 0 else 1)
        journaled = [it for it in service.journal.newest_first() if it.account == account.name]
        assert len(journaled) == 12


DOCUMENTED_COMMON_ERRORS = [
    "ActionOffline",
    "AuthFailure.InvalidAuthorization",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.MFAFailure",
    "AuthFailure.SecretIdNotFound",
    "AuthFailure.SignatureExpire",
    "AuthFailure.SignatureFailure",
    "AuthFailure.TokenFailure",
    "AuthFailure.UnauthorizedOperation",
    "DryRunOperation",
    "FailedOperation",
    "InternalError",
    "InvalidAction",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "MissingParameter",
    "NoSuchProduct",
    "NoSuchVersion",
    "RequestLimitExceeded",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "RequestLimitExceeded.UinLimitExceeded",
    "RequestSizeLimitExceeded",
    "ResourceInUse",
    "ResourceInsufficient",
    "ResourceNotFound",
    "ResourceUnavailable",
    "ResponseSizeLimitExceeded",
    "ServiceUnavailable",
    "UnauthorizedOperation",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedProtocol",
    "UnsupportedRegion",
]


def test_every_common_error_of_the_page_can_be_scripted_with_its_words() -> None:
    assert sorted(COMMON_ERRORS) == sorted(DOCUMENTED_COMMON_ERRORS)
    for code, refusal in COMMON_ERRORS.items():
        error = refusal.error()
        assert error.code == code
        assert "{" not in error.message("en-US") + error.message("zh-CN")


def test_a_newer_parameter_is_unknown_with_a_note_which_contract_has_it() -> None:
    service = a_service()

    refused = service.answer(a_call({**FRONT, "CardWarnType": "Basic", "EnableDateVerify": True}))

    assert outcome(refused) == "UnknownParameter"
    assert "--contract" not in refused.body.decode()
    (exchange,) = service.journal.newest_first()
    assert exchange.details()["note"] == (
        "EnableDateVerify is known with --contract 2024-12-06; "
        "CardWarnType is known with --contract 2025-07-03"
    )


def test_a_call_of_what_the_contract_has_leaves_no_note() -> None:
    service = a_service(contract=date(2025, 7, 3))

    answered = service.answer(a_call({**FRONT, "CardWarnType": "Basic"}))

    assert outcome(answered) == "ok"
    assert service.journal.newest_first()[0].note is None


def test_the_contract_of_an_account_wins_over_the_servers() -> None:
    newer = replace(ALICE, contract=date(2025, 7, 3))

    answered = a_service(newer).answer(a_call({**FRONT, "CardWarnType": "Basic"}))
    refused = a_service(ALICE).answer(a_call({**FRONT, "CardWarnType": "Basic"}))

    assert (outcome(answered), outcome(refused)) == ("ok", "UnknownParameter")


@pytest.mark.parametrize("form", [a_get, a_v1_call])
def test_a_newer_bool_comes_as_text_too(form: Any) -> None:
    asked = form({**FRONT, "EnableDateVerify": "true"})

    answered = a_service(contract=date(2024, 12, 6)).answer(asked)
    refused = a_service().answer(asked)

    assert (outcome(answered), outcome(refused)) == ("ok", "UnknownParameter")


def calls_into_the_explainer(service: Service, request: WireRequest) -> list[str]:
    """The functions of the explainer that answering a request runs."""
    run = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "explainer" in frame.f_code.co_filename:
            run.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        service.answer(request)
    finally:
        sys.setprofile(None)
    return run


def test_the_explainer_costs_a_good_call_nothing_and_a_refused_one_its_budget() -> None:
    service = a_service()

    good = calls_into_the_explainer(service, a_call())
    refused = calls_into_the_explainer(service, WRONG["AuthFailure.SignatureFailure"])

    assert good == []
    assert 0 < refused.count("signature") <= BUDGET_TRIALS + 4
