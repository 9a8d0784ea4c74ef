"""Failures around a server: it is killed, a disk is full, files run out, the clock jumps. Each
is tried with real processes, and must have the outcome that a user expects."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from mockocr.pipeline.pipeline import Pipeline
from mockocr.server.limits import SPARE_FILES
from tests.processes import (
    Reply,
    Start,
    address,
    ask,
    connection,
    healthy,
    request,
)
from tests.requests import NOW, SECRET_ID, SECRET_KEY, a_call
from tests.scenario.test_watch_server import changes, outcome, write

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

BODY = json.dumps({"ImageUrl": "https://xx/a.jpg"}).encode()


def limited(limit: str) -> tuple[str, ...]:
    """A command that runs another one under a limit of the shell."""
    return ("sh", "-c", f'ulimit {limit}; exec "$@"', "sh")


def mounted(options: str, folder: Path) -> tuple[str, ...]:
    """A command that runs another one with a temporary file system at this path."""
    command = f'mount -t tmpfs -o {options} tmpfs "{folder}"; exec "$@"'
    return ("unshare", "-rm", "sh", "-ec", command, "sh")


def can_mount(folder: Path) -> bool:
    try:
        tried = subprocess.run([*mounted("ro", folder), "true"], capture_output=True)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


# Killed in the middle of something


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_start_killed_while_writing_the_port_file_leaves_no_partial_file(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "ports.json"
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys; from pathlib import Path\n"
            "from mockocr.server.port_file import PortFile\n"
            "Path.replace = lambda *_: os.kill(os.getpid(), 9)\n"
            "PortFile(Path(sys.argv[1])).write({'http': 'http://127.0.0.1:1'})",
            path,
        ]
    )
    assert killed.returncode == -signal.SIGKILL
    assert not path.exists()

    process = start()
    assert process.ready()["pid"] == process.popen.pid
    process.stop()

    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_killed_while_answering_starts_again_on_its_ports(
    start: Start, signed: "Signed", tmp_path: Path
) -> None:
    (tmp_path / "slow.yaml").write_text(
        "name: slow\nrules: [{name: late, then: {card: invented, delay: 10m}}]\n"
    )
    flags = ("--rate=0", f"--scenarios={tmp_path / 'slow.yaml'}")
    first = start(*flags)
    result = first.ready()
    before = {file: file.read_bytes() for file in first.state_dir.rglob("*") if file.is_file()}
    with ExitStack() as stack:
        for url in (result["http"], result["https"]):
            wire = stack.enter_context(connection(url))
            wire.sendall(request(body=BODY, **signed("127.0.0.1", BODY)))
        first.stop(signal.SIGKILL)
        ports = [address(result[scheme])[1] for scheme in ("http", "https")]
        again = start(*flags, f"--port={ports[0]}", f"--tls-port={ports[1]}")
        again.line("listening")

        assert healthy(result["http"])
        assert healthy(result["https"])
    after = {file: file.read_bytes() for file in again.state_dir.rglob("*") if file.is_file()}
    assert after == before


# No room, and nothing that can be written


@pytest.mark.parametrize(("options", "why"), [("ro", "Read-only"), ("size=4k", "No space left")])
@pytest.mark.parametrize("filled", [False, True])
def test_a_state_dir_that_is_read_only_or_full_means_a_ca_in_memory(
    start: Start, tmp_path: Path, options: str, why: str, filled: bool
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not can_mount(folder):
        pytest.skip("nothing can be mounted here")
    within = mounted(options, folder)
    if filled and options != "ro":
        fill = 'head -c 4096 /dev/zero >"$0/filled"; exec "$@"'
        within = (*within, "sh", "-c", fill, str(folder))
    process = start("--log-format=text", within=within, state_dir=folder / "state")
    warning = process.line("warning")

    assert "the CA is stored in memory only, and the next start makes a new one" in warning
    assert why in warning
    assert healthy(process.ready()["https"])


def test_a_state_dir_that_is_a_file_means_a_ca_in_memory(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("somebody's")
    process = start("--log-format=text", state_dir=tmp_path / "file")

    assert "the CA is stored in memory only" in process.line("warning")
    assert healthy(process.ready()["https"])
    assert (tmp_path / "file").read_text() == "somebody's"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ulimit")
def test_a_disk_too_full_for_a_certificate_is_an_error_with_the_remedy(
    start: Start, tmp_path: Path
) -> None:
    process = start(
        within=limited("-f 0"),
        state_dir=tmp_path / "state",
        COVERAGE_PROCESS_CONFIG="",  # has no room for its file either
    )
    code, stderr = process.ended()

    assert code == 3
    assert stderr.startswith("mockocr serve: cannot write a temporary certificate (")
    assert stderr.endswith("with free space, or turn https off with --tls-port off\n")
    assert stderr.count("\n") == 1
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ulimit")
def test_a_disk_too_full_for_the_port_file_is_an_error_and_leaves_nothing(
    start: Start, tmp_path: Path
) -> None:
    code, stderr = start(
        "--tls-port=off", within=limited("-f 0"), COVERAGE_PROCESS_CONFIG=""
    ).ended()

    assert code == 3
    assert "--port-file" in stderr
    assert "(File too large); choose another path" in stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ulimit")
def test_more_clients_than_file_descriptors_are_refused_and_the_server_survives(
    start: Start,
) -> None:
    files = 96
    process = start("--tls-port=off", "--log-level=warning", within=limited(f"-n {files}"))
    url = process.ready()["http"]
    with ExitStack() as stack:
        for _ in range(files - SPARE_FILES):
            wire = stack.enter_context(connection(url))
            wire.sendall(request("GET", "/healthz"))
            assert Reply(wire.makefile("rb")).status == 200
        refused = [ask(url, request("GET", "/healthz")) for _ in range(files)]

        assert {reply.status for reply in refused} == {503}
        assert f"more than {files - SPARE_FILES} connections at once".encode() in refused[0].body

    while not healthy(url):
        pass
    code, stderr = process.stop()
    assert code == 143
    result = [json.loads(line)["event"] for line in stderr.splitlines()]
    assert result
    assert all(
        each.startswith("limit reached: more than 32 connections at once (") for each in result
    )


# Stopped


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_stopping_server_completes_the_answers_under_way(
    start: Start, signed: "Signed", tmp_path: Path, scheme: str
) -> None:
    (tmp_path / "late.yaml").write_text(
        "name: late\nrules: [{name: late, then: {card: {Name: 李明}, delay: 200ms}}]\n"
    )
    flags = ("--rate=0", "--log-level=warning", f"--scenarios={tmp_path / 'late.yaml'}")
    process = start(*flags)
    result = process.ready()
    with ExitStack() as stack:
        stream = stack.enter_context(httpx.stream("GET", f"{result['http']}/__admin/events"))
        decided = (line for line in stream.iter_lines() if line == "event: call")
        calls = [stack.enter_context(connection(result[scheme])) for _ in range(16)]
        for wire in calls:
            wire.sendall(request(body=BODY, **signed("127.0.0.1", BODY)))
        assert len(list(islice(decided, len(calls)))) == len(calls)

        process.popen.terminate()
        replies = [Reply(wire.makefile("rb")) for wire in calls]

        assert [reply.response["Name"] for reply in replies] == ["李明"] * len(calls)
        assert process.ended() == (143, "")
    with pytest.raises(ConnectionRefusedError), socket.create_connection(address(result[scheme])):
        pass


# Files that go away


def test_a_deleted_scenario_file_keeps_playing_until_it_is_back(
    serve: "Serve", signed: "Signed", tmp_path: Path
) -> None:
    file = tmp_path / "scenarios" / "played.yaml"
    file.parent.mkdir()
    write(file, "first", "{error: FailedOperation.ImageBlur}")
    server = serve(scenarios=(str(file),))

    with httpx.stream("GET", f"{server.url}/__admin/events", timeout=20) as stream:
        result = changes(stream)
        file.unlink()
        file.parent.rmdir()
        refused = next(result)["refused"]
        assert list(refused) == [str(file)]
        assert "No such file or directory" in refused[str(file)]
        assert outcome(server, signed) == "FailedOperation.ImageBlur"

        file.parent.mkdir()
        write(file, "second", "{error: InternalError}")
        assert next(result)["refused"] == {}
        assert outcome(server, signed) == "InternalError"


def test_a_deleted_scenario_folder_stops_playing_with_a_log_entry(
    serve: "Serve", signed: "Signed", tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    write(folder / "played.yaml", "first", "{error: FailedOperation.ImageBlur}")
    server = serve(scenarios=(str(folder),))

    with httpx.stream("GET", f"{server.url}/__admin/events", timeout=20) as stream:
        (folder / "played.yaml").unlink()
        folder.rmdir()
        refused = next(changes(stream))["refused"]

    assert list(refused) == [str(folder)]
    assert outcome(server, signed) == "ok"
    assert "a scenario is refused, it is not active" in caplog.text


# A clock that jumps


def called_at(server: "Running", *hours: float) -> list[str]:
    """The outcomes of calls that are signed and received at these times from now."""
    pipeline, outcomes = Pipeline(server.state), []
    for later in hours:
        moment = NOW + timedelta(hours=later)
        call = a_call(X_TC_Timestamp=str(int(moment.timestamp())))
        reply = pipeline.answer(replace(call, received_at=moment))
        result = json.loads(reply.body)["Response"]
        outcomes.append(result["Error"]["Code"] if "Error" in result else "ok")
    return outcomes


def test_the_rate_follows_the_system_clock_forwards_and_backwards(serve: "Serve") -> None:
    server = serve(keys=((SECRET_ID, SECRET_KEY),), rate=1)

    assert called_at(server, 0, 0, 1, 0, 0, -24, -24) == [
        "ok",
        "RequestLimitExceeded",
        "ok",
        "ok",  # back an hour: another second than the last one
        "RequestLimitExceeded",
        "ok",
        "RequestLimitExceeded",
    ]


def test_an_outage_begun_in_the_future_ends_at_its_time(serve: "Serve", tmp_path: Path) -> None:
    (tmp_path / "outage.yaml").write_text(
        "name: outage\nchaos: [{error: FailedOperation.OcrFailed, after_calls: 0, for: 1h}]\n"
    )
    keys = ((SECRET_ID, SECRET_KEY),)
    server = serve(keys=keys, scenarios=(str(tmp_path / "outage.yaml"),))

    ended = "FailedOperation.OcrFailed"
    assert called_at(server, 0, -24, 0.5, 1, 24, 0.5) == [ended, ended, ended, "ok", "ok", ended]


def test_a_clock_can_be_moved_between_calls(serve: "Serve", signed: "Signed") -> None:
    server = serve()
    expired = "AuthFailure.SignatureExpire"
    for clock, wanted in (
        ({"offset": "+400s"}, expired),
        ({"offset": "-400s"}, expired),
        ({"offset": "-999999999d"}, expired),
        ({"offset": "+999999999d"}, expired),
        ({"freeze": 0}, expired),
        ({"freeze": "9999-12-31T23:59:59Z"}, expired),
        ({}, "ok"),
    ):
        moved = httpx.put(f"{server.url}/__admin/clock", json=clock)
        assert moved.json()["clocks"]["default"].keys() == clock.keys()
        assert outcome(server, signed) == wanted


def test_nothing_that_waits_looks_at_the_clock_of_the_system() -> None:
    """The modules that read the time of day: they print it, sign with it, or give it to a call
    once."""
    root = Path(__file__).parents[1] / "mockocr"
    asking = {
        str(file.relative_to(root).as_posix())
        for file in root.rglob("*.py")
        for wall_clock in ("datetime.now(", "time.time(", "date.today(", "utcnow(")
        if wall_clock in file.read_text(encoding="utf-8")
    }

    assert {file for file in asking if not file.startswith("cli/")} == {
        "explainer/right.py",  # in code that it shows
        "record/recorder.py",  # in a comment
        "record/upstream.py",
        "tls/serving.py",
        "people/provider.py",
        "pipeline/dry_run.py",
        "pytest_plugin.py",
        "testing/starting.py",
        "testing/cards.py",
        "testing/coverage.py",
        "admin/accounts.py",
        "admin/cards.py",
        "admin/coverage.py",
        "admin/parameters.py",
        "admin/try_call.py",
        "admin/explain_text.py",
        "protocol/saved_request.py",
        "server/request.py",
    }
