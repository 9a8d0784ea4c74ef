"""`mockocr schema`: the scenario language, for editors."""

import json
from typing import TYPE_CHECKING

import httpx
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from tests.conftest import Run, Running


def test_the_schema_is_printed(run: "Run") -> None:
    result = run("schema")

    assert (result.code, result.stderr) == (0, "")
    schema = json.loads(result.stdout)
    Draft202012Validator.check_schema(schema)
    assert {"$schema", "title", "description"} <= schema.keys()


def test_a_server_returns_the_same_schema(run: "Run", server: "Running") -> None:
    result = httpx.get(f"{server.url}/__admin/schema", trust_env=False).json()

    assert json.loads(run("schema").stdout) == result


def test_the_schema_does_not_offer_null(run: "Run") -> None:
    printed = run("schema").stdout

    assert "null" not in printed
