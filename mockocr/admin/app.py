"""The admin API as an application: all endpoints and their OpenAPI document."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.admin.accounts import account_endpoints
from mockocr.admin.ca import ca_endpoint
from mockocr.admin.cards import card_endpoints
from mockocr.admin.code import code_endpoints
from mockocr.admin.coverage import coverage_endpoints
from mockocr.admin.endpoint import Endpoint, routes
from mockocr.admin.events import event_endpoints
from mockocr.admin.explain import explain_endpoints
from mockocr.admin.explain_text import explain_text_endpoint
from mockocr.admin.info import info_endpoints
from mockocr.admin.library import library_endpoints
from mockocr.admin.match import match_endpoints
from mockocr.admin.parameters import parameter_endpoint
from mockocr.admin.replies import Reply, SafeJSONResponse, busy, refused
from mockocr.admin.requests import request_endpoints
from mockocr.admin.scenarios import scenario_endpoints
from mockocr.admin.try_call import try_endpoint
from mockocr.admin.verify import verify_endpoints
from mockocr.admin.wrong_paths import unknown_method, unknown_path
from mockocr.pipeline.pools import PoolFullError
from mockocr.pipeline.state import State
from mockocr.settings import Settings
from mockocr.version import __version__


class Route(Reply):
    method: str
    path: str
    summary: str


class Index(Reply):
    """What the admin API can do. Details: /__admin/openapi.json."""

    routes: list[Route]


def _shown(path: str) -> str:
    """Without the types of Starlette."""
    return path.replace(":path}", "}")


NO_URLS: Mapping[str, str] = MappingProxyType({})


def create_admin(
    state: State,
    settings: Settings,
    started: float,
    ca_certificate: str | None = None,
    urls: Mapping[str, str] = NO_URLS,
) -> Starlette:
    """`started`: the time.monotonic() at which the server started. `ca_certificate`: PEM. `urls`:
    of the server, by scheme."""
    endpoints = admin_endpoints(state, settings, started, ca_certificate, urls)
    handlers = {
        HTTPException: refused,
        PoolFullError: busy,
        404: unknown_path(endpoint.path for endpoint in endpoints),
        405: unknown_method,
    }
    return Starlette(routes=routes(endpoints, state.pools.admin), exception_handlers=handlers)


def admin_endpoints(
    state: State,
    settings: Settings,
    started: float,
    ca_certificate: str | None = None,
    urls: Mapping[str, str] = NO_URLS,
) -> list[Endpoint]:
    endpoints = [
        *info_endpoints(state, settings, started),
        ca_endpoint(ca_certificate),
        *account_endpoints(state, settings),
        *scenario_endpoints(state, settings),
        *library_endpoints(settings),
        *card_endpoints(settings),
        *verify_endpoints(state),
        *coverage_endpoints(state),
        *request_endpoints(state),
        *explain_endpoints(state, settings),
        *match_endpoints(state),
        *code_endpoints(state, urls),
        explain_text_endpoint(state, settings),
        parameter_endpoint(state, settings),
        try_endpoint(state, urls, ca_certificate),
        *event_endpoints(state),
    ]

    def show_index(request: Request) -> Index:
        routes = [
            Route(method=each.method, path=f"/__admin{_shown(each.path)}", summary=each.summary)
            for each in endpoints
        ]
        return Index(routes=routes)

    def show_openapi(request: Request) -> SafeJSONResponse:
        # Late: it needs the models of scenarios.
        from mockocr.admin.openapi import openapi

        return SafeJSONResponse(openapi(endpoints, __version__, settings.admin_token is not None))

    endpoints.append(Endpoint("GET", "/", "List the routes of the admin API", show_index))
    endpoints.append(
        Endpoint("GET", "/openapi.json", "The OpenAPI document of the admin API", show_openapi)
    )
    return endpoints
