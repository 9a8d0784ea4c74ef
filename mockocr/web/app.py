"""The ASGI application: the API on `/`, everything else behind Starlette."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.accounts.account import Account, Accounts, TakenError
from mockocr.actions.catalogue import ACTIONS
from mockocr.journal import Journal
from mockocr.scenario.stage import Stage
from mockocr.scenario.turns import Turns
from mockocr.service import Defaults, Service
from mockocr.settings import SettingError, Settings
from mockocr.web.api import Api

if TYPE_CHECKING:
    from mockocr.scenario.files import Files


def create_service(settings: Settings) -> Service:
    """What answers calls, by the settings. Raises SettingError for files that cannot be used."""
    turns = Turns()
    journal = Journal(settings.journal_calls, settings.journal_bytes)
    defaults = Defaults(
        settings.seed, settings.numbers, settings.rate, settings.auth, settings.contract
    )
    return Service(_accounts(settings), Stage(turns), journal, defaults)


def create_app(service: Service, settings: Settings) -> ASGIApp:
    api = Api(service, settings.faithful_headers)
    rest: ASGIApp | None = None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal rest
        if scope["type"] == "http" and scope["path"] == "/":
            await api(scope, receive, send)
            return
        if rest is None:
            # Late: Starlette's routing takes 20 ms to import, and the first answer needs none.
            from mockocr.web.rest import create_rest

            rest = create_rest(service, settings)
        await rest(scope, receive, send)

    return app


def _accounts(settings: Settings) -> Accounts:
    try:
        return Accounts.of(settings.keys, _filed(settings.keys_file) if settings.keys_file else ())
    except TakenError as error:
        raise SettingError(f"--keys, --keys-file: {error}") from None


def _filed(keys_file: Path) -> list[Account]:
    from mockocr.accounts.words import read_keys_file
    from mockocr.documents import DocumentError

    try:
        return read_keys_file(keys_file)
    except DocumentError as error:
        raise SettingError(f"--keys-file cannot be used:\n{error}") from None


def open_files(settings: Settings, service: Service) -> "Files | None":
    """The files of `--scenarios`, on the stage; None where nothing was given. Raises SettingError
    for any that cannot play."""
    if not (settings.scenarios or settings.library):
        return None
    # Late: yaml and the models of the language take 40 ms, and many servers play nothing.
    from mockocr.documents import DocumentError
    from mockocr.scenario.files import Files
    from mockocr.scenario.library import Library

    try:
        library = Library(ACTIONS[0], settings.library, settings.contract)
    except DocumentError as error:
        raise SettingError(f"--library cannot be used:\n{error}") from None
    files = Files(settings.scenarios, library)
    if files.errors():
        raise SettingError("\n".join(["--scenarios cannot play:", *files.errors().values()]))
    service.stage.set_filed(files.scenarios())
    return files


@contextmanager
def follow(files: "Files | None", service: Service) -> Iterator[None]:
    """While the block runs, a file that changes is live soon after."""
    if files is None:
        yield
        return
    from mockocr.scenario.watching import watching

    def changed() -> None:
        stage = service.stage
        service.events.publish(
            "scenarios",
            lambda: {"playing": [it.name for it in stage.filed], "refused": dict(stage.refused)},
        )

    with watching(files, service.stage, changed):
        yield
