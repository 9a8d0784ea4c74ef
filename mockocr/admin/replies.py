"""Replies of the admin API: models, JSON, and errors."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, RootModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Reply(BaseModel):
    """The base of reply models: only declared members are sent.

    `openapi.py` reads the descriptions of members from the source: here, they would take 40 ms of
    the first request. A model is built when it is first used, for the same reason."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        serialize_by_alias=True,
        defer_build=True,
    )


def to_dict(reply: Reply) -> dict[str, Any]:
    """`model_dump`, row by row: pydantic runs without letting other threads run, so a long list at
    once would delay all calls."""
    if isinstance(reply, RootModel):
        return dict(reply.model_dump())
    shown: dict[str, Any] = {}
    for name in type(reply).model_fields:
        match getattr(reply, name):
            case [Reply(), *_] as rows:
                shown[name] = [row.model_dump() for row in rows]
            case _:
                shown |= reply.model_dump(include={name})
    return shown


class Problem(Reply):
    """One error in a scenario."""

    path: str | None
    """The place in the document, such as `rules[0].then.error`."""
    line: int | None
    """From 1; null if the scenario was sent as JSON."""
    column: int | None
    text: str
    """What was expected, and what was found."""


class ErrorReply(Reply):
    """The error of a refused request."""

    error: str
    problems: list[Problem] = []
    """Every error of a scenario."""


class InvalidScenarioError(HTTPException):
    """422 with every error of a scenario."""

    def __init__(self, message: str, problems: Sequence[Problem]) -> None:
        super().__init__(422, message)
        self.problems = problems


class SafeJSONResponse(JSONResponse):
    """JSON that may quote clients' text: lone surrogates, which UTF-8 cannot encode, become `?`."""

    SCHEMA: ClassVar[Mapping[str, Any]] = {"type": "object"}

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


async def refused(request: Request, error: Exception) -> SafeJSONResponse:
    """An exception handler for HTTPException."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    content: dict[str, Any] = {"error": error.detail}
    if isinstance(error, InvalidScenarioError):
        content["problems"] = [problem.model_dump() for problem in error.problems]
    return SafeJSONResponse(content, error.status_code, error.headers)


async def busy(request: Request, error: Exception) -> SafeJSONResponse:
    """An exception handler for PoolFullError."""
    return SafeJSONResponse({"error": str(error)}, 503)


async def not_found(request: Request, error: Exception) -> Response:
    """An exception handler for 404."""
    if isinstance(error, HTTPException) and error.detail != "Not Found":
        return await refused(request, error)
    hint = f"there is nothing at {request.url.path}; the API is at /, health at /healthz"
    return SafeJSONResponse({"error": hint}, 404)
