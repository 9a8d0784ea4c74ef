"""All paths but the API's: health, metrics, the admin API, and 404 for others."""

import time
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.admin.guard import CONSOLE_URL, Guard
from mockocr.admin.replies import SafeJSONResponse, busy, not_found, refused
from mockocr.admin.wrong_paths import unknown_method
from mockocr.console.files import ConsoleFiles
from mockocr.pipeline.pools import PoolFullError
from mockocr.pipeline.state import State
from mockocr.settings import Settings
from mockocr.version import __version__


def create_rest(
    state: State,
    settings: Settings,
    started: float,
    ca_certificate: str | None,
    urls: Mapping[str, str],
) -> ASGIApp:
    """`started`: the time.monotonic() at which the server started. `ca_certificate`: PEM. `urls`:
    of the server, by scheme."""

    async def health(request: Request) -> Response:
        uptime = round(time.monotonic() - started, 3)
        status = {"status": "healthy", "version": __version__, "uptime_seconds": uptime}
        return SafeJSONResponse(status)

    async def metrics(request: Request) -> Response:
        # Imported late: prometheus_client takes 20 ms, and few servers are ever scraped.
        from mockocr.admin.metrics import CONTENT_TYPE, exposition

        content = await state.pools.admin.run(exposition, state)
        return Response(content, headers={"content-type": CONTENT_TYPE})

    async def lead_to_console(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{CONSOLE_URL}/{query}")

    routes: list[BaseRoute] = [
        Route("/healthz", health),
        Route("/readyz", health),
        Route("/metrics", metrics),
    ]
    if not settings.no_admin:
        console = ConsoleFiles(state.pools.admin)
        routes.append(Route(CONSOLE_URL, lead_to_console))
        routes.append(Mount(CONSOLE_URL, Guard(console, settings, is_static=True)))
        admin = _lazy_admin(state, settings, started, ca_certificate, urls)
        routes.append(Mount("/__admin", Guard(admin, settings)))
    handlers = {
        404: not_found,
        405: unknown_method,
        HTTPException: refused,
        PoolFullError: busy,
    }
    return Starlette(routes=routes, exception_handlers=handlers)


def _lazy_admin(
    state: State,
    settings: Settings,
    started: float,
    ca_certificate: str | None,
    urls: Mapping[str, str],
) -> ASGIApp:
    """The admin API, imported on first use: it takes 100 ms, and health does not need it."""
    admin: ASGIApp | None = None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal admin
        if admin is None:
            from mockocr.admin.app import create_admin

            admin = create_admin(state, settings, started, ca_certificate, urls)
        await admin(scope, receive, send)

    return app
