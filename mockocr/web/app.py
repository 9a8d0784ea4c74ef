"""The ASGI application: the API on `/`, everything else behind Starlette."""

from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.accounts.account import Account, Accounts, TakenError
from mockocr.actions.catalogue import ACTIONS
from mockocr.journal import Journal
from mockocr.scenario.book import Book
from mockocr.scenario.matching import Rule
from mockocr.service import Defaults, Service
from mockocr.settings import SettingError, Settings
from mockocr.web.api import Api


def create_service(settings: Settings) -> Service:
    """What answers calls, by the settings. Raises SettingError for files that cannot be used."""
    return Service(
        _accounts(settings),
        Book(_rules(settings) if settings.scenarios else ()),
        Journal(settings.journal_calls, settings.journal_bytes),
        Defaults(settings.seed, settings.numbers, settings.rate, settings.auth, settings.contract),
    )


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


def _rules(settings: Settings) -> list[Rule]:
    # Late: yaml and the models of the language take 40 ms, and many servers play nothing.
    from mockocr.documents import DocumentError
    from mockocr.scenario.load import load_rules, scenario_files

    rules: list[Rule] = []
    wrong: list[DocumentError] = []
    for given in settings.scenarios:
        try:
            for file in scenario_files(given):
                rules += load_rules(file, ACTIONS[0])
        except DocumentError as error:
            wrong.append(error)
    if wrong:
        raise SettingError("\n".join(["--scenarios cannot play:", *map(str, wrong)]))
    return rules
