"""A client of a server's admin API, over one persistent connection."""

import json
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mockocr.client.client import NoServerError, header_text
from mockocr.testing.errors import RefusedError, is_for_the_user

__tracebackhide__ = is_for_the_user

TIMEOUT_SECONDS = 60


class Admin:
    """Thread-safe; serves one request at a time."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {header_text(token, '--admin-token')}"
        self._lock = Lock()
        parts = urlsplit(url)
        # No proxy: it would not know this machine's own addresses.
        self._connection = HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=TIMEOUT_SECONDS
        )

    def ask(
        self,
        method: str,
        *path: str,
        query: Mapping[str, str] | None = None,
        json_body: Any = None,
        yaml: bytes | None = None,
    ) -> dict[str, Any]:
        """The JSON object at a path below /__admin, given as unescaped segments; {} if it is empty.

        Raises RefusedError, or NoServerError if no mockocr answers.
        """
        target = "/".join(["/__admin", *(quote(part, safe="") for part in path)])
        if query:
            target = f"{target}?{urlencode(query)}"
        headers = dict(self._headers)
        body = yaml
        if yaml is not None:
            headers["Content-Type"] = "application/yaml"
        elif json_body is not None:
            body = json.dumps(json_body).encode()
        with self._lock:
            status, content = self._exchange(method, target, body, headers)
        return self._read(status, content)

    def _exchange(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        reused = self._connection.sock is not None
        try:
            self._connection.request(method, target, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            if reused and not isinstance(error, TimeoutError):
                # The server has closed the idle connection.
                return self._exchange(method, target, body, headers)
            raise NoServerError(f"no server at {self._url}: {error}") from None

    def _read(self, status: int, content: bytes) -> dict[str, Any]:
        document: Any = None
        with suppress(ValueError):
            document = json.loads(content) if content else {}
        match document:
            case {"error": str(message)} if status >= 400:
                hint = "; set MOCKOCR_ADMIN_TOKEN" if status == 401 else ""
                raise RefusedError(message + hint, status, document.get("problems", ()))
            case dict() if status < 400:
                return document
            case _:
                text = f"no mockocr with an admin API at {self._url}: status {status}"
                raise NoServerError(text)

    def close(self) -> None:
        self._connection.close()
