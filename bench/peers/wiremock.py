"""WireMock: its jar, from npm, with one mapping."""

from bench.answer import ANSWER
from bench.peers.peer import NODE_MODULES, Peer, pretty

VERSION = "3.13.2"
MAPPING = {
    "request": {"method": "POST", "urlPath": "/"},
    "response": {
        "status": 200,
        "headers": {"Content-Type": "application/json"},
        "body": ANSWER.decode(),
    },
}

PEER = Peer(
    name="WireMock",
    registry="npm",
    package="wiremock",
    version=VERSION,
    command=(
        # Not the package's own launcher, a process of node beside that of Java.
        *("java", "-jar", f"{NODE_MODULES}/wiremock/build/wiremock-standalone-{VERSION}.jar"),
        *("--port", "{port}", "--bind-address", "127.0.0.1", "--root-dir", "."),
        *("--disable-banner", "--disable-request-logging"),
    ),
    files={"mappings/answer.json": pretty(MAPPING)},
    needs="java",
    remark="one mapping; its journal has no limit by default, and stores whole bodies",
)
