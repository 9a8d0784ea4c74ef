"""Load by wrk: one call, over and over, on as many connections as wanted."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.calls import Call
from bench.servers import Running, WrongAnswerError


class NoWrkError(Exception):
    """wrk is not installed."""


def require_wrk() -> None:
    if shutil.which("wrk") is None:
        raise NoWrkError("wrk makes the load and is not installed: apt-get install wrk")


@dataclass(frozen=True, slots=True)
class Load:
    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def drive(running: Running, call: Call, connections: int, seconds: int) -> Load:
    """Raises WrongAnswerError where an answer is wrong before or after, or wrk saw an error."""
    running.ask(call)
    with tempfile.TemporaryDirectory() as folder:
        script = _script(call, Path(folder))
        url = f"http://127.0.0.1:{running.port}/"
        command = ("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url)
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    running.ask(call)
    requests, microseconds, errors = map(int, output.splitlines()[-1].split())
    if errors or not requests:
        raise WrongAnswerError(f"{running.server.name}: wrk saw {errors} errors\n{output}")
    return Load(requests, microseconds / 1e6)


_DONE = """
function done(summary)
  local errors = 0
  for _, count in pairs(summary.errors) do errors = errors + count end
  print(string.format("\\n%d %d %d", summary.requests, summary.duration, errors))
end
"""


def _script(call: Call, folder: Path) -> Path:
    body = folder / "body"
    body.write_bytes(call.body)
    lines = ['wrk.method = "POST"', f'wrk.body = io.open("{body}", "rb"):read("*a")']
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in call.signed_headers().items()]
    script = folder / "request.lua"
    script.write_text("\n".join([*lines, _DONE]))
    return script
