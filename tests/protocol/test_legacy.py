"""The legacy signature: valid ones are accepted, and any change is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.protocol import legacy
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest
from tests.requests import SECRET_KEY, a_v1_call


def is_valid(request: WireRequest, secret_key: str = SECRET_KEY) -> bool:
    return legacy.verify(request, read_call(request).signed, secret_key).valid


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature_method", ["HmacSHA256", "HmacSHA1", None])
def test_a_signed_call_is_valid(method: str, signature_method: str | None) -> None:
    assert is_valid(a_v1_call(method=method, signature_method=signature_method))


def test_any_other_signature_method_is_hmac_sha1() -> None:
    text = "anything"

    assert legacy.sign("k", text, "Other") == legacy.sign("k", text, None)
    assert legacy.sign("k", text, "HmacSHA256") != legacy.sign("k", text, None)


def test_values_are_signed_decoded_and_sorted_by_name() -> None:
    request = a_v1_call({"ImageUrl": "https://xx/图 片.jpg?a=b&c=d"})

    text = legacy.verify(request, read_call(request).signed, SECRET_KEY).string_to_sign

    assert text.startswith(
        "POST127.0.0.1:8018/?Action=IDCardOCR&ImageUrl=https://xx/图 片.jpg?a=b&c=d&Nonce="
    )
    assert "Signature=" not in text


def test_the_line_end_after_the_signature_of_ruby_is_ignored() -> None:
    request = a_v1_call()

    assert is_valid(replace(request, content=request.body + b"%0A"))


def test_bytes_that_are_not_utf_8_are_signed_as_sent() -> None:
    request = a_v1_call({"ImageUrl": "x"})
    changed = replace(request, content=request.body.replace(b"ImageUrl=x", b"ImageUrl=%FF%FE"))

    signature = legacy.verify(changed, read_call(changed).signed, SECRET_KEY)

    assert not signature.valid
    assert "ImageUrl=\udcff\udcfe" in signature.string_to_sign


@given(name=st.sampled_from(["ImageUrl", "CardSide", "Region"]), value=st.text(max_size=20))
def test_any_changed_value_is_refused(name: str, value: str) -> None:
    request = a_v1_call(Region="ap-beijing")
    parameters = dict(read_call(request).signed)
    same = parameters[name] == value

    changed = parameters | {name: value}

    assert legacy.verify(request, changed, SECRET_KEY).valid == same


def test_another_host_method_or_key_is_refused() -> None:
    request = a_v1_call()

    assert not is_valid(replace(request, headers={**request.headers, "host": "other"}))
    assert not is_valid(request, secret_key="other")
    assert not legacy.verify(
        replace(request, method="GET"), read_call(request).signed, SECRET_KEY
    ).valid
