"""Prism: an OpenAPI document with the answer as its example."""

import json

from bench.answer import ANSWER
from bench.peers.peer import NODE_MODULES, Peer, pretty

ANY_OBJECT = {"type": "object"}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "one answer", "version": "1"},
    "paths": {
        "/": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": ANY_OBJECT}},
                },
                "responses": {
                    "200": {
                        "description": "always the same",
                        "content": {
                            "application/json": {
                                "schema": ANY_OBJECT,
                                "example": json.loads(ANSWER),
                            }
                        },
                    }
                },
            }
        }
    },
}

PEER = Peer(
    name="prism",
    registry="npm",
    package="@stoplight/prism-cli",
    version="5.16.0",
    command=(
        "node",
        f"{NODE_MODULES}/@stoplight/prism-cli/dist/index.js",
        *("mock", "openapi.json", "--port", "{port}", "--host", "127.0.0.1"),
        *("--verboseLevel", "error"),
    ),
    files={"openapi.json": pretty(DOCUMENT)},
    remark="an OpenAPI document with one example; validates the body as an object, stores no calls",
)
