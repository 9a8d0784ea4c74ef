"""The cause of each fault. The requests are signed by code of the tests, not of mockocr."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockocr.accounts.account import Accounts
from mockocr.accounts.identity import identify
from mockocr.explainer.causes import NAMES
from mockocr.explainer.explain import explain
from mockocr.protocol.call import read_call
from mockocr.protocol.errors import ApiError
from tests.explainer.calls import ALICE, cause_of, is_refused, received
from tests.explainer.faults import (
    FAULTS,
    signed_headers,
)
from tests.explainer.signing import (
    HOST,
    SECRET_KEY,
    LegacySigner,
    Signer,
)
from tests.requests import NOW, a_v1_call


def test_the_signers_of_these_tests_sign_right() -> None:
    for signer in (Signer(), Signer(method="GET", query="a=1"), LegacySigner()):
        assert not is_refused(received(signer))


@pytest.mark.parametrize(
    ("name", "proven", "fault"),
    FAULTS,
    ids=[f"{i}-{name}" for i, (name, _, _) in enumerate(FAULTS)],
)
def test_each_fault_gives_its_cause(name: str, proven: bool, fault: Mapping[str, Any]) -> None:
    cause = cause_of(received(Signer(**fault)))

    assert (cause.name, cause.proven) == (name, proven)


def test_a_missing_or_wrong_token_is_the_cause() -> None:
    account = replace(ALICE, tokens=frozenset({"t"}))

    for token in (None, "other"):
        cause = cause_of(received(Signer(sent={"x-tc-token": token})), account)
        assert (cause.name, cause.proven) == ("token_missing_or_wrong", True)


def test_every_name_has_a_test() -> None:
    legacy = {"token_missing_or_wrong", "legacy_layout"}

    assert {name for name, _, _ in FAULTS} | legacy == set(NAMES)


def test_a_host_signed_without_its_port_is_accepted_with_every_mistake() -> None:
    """A host without its port, as the Node SDK signs it, and a key with a line end."""
    headers = signed_headers(host="127.0.0.1")
    cause = cause_of(
        received(Signer(secret_key=f"{SECRET_KEY}\n", headers=headers, sent={"host": HOST}))
    )

    assert (cause.name, cause.proven) == ("secret_has_whitespace", True)


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF), max_size=40))
@example("a=%FF&b=%E5%9B%BE+%2F")
def test_any_query_can_be_explained(query: str) -> None:
    try:
        request = received(Signer(method="GET", query=query, secret_key="another"))
        cause = cause_of(request)
    except ApiError:
        return  # is no k=v

    assert cause.name == "wrong_secret_key"


def test_a_proxy_may_remove_the_port_of_this_server_from_the_host() -> None:
    request = received(Signer(signed_as={"host": "api.test:28018"}, sent={"host": "api.test"}))
    call = read_call(request)
    known = Accounts([ALICE])

    cause = explain(request, call, identify(request, call, known), known, (), [28018]).finish()

    assert (cause.name, cause.proven) == ("host_differs", True)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("secret_has_whitespace", {"secret_key": f"{SECRET_KEY}\n"}),
        ("key_of_another_account", {"secret_key": "key-of-bob"}),
        ("wrong_secret_key", {"secret_key": "another"}),
    ],
)
def test_a_legacy_call_is_explained_too(name: str, changes: dict[str, Any]) -> None:
    cause = cause_of(a_v1_call(**changes))

    assert (cause.name, cause.proven) == (name, name != "wrong_secret_key")


def test_a_legacy_call_for_another_host_is_explained() -> None:
    request = a_v1_call()
    elsewhere = replace(request, headers={**request.headers, "host": "localhost:8018"})

    cause = cause_of(elsewhere)

    assert (cause.name, cause.proven, cause.phrase[0]) == ("host_differs", True, f"`{HOST}`")


def test_a_legacy_call_of_nobody_and_one_out_of_time_are_explained() -> None:
    nobody = cause_of(a_v1_call(SecretId="AKIDnobody"))
    late = cause_of(replace(a_v1_call(), received_at=NOW + timedelta(seconds=400)))

    assert nobody.name == "unknown_secret_id"
    assert (late.name, late.phrase[0]) == ("clock_skew", "-400 seconds")


def test_a_wrong_scope_of_an_unknown_secret_id_is_named_and_not_proven() -> None:
    cause = cause_of(received(Signer(secret_id="AKIDnobody", date="2026-11-23")))

    assert (cause.name, cause.proven) == ("date_not_utc", False)


def test_a_signed_query_of_a_post_is_explained() -> None:
    signer = Signer(signed_query="Action=IDCardOCR", sent_query="Action=IDCardOCR")

    cause = cause_of(received(signer))

    assert (cause.name, cause.proven) == ("canonical_request_layout", True)


def test_a_mistake_beside_a_wrong_scope_is_named_too() -> None:
    cause = cause_of(received(Signer(date="2026-11-23", secret_key=f"{SECRET_KEY}\n")))

    assert (cause.name, cause.proven) == ("date_not_utc", True)
    assert [each.cause for each in cause.details] == ["date_not_utc", "secret_has_whitespace"]
    assert cause.hint is not None
    assert " Also: " in cause.hint["en"]


def test_a_wrong_scope_is_not_proven_if_the_signature_is_not_reproduced() -> None:
    cause = cause_of(received(Signer(date="2026-11-23", secret_key="another")))

    assert (cause.name, cause.proven) == ("date_not_utc", False)


def test_further_headers_may_be_signed_beside_a_mistake() -> None:
    headers = signed_headers(x_tc_action="IDCardOCR")

    cause = cause_of(
        received(Signer(headers=headers, secret_key=f"{SECRET_KEY}\n", signed_timestamp="1.0"))
    )

    assert (cause.name, cause.proven) == ("wrong_secret_key", False)


def test_a_legacy_signature_that_is_not_percent_encoded_arrives_with_spaces() -> None:
    def with_blanks(digest: bytes) -> str:
        return b64encode(digest).decode().replace("+", " ")

    # One of these signatures has a +.
    signers = [
        LegacySigner(parameters={"ImageUrl": f"https://xx/{number}"}, spell=with_blanks)
        for number in range(12)
    ]
    refused = [each for each in map(received, signers) if is_refused(each)]

    assert refused
    assert {cause_of(each).name for each in refused} == {"signature_encoding"}
