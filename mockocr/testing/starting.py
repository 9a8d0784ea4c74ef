"""`mockocr.MockOCR`: a server in a thread of this process, while a block runs."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from mockocr.client.client import checked_url
from mockocr.server.app import create_app
from mockocr.server.bootstrap import ca_file, open_server
from mockocr.server.server import serve_in_thread
from mockocr.settings import PREFIX, SettingError, Settings, read_settings, spellings
from mockocr.suggestions import unknown
from mockocr.testing.account import Account, RunningServer
from mockocr.testing.admin import Admin
from mockocr.testing.bugs import Bugs

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

    Raises SettingError; on entry also ListenError, CertificateError and PortFileError.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = settings_of({**FREE_PORTS, **settings})
        self._stack = ExitStack()
        self._bugs: Bugs | None = None

    def __enter__(self) -> Account:
        with ExitStack() as starting:
            server = starting.enter_context(started(self._settings))
            account = server.account()
            self._stack = starting.pop_all()
        self._bugs = server.bugs
        return account

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if error is None and self._bugs is not None:
            self._bugs.reraise()

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


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Settings from values by name: texts as for a flag, or Python values. Raises SettingError."""
    names = [setting.name for setting, _ in spellings()]
    for name in values:
        if name not in names:
            raise SettingError(unknown("setting", name, names))
    flags = {name: _texts(value) for name, value in values.items() if value not in (None, [], ())}
    state_dir = {_STATE_DIR: os.environ.get(_STATE_DIR, "")}
    return read_settings(flags, state_dir)[0]


def _texts(value: Any) -> str | list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else str(value)


@contextmanager
def started(settings: Settings, folder: Path = Path()) -> Iterator[RunningServer]:
    """A server in a thread. `folder`: the start of relative paths. Raises like `MockOCR`."""
    if settings.port is None or settings.no_admin:
        raise SettingError(
            "tests need the admin API over HTTP: --port off and --no-admin cannot be used here"
        )
    with ExitStack() as stack:
        settings = _with_a_ca(settings, stack)
        server = stack.enter_context(open_server(create_app(settings)))
        bugs = stack.enter_context(Bugs().watching())
        stack.enter_context(serve_in_thread(server))
        urls = server.urls
        admin = Admin(urls["http"], settings.admin_token)
        stack.callback(admin.close)
        yield RunningServer(urls["http"], admin, urls.get("https"), ca_file(settings), folder, bugs)


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
