"""The hints of causes: remedy, language, link, and no secret."""

from typing import Any

import pytest

from mockocr.explainer.causes import NAMES, Cause
from tests.explainer.calls import cause_of, received
from tests.explainer.faults import (
    FAULTS,
)
from tests.explainer.signing import (
    SECRET_KEY,
    TIMESTAMP,
    Signer,
)


@pytest.mark.parametrize("name", NAMES)
def test_every_hint_has_a_remedy_in_both_languages_and_a_link(name: str) -> None:
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


@pytest.mark.parametrize(
    ("made", "en", "zh"),
    [
        ({"signed_method": "GET"}, "wrongly: the method is `GET`.", "：请求方法是 `GET`。"),
        ({"signed_path": "//"}, "wrongly: the path is `//`.", "：路径是 `//`。"),
        ({"signed_path": ""}, "wrongly: no path.", "：缺少路径。"),
        (
            {"signed_timestamp": "1795348800000"},
            "wrongly: the timestamp is `1795348800000`.",
            "：时间戳是 `1795348800000`。",
        ),
    ],
)
def test_a_hint_says_what_a_wrong_value_is(made: Any, en: str, zh: str) -> None:
    hint = cause_of(received(Signer(**made))).hint

    assert hint is not None
    assert (en in hint["en"], zh in hint["zh"]) == (True, True)


def test_quotes_around_an_unknown_secret_id_are_named() -> None:
    hint = cause_of(received(Signer(secret_id='"AKIDabcdefgh"'))).hint

    assert hint is not None
    assert "(`AKIDab***gh` in quotes, which are part of it)" in hint["en"]
    assert "引号" in hint["zh"]


def test_a_date_in_another_format_is_answered_with_the_format() -> None:
    hint = cause_of(received(Signer(date="20261122"))).hint

    assert hint is not None
    assert "as YYYY-MM-DD" in hint["en"]
    assert "YYYY-MM-DD" in hint["zh"]


def test_a_signature_that_is_not_reproduced_is_not_called_right() -> None:
    hint = cause_of(received(Signer(spell=lambda _: "undefined"))).hint

    assert hint is not None
    assert hint["en"].startswith("The signature is written wrongly (`undefined`).")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (28_799, "+28799 seconds (+8 hours: local time may have been used instead of UTC);"),
        (-400, "-400 seconds;"),
        (30_000, "+30000 seconds;"),
    ],
)
def test_a_skew_of_whole_hours_is_called_a_time_zone(seconds: int, shown: str) -> None:
    moment = TIMESTAMP + seconds
    hint = cause_of(received(Signer(timestamp=moment, signed_timestamp=str(moment)))).hint

    assert hint is not None
    assert f"by {shown} at most 300" in hint["en"]
    assert ("UTC" in hint["zh"]) == ("UTC" in shown)


def test_escapes_in_lower_case_are_named() -> None:
    signed, sent = "CardSide=a%2fb", "CardSide=a%2Fb"
    signer = Signer(method="GET", query=signed, sent_query=sent)
    hint = cause_of(received(signer)).hint

    assert hint is not None
    assert "escapes such as %2f in lower case" in hint["en"]


def test_a_hint_names_the_arguments_of_the_clients_sdk() -> None:
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


def test_no_explanation_contains_a_secret() -> None:
    for _, _, fault in FAULTS:
        cause = cause_of(received(Signer(**fault)))
        result = f"{cause!r} {cause.hint}"
        assert SECRET_KEY not in result
        assert "key-of-bob" not in result


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "it is empty"),
        ("SKIP", "it is SKIP"),
        ("Bearer x", "does not begin with"),
        ("TC3-HMAC-SHA256 Credential=a/b/c/d, Signature=x", "`SignedHeaders=` is missing"),
        ("TC3-HMAC-SHA256 Credential=a/b/c, SignedHeaders=a, Signature=x", "3 parts, not 4"),
        ("TC3-HMAC-SHA256 Credential=a/b/c/d SignedHeaders=a, Signature=x", "separated by 2"),
        (
            "TC3-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=a, Signature=(stdin)= x",
            "`Signature=` has",
        ),
        ("TC3-HMAC-SHA256 SignedHeaders=a, Credential=a/b/c/d, Signature=x", "not in this order"),
    ],
)
def test_the_hint_names_what_a_malformed_header_lacks(header: str, message: str) -> None:
    cause = cause_of(received(Signer(sent={"authorization": header})))

    assert cause.name == "malformed_authorization"
    assert message in cause.phrase[0]


@pytest.mark.parametrize(
    ("secret_id", "message"),
    [
        ("", "it is empty"),
        ("None", "the variable may not be set"),
        ("AKIDnobody-at-all", "`AKIDno***ll`"),
    ],
)
def test_an_unknown_secret_id_is_masked_or_called_unset(secret_id: str, message: str) -> None:
    assert message in cause_of(received(Signer(secret_id=secret_id))).phrase[0]


def test_a_cause_that_is_searched_has_no_hint() -> None:
    assert Cause("searching", proven=False).hint is None
