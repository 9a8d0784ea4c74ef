"""A call that has not been sent, as people describe it: for Try and for code."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import UnknownActionError, choose_action

TC3 = "TC3-HMAC-SHA256"
SignatureMethod = Literal["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"]

_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]+")
_OWN_HEADERS = frozenset(
    {
        *("authorization", "connection", "content-length", "expect", "host"),
        *("transfer-encoding", "x-tc-timestamp"),
    }
)
"""Headers that belong to the connection or to the signature."""


def _header(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
        raise ValueError("expected the name of a header that is not set by the call itself")
    return name


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("expected a text without control characters and line ends")
    return text


Line = Annotated[str, AfterValidator(_line)]


class CallSpec(BaseModel):
    """A call and how it is sent."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )

    action: str | None = None
    """Its name; default: the only action."""
    version: Line | None = None
    """Default: the action's."""
    parameters: dict[str, Any] = Field(default={}, repr=False)
    region: Line = ""
    language: Line = ""
    """zh-CN or en-US."""
    headers: dict[Annotated[str, AfterValidator(_header)], Line] = Field(default={}, repr=False)
    """Further headers."""
    method: Literal["POST", "GET"] = "POST"
    signature_method: SignatureMethod = "TC3-HMAC-SHA256"
    endpoint: Literal["http", "https"] | None = None
    """Default: http if the server has it."""
    account: str | None = None
    """Default: the first account."""

    def chosen_action(self) -> AnyAction:
        """Raises HTTPException."""
        try:
            return choose_action(self.action)
        except UnknownActionError as error:
            raise HTTPException(422, str(error)) from None
