"""Outcome coverage in pytest: options, merging over xdist workers, reports (docs/coverage.md).

Registered by `pytest_plugin.py` if an option asks for it.
"""

import os
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mockocr.coverage.exclusions import ExclusionError, excluding
from mockocr.coverage.forms.choosing import Destination, UnknownFormError, destination
from mockocr.coverage.forms.words import below
from mockocr.coverage.github import add_to_summary, annotation
from mockocr.coverage.report import CoverageReport
from mockocr.settings import contract_date
from mockocr.terminal import printable
from mockocr.testing import starting
from mockocr.testing.account import Account, RunningServer
from mockocr.testing.coverage import RunCoverage

NAME = "mockocr-coverage"
"""Of the plugin."""

_WORKER_OUTPUT = "mockocr_coverage"
_TERMINAL = "term"


class CoveragePlugin:
    def __init__(self, config: pytest.Config) -> None:
        """Raises pytest.UsageError."""
        self._config = config
        self._run = RunCoverage()
        self._contract = _contract(config)
        self._destinations = _destinations(config)
        self._minimum = _minimum(config)
        self._exclusions: list[str] = config.getini("mockocr_coverage_exclude")
        self._report: CoverageReport | None = None
        self._problems = self._run.problems
        try:
            # Before the tests: a wrong row must not be found at their end.
            excluding(self._run.report(self._contract), self._exclusions)
        except ExclusionError as error:
            raise pytest.UsageError(f"mockocr_coverage_exclude: {error}") from None
        starting.before_end.append(self._count)

    def of_run(self, server: RunningServer) -> AbstractContextManager[None]:
        is_shared = self._config.getoption("mockocr_url") is not None
        return self._run.of_run(server, is_shared=is_shared)

    def of_test(self, test: str, account: Account) -> AbstractContextManager[None]:
        return self._run.of_test(test, account)

    def _count(self, server: RunningServer) -> None:
        """A server that a test has started with `MockOCR`."""
        test, _, _ = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")
        self._run.count(server, test or None)

    def pytest_unconfigure(self) -> None:
        starting.before_end.remove(self._count)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended. One that crashed has no output."""
        output = getattr(node, "workeroutput", {})
        if _WORKER_OUTPUT in output:
            self._run.add(output[_WORKER_OUTPUT])

    # Last: only then have the fixtures of the session ended.
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        config = self._config
        if hasattr(config, "workeroutput"):
            config.workeroutput[_WORKER_OUTPUT] = self._run.to_dict()
            return
        if config.getoption("collectonly"):
            return
        self._report = report = excluding(self._run.report(self._contract), self._exclusions)
        try:
            for each in self._destinations:
                each.write(report)
            add_to_summary(report)
        except OSError as error:
            self._problems.append(f"cannot write {error.filename}: {error.strerror}")
            self._fail(session)
        if self._minimum is not None and not report.reaches(self._minimum):
            self._fail(session)

    def _fail(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        report = self._report
        if report is None:
            return
        terminalreporter.section("outcome coverage of mockocr")
        for each in self._destinations:
            if each.file is None:
                terminalreporter.write_line(each.text(report))
            else:
                terminalreporter.write_line(f"{each.form}: {printable(str(each.file))}")
        for problem in self._problems:
            terminalreporter.write_line(f"mockocr: {printable(problem)}", red=True)
        if self._minimum is not None and not report.reaches(self._minimum):
            terminalreporter.write_line(f"mockocr: {below(report, self._minimum)}", red=True)
        for line in annotation(report, self._minimum):
            terminalreporter.write_line(line)


def _contract(config: pytest.Config) -> date | None:
    text = config.getini("mockocr_contract")
    try:
        return contract_date(text) if text else None
    except ValueError as error:
        raise pytest.UsageError(f"mockocr_contract: {error}, got {text!r}") from None


def _destinations(config: pytest.Config) -> list[Destination]:
    """With `--mockocr-coverage`, the table; then what `--mockocr-coverage-report` names."""
    texts: list[str] = config.getoption("mockocr_coverage_report")
    if config.getoption("mockocr_coverage") and _TERMINAL not in texts:
        texts = [_TERMINAL, *texts]
    folder = Path(config.invocation_params.dir)
    try:
        return [destination(text, folder) for text in texts]
    except UnknownFormError as error:
        raise pytest.UsageError(f"--mockocr-coverage-report: {error}") from None


def _minimum(config: pytest.Config) -> float | None:
    minimum: float | None = config.getoption("mockocr_coverage_fail_under")
    if minimum is not None and not 0 <= minimum <= 100:
        raise pytest.UsageError(
            f"--mockocr-coverage-fail-under: expected a number from 0 to 100, got {minimum:g}"
        )
    return minimum
