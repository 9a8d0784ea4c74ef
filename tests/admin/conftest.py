"""Clients of a server's admin API and of the API itself."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.documented import as_documented
from tests.processes import DEADLINE_SECONDS

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

AdminOf = Callable[["Running"], httpx.Client]
"""A client of a server's admin API; each reply is compared with the OpenAPI document."""

OutcomeOf = Callable[..., str]
"""Makes a call; returns its error code, or ok: `outcome_of(server, CardSide="BACK")`."""

OutcomeWith = Callable[[Mapping[str, str]], str]
"""Makes a call with a key pair; returns its error code, or ok."""


@pytest.fixture
def admin_of() -> Iterator[AdminOf]:
    with ExitStack() as stack:

        def client(server: "Running") -> httpx.Client:
            hooks = {"response": [as_documented]}
            url = f"{server.url}/__admin"
            opened = httpx.Client(
                base_url=url, trust_env=False, timeout=DEADLINE_SECONDS, event_hooks=hooks
            )
            return stack.enter_context(opened)

        yield client


@pytest.fixture
def server(serve: "Serve") -> "Running":
    return serve()


@pytest.fixture
def admin(server: "Running", admin_of: AdminOf) -> httpx.Client:
    return admin_of(server)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A client of both APIs; each reply is compared with the OpenAPI document."""
    hooks = {"response": [as_documented]}
    with httpx.Client(trust_env=False, timeout=DEADLINE_SECONDS, event_hooks=hooks) as opened:
        yield opened


@pytest.fixture
def outcome_of(client: httpx.Client, signed: "Signed") -> OutcomeOf:
    def call(server: "Running", pair: Mapping[str, str] | None = None, **parameters: Any) -> str:
        body = json.dumps({"ImageUrl": "https://xx/a.jpg", **parameters}).encode()
        keys = {"secret_id": pair["SecretId"], "secret_key": pair["SecretKey"]} if pair else {}
        headers = signed(server.endpoint, body, **keys)
        reply = client.post(server.url, content=body, headers=headers).json()
        error = reply["Response"].get("Error")
        return str(error["Code"]) if error else "ok"

    return call


@pytest.fixture
def outcome_with(server: "Running", outcome_of: OutcomeOf) -> OutcomeWith:
    return partial(outcome_of, server)
