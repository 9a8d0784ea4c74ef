"""The parameters of queries: read, or refused in words."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.actions.catalogue import all_actions
from mockocr.journal.journal import CallFilter
from mockocr.pipeline.state import State
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.suggestions import unknown

_REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_names(request: Request, known: Sequence[str]) -> None:
    """Raises HTTPException: what is misspelt must not pass for what was left out."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise HTTPException(400, unknown("query parameter", name, known))
        if names.count(name) > 1:
            raise HTTPException(400, f"{name} is given twice")


def account_called(name: str, state: State) -> Account:
    """One that there is."""
    account = state.accounts.named(name)
    if account is None:
        names = [it.name for it in state.accounts.all()]
        raise HTTPException(404, unknown("account", name, names))
    return account


def account_asked_about(request: Request, state: State) -> Account | None:
    """One that there is; None where no account is named."""
    name = request.query_params.get("account")
    return None if name is None else account_called(name, state)


def journaled_account(request: Request, state: State, status: int = 400) -> str | None:
    """Its name: of an account that is gone, calls may be left."""
    name = request.query_params.get("account")
    if name is None or state.accounts.named(name):
        return name
    journaled = {each.account for each in state.journal.newest_first() if each.account}
    if name not in journaled:
        names = {account.name for account in state.accounts.all()} | journaled
        raise HTTPException(status, unknown("account", name, sorted(names)))
    return name


def wanted_calls(request: Request, state: State) -> CallFilter:
    given = request.query_params
    return CallFilter(
        journaled_account(request, state),
        _outcome(given.get("outcome"), state),
        given.get("rule"),
        _truth("unmatched", given.get("unmatched")),
        _since(given.get("since")),
    )


def _outcome(outcome: str | None, state: State) -> str | None:
    """A scenario may answer what no list has: what was answered is known too."""
    known = {"ok", "error", *COMMON_ERRORS, *(code for it in all_actions() for code in it.refusals)}
    if outcome is None or outcome in known or outcome.startswith(("fault:", "http:")):
        return outcome
    known |= {exchange.outcome for exchange in state.journal.newest_first()}
    if outcome not in known:
        names = ["ok", "error", *sorted(known - {"ok", "error"})]
        raise HTTPException(400, unknown("outcome", outcome, names))
    return outcome


def _truth(name: str, text: str | None) -> bool | None:
    match text:
        case None:
            return None
        case "true" | "false":
            return text == "true"
        case _:
            raise HTTPException(400, f"{name}: true or false is wanted, found {text!r}")


def _since(text: str | None) -> datetime | str | None:
    """A moment without a zone is in UTC."""
    if text is None or _REQUEST_ID.fullmatch(text):
        return text
    try:
        if text.replace(".", "", 1).isdigit():
            return datetime.fromtimestamp(float(text), UTC)
        # A `+` that nobody escaped is a blank in a query.
        moment = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        told = "a moment (ISO 8601 or UNIX seconds) or a RequestId is wanted"
        raise HTTPException(400, f"since: {told}, found {text!r}") from None


def limit_of(request: Request) -> int | None:
    text = request.query_params.get("limit")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400, f"limit: a whole number from 0 is wanted, found {text!r}")
    return int(text)
