"""All mistakes of TC3, the common ones and the rare ones.

Each changes only what is signed: the requests of one table are equal except for the signature."""

from tests.explainer.mistakes.canonical_requests import CANONICAL, RARE_CANONICAL
from tests.explainer.mistakes.keys import (
    RARE_SCOPES,
    RARE_SECRET_KEYS,
    RARE_SIGNING_KEYS,
    SCOPES,
    SECRET_KEYS,
    SIGNING_KEYS,
)
from tests.explainer.mistakes.requests import HEADERS, LINES, PAYLOADS, RARE_LINES, RARE_PAYLOADS
from tests.explainer.mistakes.strings_to_sign import (
    FINALS,
    RARE_TEXTS,
    RARE_TIMESTAMPS,
    TEXTS,
    TIMESTAMPS,
)

COMMON = [
    *SECRET_KEYS,
    *SIGNING_KEYS,
    *SCOPES,
    *LINES,
    *HEADERS,
    *PAYLOADS,
    *CANONICAL,
    *TIMESTAMPS,
    *TEXTS,
    *FINALS,
]
"""Mistakes that are found alone and in pairs."""


RARE = [
    *RARE_SECRET_KEYS,
    *RARE_SIGNING_KEYS,
    *RARE_SCOPES,
    *RARE_LINES,
    *RARE_PAYLOADS,
    *RARE_CANONICAL,
    *RARE_TEXTS,
    *RARE_TIMESTAMPS,
]
"""Mistakes that are found only alone."""
