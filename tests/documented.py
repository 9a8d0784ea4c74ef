"""Compares replies of the admin API with its OpenAPI document: a hook for the clients of tests."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from mockocr.admin.app import admin_endpoints
from mockocr.admin.openapi import openapi
from mockocr.server.app import create_app
from mockocr.settings import Settings


@cache
def the_document() -> dict[str, Any]:
    settings = Settings(admin_token="t")
    return openapi(admin_endpoints(create_app(settings).state, settings, 0.0), "1", with_token=True)


def as_documented(response: httpx.Response) -> None:
    """Checks that the status, media type and members of a reply are in the document."""
    method, path = response.request.method, response.request.url.path
    operation = next(_operations(method, path), None)
    if operation is None:
        return
    assert str(response.status_code) in operation["responses"], f"{method} {path}"
    documented = operation["responses"][str(response.status_code)]
    if "content" not in documented:
        assert response.read() == b""
        return
    received = response.headers["content-type"].partition(";")[0]
    contents = documented["content"].items()
    ((media_type, content),) = (each for each in contents if fnmatch(received, each[0]))
    if media_type == "application/json":
        response.read()
        validate(response.json(), content["schema"])


def validate(result: Any, schema: dict[str, Any]) -> None:
    components = the_document()["components"]
    Draft202012Validator({**schema, "components": components}).validate(result)


def _operations(method: str, path: str) -> Iterator[Any]:
    """The operations of a path, the closest first. A name at the end of a path may have slashes."""
    paths = the_document()["paths"]
    for template in sorted(paths, key=lambda each: ("{" in each, -each.count("/"))):
        pattern = re.sub(r"\{\w+\}/", "[^/]+/", re.sub(r"\{\w+\}$", ".+", template))
        if re.fullmatch(f"/__admin{pattern}", path) and method.lower() in paths[template]:
            yield paths[template][method.lower()]
