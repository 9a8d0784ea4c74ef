"""Accounts and their clocks, over HTTP (`product.md` §3, §7)."""

from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockocr.accounts.account import Account, TakenError
from mockocr.accounts.clock import ClockWords
from mockocr.accounts.words import AccountChanges, NewAccount
from mockocr.service import Service
from mockocr.web.admin.replies import Shown, read_words


def account_routes(service: Service) -> list[Route]:
    accounts = service.accounts

    def named(name: str) -> Account:
        account = accounts.named(name)
        if account is None:
            raise HTTPException(404, f"there is no account {name!r}")
        return account

    def chosen(request: Request) -> list[Account]:
        name = request.query_params.get("account")
        return accounts.all() if name is None else [named(name)]

    def shown(account: Account, secrets: bool = False) -> dict[str, Any]:
        return account_as_json(account, service, secrets)

    async def list_accounts(request: Request) -> Response:
        return Shown({"accounts": [shown(account) for account in accounts.all()]})

    async def make_account(request: Request) -> Response:
        account = (await read_words(request, NewAccount)).account()
        try:
            accounts.add(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        service.reset(account.name)
        return Shown(shown(account, secrets=True), 201)

    async def show_account(request: Request) -> Response:
        return Shown(shown(named(request.path_params["name"])))

    async def change_account(request: Request) -> Response:
        changes = await read_words(request, AccountChanges)
        account = changes.applied_to(named(request.path_params["name"]))
        try:
            accounts.replace(account)
        except TakenError as error:
            raise HTTPException(409, str(error)) from None
        if "package" in changes.model_fields_set:
            service.packages.reset(account.name)
        if "clock" in changes.model_fields_set:
            service.clocks.reset(account.name)
        return Shown(shown(account))

    async def remove_account(request: Request) -> Response:
        account = named(request.path_params["name"])
        accounts.remove(account.name)
        service.forget(account.name)
        return Response(status_code=204)

    async def show_clock(request: Request) -> Response:
        clocks = {it.name: clock_as_json(it, service) for it in chosen(request)}
        return Shown({"clocks": clocks})

    async def set_clock(request: Request) -> Response:
        clock = (await read_words(request, ClockWords)).clock()
        for account in chosen(request):
            service.clocks.move(account.name, clock)
        return await show_clock(request)

    return [
        Route("/accounts", list_accounts, methods=["GET"]),
        Route("/accounts", make_account, methods=["POST"]),
        Route("/accounts/{name}", show_account, methods=["GET"]),
        Route("/accounts/{name}", change_account, methods=["PATCH"]),
        Route("/accounts/{name}", remove_account, methods=["DELETE"]),
        Route("/clock", show_clock, methods=["GET"]),
        Route("/clock", set_clock, methods=["PUT"]),
    ]


def account_as_json(account: Account, service: Service, secrets: bool) -> dict[str, Any]:
    """With the secrets only in the reply that makes an account; else their last characters."""
    now = service.clock_of(account).at(datetime.now(UTC))
    conditions = service.conditions(account, now)
    return {
        "name": account.name,
        "keys": [
            {"SecretId": secret_id, "SecretKey": secret_key if secrets else _ending(secret_key)}
            for secret_id, secret_key in account.keys.items()
        ],
        "tokens": sorted(account.tokens) if secrets else [_ending(it) for it in account.tokens],
        "state": conditions.state,
        "package": service.packages.left(account.name, conditions.package),
        "rate": conditions.rate,
        "allow": None if account.allow is None else sorted(account.allow),
        "seed": conditions.seed,
        "contract": conditions.contract.isoformat(),
        "clock": clock_as_json(account, service),
        "scenarios": [scenario.name for scenario in service.stage.own(account.name)],
    }


def clock_as_json(account: Account, service: Service) -> dict[str, Any]:
    return ClockWords.of(service.clock_of(account)).model_dump(exclude_none=True)


def _ending(secret: str) -> str:
    """The last four characters, of a secret that is long enough to keep the rest to itself."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"
