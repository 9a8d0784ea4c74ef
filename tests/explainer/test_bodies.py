"""Signatures of another body than the one that was sent."""

import json
from dataclasses import replace

import pytest

from tests.explainer.calls import ALICE, cause_of, received
from tests.explainer.faults import (
    UNSIGNED,
)
from tests.explainer.signing import (
    BODY,
    SECRET_KEY,
    TIMESTAMP,
    Signer,
    sha256,
)
from tests.pipelines import a_pipeline


def test_the_body_of_an_earlier_call_is_recognized() -> None:
    earlier = b'{"ImageUrl": "https://xx/earlier.jpg"}'
    request = received(Signer(body=earlier, sent_body=BODY))

    cause = cause_of(request, earlier_hashes=[sha256(BODY), sha256(earlier)])

    assert (cause.name, cause.proven) == ("body_changed_after_signing", True)


@pytest.mark.parametrize(
    "signed",
    [
        b'{"ImageUrl":"https://xx/a.jpg","CardSide":"FRONT","Config":null}',
        b'{"ImageBase64":null,"ImageUrl":"https://xx/a.jpg","CardSide":"FRONT"}',
    ],
    ids=["last", "first"],
)
def test_members_that_are_null_may_be_signed_and_dropped_by_the_sender(signed: bytes) -> None:
    pipeline = a_pipeline(ALICE)
    sent = b'{"ImageUrl":"https://xx/a.jpg","CardSide":"FRONT"}'

    pipeline.answer(received(Signer(signed_body=signed, body=sent)))

    exchange = pipeline.state.journal.find("id")
    assert exchange is not None
    if exchange.search is not None:
        pipeline.state.searches.ask("id", exchange.search).result(30)
    assert exchange.cause is not None
    assert (exchange.cause.name, exchange.cause.proven) == ("body_reserialized", True)


def test_changes_of_a_large_body_are_not_tried() -> None:
    large = json.dumps({"ImageBase64": "A" * 2**20}).encode()
    request = received(Signer(body=large, sent_body=large + b"\n"))

    assert cause_of(request).name == "wrong_secret_key"


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
def test_other_encodings_of_a_body_with_chinese_are_tried(name: str, signed: bytes) -> None:
    cause = cause_of(received(Signer(body=CHINESE.encode(), signed_body=signed)))

    assert (cause.name, cause.proven) == (name, True)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe no text", b"[" * 300, b'"a text"', b"no JSON"],
    ids=["bytes", "deep", "text", "no"],
)
def test_a_body_that_is_not_an_object_is_explained(body: bytes) -> None:
    cause = cause_of(received(Signer(body=body, signed_body=body[:-1])))

    assert (cause.name, cause.proven) == ("body_changed_after_signing", True)


def test_hashes_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches stay below the limits; with smaller limits they try less."""
    monkeypatch.setattr("mockocr.explainer.search.ALL_HASHES", 1)
    monkeypatch.setattr("mockocr.explainer.mistakes.body.ALL_BODY_BYTES", 1)
    two = Signer(secret_key=f"{SECRET_KEY}\n", signed_timestamp=f"{TIMESTAMP}000")

    assert cause_of(received(two)).name == "wrong_secret_key"
    assert cause_of(received(Signer(signed_body=BODY + b"\r\n"))).name == "wrong_secret_key"


@pytest.mark.parametrize("body", [b"\xff\xfe no text", b'"a text"', b'{"one": "a,b"}', b'["a"]'])
def test_an_unknown_change_of_any_body_is_not_proven(body: bytes) -> None:
    cause = cause_of(received(Signer(body=body, signed_body=b"something else")))

    assert (cause.name, cause.proven) == ("wrong_secret_key", False)


def test_a_large_body_that_need_not_be_signed_is_not_stored() -> None:
    sender = Signer(body=b"x" * (2**20 + 1), sent=UNSIGNED, secret_key=f"{SECRET_KEY}\n")
    signer = replace(sender, payload_hash=sha256("UNSIGNED-PAYLOAD"))

    assert cause_of(received(signer)).name == "secret_has_whitespace"
    assert cause_of(received(replace(sender, secret_key="another"))).name == "wrong_secret_key"
