"""How the admin API answers: JSON, and what is wrong with a request in words."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_BODY_BYTES = 1024 * 1024


class Shown(JSONResponse):
    """What clients sent may hold lone surrogates, which have no UTF-8: `?` stands for them."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


async def refused(request: Request, error: Exception) -> Shown:
    """An exception handler for HTTPException."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    return Shown({"error": error.detail}, error.status_code, error.headers)


async def read_words(request: Request, model: type[ModelT]) -> ModelT:
    """The body as a value; no body is `{}`. Raises HTTPException 400 or 422 with what is wrong,
    and never quotes what was sent: it may be a secret."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, f"a body of over {MAX_BODY_BYTES} bytes")
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as invalid:
        problems = invalid.errors(include_url=False, include_input=False, include_context=False)
        said = [
            f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['msg']}"
            for problem in problems
        ]
        status = 400 if problems[0]["type"] == "json_invalid" else 422
        raise HTTPException(status, "; ".join(said)) from None
