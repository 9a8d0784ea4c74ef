"""The admin API of a running server, as the command line asks it."""

import argparse
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mockocr.client.client import (
    NoServerError,
    add_admin_flag,
    add_ca_flag,
    add_server_flag,
    admin_headers,
    ask,
    is_near,
    server_url,
    trust,
)


class AskedWrongError(Exception):
    """What was asked for cannot be; in the server's words."""


def add_remote_flags(parser: argparse.ArgumentParser) -> None:
    add_server_flag(parser)
    add_ca_flag(parser)
    add_admin_flag(parser)


class RemoteAdmin:
    def __init__(self, given: argparse.Namespace) -> None:
        """Raises SettingError or NoServerError."""
        self._url = server_url(given.server)
        self._headers = admin_headers(given.admin_token)
        try:
            self._near = is_near(self._url)
        except NoServerError as error:
            raise NoServerError(f"no server at {self._url}: {error}") from None
        self._context = trust(self._url, given.ca, self._near)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What stands below /__admin/, at a path as it goes into a URL.

        Raises NoServerError, or AskedWrongError.
        """
        return self._ask("GET", path, query)

    def post(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """As `get`, with an empty body."""
        return self._ask("POST", path, query)

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None) -> dict[str, Any]:
        url = f"{self._url}/__admin/{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        try:
            reply = ask(url, self._context, method=method, headers=self._headers, near=self._near)
        except NoServerError as error:
            raise NoServerError(f"no server at {self._url}: {error}") from None
        told = reply.json()
        match reply.status, told:
            case 200, dict():
                return dict(told)
            case 400 | 422, {"error": str(words)}:
                raise AskedWrongError(words)
            case _, {"error": str(words)}:
                hint = "; use --admin-token or MOCKOCR_ADMIN_TOKEN" if reply.status == 401 else ""
                raise NoServerError(f"{self._url} does not tell: {words}{hint}")
            case _:
                raise self.stranger(reply.status)

    def stranger(self, status: int) -> NoServerError:
        return NoServerError(f"no mockocr at {self._url}: something else answers, status {status}")
