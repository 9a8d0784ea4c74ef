"""A contract case as people write it: a call, the reply that it must get, and the facts that this
settles (docs/contract-tests.md)."""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mockocr.actions.matchers import Spec
from mockocr.contract_check.matchers import Matcher
from mockocr.documents.messages import invalid
from mockocr.settings import contract_date

OK = "ok"
"""The code of an answer, as in the journal."""

_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


def _size(text: Any) -> Any:
    match = _SIZE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise invalid(f"expected a size in pixels such as 80x50, got {text!r}")
    return int(match[1]), int(match[2])


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise invalid(f"invalid regular expression: {error}") from None
    return text


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _day(value: Any) -> Any:
    try:
        return contract_date(str(value))
    except ValueError as error:
        raise invalid(str(error)) from None


Text: TypeAlias = Annotated[str, Field(max_length=2000)]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Codes: TypeAlias = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
CommonName = Literal[
    "Action",
    "Version",
    "Region",
    "Timestamp",
    "Token",
    "Language",
    "Nonce",
    "SecretId",
    "Signature",
    "SignatureMethod",
]


class PictureSpec(Spec):
    """The picture of a call: never that of a person."""

    specimen: str | None = None
    """Its name in `mockocr card --list`."""
    blank: Annotated[tuple[int, int], BeforeValidator(_size)] | None = None
    """A picture of one colour, of this size in pixels."""
    format: Literal["PNG", "JPEG", "BMP", "GIF", "WEBP"] = "PNG"
    """Of a blank picture."""
    written: Literal["base64", "lines", "data_url"] = "base64"
    """In one line, in lines of 76 characters, or as `data:image/...;base64,...`."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.specimen is None) is (self.blank is None):
            raise invalid("expected either specimen or blank")
        return self


class EditSpec(Spec):
    """A change of the signature after signing: of the Authorization header, or of the parameter
    Signature of a legacy call."""

    pattern: Annotated[str, Field(max_length=200), AfterValidator(_pattern)]
    by: Text


class RequestSpec(Spec):
    """A call. By default it is a valid POST with TC3, without parameters."""

    method: Literal["POST", "GET", "PUT"] = "POST"
    signature: Literal["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256", "none"] = "TC3-HMAC-SHA256"
    signed_at: Annotated[int, Field(ge=-(10**9), le=10**9)] = 0
    """The time of signing, in seconds from now."""
    service: Text | None = None
    """In the scope of a TC3 signature; default: that of the action."""
    signed_headers: list[str] = Field(default=["content-type", "host"])
    signed_values: Literal["lower_case", "as_sent"] = "lower_case"
    parameters: dict[str, Any] = Field(default={})
    picture: PictureSpec | None = None
    padding: Annotated[int, Field(ge=0, le=12_000_000)] = 0
    """Sends ImageBase64 with as many letters A."""
    body: Text | None = None
    """Instead of parameters."""
    common: dict[CommonName, Text | None] = Field(default={})
    """Common parameters: headers `X-TC-Name` with TC3, parameters with a legacy signature. Null
    leaves one out."""
    headers: dict[str, Text | None] = Field(default={})
    edit: EditSpec | None = None

    @model_validator(mode="after")
    def _has_one_content(self) -> Self:
        given = [bool(self.parameters or self.picture or self.padding), self.body is not None]
        if all(given):
            raise invalid("body cannot be combined with parameters, picture or padding")
        if self.picture and self.padding:
            raise invalid("picture cannot be combined with padding: both are ImageBase64")
        return self


class ExpectSpec(Spec):
    """The reply. What every reply of the API must have is always checked."""

    code: Codes
    """`ok`, or the code of an error; of several, one."""
    message: Matcher = None
    """Of an error. None: any text."""
    status: int = 200
    headers: dict[str, Text] = Field(default={})
    members: dict[str, Matcher] = Field(default={})
    """Of an answer, besides those of `answer`."""


class CaseSpec(Spec):
    id: Name
    about: Text
    """A sentence: what the server does."""
    settles: list[Name] = Field(default=[])
    """Rows of docs/fidelity.md."""
    billed: bool = False
    """Whether the vendor may bill the call."""
    since: Day | None = None
    """The first contract with this reply."""
    until: Day | None = None
    """The last one."""
    after: Name | None = None
    """The case that is sent before, and must get its reply."""
    request: RequestSpec = RequestSpec()
    expect: ExpectSpec

    def holds_on(self, contract: date) -> bool:
        return (self.since or date.min) <= contract <= (self.until or date.max)


class CaseFileSpec(Spec):
    action: str
    answer: dict[str, Matcher] = Field(default={})
    """The members of every answer but RequestId."""
    cases: Annotated[list[CaseSpec], Field(min_length=1)]
