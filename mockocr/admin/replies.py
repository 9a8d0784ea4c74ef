"""What goes out of the admin API: JSON, and what is wrong with a request in words."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Reply(BaseModel):
    """What is told, member by member: nothing else gets out."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        serialize_by_alias=True,
        use_attribute_docstrings=True,
    )


class Sparse(Reply):
    """A reply without the members of which there is nothing to tell."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in whole(self).items() if value is not None}


class Problem(Reply):
    """One of several things that are wrong."""

    path: str | None
    """Where it stands: `rules[0].then.error`."""
    line: int | None
    """From 1, of what was sent as a text; null of what was sent as JSON."""
    column: int | None
    text: str
    """What was found, and what would do."""


class Refusal(Reply):
    """Why nothing was done."""

    error: str
    problems: list[Problem] = []
    """Everything that is wrong, of what is long enough to have several faults."""


class WrongError(HTTPException):
    """422 with everything that is wrong."""

    def __init__(self, words: str, problems: Sequence[Problem]) -> None:
        super().__init__(422, words)
        self.problems = problems


class Shown(JSONResponse):
    """What clients sent may hold lone surrogates, which have no UTF-8: `?` stands for them."""

    SCHEMA: ClassVar[Mapping[str, Any]] = {"type": "object"}

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


async def refused(request: Request, error: Exception) -> Shown:
    """An exception handler for HTTPException."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    told: dict[str, Any] = {"error": error.detail}
    if isinstance(error, WrongError):
        told["problems"] = [problem.model_dump() for problem in error.problems]
    return Shown(told, error.status_code, error.headers)


async def nothing(request: Request, error: Exception) -> Response:
    """An exception handler for 404."""
    if isinstance(error, HTTPException) and error.detail != "Not Found":
        return await refused(request, error)
    hint = f"there is nothing at {request.url.path}; the API is at /, health at /healthz"
    return Shown({"error": hint}, 404)
