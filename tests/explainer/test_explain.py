"""Each cause by a request with just that fault, signed here and not by our signer."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mockocr.accounts.account import Accounts
from mockocr.accounts.identity import identify
from mockocr.explainer.causes import NAMES, Cause
from mockocr.explainer.explain import explain
from mockocr.protocol.call import read_call
from mockocr.protocol.errors import ApiError
from tests.explainer.calls import ALICE, cause_of, is_refused, received
from tests.explainer.signing import (
    BODY,
    HOST,
    SCOPE,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    LegacySigner,
    Signer,
    hmac_sha256,
    sha256,
    six_parts,
)
from tests.pipelines import a_pipeline
from tests.requests import NOW, a_v1_call

EMPTY = hashlib.sha256(b"").hexdigest()


def test_the_signers_of_these_tests_sign_right() -> None:
    for signer in (Signer(), Signer(method="GET", query="a=1"), LegacySigner()):
        assert not is_refused(received(signer))


def legacy_hmac(signer: Signer) -> str:
    return b64encode(
        hmac.digest(signer.secret_key.encode(), signer.text().encode(), "sha1")
    ).decode()


def without_prefix(signer: Signer) -> bytes:
    key = signer.secret_key.encode()
    for part in SCOPE.split("/"):
        key = hmac_sha256(key, part)
    return key


def signed_headers(**headers: str) -> dict[str, str]:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"content-type": "application/json", "host": HOST, **told}


REVERSED = ("host", "content-type")
JSON_CHARSET = "application/json; charset=utf-8"
UNSIGNED = {"x-tc-content-sha256": "UNSIGNED-PAYLOAD"}
GET: dict[str, Any] = {"method": "GET", "query": "b=1&a=x%20y%2Fz"}

FAULTS: list[tuple[str, bool, dict[str, Any]]] = [
    ("unknown_secret_id", True, {"secret_id": "AKIDnobody"}),
    ("malformed_authorization", True, {"sent": {"authorization": "TC3-HMAC-SHA256 nonsense"}}),
    ("malformed_authorization", True, {"sent": {"authorization": "SKIP"}}),
    ("wrong_secret_key", False, {"secret_key": "another"}),
    ("key_of_another_account", True, {"secret_key": "key-of-bob"}),
    *(
        ("secret_has_whitespace", True, {"secret_key": worn})
        for worn in (
            "key-of-the-test\n",
            " key-of-the-test",
            "key-of-the-test\r\n",
            '"key-of-the-test"',
        )
    ),
    *(
        ("body_changed_after_signing", True, {"sent_body": sent})
        for sent in (b"\xef\xbb\xbf" + BODY, BODY + b"x")
    ),
    *(
        ("body_reserialized", True, {"sent_body": sent})
        for sent in (BODY + b"\n", BODY + b" ", BODY + b"\r\n", b"\n" + BODY)
    ),
    ("body_changed_after_signing", True, {"body": b"{}", "sent_body": BODY}),
    (
        "body_reserialized",
        True,
        {"body": BODY.replace(b", ", b",\r\n"), "sent_body": BODY.replace(b", ", b",\n")},
    ),
    *(
        (
            "body_reserialized",
            True,
            {"sent_body": json.dumps(json.loads(BODY), **spelling).encode()},
        )
        for spelling in ({"separators": (",", ":")}, {"indent": 2})
    ),
    ("body_reserialized", True, {"body": BODY.replace(b"/", b"\\/"), "sent_body": BODY}),
    (
        "body_reserialized",
        True,
        {"body": json.dumps(json.loads(BODY), sort_keys=True).encode(), "sent_body": BODY},
    ),
    ("content_type_differs", True, {"sent": {"content-type": "text/plain"}}),
    (
        "content_type_differs",
        True,
        {"headers": signed_headers(content_type=""), "sent": {"content-type": "application/json"}},
    ),
    ("content_type_charset", True, {"sent": {"content-type": JSON_CHARSET}}),
    (
        "content_type_charset",
        True,
        {
            "headers": signed_headers(content_type=JSON_CHARSET),
            "sent": {"content-type": "application/json"},
        },
    ),
    *(
        ("host_differs", True, {"headers": signed_headers(host=host), "sent": {"host": HOST}})
        for host in ("ocr.tencentcloudapi.com", "localhost:8018", "localhost", "127.0.0.1:443")
    ),
    (
        "host_differs",
        True,
        {"sent": {"host": "backend:9000", "x-forwarded-host": HOST}},
    ),
    ("signed_headers_order", True, {"names": REVERSED}),
    ("missing_signed_header", True, {"listed": "content-type"}),
    (
        "missing_signed_header",
        True,
        {"headers": {"content-type": "application/json"}, "sent": {"host": HOST}},
    ),
    (
        "missing_signed_header",
        True,
        {"headers": signed_headers(x_tc_action="IDCardOCR"), "listed": "content-type;host"},
    ),
    (
        "missing_signed_header",
        False,
        {"headers": signed_headers(x_own="1"), "sent": {"x-own": None}},
    ),
    ("query_not_as_sent", True, {**GET, "sent_query": "b=1&a=x+y%2Fz"}),
    ("query_not_as_sent", True, {**GET, "sent_query": "b=1&a=x%20y%2fz"}),
    ("query_not_as_sent", True, {**GET, "query": "", "sent_query": "b=1"}),
    ("query_not_as_sent", True, {**GET, "query": "a=%E5%9B%BE", "sent_query": "a=%e5%9b%be"}),
    ("query_sorted", True, {**GET, "query": "a=1&b=2", "sent_query": "b=2&a=1"}),
    ("date_not_utc", True, {"date": "2026-11-23"}),
    ("date_not_utc", True, {"date": "2026-11-23", "scope": "2026-11-22/ocr/tc3_request"}),
    ("date_differs_from_timestamp", True, {"date": "2026-01-01"}),
    ("timestamp_differs", True, {"sent_timestamp": TIMESTAMP + 2}),
    ("timestamp_differs", True, {"sent_timestamp": TIMESTAMP - 1}),
    ("wrong_service", True, {"service": "cvm", "scope": "2026-11-22/ocr/tc3_request"}),
    (
        "wrong_service",
        True,
        {"service": "127", "headers": signed_headers(host="ocr.tencentcloudapi.com")},
    ),
    ("scope_terminator", True, {"end": "aws4_request"}),
    ("scope_terminator", True, {"end": "aws4_request", "scope": "2026-11-22/ocr/tc3_request"}),
    ("hex_case_or_length", True, {"spell": lambda it: it.digest().hex().upper()}),
    ("hex_case_or_length", True, {"spell": lambda it: it.digest().hex()[:40]}),
    ("hex_case_or_length", True, {"spell": lambda it: f'"{it.digest().hex()}"'}),
    ("signature_encoding", True, {"spell": lambda it: b64encode(it.digest()).decode()}),
    ("hex_case_or_length", False, {"spell": lambda it: "abc"}),
    ("v1_signature_in_tc3", True, {"spell": legacy_hmac}),
    ("v1_signature_in_tc3", False, {"spell": lambda it: "A" * 27 + "="}),
    ("unsigned_payload_literal", True, {"sent": UNSIGNED, "payload_hash": "UNSIGNED-PAYLOAD"}),
    ("unsigned_payload_literal", True, {"payload_hash": sha256(b"UNSIGNED-PAYLOAD")}),
    ("unsigned_payload_literal", True, {"sent": UNSIGNED}),
    ("payload_hash_of_empty", True, {"payload_hash": EMPTY}),
    ("secret_key_missing", True, {"secret_key": "undefined"}),
    ("secret_id_and_key_swapped", True, {"secret_id": SECRET_KEY, "secret_key": SECRET_ID}),
    ("secret_id_and_key_swapped", False, {"secret_id": SECRET_KEY, "secret_key": "another"}),
    ("signing_key_derivation", True, {"derive": without_prefix}),
    ("canonical_request_layout", True, {"arrange": lambda it: six_parts(it) + "\n"}),
    ("canonical_request_not_hashed", True, {"state": lambda it, canonical: canonical}),
    ("payload_hash", True, {"payload_hash": sha256(BODY).upper()}),
    ("string_to_sign_layout", True, {"signed_timestamp": f"{TIMESTAMP}000"}),
    ("body_encoding", True, {"signed_body": BODY.decode().encode("utf-16")}),
    ("clock_skew", True, {"timestamp": TIMESTAMP - 301}),
    ("clock_skew", True, {"timestamp": TIMESTAMP + 301}),
]


@pytest.mark.parametrize(
    ("name", "proven", "fault"),
    FAULTS,
    ids=[f"{i}-{name}" for i, (name, _, _) in enumerate(FAULTS)],
)
def test_a_fault_is_called_by_its_name(name: str, proven: bool, fault: Mapping[str, Any]) -> None:
    cause = cause_of(received(Signer(**fault)))

    assert (cause.name, cause.proven) == (name, proven)


def test_a_token_that_is_missing_or_wrong_is_called_so() -> None:
    account = replace(ALICE, tokens=frozenset({"t"}))

    for token in (None, "other"):
        cause = cause_of(received(Signer(sent={"x-tc-token": token})), account)
        assert (cause.name, cause.proven) == ("token_missing_or_wrong", True)


def test_the_body_of_an_earlier_call_is_recognized() -> None:
    earlier = b'{"ImageUrl": "https://xx/earlier.jpg"}'
    request = received(Signer(body=earlier, sent_body=BODY))

    cause = cause_of(request, known_hashes=[sha256(BODY), sha256(earlier)])

    assert (cause.name, cause.proven) == ("body_changed_after_signing", True)


def test_every_name_has_a_test() -> None:
    legacy = {"token_missing_or_wrong", "legacy_layout"}

    assert {name for name, _, _ in FAULTS} | legacy == set(NAMES)


def test_a_host_signed_without_its_port_is_read_so_in_every_trial() -> None:
    """Node's way, with a key that has a line end besides."""
    headers = signed_headers(host="127.0.0.1")
    cause = cause_of(
        received(Signer(secret_key=f"{SECRET_KEY}\n", headers=headers, sent={"host": HOST}))
    )

    assert (cause.name, cause.proven) == ("secret_has_whitespace", True)


SIGNATURE_FAULTS = [
    (name, fault) for name, proven, fault in FAULTS if proven and "authorization" not in str(fault)
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(range(len(SIGNATURE_FAULTS))), min_size=2, max_size=3, unique=True))
def test_with_more_faults_than_one_no_wrong_cause_is_called_proven(chosen: list[int]) -> None:
    faults = [SIGNATURE_FAULTS[index] for index in chosen]
    merged: dict[str, Any] = {}
    for _, fault in faults:
        merged |= fault
    signer = Signer(**merged)
    assume(set(signer.names) <= set(signer.headers))
    request = received(signer)
    assume(is_refused(request))

    cause = cause_of(request)

    assert not cause.proven or cause.name in {name for name, _ in faults}


@settings(max_examples=8, deadline=None)
@given(st.sets(st.integers(0, len(BODY) - 1), min_size=5))
def test_a_random_change_of_the_body_is_never_called_proven(places: set[int]) -> None:
    changed = bytes(byte ^ 0x15 if at in places else byte for at, byte in enumerate(BODY))

    cause = cause_of(received(Signer(sent_body=changed)))

    assert (cause.name, cause.proven) == ("wrong_secret_key", False)


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


def test_members_that_are_null_may_be_signed_and_dropped_by_the_sender() -> None:
    pipeline = a_pipeline(ALICE)
    signed = b'{"ImageUrl":"https://xx/a.jpg","CardSide":"FRONT","Config":null}'
    sent = b'{"ImageUrl":"https://xx/a.jpg","CardSide":"FRONT"}'

    pipeline.answer(received(Signer(signed_body=signed, body=sent)))

    exchange = pipeline.state.journal.find("id")
    assert exchange is not None
    if exchange.search is not None:
        pipeline.state.searches.ask("id", exchange.search).result(30)
    assert exchange.cause is not None
    assert (exchange.cause.name, exchange.cause.proven) == ("body_reserialized", True)


def test_a_proxy_may_take_the_port_of_this_server_off_the_host() -> None:
    request = received(Signer(signed_as={"host": "api.test:28018"}, sent={"host": "api.test"}))
    call = read_call(request)
    known = Accounts([ALICE])

    cause = explain(request, call, identify(request, call, known), known, (), [28018]).finish()

    assert (cause.name, cause.proven) == ("host_differs", True)


def test_a_large_body_is_not_tried_in_other_spellings() -> None:
    large = json.dumps({"ImageBase64": "A" * 2**20}).encode()
    request = received(Signer(body=large, sent_body=large + b"\n"))

    assert cause_of(request).name == "wrong_secret_key"


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

    assert (cause.name, cause.proven, cause.said[0]) == ("host_differs", True, f"`{HOST}`")


def test_a_legacy_call_of_nobody_and_one_out_of_time_are_explained() -> None:
    nobody = cause_of(a_v1_call(SecretId="AKIDnobody"))
    late = cause_of(replace(a_v1_call(), received_at=NOW + timedelta(seconds=400)))

    assert nobody.name == "unknown_secret_id"
    assert (late.name, late.said[0]) == ("clock_skew", "-400")


def test_a_wrong_scope_of_an_unknown_secret_id_is_named_and_not_proven() -> None:
    cause = cause_of(received(Signer(secret_id="AKIDnobody", date="2026-11-23")))

    assert (cause.name, cause.proven) == ("date_not_utc", False)


@pytest.mark.parametrize("name", NAMES)
def test_every_hint_says_what_to_change_in_both_languages_and_where_more_is_said(name: str) -> None:
    hint = Cause(name, True, ("DETAIL", "细节")).hint

    assert hint is not None
    assert set(hint) == {"en", "zh"}
    assert "{" not in hint["en"] + hint["zh"]
    assert any(character >= "\u4e00" for character in hint["zh"])
    assert hint["en"].endswith(f". See docs/troubleshooting.md#{name}")
    assert hint["zh"].endswith(f"。参见 docs/troubleshooting.zh-CN.md#{name}")


def test_a_phrase_is_translated_and_a_value_is_not() -> None:
    blank = cause_of(received(Signer(secret_key=f"{SECRET_KEY}\n"))).hint
    host = cause_of(received(Signer(signed_as={"host": "localhost"}))).hint

    assert blank is not None
    assert host is not None
    assert ("a line end" in blank["en"], "换行符" in blank["zh"]) == (True, True)
    assert "`localhost`" in host["en"]
    assert "`localhost`" in host["zh"]


def test_a_hint_knows_the_clients_own_sdk() -> None:
    python = "SDK_PYTHON_3.1.193"
    key = Cause("wrong_secret_key", False, client=python).hint
    body = Cause("body_reserialized", True, ("compact", "紧凑"), client=python).hint
    unknown = Cause("wrong_secret_key", False, client="curl").hint

    assert key
    assert body
    assert unknown
    assert "credential.Credential(SecretId, SecretKey)" in key["en"]
    assert "look for a proxy" in body["en"]
    assert "代理" in body["zh"]
    assert "Credential(" not in unknown["en"]


def test_no_explanation_holds_a_secret() -> None:
    for _, _, fault in FAULTS:
        cause = cause_of(received(Signer(**fault)))
        told = f"{cause!r} {cause.hint}"
        assert SECRET_KEY not in told
        assert "key-of-bob" not in told


CHINESE = '{"ImageUrl": "https://xx/张<&>.jpg", "CardSide": "", "Config": null}'


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("body_encoding", CHINESE.encode("gbk")),
        ("body_encoding", CHINESE.encode().decode("latin-1").encode()),
        ("body_reserialized", json.dumps(json.loads(CHINESE)).encode()),
        ("body_reserialized", json.dumps(json.loads(CHINESE)).replace("5f20", "5F20").encode()),
        ("body_reserialized", CHINESE.replace("<&>", "\\u003c\\u0026\\u003e").encode()),
        ("body_reserialized", '{"ImageUrl":"https://xx/张<&>.jpg"}'.encode()),
        (
            "body_reserialized",
            '{"CardSide":"","Config":null,"ImageUrl":"https://xx/张<&>.jpg"}'.encode(),
        ),
    ],
)
def test_a_body_of_more_than_ascii_is_tried_in_other_spellings(name: str, signed: bytes) -> None:
    cause = cause_of(received(Signer(body=CHINESE.encode(), signed_body=signed)))

    assert (cause.name, cause.proven) == (name, True)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe no text", b"[" * 300, b'"a text"', b"no JSON"],
    ids=["bytes", "deep", "text", "no"],
)
def test_what_is_no_object_is_tried_as_it_is(body: bytes) -> None:
    cause = cause_of(received(Signer(body=body, signed_body=body[:-1])))

    assert (cause.name, cause.proven) == ("body_changed_after_signing", True)


def test_the_query_of_a_post_is_not_to_be_signed() -> None:
    signer = Signer(signed_query="Action=IDCardOCR", sent_query="Action=IDCardOCR")

    cause = cause_of(received(signer))

    assert (cause.name, cause.proven) == ("canonical_request_layout", True)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "it is empty"),
        ("SKIP", "it is SKIP"),
        ("Bearer x", "does not begin with"),
        ("TC3-HMAC-SHA256 Credential=a/b/c/d, Signature=x", "`SignedHeaders=` is missing"),
        ("TC3-HMAC-SHA256 Credential=a/b/c, SignedHeaders=a, Signature=x", "3 parts, not 4"),
        ("TC3-HMAC-SHA256 Credential=a/b/c/d SignedHeaders=a, Signature=x", "separated by 2"),
        ("TC3-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=a, Signature=(stdin)= x", "a blank"),
    ],
)
def test_a_malformed_header_is_said_to_lack_what_it_lacks(header: str, said: str) -> None:
    cause = cause_of(received(Signer(sent={"authorization": header})))

    assert cause.name == "malformed_authorization"
    assert said in cause.said[0]


@pytest.mark.parametrize(
    ("secret_id", "said"),
    [("", "it is empty"), ("None", "is its variable set?"), ("AKIDnobody-at-all", "`AKIDno***ll`")],
)
def test_an_unknown_secret_id_is_said_to_be_unset_or_shown_in_part(
    secret_id: str, said: str
) -> None:
    assert said in cause_of(received(Signer(secret_id=secret_id))).said[0]


def test_a_mistake_beside_a_wrong_scope_is_named_too() -> None:
    cause = cause_of(received(Signer(date="2026-11-23", secret_key=f"{SECRET_KEY}\n")))

    assert (cause.name, cause.proven) == ("date_not_utc", True)
    assert [it.cause for it in cause.details] == ["date_not_utc", "secret_has_whitespace"]
    assert cause.hint is not None
    assert " Besides: " in cause.hint["en"]


def test_a_wrong_scope_of_which_the_signature_is_not_reproduced_is_not_proven() -> None:
    cause = cause_of(received(Signer(date="2026-11-23", secret_key="another")))

    assert (cause.name, cause.proven) == ("date_not_utc", False)


def test_a_cause_that_is_searched_has_no_hint() -> None:
    assert Cause("searching", proven=False).hint is None


def test_hashes_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not as many as the limits: with smaller limits less is tried."""
    monkeypatch.setattr("mockocr.explainer.search.ALL_HASHES", 1)
    monkeypatch.setattr("mockocr.explainer.mistakes.body.ALL_BODY_BYTES", 1)
    two = Signer(secret_key=f"{SECRET_KEY}\n", signed_timestamp=f"{TIMESTAMP}000")

    assert cause_of(received(two)).name == "wrong_secret_key"
    assert cause_of(received(Signer(signed_body=BODY + b"\r\n"))).name == "wrong_secret_key"


@pytest.mark.parametrize("body", [b"\xff\xfe no text", b'"a text"', b'{"one": "a,b"}', b'["a"]'])
def test_whatever_the_body_is_an_unknown_change_of_it_is_not_proven(body: bytes) -> None:
    cause = cause_of(received(Signer(body=body, signed_body=b"something else")))

    assert (cause.name, cause.proven) == ("wrong_secret_key", False)


def test_further_headers_may_be_signed_beside_a_mistake() -> None:
    headers = signed_headers(x_tc_action="IDCardOCR")

    cause = cause_of(
        received(Signer(headers=headers, secret_key=f"{SECRET_KEY}\n", signed_timestamp="1.0"))
    )

    assert (cause.name, cause.proven) == ("wrong_secret_key", False)


def test_a_large_body_that_need_not_be_signed_is_not_kept() -> None:
    sender = Signer(body=b"x" * (2**20 + 1), sent=UNSIGNED, secret_key=f"{SECRET_KEY}\n")
    signer = replace(sender, payload_hash=sha256("UNSIGNED-PAYLOAD"))

    assert cause_of(received(signer)).name == "secret_has_whitespace"
    assert cause_of(received(replace(sender, secret_key="another"))).name == "wrong_secret_key"


def test_a_legacy_signature_that_is_not_percent_encoded_arrives_with_blanks() -> None:
    def with_blanks(digest: bytes) -> str:
        return b64encode(digest).decode().replace("+", " ")

    # One of these signatures has a +.
    signers = [
        LegacySigner(parameters={"ImageUrl": f"https://xx/{number}"}, spell=with_blanks)
        for number in range(12)
    ]
    refused = [it for it in map(received, signers) if is_refused(it)]

    assert refused
    assert {cause_of(it).name for it in refused} == {"signature_encoding"}
