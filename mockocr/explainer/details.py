"""From the mistakes that reproduce a signature to the cause that is shown."""

from dataclasses import replace
from itertools import zip_longest

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.causes import Cause, Detail
from mockocr.explainer.legacy_attempt import LegacyAttempt
from mockocr.explainer.mistake import Mistake, Said
from mockocr.explainer.mistakes.signing_key import BARE

BASE64: Said = ("Base64", "Base64")

MAX_SHOWN = 200
"""Characters of a line."""


def proven(right: Attempt | LegacyAttempt, mistakes: tuple[Mistake, ...], client: str) -> Cause:
    """`right` is the request as it should have been signed; the mistakes are in step order."""
    details = tuple(detail_of(right, mistake) for mistake in mistakes)
    if isinstance(right, Attempt) and {BARE, BASE64} <= {it.said for it in mistakes}:
        details = tuple(
            _legacy(it) if it.said == BARE else it for it in details if it.said != BASE64
        )
    return Cause(details[0].cause, True, details[0].said, client, details)


def _legacy(detail: Detail) -> Detail:
    """An HMAC with the SecretKey itself, as Base64: that of the legacy method."""
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
    return Detail(mistake.cause, mistake.step, mistake.said, expected, found, line, legacy)


def _first_difference(right: Attempt, mistake: Mistake) -> tuple[int, str, str]:
    """Number and both forms of the first line that differs, in whichever text it does."""
    wrong = mistake.apply(right)
    texts = [
        (right.canonical_request(), wrong.canonical_request()),
        (right.string_to_sign(), wrong.string_to_sign()),
    ]
    expected, found = next(it for it in texts if it[0] != it[1])
    lines = enumerate(zip_longest(expected.split("\n"), found.split("\n")), start=1)
    number, pair = next((number, pair) for number, pair in lines if pair[0] != pair[1])
    return number, _shown(pair[0]), _shown(pair[1])


def _shown(line: str | None) -> str:
    if line is None:
        return "(no line)"
    if not line:
        return "(an empty line)"
    text = line if line.isprintable() else repr(line)[1:-1]
    # A blank at an end cannot be seen.
    text = f'"{text}"' if text != text.strip() else text
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
