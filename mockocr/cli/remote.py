"""The admin API of a running server, for commands."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, cast
from urllib.parse import urlencode

from mockocr.client.client import (
    NoServerError,
    add_admin_flag,
    add_ca_flag,
    add_server_flag,
    admin_headers,
    ask,
    is_near,
    no_server,
    not_mockocr,
    server_url,
    trust,
)
from mockocr.settings import SettingError
from mockocr.terminal import print_text


class InvalidRequestError(Exception):
    """The server refused a request as invalid; the text is the server's."""

    def __init__(self, message: str, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.problems = problems
        """Every error of a scenario: `path`, `line`, `column` and `text`."""


def add_remote_flags(parser: argparse.ArgumentParser) -> None:
    add_server_flag(parser)
    add_ca_flag(parser)
    add_admin_flag(parser)


def add_account_flag(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("--account", metavar="NAME", help=help)


def exit_code(command: str, work: Callable[[], int]) -> int:
    """That of `work`; 2 and a message for invalid usage, 1 if no server answers or it refuses."""
    try:
        return work()
    except (SettingError, InvalidRequestError) as error:
        print_text(f"mockocr {command}: {error}", sys.stderr)
        return 2
    except NoServerError as error:
        print_text(f"mockocr {command}: {error}", sys.stderr)
        return 1


class RemoteAdmin:
    def __init__(self, url: str, headers: Mapping[str, str], ca: str | None = None) -> None:
        """Raises SettingError or NoServerError."""
        self._url = url
        self._headers = dict(headers)
        self._near = is_near(url)
        self._context = trust(url, ca, self._near)

    @classmethod
    def of(cls, args: argparse.Namespace) -> Self:
        """From the flags of `add_remote_flags`. Raises SettingError or NoServerError."""
        return cls(server_url(args.server), admin_headers(args.admin_token), args.ca)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at a path below /__admin/; the path must be escaped.

        Raises NoServerError or InvalidRequestError.
        """
        return self.ask("GET", path, query)

    def post(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Like `get`, but a POST with an empty body."""
        return self.ask("POST", path, query)

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        json_body: Any = None,
        yaml: bytes | None = None,
    ) -> dict[str, Any]:
        """Like `get`; {} if the reply is empty."""
        url = f"{self._url}/__admin/{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        headers, body = dict(self._headers), yaml
        if yaml is not None:
            headers["Content-Type"] = "application/yaml"
        elif json_body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(json_body).encode()
        try:
            reply = ask(
                url, self._context, method=method, headers=headers, body=body, near=self._near
            )
        except NoServerError as error:
            raise no_server(self._url, error) from None
        match reply.status, reply.json():
            case 204, _:
                return {}
            case 200 | 201, dict() as document:
                return document
            case (400 | 404 | 409 | 422) as status, {"error": str(message), **more}:
                message = _with_flag(message, query or {})
                if status != 404 or message.startswith("--"):
                    raise InvalidRequestError(message, cast("Any", more.get("problems", ())))
                raise NoServerError(f"{self._url} refused: {message}")
            case status, {"error": str(message)}:
                hint = "; use --admin-token or MOCKOCR_ADMIN_TOKEN" if status == 401 else ""
                raise NoServerError(f"{self._url} refused: {message}{hint}")
            case status, _:
                raise not_mockocr(self._url, status)

    def unexpected(self) -> NoServerError:
        """For a reply that is not that of mockocr."""
        return not_mockocr(self._url, 200)


def _with_flag(message: str, query: Mapping[str, str]) -> str:
    """A message about a query parameter, with the flag that the user wrote."""
    for name in query:
        if message.startswith((f"{name}: ", f"unknown {name} ")):
            return f"--{name}: {message.removeprefix(f'{name}: ')}"
    return message
