"""Why a call was answered as it was, over HTTP (`product.md` §8)."""

from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockocr.journal import Exchange
from mockocr.service import Service
from mockocr.web.admin.replies import Shown


def explain_routes(service: Service) -> list[Route]:
    async def explain(request: Request) -> Response:
        exchange = service.journal.find(request.path_params["request_id"])
        if exchange is None:
            raise HTTPException(404, "the journal has no call of this RequestId")
        return Shown(explanation(exchange, service))

    return [Route("/requests/{request_id}/explain", explain)]


def explanation(exchange: Exchange, service: Service) -> dict[str, Any]:
    cause = exchange.cause
    details = exchange.details()
    return {
        "RequestId": exchange.request_id,
        "outcome": exchange.outcome,
        "cause": cause.name if cause else None,
        "proven": cause.proven if cause else False,
        "hint": cause.hint if cause else None,
        "note": exchange.note,
        "signature": asdict(exchange.signature) if exchange.signature else None,
        "decision": {"rule": exchange.rule, "passed_over": service.passed_over(exchange)},
        "picture": details["picture"],
    }
