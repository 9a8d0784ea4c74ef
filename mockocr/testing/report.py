"""What a failing test is told of the calls of its accounts: a table, and why calls were refused."""

from collections.abc import Iterator, Sequence

from mockocr.terminal import Table, mistake_lines
from mockocr.testing.account import Account
from mockocr.testing.calls import Call

SHOWN_CALLS = 50
"""The newest; a test that makes more is told how many."""

_TITLES = ("RequestId", "action", "outcome", "rule", "ms", "cause")


def calls_of(accounts: Sequence[Account], since: str) -> str:
    """`since`: when the test began, ISO 8601; what came from nobody's account is told from then."""
    return "\n".join(_lines(accounts, since))


def _lines(accounts: Sequence[Account], since: str) -> Iterator[str]:
    for account in accounts:
        yield from _table(f"calls of {account.name!r}", account.requests)
    first = accounts[0]
    told = first.server.admin.ask("GET", "requests", query={"since": since, "outcome": "error"})
    nobodys = [it for it in reversed(told["requests"]) if it["account"] is None]
    if nobodys:
        calls = [Call.of(it, first.server.admin) for it in nobodys]
        yield from _table("calls of nobody's account while the test ran", calls)


def _table(title: str, calls: list[Call]) -> Iterator[str]:
    yield f"{title}: {len(calls) or 'none'}"
    if len(calls) > SHOWN_CALLS:
        yield f"the last {SHOWN_CALLS} of them:"
    shown = calls[-SHOWN_CALLS:]
    rows = [
        (
            call.request_id,
            call.action or "-",
            call.outcome,
            call.rule or "-",
            f"{call.milliseconds:.1f}",
            call.cause or "-",
        )
        for call in shown
    ]
    yield from Table(*_TITLES).lines(rows)
    for call in shown:
        yield from _why(call)


def _why(call: Call) -> Iterator[str]:
    """Of what a rule or chaos did not order."""
    if call.outcome == "ok" or call.rule is not None:
        return
    error, told = call.details["error"], call.explanation
    if told["cause"]:
        certain = "proven" if told["proven"] else "likely, not proven"
        hint = told["hint"]["en"] if told["hint"] else ""
        yield f"{call.request_id}: {told['cause']} ({certain}): {hint}"
        for mistake in told["details"]:
            yield from (f"  {line}" for line in mistake_lines(mistake))
    elif error:
        yield f"{call.request_id}: {call.outcome}: {error['Message']}"
    if told["note"]:
        yield f"{call.request_id}: {told['note']}"
