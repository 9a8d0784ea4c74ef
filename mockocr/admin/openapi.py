"""The OpenAPI document of the admin API, from the records of its endpoints."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mockocr.admin.bodies import SentScenario
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.replies import Refusal

DESCRIPTION = (
    "What tools and tests ask of a running mockocr: accounts, scenarios, the calls that were"
    " answered, and why they were answered so. Requests from pages of other origins, and under Host"
    " names that may be rebound, are refused with 403."
)
_PLACEHOLDER = re.compile(r"\{(\w+)(:path)?\}")
_REFUSALS = {
    400: "The query or body cannot be read.",
    401: "The admin token is missing or wrong.",
    403: "Not for pages of other sites, nor under this Host name (--admin-host).",
    413: "The body is too long.",
    422: "The body does not say what it should.",
}


def openapi(endpoints: Iterable[Endpoint], version: str, with_token: bool) -> dict[str, Any]:
    endpoints = list(endpoints)
    types = {Refusal, *(it.takes for it in endpoints), *(it.gives for it in endpoints)}
    models = sorted((it for it in types if _is_model(it)), key=lambda model: model.__name__)
    references, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    by_model = {model: reference for (model, _), reference in references.items()}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = _PLACEHOLDER.sub(r"{\1}", endpoint.path)
        operation = _operation(endpoint, by_model, with_token)
        paths.setdefault(path, {})[endpoint.method.lower()] = operation
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "mockocr admin", "version": version, "description": DESCRIPTION},
        "servers": [{"url": "/__admin"}],
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }
    if with_token:
        scheme = {"type": "http", "scheme": "bearer", "description": "--admin-token"}
        document["components"]["securitySchemes"] = {"token": scheme}
        document["security"] = [{"token": []}]
    return document


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


References = Mapping[Any, Mapping[str, Any]]


def _operation(endpoint: Endpoint, references: References, with_token: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.answer.__name__,
        "summary": endpoint.summary,
        "tags": [endpoint.path.split("/")[1]],
        "parameters": list(_parameters(endpoint)),
        "responses": _responses(endpoint, references, with_token),
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.takes is not None:
        operation["requestBody"] = _body(endpoint.takes, references)
    return operation


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    for name, _ in _PLACEHOLDER.findall(endpoint.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for it in endpoint.query:
        yield {"name": it.name, "in": "query", "description": it.means, "schema": dict(it.schema)}


def _body(takes: Any, references: References) -> dict[str, Any]:
    if takes is SentScenario:
        content = {media: {"schema": schema} for media, schema in SentScenario.MEDIA.items()}
        return {"required": True, "content": content}
    # No body is read as `{}`, and there is no model that needs more.
    return {"required": False, "content": {"application/json": {"schema": references[takes]}}}


def _responses(endpoint: Endpoint, references: References, with_token: bool) -> dict[str, Any]:
    refusal = {"application/json": {"schema": references[Refusal]}}
    means = dict(_REFUSALS)
    if not with_token:
        del means[401]
    if endpoint.takes is None:
        del means[413], means[422]
    means |= {status: text for status, text in endpoint.statuses.items() if status >= 400}
    responses: dict[str, Any] = {}
    for status, text in endpoint.told().items():
        responses[str(status)] = {"description": text}
        if endpoint.gives is not None:
            responses[str(status)]["content"] = _content(endpoint.gives, references)
    for status, text in sorted(means.items()):
        responses[str(status)] = {"description": text, "content": refusal}
    return responses


def _content(gives: Any, references: References) -> dict[str, Any]:
    if gives in references:
        return {"application/json": {"schema": references[gives]}}
    schema = getattr(gives, "SCHEMA", {"type": "string"})
    return {gives.media_type: {"schema": schema}}
