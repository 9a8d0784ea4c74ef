"""Makes the cause that is shown from the mistakes that reproduce a signature."""

from dataclasses import replace
from itertools import zip_longest

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.causes import Cause, Detail
from mockocr.explainer.legacy_attempt import LegacyAttempt
from mockocr.explainer.mistake import Mistake, Phrase
from mockocr.explainer.mistakes.signing_key import BARE
from mockocr.protocol.redact import without_userinfo
from mockocr.terminal import escaped

BASE64: Phrase = ("Base64", "Base64")

MAX_STEP_CHARACTERS = 4096
"""The longest step of a client that is kept."""

MAX_SHOWN = 200
"""The most characters of a line that are shown."""


def proven(right: Attempt | LegacyAttempt, mistakes: tuple[Mistake, ...], client: str) -> Cause:
    """`right` is the request, signed in the documented way. The mistakes are in the order of
    steps."""
    details = tuple(detail_of(right, mistake) for mistake in mistakes)
    if isinstance(right, Attempt) and {BARE, BASE64} <= {each.phrase for each in mistakes}:
        details = tuple(
            _legacy(each) if each.phrase == BARE else each
            for each in details
            if each.phrase != BASE64
        )
    cause = Cause(details[0].cause, True, details[0].phrase, client, details)
    return _with_steps(cause, right, mistakes) if isinstance(right, Attempt) else cause


def _with_steps(cause: Cause, right: Attempt, mistakes: tuple[Mistake, ...]) -> Cause:
    """With the steps of the client, if they are short and contain no header that must be masked:
    mistakes use parts of the headers as they were sent."""
    masked = right.masked()
    if masked.headers != right.headers:
        return cause
    wrong = masked
    for mistake in mistakes:
        wrong = mistake.apply(wrong)
    # A mistake in the query has the query as it was sent.
    wrong = wrong.masked()
    canonical_requests = masked.canonical_request(), wrong.canonical_request()
    strings_to_sign = masked.string_to_sign(), wrong.string_to_sign()
    if max(map(len, (*canonical_requests, *strings_to_sign))) > MAX_STEP_CHARACTERS:
        return cause
    return replace(cause, canonical_requests=canonical_requests, strings_to_sign=strings_to_sign)


def _legacy(detail: Detail) -> Detail:
    """An HMAC with the SecretKey itself, as Base64, is a legacy signature."""
    return replace(detail, cause="v1_signature_in_tc3", found=f"Base64({detail.found})")


def detail_of(right: Attempt | LegacyAttempt, mistake: Mistake) -> Detail:
    if isinstance(right, LegacyAttempt):
        return _detail(mistake, mistake.expected, mistake.found, legacy=True)
    if mistake.expected:
        return _detail(mistake, mistake.expected, mistake.found)
    line, expected, found = _first_difference(right.masked(), mistake)
    return _detail(mistake, expected, found, line)


def _detail(
    mistake: Mistake, expected: str, found: str, line: int | None = None, legacy: bool = False
) -> Detail:
    return Detail(mistake.cause, mistake.step, mistake.phrase, expected, found, line, legacy)


def _first_difference(right: Attempt, mistake: Mistake) -> tuple[int, str, str]:
    """The number of the first line that differs, the right line and the wrong line. It is a line of
    the canonical request if that differs, otherwise of the string to sign."""
    wrong = mistake.apply(right)
    texts = [
        (right.canonical_request(), wrong.canonical_request()),
        (right.string_to_sign(), wrong.string_to_sign()),
    ]
    expected, found = next(each for each in texts if each[0] != each[1])
    lines = enumerate(zip_longest(expected.split("\n"), found.split("\n")), start=1)
    number, pair = next((number, pair) for number, pair in lines if pair[0] != pair[1])
    return number, _shown(pair[0]), _shown(pair[1])


def _shown(line: str | None) -> str:
    if line is None:
        return "(no line)"
    if not line:
        return "(an empty line)"
    text = escaped(without_userinfo(line))
    # Quotes show a space at an end.
    text = f'"{text}"' if text != text.strip() else text
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
