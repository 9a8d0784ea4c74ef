"""The OpenAPI document of the admin API, generated from its endpoints."""

import ast
import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mockocr.admin.bodies import SentScenario
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.guard import CA_PATH
from mockocr.admin.replies import ErrorReply, Reply
from mockocr.coverage.report import CoverageModel
from mockocr.protocol.signature import Signature
from mockocr.scenario.schema import scenario_schema

DESCRIPTION = (
    "Controls a running mockocr: accounts, scenarios, recorded calls and their explanations."
    " Requests from pages of other origins, and requests with a Host name that DNS rebinding could"
    " use, are refused with 403."
)
_REFERENCE = "#/components/schemas/"
_PLACEHOLDER = re.compile(r"\{(\w+)(:path)?\}")
_REFUSALS = {
    400: "The query or body is malformed.",
    401: "The admin token is missing or wrong.",
    403: "Refused for pages of other sites and for this Host name (--admin-host).",
    413: "The body is too large.",
    422: "The body is invalid.",
}


def openapi(endpoints: Iterable[Endpoint], version: str, with_token: bool) -> dict[str, Any]:
    endpoints = list(endpoints)
    types = {ErrorReply, *(each.body_type for each in endpoints)}
    types |= {kind for each in endpoints for kind in each.reply_types}
    models = sorted(filter(_is_model, types), key=lambda model: model.__name__)
    references, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template=f"{_REFERENCE}{{model}}"
    )
    described: list[type] = [
        Signature,
        *_with_subclasses(Reply),
        *_with_subclasses(CoverageModel),
    ]
    for kind in described:
        _describe(schemas["$defs"].get(kind.__name__, {}), kind)
    by_model = {model: reference for (model, _), reference in references.items()}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = _PLACEHOLDER.sub(r"{\1}", endpoint.path)
        operation = _operation(endpoint, by_model, with_token and path != CA_PATH)
        if with_token and path == CA_PATH:
            operation["security"] = []
        paths.setdefault(path, {})[endpoint.method.lower()] = operation
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "mockocr admin", "version": version, "description": DESCRIPTION},
        "servers": [{"url": "/__admin"}],
        "paths": paths,
        "components": {"schemas": _components(schemas["$defs"])},
    }
    if with_token:
        scheme = {"type": "http", "scheme": "bearer", "description": "--admin-token"}
        document["components"]["securitySchemes"] = {"token": scheme}
        document["security"] = [{"token": []}]
    return document


def _with_subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for each in model.__subclasses__():
        yield from _with_subclasses(each)


def _describe(schema: dict[str, Any], kind: type) -> None:
    """Adds the docstrings below the members of a class to its schema."""
    members = schema.get("properties", {})
    owners = [each for each in kind.__mro__ if each.__module__.startswith("mockocr.")]
    for owner in reversed(owners):
        (definition,) = ast.parse(dedent(inspect.getsource(owner))).body
        assert isinstance(definition, ast.ClassDef)  # noqa: S101 - it is the source of a class
        for member, text in pairwise(definition.body):
            match member, text:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(description))),
                ):
                    field = getattr(kind, "model_fields", {}).get(name)
                    shown = field.alias if field and field.alias else name
                    members.get(shown, {})["description"] = inspect.cleandoc(description)


def _components(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas of bodies and replies, with those of scenarios."""
    scenario = json.loads(json.dumps(scenario_schema()).replace("#/$defs/", _REFERENCE))
    parts = scenario.pop("$defs")
    del scenario["$schema"]
    components = {**schemas, **parts, "Scenario": scenario}
    for account in ("AccountSpec", "AccountUpdateSpec"):
        components[account]["properties"]["scenarios"]["items"] = {
            "anyOf": [{"type": "string"}, {"$ref": f"{_REFERENCE}Scenario"}]
        }
    return {name: _without_defaults(schema) for name, schema in sorted(components.items())}


def _without_defaults(part: Any) -> Any:
    """Many generators of clients make a member required if it has a default."""
    if isinstance(part, list):
        return [_without_defaults(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {name: _without_defaults(member) for name, member in value.items()}
        if key == "properties"
        else _without_defaults(value)
        for key, value in part.items()
        if key != "default"
    }


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


References = Mapping[Any, Mapping[str, Any]]


def _operation(endpoint: Endpoint, references: References, with_token: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.answer.__name__,
        "summary": endpoint.summary,
        "tags": [endpoint.path.split("/")[1] or "index"],
        "parameters": list(_parameters(endpoint)),
        "responses": _responses(endpoint, references, with_token),
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.body_type is not None:
        operation["requestBody"] = _body(endpoint.body_type, references)
    return operation


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    for name, _ in _PLACEHOLDER.findall(endpoint.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for parameter in endpoint.query:
        yield {
            "name": parameter.name,
            "in": "query",
            "description": parameter.description,
            "schema": dict(parameter.schema),
        }


def _body(body_type: Any, references: References) -> dict[str, Any]:
    if body_type is SentScenario:
        content = {media: {"schema": schema} for media, schema in SentScenario.MEDIA.items()}
        return {"required": True, "content": content}
    # An empty body means `{}`, which every model accepts.
    return {"required": False, "content": {"application/json": {"schema": references[body_type]}}}


def _responses(endpoint: Endpoint, references: References, with_token: bool) -> dict[str, Any]:
    refusal = {"application/json": {"schema": references[ErrorReply]}}
    refusals = dict(_REFUSALS)
    if not with_token:
        del refusals[401]
    if endpoint.body_type is None:
        del refusals[413], refusals[422]
    refusals |= {status: text for status, text in endpoint.statuses.items() if status >= 400}
    responses: dict[str, Any] = {}
    for status, text in endpoint.success_statuses().items():
        responses[str(status)] = {"description": text}
        for reply_type in endpoint.reply_types:
            content = responses[str(status)].setdefault("content", {})
            content |= _content(reply_type, references)
    for status, text in sorted(refusals.items()):
        responses[str(status)] = {"description": text, "content": refusal}
    return responses


def _content(reply_type: Any, references: References) -> dict[str, Any]:
    if reply_type in references:
        return {"application/json": {"schema": references[reply_type]}}
    schema = getattr(reply_type, "SCHEMA", {"type": "string"})
    return {reply_type.media_type: {"schema": schema}}
