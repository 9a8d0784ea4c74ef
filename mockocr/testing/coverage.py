"""Outcome coverage of a test run: what its servers have counted, by test instead of by account."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeAlias

from mockocr.actions.catalogue import all_actions
from mockocr.client.client import NoServerError
from mockocr.coverage.denominator import denominator
from mockocr.coverage.reading import UnreadableReportError, read_report
from mockocr.coverage.report import (
    PARTS,
    CoverageReport,
    CoverageRow,
    CoverageSource,
    Part,
    filled,
    merged_sources,
    without_surrogates,
)
from mockocr.settings import API_PAGE
from mockocr.testing.account import Account, RunningServer
from mockocr.testing.errors import RefusedError

Key: TypeAlias = tuple[Part, str, str | None]
"""A part of a row, the id of the row, and an account."""

Naming: TypeAlias = Callable[[Key, CoverageSource], Iterable[CoverageSource]]
"""The sources by test, from one by account."""


class Period(NamedTuple):
    """When a test ran. Calls without a known account are those of the test that ran meanwhile."""

    test: str
    began: str
    ended: str


class RunCoverage:
    """What the servers of this process have counted. Used by one thread."""

    def __init__(self) -> None:
        self._rows: list[CoverageRow] = []
        """With sources by test. An id occurs once for each server."""
        self._others: Counter[str] = Counter()
        self._contract: str | None = None
        """That of the server of the run, if it was started."""
        self.problems: list[str] = []
        self._tests: dict[str, str] = {}
        """By account of the server of the run."""
        self._periods: list[Period] = []
        self._server: RunningServer | None = None

    @contextmanager
    def of_run(self, server: RunningServer, *, is_shared: bool) -> Iterator[None]:
        """Counts what the accounts of the tests call while the context is open. `is_shared`:
        others may use the server, now and before."""
        self._server = server
        before = self._read(server) if is_shared else None
        earlier = Counter(dict(_calls(before))) if before else Counter[Key]()
        try:
            yield
        finally:
            if (report := self._read(server)) is not None:
                self._contract = report.contract
                self._add(report, lambda key, each: self._named(key, each, earlier, is_shared))
                if not is_shared:
                    self._others.update(report.others)

    @contextmanager
    def of_test(self, test: str, account: Account) -> Iterator[None]:
        """The calls of this account, and of those created through it, are those of the test."""
        began, test = _now(), without_surrogates(test)
        try:
            yield
        finally:
            self._tests |= dict.fromkeys((each.name for each in account.family()), test)
            self._periods.append(Period(test, began, _now()))

    def count(self, server: RunningServer, test: str | None) -> None:
        """Counts the calls of a server that only one test has used: all but the server of the
        run."""
        if server is not self._server and (report := self._read(server)) is not None:
            name = None if test is None else without_surrogates(test)
            self._add(report, lambda _, each: [each.model_copy(update={"name": name})])
            self._others.update(report.others)

    def to_dict(self) -> dict[str, Any]:
        """For another process: the argument of its `add`."""
        return {
            "rows": [row.model_dump() for row in self._rows],
            "others": dict(self._others),
            "contract": self._contract,
            "problems": self.problems,
        }

    def add(self, other: Mapping[str, Any]) -> None:
        """Adds what another process has counted."""
        self._rows += map(CoverageRow.model_validate, other["rows"])
        self._others.update(other["others"])
        self._contract = self._contract or other["contract"]
        self.problems += other["problems"]

    def report(self, contract: date | None) -> CoverageReport:
        """`contract`: None for that of the server of the run."""
        day = contract or date.fromisoformat(self._contract or str(API_PAGE))
        return filled(day, denominator(all_actions(), day), self._rows, self._others)

    def _read(self, server: RunningServer) -> CoverageReport | None:
        try:
            return read_report(server.admin.ask("GET", "coverage"))
        except (RefusedError, NoServerError, UnreadableReportError) as error:
            self.problems.append(f"the calls of {server.url} are not counted: {error}")
            return None

    def _add(self, report: CoverageReport, naming: Naming) -> None:
        for row in report.rows:
            update: dict[str, Any] = {
                part: merged_sources(
                    named
                    for each in getattr(row, part)
                    for named in naming((part, row.id, each.name), each)
                )
                for part in PARTS
            }
            if any(update.values()):
                self._rows.append(row.model_copy(update=update))

    def _named(
        self, key: Key, source: CoverageSource, earlier: Mapping[Key, int], is_shared: bool
    ) -> Iterator[CoverageSource]:
        calls = source.calls - earlier.get(key, 0)
        if calls <= 0:
            return
        shares: Sequence[tuple[str | None, int]]
        if source.name is None:
            shares = self._shares(source, calls)
        elif source.name in self._tests:
            shares = [(self._tests[source.name], calls)]
        else:
            # An account that no test has made: of a fixture, or of somebody else.
            shares = [(None if is_shared else f"account {source.name}", calls)]
        for test, share in shares:
            if test is not None or not is_shared:
                yield source.model_copy(update={"name": test, "calls": share})

    def _shares(self, source: CoverageSource, calls: int) -> Sequence[tuple[str | None, int]]:
        """The tests that ran when the first and the last of these calls were received."""
        first, last = self._test_at(source.first), self._test_at(source.last)
        if first == last or calls == 1:
            return [(last, calls)]
        return [(first, calls - 1), (last, 1)]

    def _test_at(self, moment: str) -> str | None:
        for test, began, ended in self._periods:
            if began <= moment <= ended:
                return test
        return None


def _now() -> str:
    """As in a report."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _calls(report: CoverageReport) -> Iterator[tuple[Key, int]]:
    for row in report.rows:
        for part in PARTS:
            for source in getattr(row, part):
                yield (part, row.id, source.name), source.calls
