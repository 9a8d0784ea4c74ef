"""The cost of the server in a pytest session (`bench/session.py`), in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.figure import Figure
from bench.length import Length
from bench.servers import SERVER_CORE, pin

SESSION = "session"


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
