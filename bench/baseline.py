"""The baseline, the simplest server: Starlette on uvicorn[standard], with a constant answer to
any body."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.answer import ANSWER


async def answer(request: Request) -> Response:
    await request.body()
    return Response(ANSWER, media_type="application/json")


app = Starlette(routes=[Route("/", answer, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[-1]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )
