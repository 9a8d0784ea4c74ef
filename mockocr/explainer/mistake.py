"""A mistake of a client in one step of a signature."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

from mockocr.protocol.redact import without_userinfo

Phrase = tuple[str, str]
"""A phrase in English and in Chinese."""


def value(text: str) -> Phrase:
    """A value is the same in both languages."""
    shown = f"`{without_userinfo(text)}`"
    return shown, shown


def named(english: str, chinese: str, text: str) -> Phrase:
    """A value, and what it is: `the method is X`, or `no method`."""
    if not text:
        return f"no {english}", f"缺少{chinese}"
    shown, _ = value(text)
    return f"the {english} is {shown}", f"{chinese}是 {shown}"


class Step:
    """The steps of a signature, in order, each with the name that is shown.

    A client makes at most one mistake in a step, and may make mistakes in several steps.
    """

    SECRET_KEY = "secret key"  # noqa: S105 - a name
    SIGNING_KEY = "signing key"
    SCOPE = "credential scope"
    METHOD = "method"
    PATH = "path"
    QUERY = "query"
    PARAMETERS = "parameters"
    CONTENT_TYPE = "content-type"
    HOST = "host"
    HEADERS = "signed headers"
    PAYLOAD = "payload hash"
    CANONICAL_REQUEST = "canonical request"
    TIMESTAMP = "timestamp"
    STRING_TO_SIGN = "string to sign"
    SIGNATURE = "signature"


ORDER = {
    step: number
    for number, step in zip(
        count(), [text for name, text in vars(Step).items() if name.isupper()], strict=False
    )
}


class Mistake(NamedTuple):
    """What the client did instead of the right thing, as a change of an attempt."""

    cause: str
    step: str
    phrase: Phrase
    apply: Callable[[Any], Any]
    expected: str = ""
    """The right way, in a notation for both languages. If it is empty, the first line that differs
    is shown."""
    found: str = ""
    alone: bool = False
    """Whether it is only tried alone, not together with another mistake, because it is too rare or
    one of too many."""


Family = Iterator[Mistake]
"""Mistakes of one kind."""
