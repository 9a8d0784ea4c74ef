"""Calls from the command line."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Run, Running


REFUSED = "connection refused; start one with `mockocr serve`, or name another with --server"


def call(run: "Run", server: "Running", *arguments: str) -> str:
    """Makes a call and returns its RequestId."""
    called = run("call", "--server", server.url, "--image", "https://xx/a.jpg", *arguments)
    return str(json.loads(called.stdout)["Response"]["RequestId"])
