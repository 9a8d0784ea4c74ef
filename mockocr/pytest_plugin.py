"""The pytest plugin: a server for the run, a fresh account for each test (docs/pytest.md).

Nothing of mockocr is imported before the first test asks for it: a run that does not use it does
not pay for it.
"""

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from mockocr.version import __version__

if TYPE_CHECKING:
    from mockocr.testing.account import Account, RunningServer

MARKED = ("scenario", "seed", "clock", "contract", "strict")
"""What the marker takes."""

_ACCOUNT = pytest.StashKey["Account"]()
_BEGAN = pytest.StashKey[str]()
_PASSED = pytest.StashKey[bool]()
_CALLS = pytest.StashKey[str]()
"""What is told of the calls of a test whose account is gone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mockocr", "a test double of Tencent Cloud's IDCardOCR")
    group.addoption(
        "--mockocr-url",
        metavar="URL",
        help="use the mockocr server that runs there (http://127.0.0.1:8018) instead of starting"
        " one; MOCKOCR_ADMIN_TOKEN is its admin token, where it has one",
    )
    group.addoption(
        "--mockocr-seed",
        type=int,
        metavar="N",
        help="everything invented, and every chance, follows from it (default: mockocr_seed, 0)",
    )
    parser.addini(
        "mockocr_scenarios",
        "what plays for every test: files, folders or names of shipped scenarios",
        type="args",
        default=[],
    )
    parser.addini("mockocr_contract", "answer as the API did on that day, YYYY-MM-DD")
    parser.addini("mockocr_seed", "as --mockocr-seed")
    parser.addini(
        "mockocr_strict",
        "fail a test whose own scenario has a rule that was never used, or whose call no rule of"
        " it fitted",
        type="bool",
        default=True,
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "mockocr(scenario, seed, clock, contract, strict): of the account that the fixture"
        " `mockocr` makes for this test: what plays for it, its seed, its clock ({'freeze': ...} or"
        " {'offset': '+400s'}), its contract, and whether unused rules and stray calls fail it",
    )


def pytest_report_header(config: pytest.Config) -> str:
    url = config.getoption("mockocr_url")
    where = f", server: {url}" if url else ""
    return f"mockocr: {__version__}, --mockocr-seed={_seed(config) or 0}{where}"


def _seed(config: pytest.Config) -> int | None:
    given: int | None = config.getoption("mockocr_seed")
    said = config.getini("mockocr_seed")
    if given is not None or not said:
        return given
    try:
        return int(said)
    except ValueError:
        raise pytest.UsageError(f"mockocr_seed: a number is wanted, found {said!r}") from None


def _failure(words: str) -> BaseException:
    return pytest.fail.Exception(f"mockocr: {words}", pytrace=False)


@pytest.fixture(scope="session")
def mockocr_settings() -> Mapping[str, Any]:
    """Settings of the server, as `mockocr.MockOCR` takes them. Override it in conftest.py:
    `return {"auth": "lenient", "fetch": "loopback"}`."""
    return {}


@pytest.fixture(scope="session")
def mockocr_server(
    pytestconfig: pytest.Config, mockocr_settings: Mapping[str, Any]
) -> Iterator["RunningServer"]:
    """The server of this run, with xdist of this worker; started when a test first needs it."""
    from mockocr.client.client import NoServerError
    from mockocr.server.ports import ListenError
    from mockocr.settings import SettingError
    from mockocr.testing.admin import RefusedError
    from mockocr.testing.starting import FREE_PORTS, connected, settings_of, started
    from mockocr.tls import CertificateError

    scenarios = [_placed(it, pytestconfig) for it in pytestconfig.getini("mockocr_scenarios")]
    of_the_run = {"scenarios": scenarios, **mockocr_settings}
    url = pytestconfig.getoption("mockocr_url")
    try:
        if url is None:
            settings = settings_of({**FREE_PORTS, **of_the_run})
            server = started(settings, pytestconfig.rootpath)
        elif any(of_the_run.values()):
            raise SettingError(
                "mockocr_scenarios and mockocr_settings are for a server that the run starts: say"
                f" what plays at {url} where that is started, or leave out --mockocr-url"
            )
        else:
            token = os.environ.get("MOCKOCR_ADMIN_TOKEN")
            server = connected(url, token, pytestconfig.rootpath)
        with server as running:
            yield running
    except (SettingError, ListenError, CertificateError, NoServerError, RefusedError) as error:
        raise _failure(str(error)) from None


def _placed(scenario: str, config: pytest.Config) -> str:
    """A path from the root of the run; names stay names."""
    path = config.rootpath / scenario
    return str(path) if path.exists() or path.suffix in (".yaml", ".yml") else scenario


@pytest.fixture
def mockocr(request: pytest.FixtureRequest, mockocr_server: "RunningServer") -> Iterator["Account"]:
    """A fresh account: nobody else's calls, scenarios, clock or limits touch this test."""
    from mockocr.testing.admin import RefusedError

    node = request.node
    marked = _marked(node)
    node.stash[_BEGAN] = datetime.now(UTC).isoformat()
    with ExitStack() as stack:
        try:
            account = mockocr_server.account(name=_name(node.nodeid), **_words(marked, node.config))
            stack.callback(account.remove)
            if marked.get("scenario") is not None:
                account.play(marked["scenario"])
        except (RefusedError, TypeError) as error:
            raise _failure(f"the account of this test: {error}") from None
        node.stash[_ACCOUNT] = account
        yield account
        strict = marked.get("strict", node.config.getini("mockocr_strict"))
        try:
            mockocr_server.reraise_bugs(account)
            if strict and node.stash.get(_PASSED, False):
                _check_strictly(account)
        except BaseException:
            node.stash[_CALLS] = _calls_of(node)
            raise
        finally:
            del node.stash[_ACCOUNT]


def _marked(node: pytest.Item) -> dict[str, Any]:
    """What all markers of a test say; the closest is right."""
    said: dict[str, Any] = {}
    for marker in node.iter_markers("mockocr"):
        if marker.args:
            raise _failure(f"the marker takes names only, such as scenario={marker.args[0]!r}")
        for name in marker.kwargs:
            if name not in MARKED:
                # Late: modules that plugins import before coverage starts are not measured.
                from mockocr.suggestions import unknown

                raise _failure(f"@pytest.mark.mockocr: {unknown('argument', name, MARKED)}")
        said = {**marker.kwargs, **said}
    if not isinstance(said.get("strict", True), bool):
        raise _failure(f"the marker's strict: True or False is wanted, found {said['strict']!r}")
    return said


def _words(marked: Mapping[str, Any], config: pytest.Config) -> dict[str, Any]:
    """Of the account; what nobody says is as the server, or a scenario, has it."""
    words = {"seed": _seed(config), "contract": config.getini("mockocr_contract") or None}
    words |= {name: marked[name] for name in ("seed", "contract", "clock") if name in marked}
    return {name: value for name, value in words.items() if value is not None}


def _name(nodeid: str) -> str:
    """The same in every run, because what chance brings depends on it; at most 64 characters."""
    if len(nodeid) <= 64:
        return nodeid
    return f"{sha256(nodeid.encode()).hexdigest()[:8]}…{nodeid[-55:]}"


def _check_strictly(account: "Account") -> None:
    from mockocr.testing.strictness import complaints

    found = [line for it in account.family() for line in complaints(it)]
    if found:
        hint = "(strict=False in the marker, or mockocr_strict = false, lets this pass)"
        raise _failure("\n".join([*found, hint]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_PASSED] = report.passed
    if report.failed and (told := _calls_of(item)):
        report.sections.append(("mockocr", told))
    return report


def _calls_of(item: pytest.Item) -> str:
    """Nothing for a test that has no account."""
    if _ACCOUNT not in item.stash:
        return item.stash.get(_CALLS, "")
    from mockocr.client.client import NoServerError
    from mockocr.testing.admin import RefusedError
    from mockocr.testing.report import calls_of

    try:
        return calls_of(list(item.stash[_ACCOUNT].family()), item.stash[_BEGAN])
    except (RefusedError, NoServerError) as error:
        return f"the calls of this test cannot be told: {error}"


@pytest.fixture
def mockocr_intercept(mockocr: "Account") -> Iterator["Account"]:
    """The account of this test; and while the test runs, whoever calls ocr.tencentcloudapi.com (or
    a regional name) in this process reaches the server, over https as over http."""
    from mockocr.testing.intercept import intercepted

    server = mockocr.server
    if server.https is None or server.ca is None:
        raise _failure(
            "mockocr_intercept is for a server that the run starts, with https and a certificate of"
            " mockocr's own: leave out --mockocr-url, tls_port and tls_cert"
        )
    with intercepted(server.url, server.https, server.ca):
        yield mockocr
