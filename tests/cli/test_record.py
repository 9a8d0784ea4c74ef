"""`mockocr record`: the command."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockocr.cli.main import main

if TYPE_CHECKING:
    from tests.conftest import Run, Running

REAL = {"TENCENTCLOUD_SECRET_ID": "AKIDREAL", "TENCENTCLOUD_SECRET_KEY": "real"}
INTERNET = "https://1.1.1.1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--upstream is missing: name the server that answers"),
        (("--upstream", "ocr"), "--upstream: expected a URL"),
        (("--upstream", INTERNET), "would receive the pictures of all calls; use --real"),
        (("--upstream", "http://127.0.0.1:9", "--spy", "-o", "a"), "leave out -o and --mode"),
        (("--upstream", "http://127.0.0.1:9", "--spy", "--mode", "all"), "leave out -o and --mode"),
        (("--mode", "none"), "recording.yaml does not exist; record it with --mode once first"),
        (("--mode", "onec"), "did you mean 'once'?"),
        (("--upstream", "http://127.0.0.1:9", "--port", "x"), "--port: expected a port"),
    ],
)
def test_a_wrong_command_is_refused_with_the_remedy(
    arguments: tuple[str, ...], words: str, run: "Run"
) -> None:
    refused = run("record", *arguments, **REAL)

    assert (refused.code, refused.stdout) == (2, "")
    assert words in refused.stderr


def test_missing_keys_are_named(run: "Run") -> None:
    refused = run("record", "--upstream", "http://127.0.0.1:9")

    assert refused.code == 2
    assert "set MOCKOCR_UPSTREAM_SECRET_ID and MOCKOCR_UPSTREAM_SECRET_KEY" in refused.stderr


def test_the_key_pair_of_this_server_is_not_that_of_the_upstream(run: "Run") -> None:
    own = {"TENCENTCLOUD_SECRET_ID": "AKIDMOCKOCR", "TENCENTCLOUD_SECRET_KEY": "mockocr"}
    refused = run("record", "--upstream", "http://127.0.0.1:9", **own)

    assert refused.code == 2
    assert "is a SecretId of this server" in refused.stderr


class Recording:
    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port_file = folder / "port-file"
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith("MOCKOCR_")
        }
        own = {
            "MOCKOCR_UPSTREAM_SECRET_ID": "AKIDMOCKOCR",
            "MOCKOCR_UPSTREAM_SECRET_KEY": "mockocr",
        }
        ports = ("--port=0", "--tls-port=off", f"--port-file={self.port_file}")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "mockocr", "record", *ports, *arguments],
            cwd=folder,
            env={**clean, **own},
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []

    def wait_for(self, words: str) -> None:
        assert self.popen.stderr is not None
        while words not in "".join(self.lines):
            line = self.popen.stderr.readline()
            assert line, "".join(self.lines)
            self.lines.append(line)

    @property
    def url(self) -> str:
        return str(json.loads(self.port_file.read_text())["http"])

    def stop(self) -> tuple[int, str]:
        self.popen.send_signal(signal.SIGTERM)
        _, err = self.popen.communicate(timeout=30)
        return self.popen.returncode, "".join(self.lines) + err


@pytest.fixture
def start_recording(tmp_path: Path) -> Iterator[Callable[..., Recording]]:
    with ExitStack() as stack:

        def start(*arguments: str) -> Recording:
            recording = Recording(tmp_path, *arguments)
            stack.enter_context(recording.popen)
            stack.callback(recording.popen.kill)
            return recording

        yield start


def test_a_recording_says_what_it_does_and_what_it_has_done(
    start_recording: Callable[..., Recording], server: "Running", run: "Run", tmp_path: Path
) -> None:
    recording = start_recording("--upstream", server.url, "-o", "kyc.yaml")
    recording.wait_for("calls that no rule matches go to 127.0.0.1 and are recorded in kyc.yaml")
    for side in ("front", "back", "back"):
        called = run(
            "call", "--server", recording.url, "--image", "https://xx/a.jpg", "--side", side
        )
        assert called.code == 0
    code, err = recording.stop()

    assert code == 143
    assert "kyc.yaml: recorded 3 calls as 2 rules\n" in err
    assert (tmp_path / "kyc.yaml").read_text(encoding="utf-8").count("- name:") == 2
    assert run("validate", "kyc.yaml").code == 0


def test_calls_that_are_not_recorded_are_counted(
    start_recording: Callable[..., Recording], run: "Run", nowhere: str
) -> None:
    recording = start_recording("--upstream", nowhere, "--mode", "all")
    recording.wait_for("all calls go to 127.0.0.1 and are recorded in recording.yaml")
    called = run("call", "--server", recording.url, "--image", "https://xx/a.jpg")
    _, err = recording.stop()

    assert called.code == 1
    assert "recorded 0 calls as 0 rules; 1 calls are not recorded, for the reasons above" in err


def test_a_port_that_is_taken_is_an_error_of_record(
    start_recording: Callable[..., Recording], server: "Running"
) -> None:
    port = server.url.rpartition(":")[2]
    _, err = start_recording("--upstream", server.url, "--port", port).popen.communicate(timeout=30)

    assert "mockocr record: cannot listen" in err.splitlines()[-1]


def test_a_spy_and_a_replay_say_what_they_do(
    start_recording: Callable[..., Recording], server: "Running", tmp_path: Path
) -> None:
    spy = start_recording("--upstream", server.url, "--spy")
    spy.wait_for("calls that no rule matches go to 127.0.0.1; nothing is written")
    assert "recorded" not in spy.stop()[1]
    (tmp_path / "kyc.yaml").write_text("name: a\nrules:\n  - then: {card: li-ming}\n")
    replay = start_recording("-o", "kyc.yaml", "--mode", "none")
    replay.wait_for("replaying 1 rules of kyc.yaml; other calls are refused")
    assert "recorded" not in replay.stop()[1]


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["record", "--help"])

    assert "mockocr record -o kyc.yaml --mode none" in capsys.readouterr().out
