"""pytest-httpserver: one expectation, in a program of its own."""

from bench.answer import ANSWER
from bench.peers.peer import PYTHON_BIN, Peer

PROGRAM = f"""import os
import signal

from pytest_httpserver import HTTPServer

ANSWER = {ANSWER!r}

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
server = HTTPServer(port=int(os.environ["PORT"]))
expectation = server.expect_request("/", method="POST")
expectation.respond_with_data(ANSWER, content_type="application/json")
server.start()
signal.sigwait([signal.SIGTERM])
server.stop()
"""

PEER = Peer(
    name="pytest-httpserver",
    registry="PyPI",
    package="pytest-httpserver",
    version="1.2.0",
    command=(f"{PYTHON_BIN}/python", "program.py"),
    files={"program.py": PROGRAM},
    remark="one expectation; stores all calls with their bodies, and uses one connection for each"
    " call",
)
