"""Accounts and their clocks, over HTTP."""

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
from mockocr.admin.changes import publish_scenarios
from mockocr.admin.clocks import ClockView
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import account_named, queried_account
from mockocr.admin.library import invalid_scenarios, library_of
from mockocr.admin.replies import Reply
from mockocr.documents.document import DocumentError
from mockocr.pipeline.state import State
from mockocr.scenario.account_scenarios import WrongScenariosError, problems_of, read_scenarios
from mockocr.scenario.scenario import Scenario
from mockocr.settings import Settings

TAKEN = "Another account has this name or SecretId."
NO_ACCOUNT = "No account has this name."


class KeyView(Reply):
    secret_id: str = Field(alias="SecretId")
    secret_key: str = Field(alias="SecretKey", repr=False)
    """Complete in the reply that creates the account; otherwise its last four characters."""


class AccountView(Reply):
    """An account, with the values in effect: its own, else a scenario's, else the server's."""

    name: str
    keys: list[KeyView]
    tokens: list[str] = Field(repr=False)
    """If there are any, every call must send one of them."""
    state: AccountState
    package: int | None
    """Calls left in the resource package; null: unlimited."""
    rate: int
    """Calls per second allowed for each action; 0 = no limit."""
    allow: list[str] | None
    """The actions that CAM allows; null: all."""
    seed: int
    contract: str
    clock: ClockView
    scenarios: list[str]
    """The names of its own scenarios, in order of precedence."""


class AccountList(Reply):
    accounts: list[AccountView]


class Clocks(Reply):
    clocks: dict[str, ClockView]
    """By account name."""


def account_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    accounts = state.accounts

    def chosen(request: Request) -> list[Account]:
        account = queried_account(request, state)
        return accounts.all() if account is None else [account]

    def named(request: Request) -> Account:
        return account_named(request.path_params["name"], state)

    async def read(scenarios: Sequence[Any], contract: date | None) -> list[Scenario]:
        try:
            library = library_of(settings)
            # In a thread: a megabyte of YAML would block the loop.
            return await state.pools.admin.run(read_scenarios, scenarios, library, contract)
        except WrongScenariosError as error:
            raise invalid_scenarios(error.problems, "scenarios") from None
        except DocumentError as error:
            raise invalid_scenarios(problems_of(error)) from None

    def list_accounts(request: Request) -> AccountList:
        return AccountList(accounts=[view_of(account, state) for account in accounts.all()])

    async def make_account(request: Request, spec: AccountSpec) -> AccountView:
        account = spec.account()
        own = await read(spec.scenarios, account.contract) if spec.scenarios else []
        try:
            accounts.add(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        state.reset(account.name)
        state.registry.set_for_account(account.name, own)
        if own:
            publish_scenarios(state, account.name)
        return view_of(account, state, secrets=True)

    async def show_account(request: Request) -> AccountView:
        return view_of(named(request), state)

    async def change_account(request: Request, changes: AccountUpdateSpec) -> AccountView:
        changed = changes.model_fields_set
        contract = changes.applied_to(named(request)).contract
        own = await read(changes.scenarios, contract) if changes.scenarios else []
        # Look it up again: it may have changed in the meantime.
        account = changes.applied_to(named(request))
        try:
            accounts.replace(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        if "package" in changed:
            state.packages.reset(account.name)
        if "clock" in changed:
            state.clocks.reset(account.name)
        if "scenarios" in changed:
            state.registry.set_for_account(account.name, own)
            publish_scenarios(state, account.name)
        return view_of(account, state)

    async def remove_account(request: Request) -> None:
        account = named(request)
        had_own = bool(state.registry.for_account(account.name))
        accounts.remove(account.name)
        state.forget(account.name)
        if had_own:
            publish_scenarios(state, account.name)

    async def show_clock(request: Request) -> Clocks:
        return Clocks(clocks={each.name: _clock(each, state) for each in chosen(request)})

    async def set_clock(request: Request, spec: ClockSpec) -> Clocks:
        for account in chosen(request):
            state.clocks.move(account.name, spec.clock())
        return await show_clock(request)

    account_parameter = (Parameter("account", "Only this account; default: all accounts."),)
    return [
        Endpoint("GET", "/accounts", "List accounts", list_accounts),
        Endpoint(
            "POST",
            "/accounts",
            "Create an account; {} creates one with a new name and key pair",
            make_account,
            statuses={
                201: "The new account. No later reply contains its complete secrets.",
                409: TAKEN,
            },
        ),
        Endpoint(
            "GET",
            "/accounts/{name:path}",
            "Show an account",
            show_account,
            statuses={200: "The account.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "PATCH",
            "/accounts/{name:path}",
            "Change the given members of an account",
            change_account,
            statuses={200: "The changed account.", 404: NO_ACCOUNT, 409: TAKEN},
        ),
        Endpoint(
            "DELETE",
            "/accounts/{name:path}",
            "Remove an account; its calls stay in the journal",
            remove_account,
            statuses={204: "The account was removed.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "GET",
            "/clock",
            "Show the clocks",
            show_clock,
            account_parameter,
            {200: "Clocks by account.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "PUT",
            "/clock",
            "Set or freeze clocks; {} sets them to real time",
            set_clock,
            account_parameter,
            {200: "The changed clocks by account.", 404: NO_ACCOUNT},
        ),
    ]


def view_of(account: Account, state: State, secrets: bool = False) -> AccountView:
    """`secrets`: complete, for the reply that creates the account; otherwise only their ends."""
    now = state.clock_of(account).at(datetime.now(UTC))
    conditions = state.settings_of(account, state.registry.rulebook(account.name), now)
    return AccountView(
        name=account.name,
        keys=[
            KeyView(secret_id=secret_id, secret_key=key if secrets else _ending(key))
            for secret_id, key in account.keys.items()
        ],
        tokens=sorted(account.tokens) if secrets else [_ending(each) for each in account.tokens],
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
    """The last four characters of a secret, or none if it is shorter than 12."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"
