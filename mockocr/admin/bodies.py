"""What comes in as a body: read whole, within a bound, and refused in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from mockocr.documents.document import DocumentError
from mockocr.documents.messages import message_of
from mockocr.documents.reading import parse_document

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_BODY_BYTES = 1024 * 1024


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Raises HTTPException 413, and 400 for a client that leaves before the end."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > max_bytes:
                raise HTTPException(413, f"a body of over {max_bytes} bytes")
    except ClientDisconnect:
        raise HTTPException(400, "the body did not come to its end") from None
    return bytes(body)


def words_in(body: bytes, model: type[ModelT]) -> ModelT:
    """A body of JSON as a value; no body is `{}`. Raises HTTPException 400 or 422 with what is
    wrong, and never quotes what was sent: it may be a secret."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        problems = [
            f"{'.'.join(map(str, error['loc'])) or 'body'}:"
            f" {message_of(error, model, error['loc'], quote=False)}"
            for error in errors
        ]
        status = 400 if errors[0]["type"] == "json_invalid" else 422
        raise HTTPException(status, "; ".join(problems)) from None


@dataclass(frozen=True, slots=True)
class SentScenario:
    """A scenario in whatever way people send one."""

    words: str | dict[str, Any]
    """A text: of YAML, or the name of a scenario; or the scenario as data."""

    MEDIA: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "application/json": {
            "type": ["object", "string"],
            "description": "A scenario by the schema at /__admin/schema, or the name of one.",
        },
        "application/yaml": {
            "type": "string",
            "description": "A scenario as in a file, or the name of one.",
        },
    }

    @classmethod
    def of(cls, content: bytes, content_type: str) -> "SentScenario":
        """JSON where it says so or looks so and is some; else YAML. Raises HTTPException."""
        is_json = content_type.partition(";")[0].strip().lower() == "application/json"
        if is_json or content.lstrip()[:1] in (b"{", b'"'):
            try:
                return cls(_said(from_json(content, allow_inf_nan=False)))
            except ValueError as error:
                if is_json:
                    raise HTTPException(400, f"the body is no JSON: {error}") from None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise HTTPException(400, "the body is no UTF-8 text") from None
        return cls(_name_in(text) or _said(text))


def _said(words: Any) -> str | dict[str, Any]:
    if isinstance(words, dict) or (isinstance(words, str) and words.strip()):
        return words
    raise HTTPException(422, "a scenario, or the name of one, is wanted")


def _name_in(text: str) -> str | None:
    """Of a text that is one scalar of YAML: with its quotes, comments and line end taken away."""
    try:
        found = parse_document(text, "").data if ":" not in text else None
    except DocumentError:
        return None
    return found if isinstance(found, str) else None
