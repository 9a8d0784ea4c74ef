"""The journal, over HTTP (`product.md` §7)."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mockocr.journal import Journal


def request_routes(journal: Journal) -> list[Route]:
    async def list_requests(request: Request) -> Response:
        rows = [exchange.summary() for exchange in journal.newest_first()]
        return _Shown({"requests": rows, "total": len(rows)})

    async def show_request(request: Request) -> Response:
        exchange = journal.find(request.path_params["request_id"])
        if exchange is None:
            return _Shown({"error": "the journal has no call of this RequestId"}, 404)
        return _Shown(exchange.details())

    return [
        Route("/requests", list_requests),
        Route("/requests/{request_id}", show_request),
    ]


class _Shown(JSONResponse):
    """What clients sent may hold lone surrogates, which have no UTF-8: `?` stands for them."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=1).encode(errors="replace")
