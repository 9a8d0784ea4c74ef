"""The ASGI application: the API on `/`, everything else behind Starlette."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.accounts.account import Account, Accounts, TakenError
from mockocr.actions.catalogue import specimens_by_code
from mockocr.admin.changes import publish_scenarios
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.recognition.pictures import Pictures
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.server.api import Api
from mockocr.settings import NOTHING_FETCHED, SettingError, Settings

if TYPE_CHECKING:
    from mockocr.downloads.policy import Policy
    from mockocr.scenario.files import Files
    from mockocr.scenario.library import Library
    from mockocr.scenario.scenario import Scenario

Filed = Sequence[tuple[Account, "Sequence[Scenario]"]]
"""The accounts of a keys file, each with its own scenarios."""


def create_state(settings: Settings) -> State:
    """What answers calls, by the settings. Raises SettingError for files that cannot be used."""
    call_counters = CallCounters()
    journal = Journal(settings.journal_calls, settings.journal_bytes)
    defaults = Defaults(
        settings.seed,
        settings.numbers,
        settings.rate,
        settings.auth,
        settings.contract,
        settings.unknown_pictures,
    )
    from_files = _filed(settings, settings.keys_file) if settings.keys_file else ()
    state = State(
        _accounts(settings, from_files),
        ScenarioRegistry(call_counters),
        journal,
        defaults,
        _pictures(settings),
    )
    for account, scenarios in from_files:
        state.registry.set_for_account(account.name, scenarios)
    return state


def _pictures(settings: Settings) -> Pictures:
    if settings.pictures is not None and not settings.pictures.is_dir():
        raise SettingError(f"--pictures: expected a folder, got {str(settings.pictures)!r}")
    policy = None if settings.fetch == NOTHING_FETCHED else _policy(settings)
    return Pictures(policy, settings.pictures, specimens_by_code)


def _policy(settings: Settings) -> "Policy":
    # Late: all of fetching takes 12 ms to import, and few servers fetch anything.
    from mockocr.downloads.policy import read_policy

    try:
        return read_policy(settings.fetch)
    except ValueError as error:
        raise SettingError(f"--fetch: {error}") from None


class App:
    """The ASGI application. A server of ours also answers by `api`, without ASGI."""

    def __init__(self, state: State, settings: Settings) -> None:
        self.api = Api(Pipeline(state), settings.faithful_headers)
        self._state, self._settings = state, settings
        self._started = time.monotonic()
        self._rest: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            await self.api(scope, receive, send)
            return
        if self._rest is None:
            # Late: Starlette's routing takes 20 ms to import, and the first answer needs none.
            from mockocr.admin.rest import create_rest

            self._rest = create_rest(self._state, self._settings, self._started)
        await self._rest(scope, receive, send)


def create_app(state: State, settings: Settings) -> App:
    return App(state, settings)


def _accounts(settings: Settings, from_files: Filed) -> Accounts:
    try:
        return Accounts.of(settings.keys, [account for account, _ in from_files])
    except TakenError as error:
        raise SettingError(f"--keys, --keys-file: {error}") from None


def _filed(settings: Settings, keys_file: Path) -> Filed:
    from mockocr.accounts.spec import read_account_specs
    from mockocr.documents.document import DocumentError
    from mockocr.documents.reading import read_document

    try:
        document = read_document(keys_file)
        from_files = read_account_specs(document)
        accounts = [it.account() for it in from_files]
        if not any(it.scenarios for it in from_files):
            return [(account, ()) for account in accounts]
        # Late, as in `open_files`.
        from mockocr.scenario.account_scenarios import read_keys_file_scenarios

        said = [(it.scenarios, it.contract) for it in from_files]
        scenarios = read_keys_file_scenarios(document, said, _library(settings))
        return list(zip(accounts, scenarios, strict=True))
    except DocumentError as error:
        raise SettingError(f"--keys-file: invalid:\n{error}") from None


def open_files(settings: Settings, state: State) -> "Files | None":
    """The files of `--scenarios`, on the stage; None where nothing was given. A folder may still be
    empty. Raises SettingError for any that cannot play."""
    if not (settings.scenarios or settings.library):
        return None
    # Late: yaml and the models of the language take 40 ms, and many servers play nothing.
    from mockocr.scenario.files import Files

    files = Files(settings.scenarios, _library(settings))
    if errors := [it for source, it in files.errors().items() if source not in files.empty]:
        raise SettingError("\n".join(["--scenarios: invalid:", *errors]))
    state.registry.set_from_files(files.scenarios())
    return files


def _library(settings: Settings) -> "Library":
    from mockocr.documents.document import DocumentError
    from mockocr.scenario.library import Library

    try:
        return Library(settings.library, settings.contract)
    except DocumentError as error:
        raise SettingError(f"--library: invalid:\n{error}") from None


@contextmanager
def follow(files: "Files | None", state: State) -> Iterator[None]:
    """While the block runs, a file that changes is live soon after."""
    if files is None:
        yield
        return
    from mockocr.scenario.watch import watching

    with watching(files, state.registry, lambda: publish_scenarios(state)):
        yield
