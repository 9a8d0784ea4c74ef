"""The section of a failing test's report: a table of its calls, and why calls were refused."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockocr.protocol.reasons import difference
from mockocr.terminal import Table, mistake_lines, printable
from mockocr.testing.account import Account
from mockocr.testing.calls import Call
from mockocr.testing.strictness import unmatched

SHOWN_CALLS = 50
"""The most calls of an account that are listed, the newest."""

_TITLES = ("RequestId", "action", "outcome", "rule", "ms", "cause")


def calls_of(
    accounts: Sequence[Account],
    since: str,
    *,
    if_none: Sequence[str] = (),
    near_misses: bool = True,
) -> str:
    """`since`: when the test started, ISO 8601. Calls with an unknown SecretId are listed from
    then on. `if_none`: lines for a test without any call. `near_misses`: whether to list the calls
    that matched no rule of the test."""
    return printable("\n".join(_lines(accounts, since, if_none, near_misses)))


def _lines(
    accounts: Sequence[Account], since: str, if_none: Sequence[str], near_misses: bool
) -> Iterator[str]:
    total = 0
    for account in accounts:
        calls = account.requests
        total += len(calls)
        yield from _table(f"calls of {account.name!r}", calls)
        if near_misses:
            yield from unmatched(account, calls[-SHOWN_CALLS:])
    first = accounts[0]
    query = {"since": since, "outcome": "error"}
    failed = first.server.admin.ask("GET", "requests", query=query)["requests"]
    unknown = [row for row in reversed(failed) if row["account"] is None]
    if unknown:
        calls = [Call.of(row, first.server.admin) for row in unknown]
        yield from _table("calls of unknown accounts while the test ran", calls)
    elif not total:
        yield from if_none


def why_none(blocked: Sequence[str], interception: str | None) -> Iterator[str]:
    """The usual reasons why no call arrived. `blocked`: the real host names that the test called;
    `interception`: how to turn it on, None if it is on."""
    for host in dict.fromkeys(blocked):
        yield f"calls to {host} were blocked; use {interception}"
    if blocked:
        return
    if interception is not None:
        yield (
            "Does the client call the real host, or another one? Use"
            f" {interception}, or give the client the endpoint of the account."
        )
    names = [name for name in os.environ if name.lower() in _PROXIES and os.environ[name]]
    found = f"set are {', '.join(sorted(names))}" if names else "none is set now"
    yield f"Does a proxy variable (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY) send it elsewhere? ({found})"


_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})


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
