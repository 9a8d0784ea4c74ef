"""What `mockocr run` prints after the command: calls that went wrong, and expectations."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from mockocr.cli.explain import explanation_lines
from mockocr.cli.remote import RemoteAdmin
from mockocr.cli.requests import is_failure
from mockocr.cli.verdict import verdict_lines
from mockocr.protocol.reasons import OwnLanguage
from mockocr.terminal import escaped, print_text

MAX_EXPLAINED = 20
"""The most calls that are explained, the first ones."""


def print_report(admin: RemoteAdmin, url: str, language: OwnLanguage | None) -> bool:
    """Prints to stderr. Returns whether all expectations are met. Raises NoServerError."""
    calls = admin.get("requests")["requests"][::-1]
    verdict = admin.post("requests/verify")
    for line in _lines(admin, url, calls, verdict, language):
        print_text(line, sys.stderr)
    return bool(verdict["ok"])


def _lines(
    admin: RemoteAdmin,
    url: str,
    calls: Sequence[Mapping[str, Any]],
    verdict: Mapping[str, Any],
    language: OwnLanguage | None,
) -> Iterator[str]:
    failures = [call for call in calls if is_failure(call)]
    for call in failures[:MAX_EXPLAINED]:
        request_id = quote(call["RequestId"], safe="")
        explanation = admin.get(f"requests/{request_id}/explain")
        yield f"call     {escaped(call['RequestId'])}"
        yield from explanation_lines(explanation, language, with_steps=False)
        yield ""
    if len(failures) > MAX_EXPLAINED:
        yield f"... and {len(failures) - MAX_EXPLAINED} more calls"
        yield ""
    expectations = verdict["expectations"]
    if not verdict["ok"]:
        yield from verdict_lines(expectations)
        yield ""
    unmatched = sum(bool(call["unmatched"]) for call in failures)
    parts = [
        f"{len(calls)} call{'' if len(calls) == 1 else 's'}",
        f"{len(failures) - unmatched} refused",
        f"{unmatched} without a rule",
    ]
    if expectations:
        met = sum(each["ok"] for each in expectations)
        parts.append(f"{met} of {len(expectations)} expectations met")
    yield f"mockocr run: {', '.join(parts)}"
    if not calls:
        yield f"mockocr run: no call reached {url}: does the command use MOCKOCR_URL?"
