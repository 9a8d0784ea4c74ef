"""mountebank: an imposter with one stub, from a file."""

from bench.answer import ANSWER
from bench.peers.peer import NODE_MODULES, Peer, pretty

PORT = "<%- process.env.PORT %>"
"""The file is a template of EJS."""

STUB = {
    "predicates": [{"equals": {"method": "POST", "path": "/"}}],
    "responses": [
        {
            "is": {
                "statusCode": 200,
                "headers": {"Content-Type": "application/json"},
                "body": ANSWER.decode(),
            }
        }
    ],
}
IMPOSTERS = {"imposters": [{"port": PORT, "protocol": "http", "stubs": [STUB]}]}

PEER = Peer(
    name="mountebank",
    registry="npm",
    package="mountebank",
    version="2.9.1",
    command=(
        "node",
        f"{NODE_MODULES}/mountebank/bin/mb",
        "start",
        *("--configfile", "imposters.ejs", "--host", "127.0.0.1", "--port", "{other_port}"),
        *("--nologfile", "--loglevel", "error"),
    ),
    files={"imposters.ejs": pretty(IMPOSTERS)},
    remark="an imposter with one stub; stores no calls",
)
