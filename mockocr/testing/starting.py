"""`mockocr.MockOCR`: a server in a thread of this process, while a block runs."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

from mockocr.client.client import NoServerError, checked_url
from mockocr.server.app import create_app
from mockocr.server.bootstrap import ca_file, open_server
from mockocr.server.server import serve_in_thread
from mockocr.settings import PREFIX, SettingError, Settings, read_settings, spellings
from mockocr.suggestions import quoted, unknown
from mockocr.testing.account import Account, RunningServer
from mockocr.testing.admin import Admin
from mockocr.testing.bugs import Bugs
from mockocr.testing.errors import RefusedError, is_for_the_user

if TYPE_CHECKING:
    from mockocr.testing.keywords import ServerSettings

__tracebackhide__ = is_for_the_user

FREE_PORTS = {"port": 0, "tls_port": 0, "rate": 0}
_STATE_DIR = f"{PREFIX}STATE_DIR"


class MockOCR:
    """
    with mockocr.MockOCR() as ocr:
        client_under_test(ocr.url, ocr.secret_id, ocr.secret_key)
        ocr.assert_called(times=1, CardSide="FRONT")

    `with` (or `async with`) returns a fresh `Account`; `ocr.account()` creates more. The settings
    are those of `mockocr serve`, with `_` for `-`: `MockOCR(seed=7, scenarios=["documented"])`. By
    default, the ports are free ones and the rate is unlimited. The only environment variable it
    reads is MOCKOCR_STATE_DIR, the folder of the CA.

    intercept: calls of this process to ocr.tencentcloudapi.com (or a regional name) reach the
    server while the block runs. strict: the block raises AssertionError at its end if a scripted
    rule was never used or a call matched no rule. An exception that leaves the block has the calls
    of the account as a note.

    Raises SettingError; on entry also ListenError, CertificateError and PortFileError.
    """

    def __init__(
        self,
        *,
        intercept: bool = False,
        strict: bool = False,
        **settings: "Unpack[ServerSettings]",
    ) -> None:
        for name, value in (("intercept", intercept), ("strict", strict)):
            if not isinstance(value, bool):
                raise SettingError(f"{name}: expected True or False, got {quoted(value)}")
        self._settings = settings_of({**FREE_PORTS, **settings})
        self._intercept = intercept
        self._strict = strict
        self._stack = ExitStack()
        self._entered: tuple[Account, str] | None = None
        """The account, and when the block began."""

    def __enter__(self) -> Account:
        with ExitStack() as starting:
            server = starting.enter_context(started(self._settings))
            account = server.account()
            if self._intercept:
                starting.enter_context(intercepting(server, "MockOCR(intercept=True)"))
            self._stack = starting.pop_all()
        self._entered = account, datetime.now(UTC).isoformat()
        return account

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._stack:
            if self._entered is None:
                return
            account, since = self._entered
            if error is None:
                account.server.reraise_bugs(account)
                if self._strict:
                    self._check_strictly(account, since)
            elif isinstance(error, Exception):
                # The server may be the reason of the error.
                with suppress(RefusedError, NoServerError):
                    error.add_note(self._report(account, since))

    def _check_strictly(self, account: Account, since: str) -> None:
        from mockocr.testing.strictness import complaints

        lines = [line for each in account.family() for line in complaints(each)]
        if lines:
            raise AssertionError("\n".join([*lines, self._report(account, since)]))

    def _report(self, account: Account, since: str) -> str:
        from mockocr.testing.report import calls_of, why_none

        interception = None if self._intercept else "MockOCR(intercept=True)"
        return calls_of(list(account.family()), since, if_none=list(why_none((), interception)))

    async def __aenter__(self) -> Account:
        # Imported late: only `async with` needs it.
        from anyio import to_thread

        return await to_thread.run_sync(self.__enter__)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        from anyio import to_thread

        await to_thread.run_sync(self.__exit__, kind, error, traceback)


def intercepting(server: RunningServer, way: str) -> AbstractContextManager[None]:
    """While the context is open, calls to the vendor's names reach the server. `way`: how a test
    asked for it. Raises SettingError."""
    from mockocr.testing.intercept import intercepted

    if server.https is None or server.ca is None:
        raise SettingError(
            f"{way} needs a server that the run starts, with HTTPS and mockocr's own certificate:"
            " do not set --mockocr-url, tls_port or tls_cert"
        )
    return intercepted(server.url, server.https, server.ca)


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Settings from values by name: texts as for a flag, or Python values. Raises SettingError."""
    names = [setting.name for setting, _ in spellings()]
    for name in values:
        if name not in names:
            raise SettingError(unknown("setting", name, names))
    flags = {
        name: _texts(name, value) for name, value in values.items() if value not in (None, [], ())
    }
    state_dir = {_STATE_DIR: os.environ.get(_STATE_DIR, "")}
    with _keywords():
        return read_settings(flags, state_dir)[0]


@contextmanager
def _keywords() -> Iterator[None]:
    """Settings are named as they were written: `tls_port`, not `--tls-port`."""
    try:
        yield
    except SettingError as error:
        raise SettingError(_FLAG.sub(lambda found: _keyword(found[1]), str(error))) from None


_FLAG = re.compile(r"^--([a-z-]+): ")


def _keyword(flag: str) -> str:
    return f"{flag.replace('-', '_')}: "


def _texts(name: str, value: Any) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [_text(name, each) for each in value]
    return _text(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str | int | date | os.PathLike):
        is_scenario = name == "scenarios" and isinstance(value, Mapping)
        hint = "; play a scenario that is a dict with `.play`" if is_scenario else ""
        raise SettingError(
            f"{name}: expected text, a number, a path or a date, got a {type(value).__name__}{hint}"
        )
    return str(value)


@contextmanager
def started(settings: Settings, folder: Path = Path()) -> Iterator[RunningServer]:
    """A server in a thread. `folder`: the start of relative paths. Raises like `MockOCR`."""
    if settings.port is None or settings.no_admin:
        raise SettingError(
            "tests need the admin API over HTTP: --port off and --no-admin cannot be used here"
        )
    with ExitStack() as stack:
        settings = _with_a_ca(settings, stack)
        with _keywords():
            app = create_app(settings)
        server = stack.enter_context(open_server(app))
        bugs = stack.enter_context(Bugs().watching())
        stack.enter_context(serve_in_thread(server))
        urls = server.urls
        admin = Admin(urls["http"], settings.admin_token)
        stack.callback(admin.close)
        running = RunningServer(
            urls["http"], admin, urls.get("https"), ca_file(settings), folder, bugs
        )
        try:
            yield running
        finally:
            for count in before_end:
                count(running)


before_end: list[Callable[[RunningServer], None]] = []
"""Called with each server of this process before it stops. Outcome coverage counts its calls."""


@contextmanager
def connected(url: str, token: str | None, folder: Path) -> Iterator[RunningServer]:
    """A server that is already running. Raises SettingError, NoServerError or RefusedError."""
    if not checked_url(url, "--mockocr-url").startswith("http:"):
        raise SettingError(f"--mockocr-url: expected an http:// URL, got {url!r}")
    with closing(Admin(url.rstrip("/"), token)) as admin:
        admin.ask("GET", "info")
        yield RunningServer(url.rstrip("/"), admin, folder=folder)


def _with_a_ca(settings: Settings, stack: ExitStack) -> Settings:
    """Uses this installation's CA, so that clients need to trust it only once; if none can be
    stored, a temporary one."""
    if settings.tls_port is None or settings.tls_cert or ca_file(settings):
        return settings
    folder = stack.enter_context(TemporaryDirectory(prefix="mockocr-"))
    return replace(settings, state_dir=Path(folder))
