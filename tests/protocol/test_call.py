"""The common parameters, with both kinds of signature."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mockocr.protocol.call import (
    MAX_GET_BYTES,
    MAX_PAIRS,
    MAX_V1_BODY_BYTES,
    admit,
    check_time,
    read_call,
    read_language,
)
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import WireRequest, vendor_product
from tests.requests import NOW, TIMESTAMP, a_call, a_get, a_request, a_v1_call, common_headers


def refusal(request: WireRequest, with_proof: bool = True) -> tuple[str, str]:
    with pytest.raises(ApiError) as refused:
        read_call(request, with_proof)
    return refused.value.code, refused.value.message("en-US")


def missing(name: str) -> tuple[str, str]:
    return "MissingParameter", f"The request is missing a required parameter `{name}`."


def test_common_parameters_are_headers_with_tc3() -> None:
    call = read_call(a_call(X_TC_Region="ap-beijing", X_TC_Token="t", X_TC_Language="en-US"))

    assert not call.is_v1
    assert (call.action, call.version, call.region) == ("IDCardOCR", "2018-11-19", "ap-beijing")
    assert (call.timestamp, call.token, call.language) == (TIMESTAMP, "t", "en-US")
    assert call.texts is None


def test_common_parameters_are_among_the_others_with_v1() -> None:
    call = read_call(a_v1_call({"ImageUrl": "u"}, Region="ap-beijing", Language="zh-CN"))

    assert call.is_v1
    assert (call.action, call.version, call.region) == ("IDCardOCR", "2018-11-19", "ap-beijing")
    assert (call.timestamp, call.language) == (TIMESTAMP, "zh-CN")
    assert call.texts == {"ImageUrl": "u"}


def test_the_parameters_of_a_get_are_in_its_query() -> None:
    call = read_call(a_get({"ImageUrl": "https://xx/图 片.jpg", "CardSide": ""}))

    assert call.texts == {"ImageUrl": "https://xx/图 片.jpg", "CardSide": ""}


def test_a_region_may_be_left_out() -> None:
    assert read_call(a_call()).region == ""


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"])
def test_other_methods_are_refused(method: str) -> None:
    assert refusal(replace(a_call(), method=method))[0] == "UnsupportedProtocol"


def test_without_any_header_of_tc3_a_request_is_read_as_v1() -> None:
    assert refusal(a_request("GET")) == missing("Timestamp")
    assert refusal(a_request("GET", "Action=DescribeInstances")) == missing("Timestamp")
    assert refusal(a_request("POST", body=b"test=1")) == missing("Timestamp")
    assert refusal(a_request("POST", body=b"")) == missing("Timestamp")


def test_json_without_any_header_of_tc3_is_refused() -> None:
    assert refusal(a_request("POST", body=b'{"test":1}')) == (
        "InvalidParameter",
        "Url key and value should be splited by `=`.",
    )


@pytest.mark.parametrize("name", ["Timestamp", "Action", "Version"])
def test_a_missing_common_parameter_is_named(name: str) -> None:
    assert refusal(a_call(**{"Authorization": "x", f"X_TC_{name}": None})) == missing(name)
    left_out: dict[str, Any] = {name: None}
    assert refusal(a_v1_call(**left_out)) == missing(name)


@pytest.mark.parametrize("name", ["Nonce", "SecretId", "Signature"])
def test_v1_requires_nonce_secret_id_and_signature(name: str) -> None:
    left_out: dict[str, Any] = {name: None}
    request = a_v1_call(**left_out)

    assert refusal(request) == missing(name)
    assert read_call(request, with_proof=False).action == "IDCardOCR"


def test_a_missing_timestamp_is_reported_before_action_and_version() -> None:
    headers = {"X_TC_Timestamp": None, "X_TC_Action": None, "X_TC_Version": None}

    assert refusal(replace(a_call(), headers={"authorization": "x"})) == missing("Timestamp")
    assert refusal(a_call(**headers)) == missing("Timestamp")
    assert refusal(a_call(**{**headers, "X_TC_Timestamp": "1"})) == missing("Action")


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "123456789012", "１２３", "1e9"])
def test_a_timestamp_that_is_not_a_number_is_refused(text: str) -> None:
    expected = ("InvalidParameter", "Parameter `Timestamp` type error.")
    headers = {**a_call().headers, "x-tc-timestamp": text}

    assert refusal(replace(a_call(), headers=headers)) == expected
    assert refusal(a_v1_call(Timestamp=text)) == expected


@pytest.mark.parametrize("text", ["x", "1.5", "1" * 20])
def test_a_nonce_that_is_not_a_number_is_refused(text: str) -> None:
    assert refusal(a_v1_call(Nonce=text)) == (
        "InvalidParameter",
        "Parameter `Nonce` type error.",
    )


def test_a_nonce_of_19_digits_is_a_number() -> None:
    assert read_call(a_v1_call(Nonce="5577006791947779410")).is_v1


def test_a_timestamp_is_not_needed_without_authentication() -> None:
    request = replace(a_call(), headers=common_headers_lower(X_TC_Timestamp=None))

    assert read_call(request, with_proof=False).timestamp == 0


def common_headers_lower(**changes: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in common_headers(**changes).items()}


def test_a_get_of_more_than_32_kb_is_too_large() -> None:
    fits = a_get({"ImageUrl": "a" * (MAX_GET_BYTES - len("ImageUrl="))})

    assert read_call(fits).texts
    assert refusal(replace(fits, query=fits.query + "a"))[0] == "RequestSizeLimitExceeded"


def test_a_post_of_more_than_10_mb_is_too_large() -> None:
    assert refusal(replace(a_call(), content=b"", oversized=True))[0] == "RequestSizeLimitExceeded"


def test_a_v1_post_of_more_than_1_mb_is_a_signature_failure_with_its_own_message() -> None:
    request = a_v1_call({"ImageBase64": "A"})
    fits = replace(
        request, content=request.body + b"&x=".ljust(MAX_V1_BODY_BYTES - len(request.body), b"A")
    )

    assert read_call(fits).is_v1
    for too_large in (
        replace(fits, content=fits.body + b"A"),
        replace(fits, content=b"", oversized=True),
    ):
        assert refusal(too_large) == (
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated because of exceeding request size"
            " limit, please use new signature method `TC3-HMAC-SHA256`.",
        )


def test_more_parameters_than_any_client_sends_are_refused() -> None:
    query = "&".join(["a=1"] * (MAX_PAIRS + 1))

    assert refusal(a_request("GET", query))[0] == "RequestSizeLimitExceeded"


@pytest.mark.parametrize(
    ("name", "language"),
    [("zh-CN", "zh-CN"), ("en-US", "en-US"), ("fr-FR", None), ("", None), (None, None)],
)
def test_only_the_two_documented_languages_are_known(name: str | None, language: str) -> None:
    request = a_call(X_TC_Language=name)

    assert read_language(request) == language
    assert read_call(request).language == language
    assert read_call(a_v1_call(Language=name)).language == language


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_difference_of_five_minutes_is_accepted(seconds: int) -> None:
    check_time(read_call(a_call()), NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 10**9])
def test_a_difference_of_more_than_five_minutes_is_expired(seconds: int) -> None:
    with pytest.raises(ApiError) as refused:
        check_time(read_call(a_call()), NOW + timedelta(seconds=seconds))

    assert refused.value.code == "AuthFailure.SignatureExpire"
    assert refused.value.message(None) == "The signature is expired, please request again."


def admission(request: WireRequest) -> str:
    with pytest.raises(ApiError) as refused:
        admit(request, read_call(request), {"ap-beijing"})
    return refused.value.message("en-US")


def test_only_a_region_of_the_page_is_accepted() -> None:
    request = a_call(X_TC_Region="ap-beijing")
    admit(request, read_call(request), {"ap-beijing"})

    assert admission(a_call(X_TC_Region="eu-moscow")) == "The action not support this region."


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_with_a_charset_is_accepted(content_type: str) -> None:
    request = a_call(Content_Type=content_type)

    admit(request, read_call(request), ())


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "application/octet-stream", "text/plain"]
)
def test_a_content_type_other_than_json_is_refused_in_the_observed_words(content_type: str) -> None:
    words = f"this action not support Content-Type=`{content_type}`"

    assert admission(a_call(Content_Type=f"{content_type}; boundary=x")) == words


@pytest.mark.parametrize("request_", [a_get(), a_v1_call(), a_v1_call(method="GET")])
def test_a_get_and_a_form_need_no_content_type_of_the_action(request_: WireRequest) -> None:
    admit(request_, read_call(request_), ())


@pytest.mark.parametrize(
    ("host", "product"),
    [
        ("ocr.tencentcloudapi.com", "ocr"),
        ("OCR.ap-beijing.tencentcloudapi.com:443", "ocr"),
        ("https://ocr.tencentcloudapi.com", "ocr"),
        ("cvm.tencentcloudapi.com", "cvm"),
        ("127.0.0.1:8018", None),
        ("http://127.0.0.1:8018", None),
        ("eviltencentcloudapi.com", None),
        ("", None),
    ],
)
def test_the_product_is_that_of_the_vendors_host_name(host: str, product: str | None) -> None:
    assert vendor_product(host) == product
