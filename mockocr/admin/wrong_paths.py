"""What to call instead of a path or a method that the admin API does not have."""

from collections.abc import Awaitable, Callable, Iterable, Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mockocr.admin.replies import SafeJSONResponse, refused
from mockocr.suggestions import closest

ROOT = "/__admin/"

Handler = Callable[[Request, Exception], Awaitable[Response]]


def unknown_path(paths: Iterable[str]) -> Handler:
    """An exception handler for 404. `paths`: those below /__admin, in Starlette's syntax."""
    templates = [path.removeprefix("/").split("/") for path in paths]

    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.detail != "Not Found":
            return await refused(request, error)
        asked = request.url.path.removeprefix(ROOT)
        similar = closest(asked, dict.fromkeys(_candidates(asked.split("/"), templates)))
        hint = "" if similar is None else f"did you mean {ROOT}{similar}? "
        message = f"there is nothing at {request.url.path}; {hint}GET {ROOT} lists all routes"
        return SafeJSONResponse({"error": message}, 404)

    return handle


def _candidates(asked: list[str], templates: Iterable[list[str]]) -> Iterator[str]:
    """The paths of as many parts, with the parameters that were sent."""
    for template in templates:
        if len(template) == len(asked):
            parts = zip(template, asked, strict=True)
            yield "/".join(sent if part.startswith("{") else part for part, sent in parts)


async def unknown_method(request: Request, error: Exception) -> Response:
    """An exception handler for 405."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    allowed = (error.headers or {}).get("Allow", "").split(", ")
    methods = " or ".join(sorted(set(allowed) - {"HEAD"}))
    message = f"expected {methods} at {request.url.path}, got {request.method}"
    return SafeJSONResponse({"error": message}, 405, error.headers)
