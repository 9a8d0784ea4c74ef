"""Everything that is not the API: health, the admin API, and a word on where the API is."""

import time

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from mockocr.service import Service
from mockocr.settings import Settings
from mockocr.version import __version__
from mockocr.web.admin.accounts import account_routes
from mockocr.web.admin.explain import explain_routes
from mockocr.web.admin.guard import Guard
from mockocr.web.admin.replies import Shown, refused
from mockocr.web.admin.requests import request_routes


def create_rest(service: Service, settings: Settings) -> ASGIApp:
    started = time.monotonic()

    async def health(request: Request) -> Response:
        uptime = round(time.monotonic() - started, 3)
        return Shown({"status": "healthy", "version": __version__, "uptimeInSeconds": uptime})

    routes: list[BaseRoute] = [Route("/healthz", health), Route("/readyz", health)]
    if not settings.no_admin:
        admin = [
            *request_routes(service),
            *account_routes(service),
            *explain_routes(service),
        ]
        handlers = {HTTPException: refused, 404: _nothing}
        app = Starlette(routes=admin, exception_handlers=handlers)
        routes.append(Mount("/__admin", Guard(app, settings)))
    return Starlette(routes=routes, exception_handlers={404: _nothing, HTTPException: refused})


async def _nothing(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.detail != "Not Found":
        return await refused(request, error)
    hint = f"there is nothing at {request.url.path}; the API is at /, health at /healthz"
    return Shown({"error": hint}, 404)
