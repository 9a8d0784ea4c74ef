"""Request bodies: read with a size limit, then parsed into a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from mockocr.documents.document import DocumentError
from mockocr.documents.messages import KeyPath, message_of, spelled
from mockocr.protocol.reasons import json_type

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_BODY_BYTES = 1024 * 1024


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Raises HTTPException 413, or 400 if the client disconnects before the end."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > max_bytes:
                raise HTTPException(413, f"expected a body of at most {max_bytes} bytes, got more")
    except ClientDisconnect:
        raise HTTPException(400, "the client disconnected before the end of the body") from None
    return bytes(body)


def parse_body(body: bytes, model: type[ModelT]) -> ModelT:
    """A JSON body as a model; an empty body means `{}`. Raises HTTPException 400 or 422 with every
    error. The messages never quote the body: it may contain secrets."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as invalid:
        raise _refusal(invalid, model) from None


def parse_model(model: type[ModelT], data: Mapping[str, Any]) -> ModelT:
    """Like `parse_body`, for data that was not sent as JSON."""
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        raise _refusal(invalid, model) from None


def _refusal(invalid: ValidationError, model: type[BaseModel]) -> HTTPException:
    errors = invalid.errors(include_url=False)
    problems = [
        f"{spelled(_place(error)) or 'body'}: {message_of(error, model, error['loc'], quote=False)}"
        for error in errors
    ]
    status = 400 if errors[0]["type"] == "json_invalid" else 422
    return HTTPException(status, "; ".join(problems))


def _place(error: Any) -> KeyPath:
    """Of a missing key, where it is missing: the message names the key."""
    path: KeyPath = error["loc"]
    return path[:-1] if error["type"] == "missing" else path


@dataclass(frozen=True, slots=True)
class SentScenario:
    """A scenario in any form that people may send."""

    scenario: str | dict[str, Any]
    """YAML, the name of a scenario, or the parsed JSON object."""

    MEDIA: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "application/json": {
            "anyOf": [{"$ref": "#/components/schemas/Scenario"}, {"type": "string"}],
            "description": "A scenario, or the name of a scenario.",
        },
        "application/yaml": {
            "type": "string",
            "description": "A scenario in YAML, or the name of a scenario.",
        },
    }

    @classmethod
    def of(cls, content: bytes, content_type: str) -> "SentScenario":
        """Parses JSON if the type says so or the body is valid JSON; else YAML. Raises
        HTTPException."""
        is_json = content_type.partition(";")[0].strip().lower() == "application/json"
        if is_json or content.lstrip()[:1] in (b"{", b'"'):
            try:
                return cls(_checked(from_json(content, allow_inf_nan=False)))
            except ValueError as error:
                if is_json:
                    raise HTTPException(400, f"expected JSON: {error}") from None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise HTTPException(400, "expected UTF-8 text") from None
        return cls(_name_in(text) or _checked(text))


def _checked(scenario: Any) -> str | dict[str, Any]:
    if isinstance(scenario, dict) or (isinstance(scenario, str) and scenario.strip()):
        return scenario
    got = "an empty text" if isinstance(scenario, str) else json_type(scenario)
    raise HTTPException(422, f"expected a scenario or the name of a scenario, got {got}")


def _name_in(text: str) -> str | None:
    """The value of a text that is a single YAML scalar, without quotes and comments; else None."""
    # Late, as in scenario.library.
    from mockocr.documents.reading import parse_document

    try:
        value = parse_document(text, "").data if ":" not in text else None
    except DocumentError:
        return None
    return value if isinstance(value, str) else None
