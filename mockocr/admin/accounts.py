"""Accounts and their clocks, over HTTP."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account, TakenError
from mockocr.accounts.call_settings import AccountState
from mockocr.accounts.clock_spec import ClockSpec
from mockocr.accounts.spec import AccountSpec, AccountUpdateSpec
from mockocr.admin.changes import tell_of_scenarios
from mockocr.admin.clocks import ClockView
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import account_asked_about, account_called
from mockocr.admin.library import library_of, wrong_scenarios
from mockocr.admin.replies import Reply
from mockocr.documents.document import DocumentError
from mockocr.pipeline.state import State
from mockocr.scenario.account_scenarios import WrongScenariosError, problems_of, read_scenarios
from mockocr.scenario.scenario import Scenario
from mockocr.settings import Settings

TAKEN = "A name or SecretId is another account's already."
NO_ACCOUNT = "There is no account of this name."


class KeyView(Reply):
    secret_id: str = Field(alias="SecretId")
    secret_key: str = Field(alias="SecretKey", repr=False)
    """Whole in the reply that makes the account; else its last four characters."""


class AccountView(Reply):
    """An account as it is: what it says itself, else what a scenario says, else the server."""

    name: str
    keys: list[KeyView]
    tokens: list[str] = Field(repr=False)
    """Where there are any, a call needs one of them."""
    state: AccountState
    package: int | None
    """Calls left in the resource package; null: without end."""
    rate: int
    """Calls a second for each action; 0 = no limit."""
    allow: list[str] | None
    """The actions that CAM permits; null: all."""
    seed: int
    contract: str
    clock: ClockView
    scenarios: list[str]
    """The names of its own scenarios, in the order of play."""


class AccountList(Reply):
    accounts: list[AccountView]


class Clocks(Reply):
    clocks: dict[str, ClockView]
    """By account."""


def account_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    accounts = state.accounts

    def chosen(request: Request) -> list[Account]:
        account = account_asked_about(request, state)
        return accounts.all() if account is None else [account]

    def named(request: Request) -> Account:
        return account_called(request.path_params["name"], state)

    async def read(said: Sequence[Any], contract: date | None) -> list[Scenario]:
        try:
            # Elsewhere: a megabyte of YAML would hold up the loop.
            return await asyncio.to_thread(read_scenarios, said, library_of(settings), contract)
        except WrongScenariosError as error:
            raise wrong_scenarios(error.problems, "scenarios") from None
        except DocumentError as error:
            raise wrong_scenarios(problems_of(error)) from None

    async def list_accounts(request: Request) -> AccountList:
        return AccountList(accounts=[shown(account, state) for account in accounts.all()])

    async def make_account(request: Request, words: AccountSpec) -> AccountView:
        account = words.account()
        own = await read(words.scenarios, account.contract) if words.scenarios else []
        try:
            accounts.add(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        state.reset(account.name)
        state.registry.set_for_account(account.name, own)
        if own:
            tell_of_scenarios(state, account.name)
        return shown(account, state, secrets=True)

    async def show_account(request: Request) -> AccountView:
        return shown(named(request), state)

    async def change_account(request: Request, words: AccountUpdateSpec) -> AccountView:
        said = words.model_fields_set
        contract = words.applied_to(named(request)).contract
        own = await read(words.scenarios, contract) if words.scenarios else []
        # Asked for again: it may have been changed meanwhile.
        account = words.applied_to(named(request))
        try:
            accounts.replace(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        if "package" in said:
            state.packages.reset(account.name)
        if "clock" in said:
            state.clocks.reset(account.name)
        if "scenarios" in said:
            state.registry.set_for_account(account.name, own)
            tell_of_scenarios(state, account.name)
        return shown(account, state)

    async def remove_account(request: Request) -> None:
        account = named(request)
        had_own = bool(state.registry.for_account(account.name))
        accounts.remove(account.name)
        state.forget(account.name)
        if had_own:
            tell_of_scenarios(state, account.name)

    async def show_clock(request: Request) -> Clocks:
        return Clocks(clocks={it.name: _clock(it, state) for it in chosen(request)})

    async def set_clock(request: Request, words: ClockSpec) -> Clocks:
        for account in chosen(request):
            state.clocks.move(account.name, words.clock())
        return await show_clock(request)

    whose = (Parameter("account", "The clock of this account; default: those of all."),)
    return [
        Endpoint("GET", "/accounts", "All accounts", list_accounts),
        Endpoint(
            "POST",
            "/accounts",
            "Make an account; {} makes a fresh one with a fresh pair",
            make_account,
            statuses={201: "It is made: the only reply that shows its secrets.", 409: TAKEN},
        ),
        Endpoint(
            "GET",
            "/accounts/{name:path}",
            "One account",
            show_account,
            statuses={200: "The account.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "PATCH",
            "/accounts/{name:path}",
            "Change what is said; the rest stays",
            change_account,
            statuses={200: "The account as it is now.", 404: NO_ACCOUNT, 409: TAKEN},
        ),
        Endpoint(
            "DELETE",
            "/accounts/{name:path}",
            "Remove an account; its calls stay in the journal",
            remove_account,
            statuses={204: "It is gone.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "GET",
            "/clock",
            "What the clocks do",
            show_clock,
            whose,
            {200: "Clocks by account.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "PUT",
            "/clock",
            "Move or freeze clocks; {} sets them to real time",
            set_clock,
            whose,
            {200: "Clocks by account, as they are now.", 404: NO_ACCOUNT},
        ),
    ]


def shown(account: Account, state: State, secrets: bool = False) -> AccountView:
    """With the secrets only in the reply that makes an account; else their last characters."""
    now = state.clock_of(account).at(datetime.now(UTC))
    conditions = state.settings_of(account, state.registry.rulebook(account.name), now)
    return AccountView(
        name=account.name,
        keys=[
            KeyView(secret_id=secret_id, secret_key=it if secrets else _ending(it))
            for secret_id, it in account.keys.items()
        ],
        tokens=sorted(account.tokens) if secrets else [_ending(it) for it in account.tokens],
        state=conditions.state,
        package=state.packages.left(account.name, conditions.package),
        rate=conditions.rate,
        allow=None if account.allow is None else sorted(account.allow),
        seed=conditions.seed,
        contract=conditions.contract.isoformat(),
        clock=_clock(account, state),
        scenarios=[scenario.name for scenario in state.registry.for_account(account.name)],
    )


def _clock(account: Account, state: State) -> ClockView:
    return ClockView.of(state.clock_of(account))


def _ending(secret: str) -> str:
    """The last four characters, of a secret that is long enough to keep the rest to itself."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"
