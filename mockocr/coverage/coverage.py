"""From the tally of a journal to the report: which rows of the denominator the calls have seen."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from mockocr.actions.action import AnyAction
from mockocr.actions.answer_rows import ASKED
from mockocr.coverage.denominator import RETRYABLE_ERRORS, denominator
from mockocr.coverage.report import (
    CoverageReport,
    CoverageRow,
    CoverageSource,
    merged_sources,
    report_of,
    source_of,
    without_surrogates,
)
from mockocr.journal.tally import RECOVERED, Count, Tally


def coverage(
    actions: Sequence[AnyAction], day: date, tally: Tally, account: str | None = None
) -> CoverageReport:
    """`day`: of the contract. `account`: only the calls of this account; None: all calls."""
    rows = _Rows(actions, day)
    for (name, action), counts in tally.counts().items():
        if account in (None, name):
            rows.add(name, action, counts)
    return report_of(day, rows.filled(), rows.others)


class _Rows:
    """The rows of a denominator, and what was seen of them so far."""

    def __init__(self, actions: Sequence[AnyAction], day: date) -> None:
        self._rows = denominator(actions, day)
        self._retryable = {
            action.name: action.coverage.retryable_errors for action in actions if action.coverage
        }
        self._ids = {(row.action, _mark(row)): row.id for row in self._rows}
        self._sources: dict[str, list[CoverageSource]] = {}
        self._asked: dict[str, list[CoverageSource]] = {}
        self.others = Counter[str]()
        """Outcomes without a row."""

    def add(self, account: str | None, action: str | None, counts: Mapping[str, Count]) -> None:
        for mark, count in counts.items():
            source = source_of(account, count.calls, count.first, count.last)
            if mark.startswith(RECOVERED):
                recovery = self._recovery(action, mark.removeprefix(RECOVERED))
                if recovery is not None:
                    self._sources.setdefault(recovery, []).append(source)
            elif mark.startswith(ASKED):
                if row_id := self._id(action, mark.removeprefix(ASKED)):
                    self._asked.setdefault(row_id, []).append(source)
            elif row_id := self._id(action, mark):
                self._sources.setdefault(row_id, []).append(source)
            else:
                self.others[without_surrogates(mark)] += count.calls

    def _id(self, action: str | None, mark: str) -> str | None:
        return self._ids.get((action, mark), self._ids.get((None, mark)))

    def _recovery(self, action: str | None, outcome: str) -> str | None:
        """The row that a success after an outcome has seen."""
        kind = outcome.partition(":")[0]
        if kind in ("fault", "http"):
            return f"recovery:{kind}"
        own = self._retryable.get(action or "", frozenset())
        return "recovery:error" if outcome in RETRYABLE_ERRORS | own else None

    def filled(self) -> Iterator[CoverageRow]:
        for row in self._rows:
            sources = merged_sources(self._sources.get(row.id, ()))
            asked = merged_sources(self._asked.get(row.id, ()))
            yield row.model_copy(update={"sources": sources, "asked": asked})


def _mark(row: CoverageRow) -> str:
    """The mark in a tally: the outcome of an error, else the id without the action."""
    return row.id.rpartition("/")[2].removeprefix("error:")
