"""What all forms of the report say."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from mockocr.coverage.report import CoverageReport, CoverageRow, Group, State

GROUPS: Mapping[Group, str] = {
    "business": "business errors",
    "gateway": "gateway errors",
    "warning": "warnings, with their flag set",
    "side": "sides",
    "flag": "Config flags",
    "shape": "shapes of answers",
    "fault": "faults",
    "http": "gateway statuses",
    "recovery": "recoveries",
}
STATES: Mapping[State, str] = {
    "seen": "seen",
    "asked": "flag set, never given",
    "missed": "missed",
    "impossible": "not in this contract",
    "excluded": "excluded",
}

UNKNOWN_ACCOUNT = "(no known account)"


def groups(all_rows: Iterable[CoverageRow]) -> Iterator[tuple[str, list[CoverageRow]]]:
    """The rows by group, with its title. With several actions, the title has the action."""
    rows = list(all_rows)
    are_several = len({row.action for row in rows if row.action is not None}) > 1
    for (action, group), part in groupby(rows, lambda row: (row.action, row.group)):
        title = GROUPS[group]
        yield f"{action}: {title}" if are_several and action else title, list(part)


def total(report: CoverageReport) -> str:
    """The line that says how much was seen."""
    totals = report.totals
    text = f"{totals.percent:g} % of outcomes seen: {totals.seen} of {report.counted}"
    counts: Mapping[State, int] = {
        "asked": totals.asked,
        "excluded": totals.excluded,
        "impossible": totals.impossible,
    }
    notes = [f"{count} {STATES[state]}" for state, count in counts.items() if count]
    return f"{text} ({', '.join(notes)})" if notes else text


def below(report: CoverageReport, minimum: float) -> str:
    """The line of a report that does not reach the minimum."""
    return f"{report.totals.percent:g} % of outcomes seen, expected at least {minimum:g} %"


def names(row: CoverageRow, most: int | None = None) -> str:
    """Who saw a row: the first names, and how many more."""
    all_names = [source.name or UNKNOWN_ACCOUNT for source in row.sources]
    shown = all_names[:most]
    rest = len(all_names) - len(shown)
    return ", ".join([*shown, *([f"+{rest}"] if rest else [])])


def asked(row: CoverageRow) -> list[str]:
    """How many calls set the flag of a warning that none had."""
    calls = sum(source.calls for source in row.asked)
    text = f"flag set in {calls} call{'' if calls == 1 else 's'}"
    return [text] if row.state == "asked" else []


def ways(row: CoverageRow) -> list[str]:
    """How a test sees a row."""
    lines = [f"scenario {row.scenario}"] if row.scenario else []
    lines.append(row.respond)
    if sent := parameters(row.parameters):
        lines.append(f"call with {sent}")
    return lines


def parameters(sent: Mapping[str, Any]) -> str:
    """CardSide=BACK, Config.CopyWarn=true"""
    return ", ".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else value}"
        for name, value in _flat(sent)
    )


def _flat(sent: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in sent.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{flag}", each) for flag, each in value.items())
        else:
            yield name, value


def others(report: CoverageReport) -> str:
    """Outcomes without a row, with the number of their calls; empty if there are none."""
    return ", ".join(f"{outcome} ({calls})" for outcome, calls in report.others.items())
