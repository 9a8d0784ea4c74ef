"""One small thing that a client gets wrong in one step of a signature."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

Said = tuple[str, str]
"""A phrase in English and in Chinese."""


def value(text: str) -> Said:
    """A value is the same in both languages."""
    return f"`{text}`", f"`{text}`"


class Step:
    """The steps of a signature, in their order, by the names that are shown.

    Mistakes of one step exclude each other; mistakes of two steps can be made together.
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
    """What was done instead, as a function from one attempt to another."""

    cause: str
    step: str
    said: Said
    apply: Callable[[Any], Any]
    expected: str = ""
    """In one notation for all languages; empty: the lines that differ are compared."""
    found: str = ""
    alone: bool = False
    """Too rare, or one of too many, to be tried together with other mistakes."""


Family = Iterator[Mistake]
