"""Protects the admin API from pages of other sites, from DNS rebinding, and from requests without
the admin token if one is set (docs/security.md)."""

import hmac
import ipaddress
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mockocr.settings import Settings

LOCAL_DOMAINS = (".localhost", ".local", ".internal", ".test", ".svc")
"""Domains that nobody can register on the internet, so a DNS rebinding attack cannot use them."""

CA_PATH = "/ca.pem"
"""The only path below /__admin that needs no token: a certificate is not a secret."""


CONSOLE_URL = "/__admin/console"


class Guard:
    def __init__(self, app: ASGIApp, settings: Settings, is_static: bool = False) -> None:
        """`is_static`: the application serves files without data. They need no token, and a link on
        a page of another site may open them."""
        self._app = app
        self._settings = settings
        self._is_static = is_static

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope["root_path"])
            app = self._refusal(scope["method"], path, Headers(scope=scope)) or app
        await app(scope, receive, send)

    def _refusal(self, method: str, path: str, headers: Headers) -> ASGIApp | None:
        host = headers.get("host", "")
        if not self._is_known_host(_host_name(host)):
            return _refuse(
                403, f"the admin API refuses the Host name {host!r}; allow it with --admin-host"
            )
        if self._is_static and _is_navigation(method, headers):
            return None
        if refusal := refuse_other_sites("the admin API", headers):
            return refusal
        if self._is_static:
            return None
        if path in ("", "/") and method == "GET" and "text/html" in headers.get("accept", ""):
            return RedirectResponse(f"{CONSOLE_URL}/")
        if self._settings.admin_token is not None and path != CA_PATH:
            scheme, _, token = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(
                # Headers are decoded as Latin-1: encoding them again gives the bytes as sent.
                token.strip().encode("latin-1"),
                self._settings.admin_token.encode(),
            ):
                refusal = _refuse(
                    401, "the admin API needs the header `Authorization: Bearer ADMIN_TOKEN`"
                )
                refusal.headers["WWW-Authenticate"] = "Bearer"
                return refusal
        return None

    def _is_known_host(self, name: str) -> bool:
        return (
            _is_address(name)
            or (name != "" and "." not in name)
            or name.endswith(LOCAL_DOMAINS)
            or any(fnmatchcase(name, pattern.lower()) for pattern in self._settings.admin_host)
        )


def refuse_other_sites(what: str, headers: Headers) -> JSONResponse | None:
    """The refusal of a request that a browser sends for a page of another site or origin."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return _refuse(403, f"{what} refuses requests from pages of other sites")
    origin = headers.get("origin")
    if origin is not None and origin.lower().partition("://")[2] != headers.get("host", "").lower():
        return _refuse(403, f"{what} refuses requests from pages of other origins")
    return None


def _is_navigation(method: str, headers: Headers) -> bool:
    """Whether a browser opens the address in a tab, and not in a frame or from a script."""
    mode, destination = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return method == "GET" and mode == "navigate" and destination == "document"


def _host_name(host: str) -> str:
    """The name or address in a Host header, in lower case, without port and final dot."""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refuse(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status)
