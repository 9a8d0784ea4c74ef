"""The report of outcome coverage: its rows, their states, and how reports are merged.

The models are also the JSON form: of the admin API, of files, and between xdist workers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from math import floor
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from mockocr.version import __version__

Group = Literal[
    "business", "gateway", "warning", "side", "flag", "shape", "fault", "http", "recovery"
]
State = Literal["seen", "asked", "missed", "impossible", "excluded"]
"""asked: a call set the flag of the warning, but no answer had it. impossible: the contract does
not have it. Only seen, asked and missed rows count."""

Part = Literal["sources", "asked"]
PARTS: Sequence[Part] = get_args(Part)
"""The members of a row that calls fill."""


class CoverageModel(BaseModel):
    # As in admin.replies.Reply.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class CoverageDetail(CoverageModel):
    """More about a row, in both languages; may be empty."""

    en: str
    zh: str


class CoverageSource(CoverageModel):
    """The calls of one test, or of one account."""

    name: str | None
    """The test, if pytest made the report; else the account. null: no known account."""
    calls: int = Field(ge=1, lt=2**53)
    first: str
    """When the first of these calls was received; ISO 8601, UTC."""
    last: str


class CoverageRow(CoverageModel):
    """One outcome that a test suite should see."""

    id: str
    group: Group
    action: str | None
    """null: every action has it."""
    detail: CoverageDetail
    scenario: str | None
    """A ready-made scenario with which a call sees it."""
    respond: str
    """The line of a pytest test that does the same."""
    parameters: dict[str, Any]
    """What the call must send for it."""
    possible: bool
    """Whether the contract has it."""
    reason: str | None = None
    """Why it is excluded; null if it is not."""
    sources: list[CoverageSource] = []
    """Who saw it."""
    asked: list[CoverageSource] = []
    """Who set the flag of a warning and had an answer, with or without the warning."""
    calls: int = Field(default=0, ge=0, lt=2**53)
    """The calls that saw it."""
    state: State = "missed"


class CoverageTotals(CoverageModel):
    """The number of rows in each state."""

    seen: int
    asked: int
    missed: int
    impossible: int
    excluded: int
    percent: float
    """Seen rows per hundred that count, rounded down to one decimal."""


class CoverageReport(CoverageModel):
    """Which outcomes calls have had."""

    mockocr: str
    """The version."""
    contract: str
    """The day of the contract that decides what is possible."""
    totals: CoverageTotals
    rows: list[CoverageRow]
    others: dict[str, int]
    """Outcomes without a row, such as scripted codes that are not documented, with their calls."""

    @property
    def counted(self) -> int:
        """The number of rows that count."""
        return self.totals.seen + self.totals.asked + self.totals.missed

    def reaches(self, percent: float) -> bool:
        return 100 * self.totals.seen >= percent * self.counted

    def unseen(self) -> list[CoverageRow]:
        return [row for row in self.rows if row.state in ("missed", "asked")]


class DifferentReportsError(ValueError):
    """Reports with different rows cannot be merged."""


def report_of(
    contract: date | str,
    rows: Iterable[CoverageRow],
    others: Mapping[str, int],
    mockocr: str = __version__,
) -> CoverageReport:
    """The states and totals are computed here, from all other members of the rows."""
    settled = [_settled(row) for row in rows]
    states = Counter(row.state for row in settled)
    counts = {state: states[state] for state in get_args(State)}
    counted = counts["seen"] + counts["asked"] + counts["missed"]
    percent = floor(1000 * counts["seen"] / counted) / 10 if counted else 100.0
    return CoverageReport(
        mockocr=mockocr,
        contract=str(contract),
        totals=CoverageTotals(**counts, percent=percent),
        rows=settled,
        others=dict(sorted(others.items())),
    )


def _settled(row: CoverageRow) -> CoverageRow:
    update: dict[str, Any] = {
        part: sorted(getattr(row, part), key=lambda source: source.name or "") for part in PARTS
    }
    calls = sum(source.calls for source in row.sources)
    return row.model_copy(update={**update, "calls": calls, "state": _state(row)})


def _state(row: CoverageRow) -> State:
    if not row.possible:
        return "impossible"
    if row.reason is not None:
        return "excluded"
    if row.sources:
        return "seen"
    return "asked" if row.asked else "missed"


def without_surrogates(text: str) -> str:
    """Text from outside, such as a name from a client: lone surrogates, which JSON files cannot
    have, become `?`."""
    return text.encode(errors="replace").decode()


def source_of(name: str | None, calls: int, first: datetime, last: datetime) -> CoverageSource:
    return CoverageSource(
        name=None if name is None else without_surrogates(name),
        calls=calls,
        first=first.isoformat(timespec="milliseconds"),
        last=last.isoformat(timespec="milliseconds"),
    )


def merged_sources(sources: Iterable[CoverageSource]) -> list[CoverageSource]:
    """One source for each name."""
    by_name: dict[str | None, CoverageSource] = {}
    for source in sources:
        known = by_name.get(source.name)
        by_name[source.name] = source if known is None else _sum(known, source)
    return list(by_name.values())


def _sum(one: CoverageSource, other: CoverageSource) -> CoverageSource:
    return CoverageSource(
        name=one.name,
        calls=one.calls + other.calls,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
    )


def filled(
    contract: date | str,
    rows: Iterable[CoverageRow],
    seen: Iterable[CoverageRow],
    others: Mapping[str, int],
    mockocr: str = __version__,
) -> CoverageReport:
    """The report of these rows, with all that `seen` has counted; an id may occur several times in
    it. A row is excluded if it is excluded anywhere."""
    by_id: dict[str, list[CoverageRow]] = {}
    for row in seen:
        by_id.setdefault(row.id, []).append(row)
    ids: set[str] = set()
    full = []
    for row in rows:
        ids.add(row.id)
        full.append(_filled(row, [row, *by_id.get(row.id, ())]))
    all_others = Counter(others)
    for row_id in by_id.keys() - ids:
        # Of a server of another version.
        all_others[row_id] += sum(each.calls for each in by_id[row_id])
    return report_of(contract, full, all_others, mockocr)


def _filled(row: CoverageRow, alike: Sequence[CoverageRow]) -> CoverageRow:
    update: dict[str, Any] = {
        part: merged_sources(source for each in alike for source in getattr(each, part))
        for part in PARTS
    }
    reasons = (each.reason for each in alike if each.reason is not None)
    return row.model_copy(update={**update, "reason": next(reasons, None)})


def merged(reports: Sequence[CoverageReport]) -> CoverageReport:
    """The report of all calls.

    Raises DifferentReportsError if their versions, contracts or rows differ.
    """
    first, *rest = reports
    for difference in (each for other in rest for each in _differences(first, other)):
        raise DifferentReportsError(f"the reports cannot be merged: {difference}")
    others = Counter[str]()
    for report in reports:
        others.update(report.others)
    seen = [row for report in rest for row in report.rows]
    return filled(first.contract, first.rows, seen, others, first.mockocr)


def _differences(one: CoverageReport, other: CoverageReport) -> Iterator[str]:
    if one.mockocr != other.mockocr:
        yield f"one is of mockocr {one.mockocr}, another of {other.mockocr}"
    if one.contract != other.contract:
        yield f"one is for the contract of {one.contract}, another for that of {other.contract}"
    if different := sorted({row.id for row in one.rows} ^ {row.id for row in other.rows}):
        yield f"only one of them has {', '.join(different[:3])}"
