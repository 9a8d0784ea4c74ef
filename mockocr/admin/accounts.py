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
    answers = _Answers(state, settings)
    account_parameter = (Parameter("account", "Only this account; default: all accounts."),)
    return [
        Endpoint("GET", "/accounts", "List accounts", answers.list_accounts),
        Endpoint(
            "POST",
            "/accounts",
            "Create an account; {} creates one with a new name and key pair",
            answers.make_account,
            statuses={
                201: "The new account. No later reply contains its complete secrets.",
                409: TAKEN,
            },
        ),
        Endpoint(
            "GET",
            "/accounts/{name:path}",
            "Show an account",
            answers.show_account,
            statuses={200: "The account.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "PATCH",
            "/accounts/{name:path}",
            "Change the given members of an account",
            answers.change_account,
            statuses={200: "The changed account.", 404: NO_ACCOUNT, 409: TAKEN},
        ),
        Endpoint(
            "DELETE",
            "/accounts/{name:path}",
            "Remove an account; its calls stay in the journal",
            answers.remove_account,
            statuses={204: "The account was removed.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "GET",
            "/clock",
            "Show the clocks",
            answers.show_clock,
            account_parameter,
            {200: "Clocks by account.", 404: NO_ACCOUNT},
        ),
        Endpoint(
            "PUT",
            "/clock",
            "Set or freeze clocks; {} sets them to real time",
            answers.set_clock,
            account_parameter,
            {200: "The changed clocks by account.", 404: NO_ACCOUNT},
        ),
    ]


class _Answers:
    """The functions of the endpoints."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._state = state
        self._settings = settings

    def _chosen(self, request: Request) -> list[Account]:
        account = queried_account(request, self._state)
        return self._state.accounts.all() if account is None else [account]

    def _named(self, request: Request) -> Account:
        return account_named(request.path_params["name"], self._state)

    async def _read(self, scenarios: Sequence[Any], contract: date | None) -> list[Scenario]:
        try:
            library = library_of(self._settings)
            # In a thread: a megabyte of YAML would block the loop.
            return await self._state.pools.admin.run(read_scenarios, scenarios, library, contract)
        except WrongScenariosError as error:
            raise invalid_scenarios(error.problems, "scenarios") from None
        except DocumentError as error:
            raise invalid_scenarios(problems_of(error)) from None

    def list_accounts(self, request: Request) -> AccountList:
        return AccountList(
            accounts=[view_of(account, self._state) for account in self._state.accounts.all()]
        )

    async def make_account(self, request: Request, spec: AccountSpec) -> AccountView:
        account = spec.account()
        own = await self._read(spec.scenarios, account.contract) if spec.scenarios else []
        try:
            self._state.accounts.add(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        self._state.reset(account.name)
        self._state.registry.set_for_account(account.name, own)
        if own:
            publish_scenarios(self._state, account.name)
        return view_of(account, self._state, secrets=True)

    async def show_account(self, request: Request) -> AccountView:
        return view_of(self._named(request), self._state)

    async def change_account(self, request: Request, changes: AccountUpdateSpec) -> AccountView:
        changed = changes.model_fields_set
        contract = changes.applied_to(self._named(request)).contract
        own = await self._read(changes.scenarios, contract) if changes.scenarios else []
        # Look it up again: it may have changed in the meantime.
        account = changes.applied_to(self._named(request))
        try:
            self._state.accounts.replace(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        if "package" in changed:
            self._state.packages.reset(account.name)
        if "clock" in changed:
            self._state.clocks.reset(account.name)
        if "scenarios" in changed:
            self._state.registry.set_for_account(account.name, own)
            publish_scenarios(self._state, account.name)
        return view_of(account, self._state)

    async def remove_account(self, request: Request) -> None:
        account = self._named(request)
        had_own = bool(self._state.registry.for_account(account.name))
        self._state.accounts.remove(account.name)
        self._state.forget(account.name)
        if had_own:
            publish_scenarios(self._state, account.name)

    async def show_clock(self, request: Request) -> Clocks:
        return Clocks(
            clocks={each.name: _clock(each, self._state) for each in self._chosen(request)}
        )

    async def set_clock(self, request: Request, spec: ClockSpec) -> Clocks:
        for account in self._chosen(request):
            self._state.clocks.move(account.name, spec.clock())
        return await self.show_clock(request)


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
