"""The admin API of a running server, for commands."""

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


class InvalidRequestError(Exception):
    """The server refused a request as invalid (400 or 422); the text is the server's."""


def add_remote_flags(parser: argparse.ArgumentParser) -> None:
    add_server_flag(parser)
    add_ca_flag(parser)
    add_admin_flag(parser)


class RemoteAdmin:
    def __init__(self, args: argparse.Namespace) -> None:
        """Raises SettingError or NoServerError."""
        self._url = server_url(args.server)
        self._headers = admin_headers(args.admin_token)
        try:
            self._near = is_near(self._url)
        except NoServerError as error:
            raise NoServerError(f"no server at {self._url}: {error}") from None
        self._context = trust(self._url, args.ca, self._near)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at a path below /__admin/; the path must be escaped.

        Raises NoServerError or InvalidRequestError.
        """
        return self._ask("GET", path, query)

    def post(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Like `get`, but a POST with an empty body."""
        return self._ask("POST", path, query)

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None) -> dict[str, Any]:
        url = f"{self._url}/__admin/{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        try:
            reply = ask(url, self._context, method=method, headers=self._headers, near=self._near)
        except NoServerError as error:
            raise NoServerError(f"no server at {self._url}: {error}") from None
        document = reply.json()
        match reply.status, document:
            case 200, dict():
                return dict(document)
            case 400 | 422, {"error": str(message)}:
                raise InvalidRequestError(message)
            case _, {"error": str(message)}:
                hint = "; use --admin-token or MOCKOCR_ADMIN_TOKEN" if reply.status == 401 else ""
                raise NoServerError(f"{self._url} refused: {message}{hint}")
            case _:
                raise self.not_mockocr(reply.status)

    def not_mockocr(self, status: int) -> NoServerError:
        return NoServerError(
            f"no mockocr at {self._url}: another program answered, with status {status}"
        )
