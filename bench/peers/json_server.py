"""json-server: a middleware that answers after json-server has read the body."""

from bench.answer import ANSWER
from bench.peers.peer import NODE_MODULES, Peer

PEER = Peer(
    name="json-server",
    registry="npm",
    package="json-server",
    version="0.17.4",
    command=(
        "node",
        f"{NODE_MODULES}/json-server/lib/cli/bin.js",
        "db.json",
        *("--port", "{port}", "--host", "127.0.0.1"),
        *("--middlewares", "middleware.js", "--quiet"),
    ),
    files={
        "db.json": "{}",
        "answer.json": ANSWER.decode(),
        "middleware.js": 'const answer = require("./answer.json");\n'
        "module.exports = (request, response) => response.json(answer);\n",
    },
    remark="a middleware answers, because json-server itself would write the body of each POST to"
    " disk",
)
