"""The output of `python -m mockocr serve`: its banner, its warnings and its log."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.builders import base64
from tests.processes import DEADLINE_SECONDS, Start, ask, request
from tests.specimens.files import png_chunk, png_of

if TYPE_CHECKING:
    from tests.conftest import Signed


def in_a_shell(command: str) -> str:
    """The output of a command whose python3 has the SDK, like the Python of this test."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    called = subprocess.run(
        ["sh", "-c", command], env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    return called.stdout + called.stderr


def test_the_banner_shows_urls_keys_ca_and_a_call_that_works_in_a_shell(
    start: Start, state_dir: Path
) -> None:
    process = start("--log-format=text", "--scenarios=documented", "--scenarios=third-call-fails")
    result = process.ready()
    line = process.line("call_json")
    banner = "".join(process.lines)
    (command,) = [each for each in process.lines if "mockocr call" in each]

    assert result["http"] in banner
    assert result["https"] in banner
    assert "SecretId AKIDMOCKOCR, SecretKey mockocr (built in)" in banner
    assert f"{state_dir / 'ca' / 'ca.pem'} (HTTPS clients must trust it)" in banner
    assert "  active  documented, third-call-fails\n" in banner
    assert f"  docs    {Path(__file__).parents[1] / 'docs' / 'README.md'}\n" in banner
    assert "'IdNum': '" in in_a_shell(line)
    assert '"IdNum": "' in in_a_shell(command)


def test_the_call_of_the_banner_works_over_https_where_there_is_no_http(start: Start) -> None:
    listening = json.loads(start("--port=off", "--log-format=json").line("listening"))

    assert "'IdNum': '" in in_a_shell(listening["python"])
    assert '"IdNum": "' in in_a_shell(listening["try"])
    assert listening["scenarios"] == []


def test_the_banner_shows_no_key_that_was_set(start: Start) -> None:
    process = start("--log-format=text", MOCKOCR_KEYS="AKIDOURS:geheim")
    process.line("call_json")
    _, stderr = process.stop()

    assert "geheim" not in stderr
    assert "AKIDMOCKOCR" not in stderr
    assert "YOUR_SECRET_KEY" in stderr


def test_log_level_warning_hides_a_good_start_and_good_calls(start: Start) -> None:
    process = start("--log-level=warning")
    assert ask(process.ready()["http"], request()).status == 200

    assert process.stop() == (143, "")


def test_the_log_has_one_json_line_for_each_call(start: Start) -> None:
    process = start("--log-format=json")
    result = process.ready()
    reply = ask(result["http"], request())
    listening, call = (json.loads(process.line(event)) for event in ("listening", '"call"'))

    assert (listening["http"], listening["https"]) == (result["http"], result["https"])
    assert call["RequestId"] == reply.response["RequestId"]
    assert call["outcome"] == reply.code
    assert {"time", "level", "event", "account", "action", "milliseconds"} <= set(call)


def test_the_log_is_json_if_stderr_is_not_a_terminal(start: Start) -> None:
    assert json.loads(start().line("listening"))["level"] == "info"


def test_the_text_log_has_one_line_for_each_call(start: Start) -> None:
    process = start("--log-format=text")
    reply = ask(process.ready()["http"], request())
    line = process.line(reply.response["RequestId"])

    assert re.fullmatch(r"\d\d:\d\d:\d\d \S+ - - MissingParameter \d+\.\d ms \(.*\n", line)


@pytest.mark.parametrize(
    ("flags", "warned"),
    [
        ((), True),
        (("--admin-token=geheim",), False),
        (("--no-admin",), False),
    ],
)
def test_listening_beyond_this_machine_without_a_guard_is_a_warning(
    start: Start, flags: tuple[str, ...], warned: bool
) -> None:
    process = start("--host=0.0.0.0", *flags)
    result = process.ready()
    _, stderr = process.stop()

    assert result["http"].startswith("http://127.0.0.1:")
    assert ("anybody who can connect can use the admin API" in stderr) is warned
    assert "geheim" not in stderr


def test_a_variable_set_by_kubernetes_is_ignored_with_a_note(start: Start) -> None:
    process = start(MOCKOCR_SEED="tcp://10.0.0.1:8018")

    assert "MOCKOCR_SEED" in process.line("Kubernetes")
    assert process.ready()


def test_the_server_continues_when_its_log_is_closed(start: Start) -> None:
    process = start()
    url = process.ready()["http"]
    assert process.popen.stderr is not None
    process.popen.stderr.close()

    assert [ask(url, request()).status for _ in range(3)] == [200] * 3
    process.popen.terminate()
    assert process.popen.wait(DEADLINE_SECONDS) == 143


def test_warnings_of_pillow_are_not_in_the_log(start: Start, signed: "Signed") -> None:
    process = start("--log-level=warning")
    url = process.ready()["http"]
    wrong_animation = png_chunk(b"acTL", bytes(8))
    picture = png_of(32, 32, rows=(b"\0" + bytes(96)) * 32, more=wrong_animation)
    body = json.dumps({"ImageBase64": base64(picture)}).encode()
    reply = ask(url, request(body=body, **signed("127.0.0.1", body)))

    assert reply.response["Name"]
    assert process.stop() == (143, "")
