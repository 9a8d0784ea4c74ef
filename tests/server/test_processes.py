"""Processes of `python -m mockocr serve`, as people and launchers meet them."""

import json
import re
import signal
import socket
import ssl
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockocr.server.app import create_app
from mockocr.server.ports import Listener, ListenError, bind
from mockocr.server.server import Server, serve_in_thread
from mockocr.settings import Settings
from tests.processes import (
    DEADLINE_SECONDS,
    Reply,
    Start,
    address,
    connection,
    healthy,
    request,
)

if TYPE_CHECKING:
    from tests.conftest import Running


# Start


def test_the_port_file_says_where_the_server_listens_and_who_it_is(start: Start) -> None:
    process = start()
    result = process.ready()

    assert set(result) == {"http", "https", "pid"}
    assert result["pid"] == process.popen.pid
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d+", result["http"])
    assert re.fullmatch(r"https://127\.0\.0\.1:[1-9]\d+", result["https"])
    assert healthy(result["http"])
    assert healthy(result["https"])


def test_the_port_file_is_removed_at_the_end_and_leaves_nothing_beside(start: Start) -> None:
    process = start()
    process.ready()
    process.stop()

    assert list(process.port_file.parent.iterdir()) == []


def test_the_port_file_of_a_killed_server_is_replaced(start: Start) -> None:
    killed = start()
    stale = killed.ready()
    killed.stop(signal.SIGKILL)
    assert killed.port_file.exists()

    process = start()
    process.line("listening")

    result = process.ready()
    assert result["pid"] == process.popen.pid != stale["pid"]


def test_a_port_file_that_another_server_has_written_since_stays(start: Start) -> None:
    process = start()
    process.ready()
    process.port_file.write_text("another's")
    process.stop()

    assert process.port_file.read_text() == "another's"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("not/there", "cannot write {} (No such file or directory); choose another"),
        (".", "{} exists and is not a port file, so it is not replaced; choose another"),
    ],
)
def test_a_port_file_that_cannot_be_written_keeps_the_server_from_starting(
    start: Start, tmp_path: Path, place: str, message: str
) -> None:
    code, stderr = start(f"--port-file={tmp_path / place}").ended()

    assert code == 3
    assert f"--port-file: {message.format(tmp_path / place)}" in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize("flag", ["--port", "--tls-port"])
def test_a_taken_port_is_named_with_the_remedy(start: Start, flag: str) -> None:
    with closing(bind("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, stderr = start(f"{flag}={port}").ended()

    assert code == 3
    assert stderr == (
        f"mockocr serve: cannot listen on 127.0.0.1:{port}: address already in use;"
        f" choose another port with {flag}, or {flag} 0 for any free one\n"
    )


def test_an_address_that_is_none_is_named(start: Start) -> None:
    code, stderr = start("--host=no.such.host.invalid").ended()

    assert code == 3
    assert "cannot listen on 'no.such.host.invalid'" in stderr


def test_a_wrong_certificate_of_the_users_own_is_told(start: Start, tmp_path: Path) -> None:
    pem = tmp_path / "own.pem"
    pem.write_text("no certificate")
    code, stderr = start(f"--tls-cert={pem}", f"--tls-key={pem}").ended()

    assert code == 3
    assert stderr == f"mockocr serve: {pem}: expected PEM with a 'CERTIFICATE' block\n"


@pytest.mark.parametrize("form", ["file", "text"])
def test_a_certificate_of_the_users_own_is_served_and_no_ca_is_shown(
    start: Start, server: "Running", tmp_path: Path, form: str
) -> None:
    # Somebody's own: that of another server, in one file with its key.
    own = min(server.ca.parent.glob("server-*.pem"))
    value = str(own) if form == "file" else own.read_text()
    variables = {"MOCKOCR_TLS_CERT": value, "MOCKOCR_TLS_KEY": value}
    process = start(state_dir=tmp_path / "unused", **variables)
    url = process.ready()["https"]

    with (
        socket.create_connection(address(url), DEADLINE_SECONDS) as plain,
        ssl.create_default_context(cafile=server.ca).wrap_socket(
            plain, server_hostname="localhost"
        ),
    ):
        assert json.loads(process.line("listening"))["ca"] is None
    assert not (tmp_path / "unused").exists()


def test_a_wrong_setting_is_told_by_the_name_of_what_set_it(start: Start) -> None:
    assert start("--seed=x").ended() == (
        2,
        "mockocr serve: --seed: expected a whole number, got 'x'\n",
    )
    code, stderr = start(MOCKOCR_LOG_LEVEL="loud").ended()
    assert code == 2
    assert "MOCKOCR_LOG_LEVEL" in stderr


def test_a_wrong_secret_is_never_quoted(start: Start) -> None:
    code, stderr = start("--keys=AKID-geheim").ended()

    assert code == 2
    assert "--keys" in stderr
    assert "geheim" not in stderr


def test_a_wrong_scenario_is_told_with_file_line_and_column(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("name: wrong\nrules:\n  - name: a\n    then: {eror: InternalError}\n")
    code, stderr = start(f"--scenarios={file}").ended()

    assert code == 2
    assert f"{file}:4:12: unknown key 'eror'; did you mean 'error'?" in stderr
    assert "Traceback" not in stderr


def test_a_folder_that_is_still_empty_is_told_and_does_not_stop_the_start(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    process = start(f"--scenarios={tmp_path / 'empty'}")
    mistyped = start(f"--scenarios={tmp_path / 'empty'}", "--scenarios=third-call-fial").ended()

    assert f"{tmp_path / 'empty'} has no scenario yet" in process.line("no scenario")
    assert process.ready()
    assert mistyped[0] == 2
    assert "third-call-fails" in mistyped[1]
    assert "empty" not in mistyped[1]


@pytest.mark.parametrize(("flag", "left"), [("--port=off", "https"), ("--tls-port=off", "http")])
def test_one_of_the_ports_may_be_off(start: Start, flag: str, left: str) -> None:
    result = start(flag).ready()

    assert set(result) == {left, "pid"}
    assert healthy(result[left])


def _has_ipv6() -> bool:
    try:
        bind("::1", 0).close()
    except ListenError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no ::1")
def test_it_listens_on_ipv6(start: Start) -> None:
    result = start("--host=::1").ready()

    assert result["http"].startswith("http://[::1]:")
    assert healthy(result["http"])
    assert healthy(result["https"])


def test_a_state_directory_that_cannot_be_written_is_a_warning(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    process = start("--log-format=text", state_dir=tmp_path / "file" / "state")
    warning = process.line("warning")

    assert "the CA is stored in memory only" in warning
    assert "--state-dir" in warning
    assert healthy(process.ready()["https"])


def test_two_servers_started_at_once_on_a_fresh_state_dir_share_one_ca(
    start: Start, tmp_path: Path
) -> None:
    state_dir = tmp_path / "fresh"
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    processes = [start(folder=folder, state_dir=state_dir) for folder in folders]
    urls = [process.ready()["https"] for process in processes]

    context = ssl.create_default_context(cafile=state_dir / "ca" / "ca.pem")
    for url in urls:
        with (
            socket.create_connection(address(url), DEADLINE_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname="ocr.tencentcloudapi.com") as wrapped,
        ):
            assert wrapped.version() in ("TLSv1.2", "TLSv1.3")


# Stop


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_a_signal_stops_it_with_its_code_and_no_traceback(
    start: Start, number: signal.Signals, code: int
) -> None:
    process = start("--log-level=warning")
    process.ready()

    assert process.stop(number) == (code, "")
    assert not process.port_file.exists()


def test_it_stops_with_stdin_if_asked(start: Start) -> None:
    process = start("--stop-with-stdin", "--log-level=warning", stdin=subprocess.PIPE)
    process.ready()

    assert process.ended() == (0, "")
    assert not process.port_file.exists()


def test_a_signal_stops_it_while_it_waits_for_the_end_of_stdin(start: Start) -> None:
    process = start("--stop-with-stdin", "--log-level=warning", stdin=subprocess.PIPE)
    process.ready()
    process.popen.send_signal(signal.SIGINT)

    assert process.popen.wait(DEADLINE_SECONDS) == 130


def test_a_server_that_nohup_starts_survives_a_hangup(start: Start) -> None:
    process = start("--log-level=warning", within=["nohup"])
    url = process.ready()["http"]
    process.popen.send_signal(signal.SIGHUP)

    assert healthy(url)
    assert process.stop()[0] == 143


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_stops_while_idle_connections_are_kept(start: Start, scheme: str) -> None:
    process = start("--log-level=warning")
    url = process.ready()[scheme]
    with connection(url) as wire, wire.makefile("rb") as file:
        wire.sendall(request("GET", "/healthz"))
        assert Reply(file).status == 200

        assert process.stop(signal.SIGINT) == (130, "")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_stops_while_a_call_is_under_way(start: Start, scheme: str) -> None:
    process = start("--log-level=warning")
    url = process.ready()[scheme]
    with connection(url) as wire, wire.makefile("rb") as file:
        # 100-continue tells that the call waits for its body, which never comes.
        wire.sendall(request(Content_Length="9", Expect="100-continue"))
        assert file.readline().startswith(b"HTTP/1.1 100")

        assert process.stop() == (143, "")


def test_it_stops_while_a_client_is_at_its_tls_handshake(start: Start) -> None:
    process = start("--log-level=warning")
    with socket.create_connection(address(process.ready()["https"])) as wire:
        wire.sendall(b"\x16\x03\x01")

        assert process.stop() == (143, "")


def test_two_signals_are_as_good_as_one(start: Start) -> None:
    process = start("--log-level=warning")
    process.ready()
    process.popen.send_signal(signal.SIGINT)

    code, stderr = process.stop(signal.SIGINT)
    assert (code, stderr) == (130, "")


def test_a_server_that_cannot_start_in_a_thread_raises_and_does_not_hang() -> None:
    listener = Listener(bind("127.0.0.1", 0))
    listener.socket.close()
    server = Server(create_app(Settings()), [listener])

    with pytest.raises((OSError, ValueError)), serve_in_thread(server):
        pass
