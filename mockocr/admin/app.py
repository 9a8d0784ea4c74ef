"""The admin API: its endpoints, and what is made of them."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.admin.accounts import account_endpoints
from mockocr.admin.endpoint import Endpoint, routes
from mockocr.admin.events import event_endpoints
from mockocr.admin.explain import explain_endpoints
from mockocr.admin.info import info_endpoints
from mockocr.admin.match import match_endpoints
from mockocr.admin.openapi import openapi
from mockocr.admin.replies import Shown, nothing, refused
from mockocr.admin.requests import request_endpoints
from mockocr.admin.scenarios import scenario_endpoints
from mockocr.admin.verify import verify_endpoints
from mockocr.pipeline.pipeline import Service
from mockocr.settings import Settings
from mockocr.version import __version__


def create_admin(service: Service, settings: Settings, started: float) -> Starlette:
    """`started`: when, by time.monotonic()."""
    endpoints = admin_endpoints(service, settings, started)
    handlers = {HTTPException: refused, 404: nothing}
    return Starlette(routes=routes(endpoints), exception_handlers=handlers)


def admin_endpoints(service: Service, settings: Settings, started: float) -> list[Endpoint]:
    endpoints = [
        *info_endpoints(service, settings, started),
        *account_endpoints(service, settings),
        *scenario_endpoints(service, settings),
        *verify_endpoints(service),
        *request_endpoints(service),
        *explain_endpoints(service),
        *match_endpoints(service),
        *event_endpoints(service),
    ]

    async def show_openapi(request: Request) -> Shown:
        return Shown(openapi(endpoints, __version__, settings.admin_token is not None))

    endpoints.append(
        Endpoint("GET", "/openapi.json", "This description of the admin API", show_openapi)
    )
    return endpoints
