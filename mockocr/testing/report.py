"""The section of a failing test's report: a table of its calls, and why calls were refused."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockocr.protocol.reasons import difference
from mockocr.terminal import Table, mistake_lines, printable
from mockocr.testing.account import Account
from mockocr.testing.calls import Call

SHOWN_CALLS = 50
"""The most calls of an account that are listed, the newest."""

_TITLES = ("RequestId", "action", "outcome", "rule", "ms", "cause")


def calls_of(accounts: Sequence[Account], since: str) -> str:
    """`since`: when the test started, ISO 8601. Calls with an unknown SecretId are listed from
    then on."""
    return printable("\n".join(_lines(accounts, since)))


def _lines(accounts: Sequence[Account], since: str) -> Iterator[str]:
    for account in accounts:
        yield from _table(f"calls of {account.name!r}", account.requests)
    first = accounts[0]
    query = {"since": since, "outcome": "error"}
    failed = first.server.admin.ask("GET", "requests", query=query)["requests"]
    unknown = [row for row in reversed(failed) if row["account"] is None]
    if unknown:
        calls = [Call.of(row, first.server.admin) for row in unknown]
        yield from _table("calls of unknown accounts while the test ran", calls)


def _table(title: str, calls: list[Call]) -> Iterator[str]:
    yield f"{title}: {len(calls) or 'none'}"
    if len(calls) > SHOWN_CALLS:
        yield f"the last {SHOWN_CALLS} of them:"
    listed = calls[-SHOWN_CALLS:]
    rows = [
        (
            call.request_id,
            call.action or "-",
            call.outcome,
            call.rule or "-",
            f"{call.milliseconds:.1f}",
            call.cause or "-",
        )
        for call in listed
    ]
    yield from Table(*_TITLES).lines(rows)
    for call in listed:
        yield from _reason(call)


def _reason(call: Call) -> Iterator[str]:
    """Why a call was refused, and its notes; nothing for a scripted refusal."""
    if call.notes or (call.outcome != "ok" and call.rule is None):
        for line in explained(call.explanation):
            yield line if line.startswith(" ") else f"{call.request_id}: {line}"


def explained(explanation: Mapping[str, Any]) -> Iterator[str]:
    language = explanation["language"]
    if explanation["message"]:
        reason = explanation["reason"]
        why = f" ({difference(reason, language)})" if reason else ""
        yield f"{explanation['outcome']}: {explanation['message']}{why}"
    hint = explanation["hint"][language] if explanation["hint"] else ""
    if cause := explanation["cause"]:
        certain = "proven" if explanation["proven"] else "likely, not proven"
        yield f"{cause} ({certain}): {hint}"
        for mistake in explanation["details"]:
            yield from (f"  {line}" for line in mistake_lines(mistake))
    elif hint:
        yield hint
    for note in explanation["notes"]:
        yield f"{note['name']}: {note['hint'][language]}"
