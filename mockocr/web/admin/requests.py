"""The journal, over HTTP (`product.md` §7)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mockocr.actions.catalogue import ACTIONS
from mockocr.documents import did_you_mean
from mockocr.journal import Exchange, Wanted
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.service import Service
from mockocr.web.admin.curl import NotRepeatableError, curl_script
from mockocr.web.admin.replies import Shown

FILTERS = ("account", "outcome", "rule", "unmatched", "since", "limit")
_REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def request_routes(service: Service) -> list[Route]:
    journal = service.journal

    def wanted(request: Request, known: Sequence[str]) -> Wanted:
        _check_names(request, known)
        given = request.query_params
        return Wanted(
            _account(given.get("account"), service),
            _outcome(given.get("outcome"), service),
            given.get("rule"),
            _truth("unmatched", given.get("unmatched")),
            _since(given.get("since")),
        )

    def chosen(request: Request) -> Exchange:
        account = wanted(request, ("account",)).account
        exchange = journal.find(request.path_params["request_id"])
        if exchange is None or account not in (None, exchange.account):
            raise HTTPException(404, "the journal has no call of this RequestId")
        return exchange

    async def list_requests(request: Request) -> Response:
        exchanges = journal.newest_first(wanted(request, FILTERS))
        limit = _limit(request.query_params.get("limit"))
        rows = [exchange.summary() for exchange in exchanges[:limit]]
        return Shown({"requests": rows, "total": len(exchanges)})

    async def clear_requests(request: Request) -> Response:
        journal.reset(wanted(request, ("account",)).account)
        return Response(status_code=204)

    async def show_request(request: Request) -> Response:
        return Shown(chosen(request).details())

    async def show_curl(request: Request) -> Response:
        try:
            script = curl_script(chosen(request), f"{request.url.scheme}://{request.url.netloc}")
        except NotRepeatableError as error:
            raise HTTPException(409, str(error)) from None
        return PlainTextResponse(script.encode(errors="replace"))

    return [
        Route("/requests", list_requests, methods=["GET"]),
        Route("/requests", clear_requests, methods=["DELETE"]),
        Route("/requests/{request_id}", show_request),
        Route("/requests/{request_id}/curl", show_curl),
    ]


def _check_names(request: Request, known: Sequence[str]) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise _wrong(f"{name!r} is no filter here", name, known)
        if names.count(name) > 1:
            raise HTTPException(400, f"{name} is given twice")


def _account(name: str | None, service: Service) -> str | None:
    """Of an account that is gone, calls may be left."""
    if name is None or service.accounts.named(name):
        return name
    journaled = {each.account for each in service.journal.newest_first() if each.account}
    if name not in journaled:
        known = {account.name for account in service.accounts.all()} | journaled
        raise _wrong(f"there is no account {name!r}", name, known, tell=False)
    return name


def _outcome(outcome: str | None, service: Service) -> str | None:
    """A scenario may answer what no list has: what was answered is known too."""
    known = {"ok", "error", *COMMON_ERRORS, *(code for it in ACTIONS for code in it.refusals)}
    if outcome is None or outcome in known or outcome.startswith(("fault:", "http:")):
        return outcome
    known |= {exchange.outcome for exchange in service.journal.newest_first()}
    if outcome not in known:
        wanted = "ok, error or an error code is wanted"
        raise _wrong(f"outcome: {wanted}, found {outcome!r}", outcome, known, tell=False)
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
        wanted = "a moment (ISO 8601 or UNIX seconds) or a RequestId is wanted"
        raise HTTPException(400, f"since: {wanted}, found {text!r}") from None


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400, f"limit: a whole number from 0 is wanted, found {text!r}")
    return int(text)


def _wrong(problem: str, found: str, known: Iterable[str], *, tell: bool = True) -> HTTPException:
    near = did_you_mean(found, sorted(known))
    listed = f"; known: {', '.join(known)}" if tell else ""
    return HTTPException(400, problem + (f"; did you mean {near!r}?" if near else listed))
