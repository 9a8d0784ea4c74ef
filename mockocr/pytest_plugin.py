"""The pytest plugin: a server for the run, a fresh account for each test (docs/pytest.md).

mockocr is imported when the first test uses it, so other runs do not pay for it.
"""

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockocr.version import __version__

if TYPE_CHECKING:
    from mockocr.pytest_coverage import CoveragePlugin
    from mockocr.testing.account import Account, RunningServer
    from mockocr.testing.intercept import Block

MARKER_ARGUMENTS = ("scenario", "seed", "clock", "contract", "strict")

_ACCOUNT = pytest.StashKey["Account"]()
_BEGAN = pytest.StashKey[str]()
_BLOCK: "pytest.StashKey[Block]" = pytest.StashKey()
_INTERCEPTED = pytest.StashKey[bool]()
_PASSED = pytest.StashKey[bool]()
_COVERAGE: "pytest.StashKey[CoveragePlugin]" = pytest.StashKey()
_CALLS = pytest.StashKey[str]()
"""The report on the calls of a test whose account has been removed."""

_SECTION = "mockocr"
"""The name of the report on calls in the report of a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mockocr", "a test double of Tencent Cloud's IDCardOCR")
    group.addoption(
        "--mockocr-url",
        metavar="URL",
        help="use the running server at this URL, such as http://127.0.0.1:8018; if it needs an"
        " admin token, set MOCKOCR_ADMIN_TOKEN",
    )
    group.addoption(
        "--mockocr-seed",
        type=int,
        metavar="N",
        help="seed of all generated data and random choices (default: mockocr_seed, else 0)",
    )
    _add_coverage_options(parser, group)
    parser.addini(
        "mockocr_scenarios",
        "scenarios to play for every test: files, folders or names of shipped scenarios",
        type="args",
        default=[],
    )
    parser.addini("mockocr_contract", "answer as the API did on this day, YYYY-MM-DD")
    parser.addini("mockocr_seed", "the default of --mockocr-seed")
    parser.addini(
        "mockocr_strict",
        "a passing test errors at teardown if a scripted rule was never used or a call matched no"
        " rule",
        type="bool",
        default=True,
    )
    parser.addini(
        "mockocr_block_real_host",
        "a test with the fixture mockocr cannot reach ocr.tencentcloudapi.com unless it uses"
        " mockocr_intercept",
        type="bool",
        default=True,
    )


def _add_coverage_options(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--mockocr-coverage",
        action="store_true",
        help="print which outcomes of the API the tests have seen",
    )
    group.addoption(
        "--mockocr-coverage-report",
        action="append",
        default=[],
        metavar="FORM[:FILE]",
        help="write the outcome coverage to a file: term, markdown, json, junit, html or ctrf",
    )
    group.addoption(
        "--mockocr-coverage-fail-under",
        type=float,
        metavar="N",
        help="fail if the tests have seen less than N per cent of the outcomes",
    )
    parser.addini(
        "mockocr_coverage_exclude",
        "outcomes that need not be tested, one in each line: `ROW: reason`",
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "mockocr(scenario, seed, clock, contract, strict): settings of the account of this test:"
        " the scenario to play, the seed, the clock ({'freeze': ...} or {'offset': '+400s'}), the"
        " contract, and whether unused rules and unmatched calls are errors",
    )
    if any(config.getoption(f"mockocr_coverage{part}") for part in ("", "_report", "_fail_under")):
        # Late: it imports the server.
        from mockocr.pytest_coverage import NAME, CoveragePlugin

        config.stash[_COVERAGE] = plugin = CoveragePlugin(config)
        config.pluginmanager.register(plugin, NAME)


def pytest_report_header(config: pytest.Config) -> str:
    url = config.getoption("mockocr_url")
    where = f", server: {url}" if url else ""
    return f"mockocr: {__version__}, --mockocr-seed={_seed(config) or 0}{where}"


def _seed(config: pytest.Config) -> int | None:
    option: int | None = config.getoption("mockocr_seed")
    ini = config.getini("mockocr_seed")
    if option is not None or not ini:
        return option
    try:
        return int(ini)
    except ValueError:
        raise pytest.UsageError(f"mockocr_seed: expected a whole number, got {ini!r}") from None


def _failure(message: str) -> BaseException:
    # Late, as mockocr.suggestions.
    from mockocr.terminal import printable

    return pytest.fail.Exception(f"mockocr: {printable(message)}", pytrace=False)


@pytest.fixture(scope="session")
def mockocr_settings() -> Mapping[str, Any]:
    """Settings of the server, as for `mockocr.MockOCR`. Override this fixture in conftest.py:
    `return {"auth": "lenient", "fetch": "loopback"}`."""
    return {}


@pytest.fixture(scope="session")
def mockocr_server(
    pytestconfig: pytest.Config, mockocr_settings: Mapping[str, Any]
) -> Iterator["RunningServer"]:
    """The server of this run (with xdist: of this worker), started when a test first needs it."""
    from mockocr.client.client import NoServerError
    from mockocr.server.bootstrap import START_ERRORS
    from mockocr.settings import SettingError
    from mockocr.testing.errors import RefusedError
    from mockocr.testing.starting import FREE_PORTS, connected, settings_of, started

    names = pytestconfig.getini("mockocr_scenarios")
    scenarios = [_absolute(name, pytestconfig) for name in names]
    settings = {"scenarios": scenarios, **mockocr_settings}
    url = pytestconfig.getoption("mockocr_url")
    try:
        if url is None:
            server = started(settings_of({**FREE_PORTS, **settings}), pytestconfig.rootpath)
        elif any(settings.values()):
            raise SettingError(
                "mockocr_scenarios and mockocr_settings cannot be combined with --mockocr-url: set"
                f" them where the server at {url} is started"
            )
        else:
            token = os.environ.get("MOCKOCR_ADMIN_TOKEN")
            server = connected(url, token, pytestconfig.rootpath)
        coverage = pytestconfig.stash.get(_COVERAGE, None)
        with server as running, coverage.of_run(running) if coverage else nullcontext():
            yield running
    except (SettingError, *START_ERRORS, NoServerError, RefusedError) as error:
        raise _failure(str(error)) from None


def _absolute(scenario: str, config: pytest.Config) -> str:
    """A relative path starts at the root directory of the run; names are unchanged."""
    path = config.rootpath / scenario
    return str(path) if path.exists() or path.suffix in (".yaml", ".yml") else scenario


@pytest.fixture
def mockocr(request: pytest.FixtureRequest, mockocr_server: "RunningServer") -> Iterator["Account"]:
    """A fresh account, with its own calls, scenarios, clock and limits. While the test runs, the
    real host names are blocked unless it uses mockocr_intercept."""
    from mockocr.testing.errors import RefusedError, UsageError
    from mockocr.testing.intercept import blocked

    node = request.node
    arguments = _marker_arguments(node)
    node.stash[_BEGAN] = datetime.now(UTC).isoformat()
    with ExitStack() as stack:
        try:
            spec = _account_spec(arguments, node.config)
            account = mockocr_server.account(name=_name(node.nodeid), **spec)
            stack.callback(account.remove)
            if coverage := node.config.stash.get(_COVERAGE, None):
                stack.enter_context(coverage.of_test(node.nodeid, account))
            if arguments.get("scenario") is not None:
                account.play(arguments["scenario"])
        except (RefusedError, UsageError) as error:
            raise _failure(f"cannot create the account of this test: {error}") from None
        node.stash[_ACCOUNT] = account
        if node.config.getini("mockocr_block_real_host"):
            node.stash[_BLOCK] = stack.enter_context(blocked())
        yield account
        strict = arguments.get("strict", node.config.getini("mockocr_strict"))
        try:
            mockocr_server.reraise_bugs(account)
            if strict and node.stash.get(_PASSED, False):
                _check_strictly(account)
        except BaseException:
            node.stash[_CALLS] = _calls_of(node, near_misses=False)
            raise
        finally:
            del node.stash[_ACCOUNT]


def pytest_runtest_setup(item: pytest.Item) -> None:
    names = getattr(item, "fixturenames", ())
    if any(mark.name == "mockocr" for mark in item.own_markers) and "mockocr" not in names:
        raise _failure(
            "@pytest.mark.mockocr has no effect: the test does not use the fixture mockocr; add it"
            " to the arguments of the test"
        )


def _marker_arguments(node: pytest.Item) -> dict[str, Any]:
    """The arguments of all markers of a test; the closest marker wins."""
    arguments: dict[str, Any] = {}
    for marker in node.iter_markers("mockocr"):
        if marker.args:
            raise _failure(
                "@pytest.mark.mockocr: expected keyword arguments, such as"
                f" scenario={marker.args[0]!r}"
            )
        for name in marker.kwargs:
            if name not in MARKER_ARGUMENTS:
                # Late: modules that plugins import before coverage starts are not measured.
                from mockocr.suggestions import unknown

                error = unknown("argument", name, MARKER_ARGUMENTS)
                raise _failure(f"@pytest.mark.mockocr: {error}")
        arguments = {**marker.kwargs, **arguments}
    strict = arguments.get("strict", True)
    if not isinstance(strict, bool):
        raise _failure(f"@pytest.mark.mockocr: strict: expected True or False, got {strict!r}")
    return arguments


def _account_spec(arguments: Mapping[str, Any], config: pytest.Config) -> dict[str, Any]:
    """Members of the account that the marker, the command line or the ini file sets."""
    spec = {"seed": _seed(config), "contract": config.getini("mockocr_contract") or None}
    spec |= {name: arguments[name] for name in ("seed", "contract", "clock") if name in arguments}
    return {name: value for name, value in spec.items() if value is not None}


def _name(nodeid: str) -> str:
    """At most 64 characters, the same in every run, because random choices depend on it."""
    if len(nodeid) <= 64:
        return nodeid
    return f"{sha256(nodeid.encode()).hexdigest()[:8]}…{nodeid[-55:]}"


def _check_strictly(account: "Account") -> None:
    from mockocr.testing.strictness import complaints

    lines = [line for member in account.family() for line in complaints(member)]
    if lines:
        hint = "(to turn this off: strict=False in the marker, or mockocr_strict = false)"
        raise _failure("\n".join([*lines, hint]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_PASSED] = report.passed
    if report.failed and (calls := _calls_of(item)):
        # A section of the traceback is in the JUnit report too.
        add = getattr(report.longrepr, "addsection", None)
        if add is None:
            report.sections.append((_SECTION, calls))
        else:
            add(_SECTION, calls, "-")
    return report


def _calls_of(item: pytest.Item, *, near_misses: bool = True) -> str:
    """The report on the calls of a test; empty if it has no account."""
    if _ACCOUNT not in item.stash:
        return item.stash.get(_CALLS, "")
    from mockocr.client.client import NoServerError
    from mockocr.testing.errors import RefusedError
    from mockocr.testing.report import calls_of, why_none

    block = item.stash.get(_BLOCK, None)
    interception = None if item.stash.get(_INTERCEPTED, False) else "the fixture mockocr_intercept"
    reasons = list(why_none(block.attempts if block else (), interception))
    accounts = list(item.stash[_ACCOUNT].family())
    try:
        return calls_of(accounts, item.stash[_BEGAN], if_none=reasons, near_misses=near_misses)
    except (RefusedError, NoServerError) as error:
        return f"cannot list the calls of this test: {error}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the reports as annotations of GitHub, which shows them beside the code."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    stats, root = terminalreporter.stats, terminalreporter.config.rootpath
    for report in (*stats.get("failed", ()), *stats.get("error", ())):
        for name, text, _ in getattr(report.longrepr, "sections", ()):
            if name == _SECTION:
                terminalreporter.ensure_newline()
                terminalreporter.write_line(_annotation(report, text, root))


def _annotation(report: pytest.TestReport, text: str, root: Path) -> str:
    """A workflow command of GitHub; its properties must not contain `:` and `,`."""
    file, line, _ = report.location
    workspace = os.environ.get("GITHUB_WORKSPACE") or root
    properties = {
        "file": os.path.relpath(root / file, workspace),
        "line": str((line or 0) + 1),
        "title": f"mockocr: {report.nodeid}",
    }
    escaped = (f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::error {','.join(escaped)}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


@pytest.fixture
def mockocr_intercept(request: pytest.FixtureRequest, mockocr: "Account") -> Iterator["Account"]:
    """The account of this test. While the test runs, calls of this process to
    ocr.tencentcloudapi.com (or a regional name) reach the server, over HTTPS and HTTP."""
    from mockocr.settings import SettingError
    from mockocr.testing.starting import intercepting

    stash = request.node.stash
    with ExitStack() as stack:
        try:
            stack.enter_context(intercepting(mockocr.server, "mockocr_intercept"))
        except SettingError as error:
            raise _failure(str(error)) from None
        if _BLOCK in stash:
            stack.enter_context(stash[_BLOCK].lifted())
        stash[_INTERCEPTED] = True
        yield mockocr
