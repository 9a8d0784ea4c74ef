"""Load by wrk: the same calls again and again, on any number of connections."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.calls import Call, Request
from bench.servers import Running, WrongAnswerError

TIMEOUT_SECONDS = 10


class NoWrkError(Exception):
    """wrk is not installed."""


def require_wrk() -> None:
    if shutil.which("wrk") is None:
        raise NoWrkError("wrk makes the load and is not installed: apt-get install wrk")


@dataclass(frozen=True, slots=True)
class Load:
    requests: int
    seconds: float
    p99_milliseconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def drive(started: Running, calls: Sequence[Call], connections: int, seconds: int) -> Load:
    """Raises WrongAnswerError if an answer is wrong before or after the load, or if wrk saw an
    error."""
    started.ask(calls[0])
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "requests.lua"
        script.write_text(_script([started.server.request(call) for call in calls], Path(folder)))
        how = (f"-c{connections}", f"-d{seconds}s", f"--timeout={TIMEOUT_SECONDS}s")
        url = f"http://127.0.0.1:{started.port}/"
        command = ("wrk", "-t1", *how, "-s", str(script), url)
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    started.ask(calls[-1])
    requests, microseconds, errors, p99 = map(int, output.splitlines()[-1].split())
    name = started.server.name
    if errors:
        raise WrongAnswerError(f"{name}: {errors} calls went wrong, {requests} were answered")
    if not requests:
        raise WrongAnswerError(f"{name} answers nothing within {seconds} s")
    return Load(requests, microseconds / 1e6, p99 / 1000)


_DONE = """
function done(summary, latency)
  local errors = 0
  for _, count in pairs(summary.errors) do errors = errors + count end
  local p99 = latency:percentile(99)
  print(string.format("\\n%d %d %d %d", summary.requests, summary.duration, errors, p99))
end
"""

_CONTENT = """
function content(path)
  local file = io.open(path, "rb")
  local bytes = file:read("*a")
  file:close()
  return bytes
end
"""

_IN_TURN = """
local sent, at = {}, 0
function init()
  for number, one in ipairs(wanted) do sent[number] = wrk.format("POST", "/", one[1], one[2]) end
end
function request()
  at = at % #sent + 1
  return sent[at]
end
"""


def _script(requests: Sequence[Request], folder: Path) -> str:
    words = []
    for number, request in enumerate(requests):
        body = folder / str(number)
        body.write_bytes(request.body)
        headers = ", ".join(f"[{_text(k)}] = {_text(v)}" for k, v in request.headers.items())
        words.append(f'{{ {{ {headers} }}, content("{body}") }}')
    wanted = _CONTENT + "wanted = {\n" + ",\n".join(words) + "\n}\n"
    # A single request is wrk's own business: from Lua, it would copy every body once more.
    single = 'wrk.method = "POST"\nwrk.headers, wrk.body = wanted[1][1], wanted[1][2]\n'
    return wanted + (single if len(requests) == 1 else _IN_TURN) + _DONE


def _text(text: str) -> str:
    """A literal of Lua. JSON gives the same literal for all characters that are sent."""
    return json.dumps(text)
