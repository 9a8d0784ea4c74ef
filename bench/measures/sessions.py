"""The cost of the server in a pytest session (`bench/session.py`), in a process of its own, and
what the first test of a session costs (`bench/first_test.py`)."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench import first_test
from bench.figure import Figure
from bench.length import Length
from bench.servers import SERVER_CORE, pin

SESSION = "session"
FIRST_TEST = "first test"


def sessions(length: Length) -> Iterator[Figure]:
    figure = Figure(SESSION, " ms")
    for _ in range(length.rounds):
        command = (sys.executable, "-m", "bench.session")
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            pin(process.pid, SERVER_CORE)
            output, _ = process.communicate()
        for name, value in json.loads(output).items():
            figure.add(name, value)
    yield figure
    first = Figure(FIRST_TEST, " ms")
    for _ in range(length.rounds):
        for what, milliseconds in first_test.costs():
            first.add(what, milliseconds)
    yield first
