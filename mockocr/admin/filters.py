"""Query parameters: accounts, filters of calls, limits. Invalid ones raise HTTPException."""

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
    """Raises HTTPException for unknown and repeated parameters."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise HTTPException(400, unknown("query parameter", name, known))
        if names.count(name) > 1:
            raise HTTPException(400, f"expected {name} once, got it several times")


def account_named(name: str, state: State) -> Account:
    """Raises HTTPException 404 if no account has the name."""
    account = state.accounts.named(name)
    if account is None:
        names = [each.name for each in state.accounts.all()]
        raise HTTPException(404, unknown("account", name, names))
    return account


def account_or_first(name: str | None, state: State) -> Account:
    """The account of a name, or the first one. Raises HTTPException 404 if there is none."""
    account = state.accounts.first() if name is None else account_named(name, state)
    if account is None:
        raise HTTPException(404, "the server has no accounts; create one first")
    return account


def queried_account(request: Request, state: State) -> Account | None:
    """The account of `?account=`; None without the parameter. Raises HTTPException 404."""
    name = request.query_params.get("account")
    return None if name is None else account_named(name, state)


def journaled_account(request: Request, state: State, status: int = 400) -> str | None:
    """The name of `?account=`: of an account, or of a removed one with calls in the journal."""
    name = request.query_params.get("account")
    if name is None or state.accounts.named(name):
        return name
    journaled = {each.account for each in state.journal.newest_first() if each.account}
    if name not in journaled:
        names = {account.name for account in state.accounts.all()} | journaled
        raise HTTPException(status, unknown("account", name, sorted(names)))
    return name


def tallied_account(request: Request, state: State) -> str | None:
    """The name of `?account=`: of an account, or of a removed one whose calls were counted."""
    name = request.query_params.get("account")
    if name is None or state.accounts.named(name):
        return name
    tallied = {each for each, _ in state.journal.tally().counts() if each is not None}
    if name not in tallied:
        names = {account.name for account in state.accounts.all()} | tallied
        raise HTTPException(400, unknown("account", name, sorted(names)))
    return name


def call_filter(request: Request, state: State) -> CallFilter:
    query = request.query_params
    return CallFilter(
        journaled_account(request, state),
        _outcome(query.get("outcome"), state),
        query.get("rule"),
        truth("unmatched", query.get("unmatched")),
        _since(query.get("since"), state),
    )


def _outcome(outcome: str | None, state: State) -> str | None:
    """Accepts documented outcomes, and those in the journal: a scenario may script other codes."""
    codes = {code for action in all_actions() for code in action.refusals}
    outcomes = {"ok", "error", *COMMON_ERRORS, *codes}
    if outcome is None or outcome in outcomes or outcome.startswith(("fault:", "http:")):
        return outcome
    outcomes |= {exchange.outcome for exchange in state.journal.newest_first()}
    if outcome not in outcomes:
        names = ["ok", "error", *sorted(outcomes - {"ok", "error"})]
        raise HTTPException(400, unknown("outcome", outcome, names))
    return outcome


def truth(name: str, text: str | None) -> bool | None:
    match text:
        case None:
            return None
        case "true" | "false":
            return text == "true"
        case _:
            raise HTTPException(400, f"{name}: expected true or false, got {text!r}")


def _since(text: str | None, state: State) -> datetime | str | None:
    """A time (UTC if it has no zone), or a RequestId, or the beginning of one in the journal."""
    if text is None or _REQUEST_ID.fullmatch(text):
        return text
    if (exchange := state.journal.find(text)) is not None:
        return exchange.request_id
    try:
        if text.replace(".", "", 1).isdigit():
            return datetime.fromtimestamp(float(text), UTC)
        # An unescaped `+` in a query arrives as a space.
        moment = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        expected = "expected a time (ISO 8601 or UNIX seconds) or a RequestId"
        raise HTTPException(400, f"since: {expected}, got {text!r}") from None


def limit_of(request: Request) -> int | None:
    text = request.query_params.get("limit")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400, f"limit: expected a whole number from 0, got {text!r}")
    return int(text)
