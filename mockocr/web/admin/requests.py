"""The journal, over HTTP (`product.md` §7)."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockocr.journal import Journal
from mockocr.web.admin.replies import Shown


def request_routes(journal: Journal) -> list[Route]:
    async def list_requests(request: Request) -> Response:
        account = request.query_params.get("account")
        rows = [
            exchange.summary()
            for exchange in journal.newest_first()
            if account in (None, exchange.account)
        ]
        return Shown({"requests": rows, "total": len(rows)})

    async def show_request(request: Request) -> Response:
        exchange = journal.find(request.path_params["request_id"])
        if exchange is None:
            raise HTTPException(404, "the journal has no call of this RequestId")
        return Shown(exchange.details())

    return [
        Route("/requests", list_requests),
        Route("/requests/{request_id}", show_request),
    ]
