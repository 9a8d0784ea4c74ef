"""Requests that are made from the OpenAPI document: each reply is a documented one."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockocr.settings import Settings
from tests.conftest import running
from tests.documented import as_documented, the_document

if TYPE_CHECKING:
    from tests.conftest import Running

EXAMPLES = 15
MAX_DEPTH = 7
ENDLESS = "/events"
SENT = "/try"
"""Sends calls to the server itself: with a time limit, because scenarios have faults."""

Schema = Mapping[str, Any]

NAMES = st.sampled_from(["default", "a", "documented", "AKIDMOCKOCR", "li-ming", "0" * 36])
TEXTS = NAMES | st.text(st.characters(codec="utf-8"), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
ANYTHING = st.recursive(
    SCALARS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(TEXTS, parts, max_size=3),
    max_leaves=8,
)


def values(schema: Schema, depth: int = 0) -> SearchStrategy[Any]:
    """Values of a schema, without its patterns and bounds: those near them must be refused."""
    match schema:
        case {"$ref": str(reference)}:
            part = the_document()["components"]["schemas"][reference.rpartition("/")[2]]
            return values(part, depth)
        case {"const": value}:
            return st.just(value)
        case {"enum": [*choices]}:
            return st.sampled_from(choices)
        case {"anyOf": [*choices]} | {"oneOf": [*choices]}:
            return st.one_of([values(choice, depth) for choice in choices])
        case {"type": "object"} if depth < MAX_DEPTH:
            return objects(schema, depth + 1)
        case {"type": "array"} if depth < MAX_DEPTH:
            items = schema.get("items")
            inner = values(items, depth + 1) if isinstance(items, dict) else ANYTHING
            return st.lists(inner, max_size=2)
        case {"type": "string"}:
            return TEXTS
        case {"type": "integer"}:
            return st.integers(-1, 20)
        case {"type": "number"}:
            return st.floats(-1, 2) | st.integers()
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "null"}:
            return st.none()
        case _:
            return ANYTHING


def objects(schema: Schema, depth: int) -> SearchStrategy[dict[str, Any]]:
    """With the required members, and at most two others."""
    members = {name: values(part, depth) for name, part in schema.get("properties", {}).items()}
    required = set(schema.get("required", ()))
    more = schema.get("additionalProperties")

    @st.composite
    def made(draw: DrawFn) -> dict[str, Any]:
        others = sorted(members.keys() - required)
        chosen = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
        found = {name: draw(members[name]) for name in sorted(required | {*chosen})}
        if isinstance(more, dict):
            found |= draw(st.dictionaries(TEXTS, values(more, depth), max_size=2))
        return found

    return made()


@st.composite
def requests(draw: DrawFn, method: str, path: str, operation: Schema) -> httpx.Request:
    query: dict[str, str] = {}
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(draw(TEXTS), safe=""))
        elif draw(st.booleans()):
            query[parameter["name"]] = str(draw(values(parameter["schema"]) | TEXTS))
    content, headers = b"", {}
    if "requestBody" in operation:
        media, body = draw(st.sampled_from(sorted(operation["requestBody"]["content"].items())))
        value = draw(values(body["schema"]) | ANYTHING)
        if path == SENT and isinstance(value, dict):
            value["timeout_seconds"] = 1
        content = json.dumps(value, ensure_ascii=False).encode(errors="replace")
        content = draw(st.just(content) | st.binary(max_size=20)) if path != SENT else content
        headers = {"Content-Type": draw(st.just(media) | st.just("text/plain"))}
    return httpx.Request(
        method.upper(), f"http://x/__admin{path}", params=query, content=content, headers=headers
    )


OPERATIONS = {
    f"{method.upper()} {path}": (method, path, operation)
    for path, operations in the_document()["paths"].items()
    for method, operation in operations.items()
    if path != ENDLESS
}


@pytest.fixture(scope="module")
def server(state_dir: Path) -> Iterator["Running"]:
    with running(Settings(port=0, tls_port=0, rate=0), state_dir) as started:
        yield started


@pytest.fixture(scope="module")
def admin(server: "Running") -> Iterator[httpx.Client]:
    hooks = {"response": [as_documented]}
    with httpx.Client(base_url=server.url, trust_env=False, event_hooks=hooks) as client:
        yield client


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_reply_is_documented(admin: httpx.Client, name: str) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(requests(*OPERATIONS[name]))
    def check(request: httpx.Request) -> None:
        # Some other request may have removed it.
        admin.post("/__admin/accounts", json={"name": "a"})
        admin.request(
            request.method,
            request.url.raw_path.decode(),
            content=request.content,
            headers={
                key: request.headers[key] for key in ("Content-Type",) if key in request.headers
            },
        )

    check()
