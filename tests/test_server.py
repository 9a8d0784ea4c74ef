"""Processes of `python -m mockocr serve`, as people and launchers meet them."""

import json
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockocr.actions import catalogue
from mockocr.server import Listener, ListenError, Server, bind, serve_in_thread
from mockocr.settings import Settings
from mockocr.web.app import create_app, create_service
from tests.builders import base64
from tests.pictures.files import png_chunk, png_of
from tests.processes import (
    DEADLINE_SECONDS,
    Reply,
    Start,
    address,
    ask,
    connection,
    healthy,
    request,
)

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

# Start


def test_the_port_file_says_where_the_server_listens_and_who_it_is(start: Start) -> None:
    process = start()
    told = process.ready()

    assert set(told) == {"http", "https", "pid"}
    assert told["pid"] == process.popen.pid
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d+", told["http"])
    assert re.fullmatch(r"https://127\.0\.0\.1:[1-9]\d+", told["https"])
    assert healthy(told["http"])
    assert healthy(told["https"])


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

    told = process.ready()
    assert told["pid"] == process.popen.pid != stale["pid"]


def test_a_port_file_that_another_server_has_written_since_stays(start: Start) -> None:
    process = start()
    process.ready()
    process.port_file.write_text("another's")
    process.stop()

    assert process.port_file.read_text() == "another's"


@pytest.mark.parametrize(
    ("place", "why"), [("not/there", "No such file or directory"), (".", "Is a directory")]
)
def test_a_port_file_that_cannot_be_written_keeps_the_server_from_starting(
    start: Start, tmp_path: Path, place: str, why: str
) -> None:
    code, stderr = start(f"--port-file={tmp_path / place}").ended()

    assert code == 3
    assert f"--port-file: {tmp_path / place} cannot be written ({why}); choose another" in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize("flag", ["--port", "--tls-port"])
def test_a_taken_port_is_named_with_the_remedy(start: Start, flag: str) -> None:
    with closing(bind("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, stderr = start(f"{flag}={port}").ended()

    assert code == 3
    assert stderr == (
        f"mockocr serve: port {port} of 127.0.0.1 cannot be had: Address already in use;"
        f" choose another with {flag}, or any free one: {flag} 0\n"
    )


def test_an_address_that_is_none_is_named(start: Start) -> None:
    code, stderr = start("--host=no.such.host.invalid").ended()

    assert code == 3
    assert "'no.such.host.invalid' is no address to listen on" in stderr


def test_a_wrong_certificate_of_the_users_own_is_told(start: Start, tmp_path: Path) -> None:
    pem = tmp_path / "own.pem"
    pem.write_text("no certificate")
    code, stderr = start(f"--tls-cert={pem}", f"--tls-key={pem}").ended()

    assert code == 3
    assert stderr == f"mockocr serve: {pem} has no 'CERTIFICATE' block: it has to be PEM\n"


def test_a_certificate_of_the_users_own_is_served_and_no_ca_is_shown(
    start: Start, server: "Running", tmp_path: Path
) -> None:
    # Somebody's own: that of another server, in one file with its key.
    own = min(server.ca.parent.glob("server-*.pem"))
    process = start(f"--tls-cert={own}", f"--tls-key={own}", state_dir=tmp_path / "unused")
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
        "mockocr serve: --seed: a whole number is wanted, found 'x'\n",
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
    assert f"{file}:4:12: 'eror' is not known here; did you mean 'error'?" in stderr
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
    told = start(flag).ready()

    assert set(told) == {left, "pid"}
    assert healthy(told[left])


def _has_ipv6() -> bool:
    try:
        bind("::1", 0).close()
    except ListenError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no ::1")
def test_it_listens_on_ipv6(start: Start) -> None:
    told = start("--host=::1").ready()

    assert told["http"].startswith("http://[::1]:")
    assert healthy(told["http"])
    assert healthy(told["https"])


def test_a_state_directory_that_cannot_be_written_is_a_warning(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    process = start("--log-format=text", state_dir=tmp_path / "file" / "state")
    warning = process.line("warning")

    assert "the CA is kept in memory only" in warning
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


# What it says


def in_a_shell(command: str) -> str:
    """What a command prints for somebody whose python3 has the SDK, as that of this test has."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    called = subprocess.run(
        ["sh", "-c", command], env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    return called.stdout + called.stderr


def test_the_banner_shows_urls_keys_ca_and_a_call_that_works_in_a_shell(
    start: Start, state_dir: Path
) -> None:
    process = start("--log-format=text")
    told = process.ready()
    line = process.line("call_json")
    banner = "".join(process.lines)
    called = in_a_shell(line)

    assert told["http"] in banner
    assert told["https"] in banner
    assert "SecretId AKIDMOCKOCR, SecretKey mockocr (built in)" in banner
    assert f"{state_dir / 'ca' / 'ca.pem'} (for clients of https to trust)" in banner
    assert "'IdNum': '" in called


def test_the_call_of_the_banner_works_over_https_where_there_is_no_http(start: Start) -> None:
    listening = json.loads(start("--port=off", "--log-format=json").line("listening"))

    assert "'IdNum': '" in in_a_shell(listening["try"])


def test_the_banner_shows_no_key_that_was_set(start: Start) -> None:
    process = start("--log-format=text", MOCKOCR_KEYS="AKIDOURS:geheim")
    process.line("call_json")
    _, stderr = process.stop()

    assert "geheim" not in stderr
    assert "AKIDMOCKOCR" not in stderr
    assert "YOUR_SECRET_KEY" in stderr


def test_at_log_level_warning_nothing_is_said_of_a_good_start_and_good_calls(start: Start) -> None:
    process = start("--log-level=warning")
    assert ask(process.ready()["http"], request()).status == 200

    assert process.stop() == (143, "")


def test_the_log_is_one_json_line_a_call(start: Start) -> None:
    process = start("--log-format=json")
    told = process.ready()
    reply = ask(told["http"], request())
    listening, call = (json.loads(process.line(event)) for event in ("listening", '"call"'))

    assert (listening["http"], listening["https"]) == (told["http"], told["https"])
    assert call["RequestId"] == reply.response["RequestId"]
    assert call["outcome"] == reply.code
    assert {"time", "level", "event", "account", "action", "milliseconds"} <= set(call)


def test_the_log_is_json_where_stderr_is_no_terminal(start: Start) -> None:
    assert json.loads(start().line("listening"))["level"] == "info"


def test_the_log_for_people_is_one_line_a_call(start: Start) -> None:
    process = start("--log-format=text")
    reply = ask(process.ready()["http"], request())
    line = process.line(reply.response["RequestId"])

    assert re.fullmatch(r"\d\d:\d\d:\d\d \S+ - - MissingParameter \d+\.\d ms\n", line)


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
    told = process.ready()
    _, stderr = process.stop()

    assert told["http"].startswith("http://127.0.0.1:")
    assert ("everybody who reaches it can use /__admin" in stderr) is warned
    assert "geheim" not in stderr


def test_a_variable_that_kubernetes_sets_is_ignored_with_a_word(start: Start) -> None:
    process = start(MOCKOCR_SEED="tcp://10.0.0.1:8018")

    assert "MOCKOCR_SEED" in process.line("Kubernetes")
    assert process.ready()


def test_it_goes_on_when_nobody_reads_its_log_any_more(start: Start) -> None:
    process = start()
    url = process.ready()["http"]
    assert process.popen.stderr is not None
    process.popen.stderr.close()

    assert [ask(url, request()).status for _ in range(3)] == [200] * 3
    process.popen.terminate()
    assert process.popen.wait(DEADLINE_SECONDS) == 143


# Stop


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_stops_it_with_its_code_and_no_traceback(
    start: Start, number: signal.Signals, code: int
) -> None:
    process = start("--log-level=warning")
    process.ready()

    assert process.stop(number) == (code, "")


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


# HTTP


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH"])
def test_another_method_than_get_and_post_is_an_unsupported_protocol(
    server: "Running", method: str
) -> None:
    reply = ask(server.url, request(method))

    assert (reply.status, reply.code) == (200, "UnsupportedProtocol")
    assert reply.headers["content-type"] == "application/json"


def test_head_is_answered_without_a_body(server: "Running") -> None:
    with connection(server.url) as wire, wire.makefile("rb") as file:
        wire.sendall(request("HEAD", Connection="close"))
        head, _, body = file.read().partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == b""


def test_a_path_that_is_not_the_api_is_404_with_a_hint(server: "Running") -> None:
    reply = ask(server.url, request("POST", "/v1/ocr"))

    assert reply.status == 404
    assert reply.headers["content-type"] == "application/json"
    assert "the API is at /" in json.loads(reply.body)["error"]


@pytest.mark.parametrize("target", ["/", "/?", "/?x=%2f&y", "http://ocr.tencentcloudapi.com/"])
def test_the_api_is_found_by_every_form_of_its_target(server: "Running", target: str) -> None:
    assert ask(server.url, request("POST", target)).code == "MissingParameter"


def test_requests_sent_at_once_are_answered_in_their_order(server: "Running") -> None:
    with connection(server.url) as wire, wire.makefile("rb") as file:
        sent = [request(X_TC_TraceId=f"trace-{n}", body=b"{}") for n in range(5)]
        wire.sendall(b"".join(sent))
        replies = [Reply(file) for _ in sent]

    assert [reply.headers["x-tc-traceid"] for reply in replies] == [f"trace-{n}" for n in range(5)]
    assert len({reply.response["RequestId"] for reply in replies}) == 5


def test_a_client_that_expects_100_continue_gets_it(server: "Running") -> None:
    with connection(server.url) as wire, wire.makefile("rb") as file:
        wire.sendall(request(Content_Length="2", Expect="100-continue"))
        assert file.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert file.readline() == b"\r\n"
        wire.sendall(b"{}")

        assert Reply(file).code == "MissingParameter"


def test_a_chunked_body_is_read(server: "Running", signed: "Signed") -> None:
    body = b'{"ImageUrl": "https://xx/a.jpg"}'
    headers = signed(server.endpoint, body) | {"Transfer-Encoding": "chunked"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    chunks = b"5\r\n" + body[:5] + b"\r\n" + b"%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n\r\n"

    reply = ask(server.url, f"POST / HTTP/1.1\r\n{head}\r\n".encode() + chunks)

    assert reply.response["Name"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_body_over_10_mib_is_refused_and_the_connection_lives_on(
    server: "Running", scheme: str
) -> None:
    body = bytes(11 * 1024 * 1024)
    with (
        connection(server.url if scheme == "http" else server.https_url) as wire,
        wire.makefile("rb") as file,
    ):
        wire.sendall(request(body=body))
        assert Reply(file).code == "RequestSizeLimitExceeded"

        wire.sendall(request())
        assert Reply(file).code == "MissingParameter"


def test_a_body_far_too_long_is_refused_before_its_end(server: "Running") -> None:
    with connection(server.url) as wire, wire.makefile("rb") as file:
        wire.sendall(request(Content_Length=str(1 << 40)))
        for _ in range(65):
            wire.sendall(bytes(1024 * 1024))

        assert Reply(file).code == "RequestSizeLimitExceeded"
    assert healthy(server.url)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_client_that_goes_away_in_mid_body_harms_nobody(server: "Running", scheme: str) -> None:
    url = server.url if scheme == "http" else server.https_url
    with connection(url) as wire:
        wire.sendall(request(Content_Length="1000000") + b"{")

    assert healthy(url)


def test_http_1_0_is_answered_and_closed(server: "Running") -> None:
    with connection(server.url) as wire, wire.makefile("rb") as file:
        wire.sendall(request(version="1.0"))

        assert Reply(file).code == "MissingParameter"
        assert file.read() == b""


def test_connection_close_is_honoured(server: "Running") -> None:
    with connection(server.url) as wire, wire.makefile("rb") as file:
        wire.sendall(request(Connection="close"))
        reply = Reply(file)

        assert reply.headers["connection"] == "close"
        assert file.read() == b""


@pytest.mark.parametrize(
    "garbage", [b"hello\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01", b"GET /\n\n"]
)
def test_what_is_not_http_is_400(server: "Running", garbage: bytes) -> None:
    assert ask(server.url, garbage).status == 400


def test_plain_http_on_the_tls_port_harms_nobody(server: "Running") -> None:
    plain = server.https_url.replace("https:", "http:")
    with connection(plain) as wire:
        wire.sendall(request())
        assert b"HTTP/1.1 200" not in wire.makefile("rb").read()

    assert healthy(server.https_url)


def test_the_reply_is_exactly_application_json_and_dated(server: "Running") -> None:
    reply = ask(server.url, request(X_TC_TraceId="trace-1"))

    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["date"].endswith(" GMT")
    assert set(reply.headers) == {"content-type", "content-length", "date", "x-tc-traceid"}
    assert reply.headers["x-tc-traceid"] == "trace-1"


SCENARIO = """\
name: own
rules:
  - name: "规则 1"
    then: {error: FailedOperation.ImageBlur}
"""


@pytest.mark.parametrize("faithful", [False, True])
def test_headers_of_our_own_are_percent_encoded_and_can_be_left_out(
    serve: "Serve", signed: "Signed", tmp_path: Path, faithful: bool
) -> None:
    (tmp_path / "own.yaml").write_text(SCENARIO)
    server = serve(
        scenarios=(str(tmp_path / "own.yaml"),),
        keys=(("AKIDOURS", "geheim"),),
        faithful_headers=faithful,
    )
    body = b'{"ImageUrl": "https://xx/a.jpg"}'
    headers = signed(server.endpoint, body, secret_id="AKIDOURS", secret_key="geheim")
    reply = ask(server.url, request(body=body, X_TC_TraceId="trace-2", **headers))

    own = {name: value for name, value in reply.headers.items() if name.startswith("x-mockocr")}
    assert reply.code == "FailedOperation.ImageBlur"
    assert reply.headers["x-tc-traceid"] == "trace-2"
    assert own == (
        {}
        if faithful
        else {"x-mockocr-account": "AKIDOURS", "x-mockocr-rule": "%E8%A7%84%E5%88%99%201"}
    )


def test_a_client_of_the_admin_api_that_goes_away_in_mid_body_is_no_error(
    server: "Running",
) -> None:
    with connection(server.url) as wire:
        wire.sendall(request("POST", "/__admin/match", Content_Length="100") + b"{")
        wire.shutdown(socket.SHUT_WR)
        assert b"the request ends in its middle" in wire.makefile("rb").read()

    assert healthy(server.url)


def test_what_pillow_warns_of_in_a_picture_is_not_in_the_log(
    start: Start, signed: "Signed"
) -> None:
    process = start("--log-level=warning")
    url = process.ready()["http"]
    wrong_animation = png_chunk(b"acTL", bytes(8))
    picture = png_of(32, 32, rows=(b"\0" + bytes(96)) * 32, more=wrong_animation)
    body = json.dumps({"ImageBase64": base64(picture)}).encode()
    reply = ask(url, request(body=body, **signed("127.0.0.1", body)))

    assert reply.response["Name"]
    assert process.stop() == (143, "")


# Bugs of ours


def test_a_bug_of_ours_is_an_internal_error_with_its_traceback_in_the_log(
    server: "Running",
    signed: "Signed",
    bugs: list[logging.LogRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def render(*given: Any) -> Any:
        raise ZeroDivisionError("ours")

    body = b'{"ImageUrl": "https://xx/a.jpg"}'
    call = request(body=body, **signed(server.endpoint, body))
    with monkeypatch.context() as broken:
        broken.setattr(catalogue, "ACTIONS", (replace(catalogue.ACTIONS[0], render=render),))
        reply = ask(server.url, call)
    bug = bugs.pop()

    assert (reply.status, reply.code) == (200, "InternalError")
    assert reply.response["RequestId"] in bug.getMessage()
    assert bug.exc_info is not None
    assert isinstance(bug.exc_info[1], ZeroDivisionError)
    assert ask(server.url, call).response["Name"]
    kept = server.service.journal.find(reply.response["RequestId"])
    assert kept is not None
    assert kept.outcome == "InternalError"


def test_a_server_that_cannot_start_in_a_thread_raises_and_does_not_hang() -> None:
    listener = Listener(bind("127.0.0.1", 0))
    listener.socket.close()
    settings = Settings()
    server = Server(create_app(create_service(settings), settings), [listener])

    with pytest.raises((OSError, ValueError)), serve_in_thread(server):
        pass
