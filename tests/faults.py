"""All reasons for which a call can be refused, in the order of the checks. Each fault changes a
valid call. Two faults in one call are refused for the earlier one."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from mockocr.accounts.account import Account
from mockocr.accounts.spec import AccountSpec
from mockocr.protocol.authorization import utc_date
from mockocr.protocol.wire import WireRequest
from tests.requests import FRONT, a_request, common_headers, signed

SECRET_ID, SECRET_KEY = "AKIDfault", "key-of-the-faulty"


@dataclass
class Draft:
    """A valid call and its account, which faults change."""

    method: str = "POST"
    oversized: bool = False
    seconds_late: int = 0
    headers: dict[str, Any] = field(default_factory=dict)
    scope_end: str = "tc3_request"
    service: str = "ocr"
    secret_id: str = SECRET_ID
    secret_key: str = SECRET_KEY
    body: bytes | None = None
    parameters: dict[str, Any] = field(default_factory=lambda: dict(FRONT))
    account_words: dict[str, Any] = field(default_factory=dict)

    def account(self) -> Account:
        keys = [{"SecretId": SECRET_ID, "SecretKey": SECRET_KEY}]
        words = {"name": "faulty", "rate": 0, "keys": keys, **self.account_words}
        return AccountSpec.model_validate(words).account()

    def request(self, timestamp: int, host: str, language: str | None = None) -> WireRequest:
        """Signs a request without checking it. The server sets `oversized`."""
        timestamp -= self.seconds_late
        headers = {
            "Host": host,
            "X_TC_Timestamp": str(timestamp),
            "X_TC_Language": language,
            **self.headers,
        }
        body = json.dumps(self.parameters).encode() if self.body is None else self.body
        request = a_request("POST", "", common_headers(**headers), body)
        when = {"x-tc-timestamp": str(timestamp)}
        result = replace(request, headers={**request.headers, **when})
        scope = f"{utc_date(timestamp)}/{self.service}/{self.scope_end}"
        authorization = signed(
            result, secret_id=self.secret_id, secret_key=self.secret_key, scope=scope
        ).headers["authorization"]
        return replace(
            request,
            method=self.method,
            headers={**request.headers, "authorization": authorization},
            oversized=self.oversized,
        )


@dataclass(frozen=True)
class Fault:
    code: str
    words: str
    """The beginning of the English message, which distinguishes faults with the same code."""
    apply: Callable[[Draft], None]


def _sets(**attributes: Any) -> Callable[[Draft], None]:
    def apply(draft: Draft) -> None:
        for name, value in attributes.items():
            setattr(draft, name, value)

    return apply


def _header(**headers: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.headers.update(headers)


def _parameter(**parameters: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.parameters.update(parameters)


def _account(**words: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.account_words.update(words)


def _image(text: str) -> Callable[[Draft], None]:
    return lambda draft: draft.parameters.update(ImageUrl=None, ImageBase64=text)


def _of_another_product(draft: Draft) -> None:
    draft.headers["Host"] = "cvm.tencentcloudapi.com"
    draft.service = "cvm"


FAULTS = [
    Fault("UnsupportedProtocol", "HTTP(S) request protocol error", _sets(method="PUT")),
    Fault("RequestSizeLimitExceeded", "The request size exceeds", _sets(oversized=True)),
    Fault(
        "MissingParameter",
        "The request is missing a required parameter `Timestamp`.",
        _header(X_TC_Timestamp=None),
    ),
    Fault(
        "MissingParameter",
        "The request is missing a required parameter `Action`.",
        _header(X_TC_Action=None),
    ),
    Fault(
        "MissingParameter",
        "The request is missing a required parameter `Version`.",
        _header(X_TC_Version=None),
    ),
    Fault("InvalidParameter", "Parameter `Timestamp` type error.", _header(X_TC_Timestamp="soon")),
    Fault(
        "AuthFailure.InvalidAuthorization",
        "The request `Authorization` header does not conform",
        _sets(scope_end="tc4_request"),
    ),
    Fault(
        "AuthFailure.SignatureExpire",
        "The signature is expired, please request again.",
        _sets(seconds_late=301),
    ),
    Fault(
        "AuthFailure.SecretIdNotFound", "The SecretId is not found", _sets(secret_id="AKIDnobody")
    ),
    Fault("AuthFailure.TokenFailure", "Token verification failed", _account(tokens=["t"])),
    Fault(
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated",
        _sets(secret_key="another"),
    ),
    Fault("NoSuchProduct", "The product does not exist.", _of_another_product),
    Fault(
        "NoSuchVersion",
        "The specified api version=`2019-07-22` does not exist in service=`ocr`.",
        _header(X_TC_Version="2019-07-22"),
    ),
    Fault(
        "InvalidAction",
        "The request `Action` is invalid or not found.",
        _header(X_TC_Action="IdCardOcr"),
    ),
    Fault(
        "UnsupportedRegion",
        "The action not support this region.",
        _header(X_TC_Region="eu-moscow"),
    ),
    Fault(
        "InvalidParameter",
        "this action not support Content-Type=`multipart/form-data`",
        _header(Content_Type="multipart/form-data"),
    ),
    Fault("RequestLimitExceeded", "Your current request times equals to `2`", _account(rate=1)),
    Fault(
        "AuthFailure.UnauthorizedOperation",
        "You are not authorized to perform this operation.",
        _account(allow=[]),
    ),
    Fault("InvalidParameter", "The request content not valid json", _sets(body=b"[]")),
    Fault("UnknownParameter", "The parameter `Sied` is not recognized.", _parameter(Sied="x")),
    Fault(
        "InvalidParameter",
        "The value type of parameter `Config` is not valid, input type should be `string`",
        _parameter(Config={}),
    ),
    Fault(
        "FailedOperation.UnOpenError", "The service is not activated.", _account(state="unopened")
    ),
    Fault("ResourceUnavailable.InArrears", "The account is in arrears.", _account(state="arrears")),
    Fault(
        "ResourcesSoldOut.ChargeStatusException",
        "Exceptional billing status.",
        _account(state="charge_exception"),
    ),
    Fault(
        "ResourceUnavailable.ResourcePackageRunOut",
        "The account resource package is exhausted.",
        _account(package=0),
    ),
    Fault(
        "InvalidParameterValue.InvalidParameterValueLimit",
        "Wrong parameter value",
        _parameter(CardSide="SIDE"),
    ),
    Fault(
        "InvalidParameter.ConfigFormatError",
        "Config is not in valid JSON format",
        _parameter(Config="{"),
    ),
    Fault("FailedOperation.EmptyImageError", "The image is empty.", _image("")),
    Fault(
        "LimitExceeded.TooLargeFileError",
        "The file is too large",
        _image("A" * (7 * 1024 * 1024 + 4)),
    ),
    Fault("FailedOperation.ImageDecodeFailed", "Image decoding failed.", _image("not Base64")),
]


def ident(fault: Fault) -> str:
    return f"{fault.code}: {fault.words[:40]}"
