"""The Authorization header: accepted forms, and the refusals of others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.protocol.authorization import parse_authorization, read_authorization, utc_date
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import WireRequest
from tests.requests import (
    TIMESTAMP,
    a_call,
    a_request,
    common_headers,
    signed,
    verified,
    with_authorization,
    with_header,
)


def refusal(request: WireRequest) -> str:
    with pytest.raises(ApiError) as refused:
        read_authorization(request, TIMESTAMP)
    assert refused.value.code == "AuthFailure.InvalidAuthorization"
    return refused.value.message("en-US")


@pytest.mark.parametrize("service", ["ocr", "127", "localhost:8018", "mockocr:8018"])
def test_a_local_endpoint_accepts_any_service(service: str) -> None:
    request = signed(a_request(headers=common_headers()), scope=f"2026-11-22/{service}/tc3_request")

    assert verified(request).valid


@pytest.mark.parametrize("host", ["ocr.tencentcloudapi.com", "OCR.ap-beijing.tencentcloudapi.com"])
def test_the_host_of_the_vendor_requires_its_service(host: str) -> None:
    request = a_request(headers=common_headers(Host=host))

    assert verified(signed(request)).valid
    wrong = signed(request, scope="2026-11-22/127/tc3_request")
    assert "`Service` in Credential not valid." in refusal(wrong)


def test_two_blanks_after_the_algorithm_are_accepted() -> None:
    assert verified(with_authorization(a_call(), "TC3-HMAC-SHA256 ", "TC3-HMAC-SHA256  ")).valid


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("TC3-HMAC-SHA256", "TC3-HMAC-SHA1", "malformed header."),
        ("Signature=", "Sig=", "malformed header."),
        ("/ocr/tc3_request", "/ocr", "malformed header."),
        ("content-type;host", "host", "`content-type` and `host` must be in SignedHeaders."),
        ("content-type;host", "content-type", "`content-type` and `host` must be in"),
        ("2026-11-22", "2026-11-23", "`Date` in Credential not valid."),
        ("/ocr/", "//", "`Service` in Credential not valid."),
        ("tc3_request", "tc3_reques", "`Terminator` in Credential not valid."),
    ],
)
def test_a_wrong_authorization_is_refused_with_the_reason(old: str, new: str, words: str) -> None:
    assert words in refusal(with_authorization(a_call(), old, new))


@pytest.mark.parametrize("authorization", ["", "SKIP", "Basic YTpi"])
def test_another_authorization_is_refused(authorization: str) -> None:
    assert "malformed header." in refusal(with_header(a_call(), authorization=authorization))


@given(days=st.integers(-4000, 4000).filter(bool))
def test_any_other_date_in_the_scope_is_refused(days: int) -> None:
    other = utc_date(TIMESTAMP + days * 86_400)

    assert "`Date`" in refusal(with_authorization(a_call(), "2026-11-22", other))


HEADER = re.compile(
    r"TC3-HMAC-SHA256\s+Credential=([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/([^/,\s]*),\s*"
    r"SignedHeaders=([^,\s]*),\s*Signature=([^,\s]*)\s*"
)

PIECES = ("TC3-HMAC-SHA256", " ", "Credential=", "a", "/", ",", "SignedHeaders=", "Signature=", ";")


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from(["", "x" * 600]))
def test_an_authorization_has_the_shape_of_one_or_is_none(drawn: str, secret_id: str) -> None:
    whole = f"TC3-HMAC-SHA256 Credential={secret_id}/d/s/t, SignedHeaders=a;b, Signature=c"
    for text in (drawn, whole, whole + drawn, whole.replace("a;b", drawn)):
        found = parse_authorization(a_request(headers={"Authorization": text}))

        match = HEADER.fullmatch(text)
        assert (found and (*found.claim[:5], found.signature)) == (match and match.groups())
