"""From settings to the application that answers calls. Opens no socket and starts no thread."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.accounts.account import Account, Accounts, TakenError
from mockocr.actions.catalogue import specimens_by_code
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.server.api import Api
from mockocr.settings import NOTHING_FETCHED, SettingError, Settings

if TYPE_CHECKING:
    from mockocr.downloads.policy import Policy
    from mockocr.scenario.files import Files
    from mockocr.scenario.library import Library
    from mockocr.scenario.scenario import Scenario

BROWSER_HEADERS = frozenset({b"origin", b"sec-fetch-site"})

AccountsFromFile = Sequence[tuple[Account, "Sequence[Scenario]"]]
"""The accounts of a keys file, each with its own scenarios."""


class App:
    """The ASGI application: the API on `/`, everything else behind Starlette. Our own server calls
    `api` without ASGI."""

    def __init__(self, settings: Settings, state: State, files: "Files | None" = None) -> None:
        """`files`: those of `--scenarios`, if there are any."""
        self.settings, self.state, self.files = settings, state, files
        self.api = Api(Pipeline(state), settings.faithful_headers)
        self.ca_certificate: str | None = None
        """The CA (PEM) that clients of the https port must trust. None if there is no https port,
        or if its certificate is the user's own."""
        self.urls: dict[str, str] = {}
        """The URLs of the server by scheme; empty in another ASGI server."""
        self._started = time.monotonic()
        self._rest: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            app = _refusal(scope) or self.api
            await app(scope, receive, send)
            return
        if self._rest is None:
            # Late: Starlette's routing takes 20 ms to import, and the first answer needs none.
            from mockocr.admin.rest import create_rest

            self._rest = create_rest(
                self.state, self.settings, self._started, self.ca_certificate, self.urls
            )
        await self._rest(scope, receive, send)


def _refusal(scope: Scope) -> ASGIApp | None:
    """The refusal of a call from a page of another site, because the built-in key pair is
    public."""
    if BROWSER_HEADERS.isdisjoint(name for name, _ in scope["headers"]):
        return None
    # Late: no SDK sends one of these headers.
    from starlette.datastructures import Headers

    from mockocr.admin.guard import refuse_other_sites

    return refuse_other_sites("the API", Headers(scope=scope))


def create_app(settings: Settings) -> App:
    """The ASGI application, for any ASGI server: the API, health, metrics and the admin API. Ports,
    TLS and the log are the business of that server. Scenario files are read once.

    Raises SettingError for files that cannot be used.
    """
    accounts_from_file = _read_keys_file(settings, settings.keys_file) if settings.keys_file else ()
    state = State(
        _accounts(settings, accounts_from_file),
        ScenarioRegistry(CallCounters()),
        Journal(settings.journal_calls, settings.journal_bytes),
        Defaults(
            settings.seed,
            settings.numbers,
            settings.rate,
            settings.auth,
            settings.contract,
            settings.unknown_pictures,
        ),
        _pictures(settings),
    )
    for account, scenarios in accounts_from_file:
        state.registry.set_for_account(account.name, scenarios)
    files = _scenario_files(settings)
    if files is not None:
        state.registry.set_from_files(files.scenarios(), files.errors())
    return App(settings, state, files)


def _pictures(settings: Settings) -> PictureCache:
    if settings.pictures is not None and not settings.pictures.is_dir():
        raise SettingError(f"--pictures: expected a folder, got {str(settings.pictures)!r}")
    policy = None if settings.fetch == NOTHING_FETCHED else _policy(settings)
    return PictureCache(policy, settings.pictures, specimens_by_code)


def _policy(settings: Settings) -> "Policy":
    # Late: the downloads take 12 ms to import, and few servers download anything.
    from mockocr.downloads.policy import read_policy

    try:
        return read_policy(settings.fetch)
    except ValueError as error:
        raise SettingError(f"--fetch: {error}") from None


def _accounts(settings: Settings, from_file: AccountsFromFile) -> Accounts:
    try:
        return Accounts.of(settings.keys, [account for account, _ in from_file])
    except TakenError as error:
        raise SettingError(f"--keys, --keys-file: {error}") from None


def _read_keys_file(settings: Settings, keys_file: Path) -> AccountsFromFile:
    from mockocr.accounts.spec import read_account_specs
    from mockocr.documents.document import DocumentError
    from mockocr.documents.reading import read_document

    try:
        document = read_document(keys_file)
        specs = read_account_specs(document)
        accounts = [spec.account() for spec in specs]
        if not any(spec.scenarios for spec in specs):
            return [(account, ()) for account in accounts]
        # Late, as in `_scenario_files`.
        from mockocr.scenario.account_scenarios import read_keys_file_scenarios

        scenarios = read_keys_file_scenarios(
            document, [(spec.scenarios, spec.contract) for spec in specs], _library(settings)
        )
        return list(zip(accounts, scenarios, strict=True))
    except DocumentError as error:
        raise SettingError(f"--keys-file: invalid:\n{error}") from None


def _scenario_files(settings: Settings) -> "Files | None":
    """The files of `--scenarios`; None if neither `--scenarios` nor `--library` is set. A folder
    may still be empty. Raises SettingError for invalid files."""
    if not (settings.scenarios or settings.library):
        return None
    # Late: yaml and the models of scenarios take 40 ms to import, and many servers have none.
    from mockocr.scenario.files import Files

    files = Files(settings.scenarios, _library(settings))
    errors = [error for source, error in files.errors().items() if source not in files.empty]
    if errors:
        raise SettingError("\n".join(["--scenarios: invalid:", *errors]))
    return files


def _library(settings: Settings) -> "Library":
    from mockocr.documents.document import DocumentError
    from mockocr.scenario.library import Library

    try:
        return Library(settings.library, settings.contract)
    except DocumentError as error:
        raise SettingError(f"--library: invalid:\n{error}") from None
