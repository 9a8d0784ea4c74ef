"""Mockoon's command line: an environment with one route."""

from bench.answer import ANSWER
from bench.peers.peer import NODE_MODULES, Peer, pretty

ENVIRONMENT_ID, ROUTE_ID, RESPONSE_ID = (
    f"{digit}b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" for digit in "012"
)
RESPONSE = {
    "uuid": RESPONSE_ID,
    "body": ANSWER.decode(),
    "statusCode": 200,
    "headers": [{"key": "Content-Type", "value": "application/json"}],
    "bodyType": "INLINE",
    "disableTemplating": True,
    "default": True,
}
ROUTE = {
    "uuid": ROUTE_ID,
    "type": "http",
    "method": "post",
    "endpoint": "",
    "responses": [RESPONSE],
}
ENVIRONMENT = {
    "uuid": ENVIRONMENT_ID,
    "lastMigration": 33,
    "name": "one answer",
    "port": 3000,
    "hostname": "127.0.0.1",
    "routes": [ROUTE],
    "rootChildren": [{"type": "route", "uuid": ROUTE_ID}],
}

PEER = Peer(
    name="mockoon",
    registry="npm",
    package="@mockoon/cli",
    version="9.9.0",
    command=(
        "node",
        f"{NODE_MODULES}/@mockoon/cli/bin/run.js",
        *("start", "--data", "environment.json", "--port", "{port}", "--hostname", "127.0.0.1"),
        *("--disable-log-to-file", "--repair"),
    ),
    files={"environment.json": pretty(ENVIRONMENT)},
    remark="an environment with one route; stores the last 100 calls, and prints a line for each",
)
