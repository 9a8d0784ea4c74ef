"""Calls to a server, as its clients make them."""

import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import httpx

from tests.conftest import BUILT_IN

if TYPE_CHECKING:
    from tests.conftest import Running, Signed


def call(
    server: "Running",
    signed: "Signed",
    secret_key: str = BUILT_IN[1],
    more: dict[str, str] | None = None,
    **parameters: Any,
) -> str:
    """The RequestId of a call. `more`: further headers."""
    body = json.dumps({"ImageUrl": "https://example.com/a.jpg", **parameters}).encode()
    headers = signed(server.endpoint, body, secret_key=secret_key, more=more)
    reply = httpx.post(server.url, content=body, headers=headers, trust_env=False, timeout=60)
    return str(reply.json()["Response"]["RequestId"])


def call_often(server: "Running", signed: "Signed", times: int) -> None:
    """The same signed call, on one connection."""
    body = json.dumps({"ImageUrl": "https://example.com/a.jpg", "CardSide": "SIDE"}).encode()
    headers = signed(server.endpoint, body)
    connection = HTTPConnection(server.endpoint)
    for _ in range(times):
        connection.request("POST", "/", body, headers)
        connection.getresponse().read()
    connection.close()
