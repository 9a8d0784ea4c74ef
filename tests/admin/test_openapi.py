"""The OpenAPI document of the admin API is valid, and describes exactly the existing routes."""

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from mockocr.admin.app import create_admin
from mockocr.server.app import create_app
from mockocr.settings import Settings
from mockocr.suggestions import unknown

if TYPE_CHECKING:
    from tests.conftest import Serve

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(serve: "Serve") -> dict[str, Any]:
    reply = httpx.get(f"{serve().url}/__admin/openapi.json", trust_env=False)
    assert reply.headers["content-type"] == "application/json"
    return dict(reply.json())


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()

    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/__admin"}]


def test_the_routes_are_exactly_those_of_the_document(
    document: dict[str, Any],
) -> None:
    settings = Settings()
    app = create_admin(create_app(settings).state, settings, 0.0)
    routes = set()
    for route in app.routes:
        assert isinstance(route, Route)
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
        routes |= {(path, method) for method in (route.methods or set()) - {"HEAD"}}

    documented = {
        (path, method.upper())
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert routes == documented
    assert len(routes) == 40


def test_every_operation_and_its_parts_are_described(
    document: dict[str, Any],
) -> None:
    operations = [each for path in document["paths"].values() for each in path.values()]

    assert len({each["operationId"] for each in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert all(reply["description"] for reply in operation["responses"].values())
        assert all(
            each["in"] == "path" or each["description"] for each in operation["parameters"]
        ), operation["summary"]


def test_the_body_of_a_scenario_is_typed_wherever_one_is_sent(document: dict[str, Any]) -> None:
    components = {"components": document["components"]}
    scenario = {
        "name": "a",
        "rules": [{"name": "b", "then": {"error": "FailedOperation.ImageBlur"}}],
    }
    wrong = {"name": "a", "rules": [{"name": "b", "then": {"eror": "FailedOperation.ImageBlur"}}]}
    operations = [document["paths"]["/scenarios"]["post"]]
    operations.append(document["paths"]["/scenarios/{name}"]["put"])
    for operation in operations:
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**body, **components})
        assert validator.is_valid(scenario)
        assert validator.is_valid("documented")
        assert not validator.is_valid(wrong)
    for method, path in (("post", "/accounts"), ("patch", "/accounts/{name}")):
        body = document["paths"][path][method]["requestBody"]["content"]["application/json"]
        validator = Draft202012Validator({**body["schema"], **components})
        assert validator.is_valid({"scenarios": [scenario, "documented"]})
        assert not validator.is_valid({"scenarios": [wrong]})


def test_optional_members_are_optional_for_generators_too(document: dict[str, Any]) -> None:
    """Generators of clients such as openapi-typescript require a member that has a default."""
    schemas = document["components"]["schemas"]
    members = [each for schema in schemas.values() for each in schema.get("properties", {}).items()]

    assert len(members) > 200
    assert [name for name, member in members if "default" in member] == []
    for name in (
        "AccountSpec",
        "AccountUpdateSpec",
        "ClockSpec",
        "MatchRequest",
        "When",
        "Outcome",
    ):
        assert "required" not in schemas[name], name


def test_only_documented_query_parameters_are_accepted(
    serve: "Serve", document: dict[str, Any]
) -> None:
    """A refused query changes nothing, with any method."""
    url = f"{serve().url}/__admin"
    with httpx.Client(trust_env=False) as client:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                reply = client.request(method, url + path, params={"zzz": "1"})
                assert reply.status_code == 400, (method, path)
                names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
                result = unknown("query parameter", "zzz", names)
                assert reply.json() == {"error": result}


def test_the_token_is_a_security_scheme_if_it_is_required(
    serve: "Serve", document: dict[str, Any]
) -> None:
    server = serve(admin_token="geheim")
    url = f"{server.url}/__admin/openapi.json"
    assert httpx.get(url, trust_env=False).status_code == 401

    reply = httpx.get(url, headers={"Authorization": "Bearer geheim"}, trust_env=False)
    guarded = reply.json()

    OpenAPIV31SpecValidator(guarded).validate()
    (name,) = guarded["components"]["securitySchemes"]
    assert guarded["components"]["securitySchemes"][name]["scheme"] == "bearer"
    assert guarded["security"] == [{name: []}]
    assert "401" in guarded["paths"]["/info"]["get"]["responses"]
    assert "geheim" not in reply.text
    assert "security" not in document
    assert "401" not in document["paths"]["/info"]["get"]["responses"]


def test_every_path_lists_all_its_methods(serve: "Serve", document: dict[str, Any]) -> None:
    url = f"{serve().url}/__admin"
    with httpx.Client(trust_env=False) as client:
        for path, operations in document["paths"].items():
            reply = client.request("PROPFIND", url + path)
            assert reply.status_code == 405, path
            result = {each.strip().lower() for each in reply.headers["allow"].split(",")}
            assert result - {"head"} == set(operations)
            assert result - {"head"} <= METHODS
