"""A log that nobody reads: `Popen([..., "serve"], stderr=PIPE)`, as a suite starts a server."""

import signal
import sys

import pytest

from tests.processes import DEADLINE_SECONDS, Reply, Start, ask, connection, healthy, request

CALLS = 2500
"""Lines of so many fill any pipe; with what each call sent they fill the queue too."""
LONG = "x" * 8192


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends any process there")
def test_nobody_has_to_read_stderr(start: Start) -> None:
    process = start()
    url = process.ready()["http"]

    with connection(url) as wire, wire.makefile("rb") as file:
        for _ in range(CALLS):
            wire.sendall(request(User_Agent=LONG))
            assert Reply(file).status == 200

    assert healthy(url)
    charge = dict(
        line.split(" ")
        for line in ask(url, request("GET", "/metrics")).body.decode().splitlines()
        if line.startswith("mockocr_log_lines_dropped_total")
    )
    assert float(charge["mockocr_log_lines_dropped_total"]) > 0
    process.popen.send_signal(signal.SIGTERM)
    assert process.popen.wait(DEADLINE_SECONDS) == 128 + signal.SIGTERM


def test_what_was_logged_is_written_before_the_process_ends(start: Start) -> None:
    process = start("--log-format=json")
    url = process.ready()["http"]

    with connection(url) as wire, wire.makefile("rb") as file:
        for _ in range(100):
            wire.sendall(request())
            assert Reply(file).status == 200
    _, lines = process.stop()

    assert lines.count('"MissingParameter"') == 100
