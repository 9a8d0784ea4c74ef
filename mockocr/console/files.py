"""Serves the files of the console. They hold no data: the page gets all of it from the admin API.

A file is read again when it changes, so a page under development needs no restart.
"""

import gzip
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mockocr.pipeline.pools import Pool

FOLDER = Path(__file__).parent / "static"

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

TRUSTED_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
"""On another host without https, browsers ignore Cross-Origin-Opener-Policy, and log an error."""

_NAME = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)
"""No part begins with a dot, so no name leaves the folder."""


@dataclass(frozen=True, slots=True)
class _File:
    changed_ns: int
    content: bytes
    compressed: bytes
    digest: str


class ConsoleFiles:
    """An ASGI application, mounted at the path of the console."""

    def __init__(self, pool: Pool, folder: Path = FOLDER) -> None:
        """`pool`: the threads that read and compress files."""
        self._pool = pool
        self._folder = folder
        self._files: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        path = scope["path"].removeprefix(scope["root_path"])
        response: Response
        if request.method not in ("GET", "HEAD"):
            headers = {"Allow": "GET, HEAD"}
            response = JSONResponse({"error": "expected GET or HEAD"}, 405, headers)
        else:
            response = await self._response(path[1:] or "index.html", request)
        await response(scope, receive, send)

    async def _response(self, name: str, request: Request) -> Response:
        media_type = TYPES.get(Path(name).suffix)
        file = None
        if media_type and _NAME.fullmatch(name):
            file = await self._pool.run(self._read, name)
        if file is None:
            return JSONResponse({"error": f"the console has no file {name!r}"}, 404)
        is_zipped = "gzip" in request.headers.get("accept-encoding", "").lower()
        etag = f'"{file.digest}{"-gzip" if is_zipped else ""}"'
        headers = {**HEADERS, "ETag": etag}
        if request.url.scheme == "https" or request.url.hostname in TRUSTED_HOSTS:
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if is_zipped:
            headers["Content-Encoding"] = "gzip"
        content = file.compressed if is_zipped else file.content
        return Response(content, headers=headers, media_type=media_type)

    def _read(self, name: str) -> _File | None:
        """None if there is no such file."""
        path = self._folder / name
        try:
            changed_ns = path.stat().st_mtime_ns
            file = self._files.get(name)
            if file is None or file.changed_ns != changed_ns:
                content = path.read_bytes()
                compressed = gzip.compress(content, mtime=0)
                file = _File(changed_ns, content, compressed, sha256(content).hexdigest()[:32])
                self._files[name] = file
        except OSError:
            return None
        return file
