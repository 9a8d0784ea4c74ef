"""Clients of a server's admin API and of the API itself."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.documented import as_documented

if TYPE_CHECKING:
    from tests.conftest import Running, Signed

AdminOf = Callable[["Running"], httpx.Client]
"""A client of a server's admin API; each reply is held against the OpenAPI document."""

OutcomeOf = Callable[..., str]
"""The code with which a call is refused, or ok: `outcome_of(server, CardSide="BACK")`."""


@pytest.fixture
def admin_of() -> Iterator[AdminOf]:
    with ExitStack() as stack:

        def client(server: "Running") -> httpx.Client:
            hooks = {"response": [as_documented]}
            url = f"{server.url}/__admin"
            opened = httpx.Client(base_url=url, trust_env=False, event_hooks=hooks)
            return stack.enter_context(opened)

        yield client


@pytest.fixture
def outcome_of(signed: "Signed") -> OutcomeOf:
    def call(server: "Running", pair: Mapping[str, str] | None = None, **parameters: Any) -> str:
        body = json.dumps({"ImageUrl": "https://xx/a.jpg", **parameters}).encode()
        keys = {"secret_id": pair["SecretId"], "secret_key": pair["SecretKey"]} if pair else {}
        headers = signed(server.endpoint, body, **keys)
        told = httpx.post(server.url, content=body, headers=headers, trust_env=False).json()
        error = told["Response"].get("Error")
        return str(error["Code"]) if error else "ok"

    return call
