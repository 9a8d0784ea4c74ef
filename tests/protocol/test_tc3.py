"""TC3-HMAC-SHA256: valid signatures are accepted, and any change is refused."""

from dataclasses import replace
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from mockocr.protocol import tc3
from mockocr.protocol.authorization import read_authorization
from tests.requests import (
    SECRET_KEY,
    TIMESTAMP,
    a_call,
    a_get,
    a_request,
    common_headers,
    signed,
    verified,
    with_authorization,
    with_header,
)


def test_a_signed_call_is_valid() -> None:
    assert verified(a_call()).valid


def test_the_steps_are_those_of_the_documentation() -> None:
    signature = verified(a_call(b"{}"))

    hashed = sha256(b"{}").hexdigest()
    assert signature.payload_hash == hashed
    assert signature.canonical_request == (
        "POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:8018\n\n"
        f"content-type;host\n{hashed}"
    )
    digest = sha256(signature.canonical_request.encode()).hexdigest()
    assert signature.string_to_sign == (
        f"TC3-HMAC-SHA256\n{TIMESTAMP}\n2026-11-22/ocr/tc3_request\n{digest}"
    )


def test_the_query_of_a_get_is_signed_as_it_was_sent() -> None:
    request = signed(a_request("GET", "b=%2f+&a=%7E*", common_headers()))

    assert verified(request).valid
    assert not verified(replace(request, query="a=%7E*&b=%2f+")).valid
    assert not verified(replace(request, query="b=%2F+&a=%7E*")).valid


def test_the_query_of_a_post_is_not_signed() -> None:
    assert verified(replace(a_call(), query="anything")).valid


def test_the_body_of_a_get_is_not_signed() -> None:
    assert verified(replace(a_get(), content=b"anything")).valid


def test_an_unsigned_payload_lets_the_body_change() -> None:
    request = a_call(X_TC_Content_SHA256="UNSIGNED-PAYLOAD")

    signature = verified(replace(request, content=b"another"))

    assert signature.valid
    assert not signature.covers_body


def test_a_signed_payload_covers_the_body() -> None:
    assert verified(a_call()).covers_body


def test_any_headers_may_be_signed_besides_the_two() -> None:
    names = "content-type;host;x-tc-action;x-tc-timestamp"
    request = signed(a_request(headers=common_headers()), signed_headers=names)

    assert verified(request).valid
    assert not verified(with_header(request, x_tc_action="Other")).valid


def test_signed_values_can_be_lower_case_or_unchanged() -> None:
    request = a_request(headers=common_headers(Content_Type="Application/JSON"))
    lower = signed(request)
    raw = tc3.canonical_request(
        request,
        {"content-type": "Application/JSON", "host": request.headers["host"]},
        sha256(b"").hexdigest(),
    )
    key = tc3.signing_key(SECRET_KEY, "2026-11-22", "ocr")
    scope = "2026-11-22/ocr/tc3_request"
    as_sent = tc3.sign(key, tc3.string_to_sign(TIMESTAMP, scope, raw))

    assert verified(lower).valid
    assert verified(with_authorization(lower, lower.headers["authorization"][-64:], as_sent)).valid


def test_a_host_may_be_signed_without_its_port_as_node_does() -> None:
    request = a_request(headers=common_headers())

    assert verified(signed(request, signed_as={"host": "127.0.0.1"})).valid
    assert not verified(signed(request, signed_as={"host": "127.0.0.1:80"})).valid
    assert not verified(signed(request, signed_as={"host": "localhost"})).valid


def test_a_host_may_be_a_whole_url_as_tccli_sends_it() -> None:
    assert verified(a_call(Host="http://127.0.0.1:8018")).valid


def test_a_refused_signature_shows_the_documented_steps() -> None:
    request = with_authorization(
        a_call(Content_Type="Application/JSON"), "Signature=", "Signature=0"
    )

    signature = verified(request)

    assert not signature.valid
    assert "content-type:application/json" in str(signature.canonical_request)


def test_bytes_that_are_not_ascii_are_signed_as_sent() -> None:
    chinese = "中".encode().decode("latin-1")
    names = "content-type;host;x-name"
    request = a_request(headers=common_headers(X_Name=chinese))

    raw = {**request.headers, "x-name": chinese}
    canonical = tc3.canonical_request(
        request, {name: raw[name] for name in names.split(";")}, sha256(b"").hexdigest()
    )

    assert "中".encode() in canonical.encode("latin-1")
    key = tc3.signing_key(SECRET_KEY, "2026-11-22", "ocr")
    text = tc3.string_to_sign(TIMESTAMP, "2026-11-22/ocr/tc3_request", canonical)
    sent = signed(request, signed_headers=names)
    old = sent.headers["authorization"][-64:]
    assert verified(with_authorization(sent, old, tc3.sign(key, text))).valid


def test_an_upper_case_signature_is_not_the_signature() -> None:
    request = a_call()
    signature = request.headers["authorization"][-64:]

    assert not verified(with_authorization(request, signature, signature.upper())).valid


@given(position=st.integers(min_value=0), byte=st.integers(1, 255))
def test_any_changed_byte_of_the_body_is_refused(position: int, byte: int) -> None:
    request = a_call()
    body = bytearray(request.body)
    body[position % len(body)] ^= byte

    assert not verified(replace(request, content=bytes(body))).valid


@given(key=st.text(st.characters(max_codepoint=0x2FF), min_size=1))
def test_any_other_key_is_refused(key: str) -> None:
    assert verified(a_call(), secret_key=key).valid == (key == SECRET_KEY)


@given(
    name=st.sampled_from(["content-type", "host", "x-tc-action"]),
    value=st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF), max_size=40),
)
def test_any_changed_signed_header_is_refused_except_for_case_and_port(
    name: str, value: str
) -> None:
    names = "content-type;host;x-tc-action"
    request = signed(a_request(headers=common_headers()), signed_headers=names)
    before = request.headers[name].lower()
    after = tc3.lower(value)
    same = after == before or (name == "host" and after.rpartition(":")[0] == before)

    assert verified(with_header(request, **{name: value})).valid == same


@given(seconds=st.integers(-5_000, 5_000).filter(bool))
def test_any_other_timestamp_is_refused(seconds: int) -> None:
    request = a_call()
    authorization = read_authorization(request, TIMESTAMP)

    assert not tc3.verify(request, authorization, TIMESTAMP + seconds, SECRET_KEY).valid
