"""HTTP as clients speak it, good and bad, with a server in this process."""

import json
import logging
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mockocr.admin.app  # noqa: F401 - not first while the catalogue is another
from mockocr.actions import catalogue
from tests.processes import Reply, ask, connection, healthy, request

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed


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
        assert b"the request is incomplete" in wire.makefile("rb").read()

    assert healthy(server.url)


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
        broken.setattr(catalogue, "_ACTIONS", (replace(catalogue._ACTIONS[0], render=render),))
        reply = ask(server.url, call)
    bug = bugs.pop()

    assert (reply.status, reply.code) == (200, "InternalError")
    assert reply.response["RequestId"] in bug.getMessage()
    assert bug.exc_info is not None
    assert isinstance(bug.exc_info[1], ZeroDivisionError)
    assert ask(server.url, call).response["Name"]
    kept = server.state.journal.find(reply.response["RequestId"])
    assert kept is not None
    assert kept.outcome == "InternalError"
