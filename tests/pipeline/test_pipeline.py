"""The pipeline: which refusal is first, and what a call leaves behind."""

import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from types import FrameType
from typing import Any

import pytest

from mockocr.accounts.account import Account
from mockocr.explainer.work import OWN_HASHES
from mockocr.pipeline.pipeline import Pipeline
from mockocr.protocol.wire import WireReply, WireRequest
from tests.builders import a_picture, base64
from tests.faults import FAULTS, Draft, Fault, ident
from tests.pipelines import ALICE, WRONG, a_pipeline, outcome, response
from tests.requests import FRONT, HOST, SECRET_ID, SECRET_KEY, TIMESTAMP, a_call, a_get, a_v1_call


def answer_to(draft: Draft, language: str | None = None) -> Mapping[str, Any]:
    pipeline = a_pipeline(draft.account())
    pipeline.state.rates.count("faulty", "IDCardOCR", TIMESTAMP)
    return response(pipeline.answer(draft.request(TIMESTAMP, HOST, language)))


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
def test_the_earlier_of_two_faults_is_reported(earlier: Fault, later: Fault) -> None:
    draft = Draft()
    later.apply(draft)
    earlier.apply(draft)

    error = answer_to(draft, "en-US")["Error"]

    assert error["Code"] == earlier.code
    assert error["Message"].startswith(earlier.words)


def test_the_default_language_is_english_at_the_gateway_and_chinese_behind_it() -> None:
    gateway = response(a_pipeline().answer(a_call({"Sied": 1})))["Error"]
    business = response(a_pipeline().answer(a_call({})))["Error"]

    assert gateway["Message"] == "The parameter `Sied` is not recognized."
    assert business["Message"] == "图片内容为空。"


def test_a_v1_call_is_answered_in_the_language_of_its_parameter() -> None:
    request = a_v1_call(FRONT | {"Sied": "1"}, Language="zh-CN")

    assert response(a_pipeline().answer(request))["Error"]["Message"] == "未定义参数 Sied"


@pytest.mark.parametrize(
    "request_",
    [a_call(), a_get(), a_v1_call(), a_v1_call(method="GET")],
    ids=["POST", "GET", "v1", "v1 GET"],
)
def test_every_form_of_request_gives_the_same_answer(request_: WireRequest) -> None:
    assert a_pipeline().answer(request_).body == a_pipeline().answer(a_call()).body


@pytest.mark.parametrize("text", ["true", "True", "1"])
def test_a_bool_in_a_get_or_v1_call_is_a_text(text: str) -> None:
    parameters = FRONT | {"EnableReflectDetail": text}

    assert outcome(a_pipeline().answer(a_get(parameters))) == "ok"
    assert outcome(a_pipeline().answer(a_v1_call(parameters))) == "ok"


def test_a_legacy_call_with_the_nonce_of_an_earlier_call_is_answered() -> None:
    pipeline, call = a_pipeline(), a_v1_call(Nonce="5577006791947779410")

    assert [outcome(pipeline.answer(call)) for _ in range(2)] == ["ok", "ok"]


def test_the_same_call_gives_the_same_bytes_except_request_id() -> None:
    pipeline = a_pipeline()
    first = pipeline.answer(a_call()).body
    second = pipeline.answer(replace(a_call(), request_id="another-id")).body

    assert first.replace(b"request-id", b"another-id") == second


def test_another_seed_gives_another_person_and_that_of_the_account_wins() -> None:
    names = [
        response(pipeline.answer(a_call()))["IdNum"]
        for pipeline in (
            a_pipeline(),
            a_pipeline(seed=1),
            a_pipeline(replace(ALICE, seed=1)),
            a_pipeline(replace(ALICE, seed=0), seed=1),
        )
    ]

    assert names[0] == names[3] != names[1] == names[2]


def test_safe_numbers_have_an_unassigned_division() -> None:
    number = response(a_pipeline(numbers="safe").answer(a_call()))["IdNum"]

    assert number[4:6] == "00"


def headers(reply: WireReply) -> dict[str, str]:
    return dict(reply.headers)


def test_the_trace_id_and_the_account_are_returned() -> None:
    reply = a_pipeline(Account("李 明", {SECRET_ID: SECRET_KEY})).answer(a_call(X_TC_TraceId="t-1"))

    assert headers(reply) == {
        "X-TC-TraceId": "t-1",
        "X-Mockocr-Account": "%E6%9D%8E%20%E6%98%8E",
    }


def test_the_trace_id_is_echoed_on_a_refusal() -> None:
    assert headers(a_pipeline().answer(replace(a_call(X_TC_TraceId="t-1"), method="PUT"))) == {
        "X-TC-TraceId": "t-1"
    }


def test_an_unsigned_picture_is_read_again_each_time() -> None:
    pipeline = a_pipeline()
    picture = base64(a_picture("BMP", 150, 100))
    damaged = "A" * len(picture)

    outcomes = [
        outcome(
            pipeline.answer(a_call({"ImageBase64": text}, X_TC_Content_SHA256="UNSIGNED-PAYLOAD"))
        )
        for text in (picture, damaged, picture)
    ]

    assert outcomes == ["ok", "FailedOperation.ImageDecodeFailed", "ok"]


def test_the_journal_shows_how_far_a_call_got() -> None:
    pipeline = a_pipeline()
    pipeline.answer(a_call({"CardSide": 1}))
    pipeline.answer(replace(a_call({"ImageBase64": "x"}), request_id="another-id"))

    undecodable, mistyped = pipeline.state.journal.newest_first()

    assert mistyped.signature is not None
    assert mistyped.signature.valid
    assert (mistyped.parameters, mistyped.picture) == ({"CardSide": "***"}, None)
    assert (undecodable.picture, undecodable.outcome) == (
        "undecodable",
        "FailedOperation.ImageDecodeFailed",
    )


def calls_into_the_explainer(pipeline: Pipeline, request: WireRequest) -> list[str]:
    """The functions of the explainer that answering a request runs."""
    run = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "mockocr/explainer/" in frame.f_code.co_filename:
            run.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        pipeline.answer(request)
    finally:
        sys.setprofile(None)
    return run


def test_the_explainer_runs_only_for_refused_calls_and_within_its_budget() -> None:
    pipeline = a_pipeline()

    good = calls_into_the_explainer(pipeline, a_call())
    refused = calls_into_the_explainer(pipeline, WRONG["AuthFailure.SignatureFailure"])

    assert good == []
    assert 0 < refused.count("_found") <= OWN_HASHES


def test_a_bug_is_an_internal_error_and_is_logged_and_journaled(
    bugs: list[logging.LogRecord],
) -> None:
    pipeline = a_pipeline()
    del pipeline.state.rates

    reply = pipeline.answer(a_call(X_TC_Language="en-US"))

    assert response(reply)["Error"]["Code"] == "InternalError"
    assert pipeline.state.journal.newest_first()[0].outcome == "InternalError"
    assert bugs.pop().getMessage() == "bug in mockocr: call request-id failed"
