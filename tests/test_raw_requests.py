"""Any bytes get a well-formed answer, and the next good call is answered."""

import http.client
import json
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import Running
from tests.faults import FAULTS, Draft, Fault, ident
from tests.requests import a_get, a_v1_call, common_headers

SECONDS = 10
"""A server that is silent for longer hangs."""

Ask = Callable[[bytes], bytes]


def exchange(endpoint: str, sent: bytes) -> bytes:
    """All bytes of the reply, until the server closes the connection."""
    host, _, port = endpoint.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before all was sent; what is said of it can still be read
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            pass
        return received


def assert_well_formed(received: bytes) -> None:
    """Checks that the reply is one or more answers: an error or success of the API, or a 4xx
    with JSON."""
    assert received.startswith(b"HTTP/1.1 "), received[:200]
    head, _, rest = received.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        assert_well_formed(rest)
        return
    status = int(head[9:12])
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    body = rest[:length]
    if status == 200 and body:
        assert b"content-type: application/json" in lines
        result = json.loads(body)
        assert result.get("status") == "healthy" or result["Response"]["RequestId"]
    elif status != 200:
        assert 400 <= status < 500
        assert not body or json.loads(body)["error"]


def in_bytes(method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""])
    return head.encode("latin-1") + body


def a_good_call(endpoint: str) -> bytes:
    draft = Draft(secret_id="AKIDMOCKOCR", secret_key="mockocr")
    request = draft.request(int(datetime.now(UTC).timestamp()), endpoint)
    length = {"content-length": str(len(request.body))}
    return in_bytes("POST", "/", {**request.headers, **length}, request.body)


def assert_the_next_call_is_answered(server: Running) -> None:
    received = exchange(server.endpoint, a_good_call(server.endpoint))
    assert received.startswith(b"HTTP/1.1 200 OK"), received
    assert b'"Name"' in received


fuzzed = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@fuzzed
@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_are_answered(server: Running, sent: bytes) -> None:
    received = exchange(server.endpoint, sent)

    if sent.strip(b"\r\n"):
        assert_well_formed(received)


@fuzzed
@given(
    place=st.floats(0, 1, exclude_max=True),
    change=st.binary(max_size=4),
    cut=st.integers(0, 4),
)
def test_a_good_call_with_any_change_is_answered(
    server: Running, place: float, change: bytes, cut: int
) -> None:
    call = a_good_call(server.endpoint)
    at = int(place * len(call))

    received = exchange(server.endpoint, call[:at] + change + call[at + cut :])

    assert_well_formed(received)


@fuzzed
@given(place=st.floats(0, 1, exclude_max=True, exclude_min=True))
def test_a_truncated_call_is_answered(server: Running, place: float) -> None:
    call = a_good_call(server.endpoint)

    received = exchange(server.endpoint, call[: 1 + int(place * (len(call) - 1))])

    assert_well_formed(received)


TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12)
WORDS = st.text(st.characters(max_codepoint=0xFF, exclude_characters="\r\n\0"), max_size=60)
HEADERS = st.sampled_from(
    [name.lower() for name in common_headers()]
    + ["authorization", "x-tc-region", "x-tc-language", "x-tc-token", "x-tc-traceid"]
    + ["x-tc-content-sha256", "transfer-encoding", "expect", "connection", "upgrade"]
)


@fuzzed
@given(
    method=st.one_of(st.sampled_from(["GET", "POST", "HEAD", "PUT", "CONNECT", "TRACE"]), TOKENS),
    target=st.one_of(st.sampled_from(["/", "/?", "*", "http://x/"]), WORDS.map("/?".__add__)),
    headers=st.dictionaries(HEADERS, WORDS),
    body=st.binary(max_size=200),
)
@example(method="CONNECT", target="a:1", headers={}, body=b"")
@example(method="POST", target="http://ocr.tencentcloudapi.com", headers={}, body=b"")
@example(method="POST", target="/", headers={"upgrade": "h2c", "connection": "Upgrade"}, body=b"")
def test_any_method_target_and_headers_are_answered(
    server: Running, method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    length = {"content-length": str(len(body)), "connection": "close"}
    received = exchange(server.endpoint, in_bytes(method, target, length | headers, body))

    assert_well_formed(received)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
PARAMETERS = ["ImageBase64", "ImageUrl", "CardSide", "Config", "EnableRecognitionRectify"]


@fuzzed
@given(
    st.one_of(
        st.dictionaries(st.sampled_from(PARAMETERS), JSON).map(json.dumps).map(str.encode),
        JSON.map(json.dumps).map(str.encode),
        st.binary(max_size=100),
    ),
    st.sampled_from(["zh-CN", "en-US"]),
)
@example(b'{"\\ud800": 1}', "en-US")
@example(b'{"ImageUrl": "https://xx/\\ud800"}', "en-US")
@example(b'{"Config": "{\\"Quality\\": NaN}"}', "zh-CN")
@example(b'{"ImageBase64": "' + b"A" * 20_000 + b'\\ud800"}', "zh-CN")
def test_any_signed_body_is_answered(server: Running, body: bytes, language: str) -> None:
    draft = Draft(secret_id="AKIDMOCKOCR", secret_key="mockocr", body=body)
    request = draft.request(int(datetime.now(UTC).timestamp()), server.endpoint, language)
    length = {"content-length": str(len(body))}

    received = exchange(server.endpoint, in_bytes("POST", "/", {**request.headers, **length}, body))

    assert received.startswith(b"HTTP/1.1 200 OK")
    assert_well_formed(received)


FORM = st.dictionaries(TOKENS, st.text(max_size=20), max_size=6)


@fuzzed
@given(FORM, st.booleans())
def test_any_form_and_query_is_answered(
    server: Running, parameters: dict[str, str], as_get: bool
) -> None:
    request = a_v1_call(parameters, method="GET" if as_get else "POST")
    tc3 = a_get(parameters)
    for each in (request, tc3):
        length = {"content-length": str(len(each.body))}
        target = f"/?{each.query}" if each.query else "/"
        received = exchange(
            server.endpoint, in_bytes(each.method, target, {**each.headers, **length}, each.body)
        )
        assert_well_formed(received)


PARTS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF), max_size=30)


@fuzzed
@given(
    as_get=st.booleans(),
    query=PARTS,
    service=PARTS,
    names=PARTS,
    signature=PARTS,
    content_type=WORDS,
    body=st.binary(max_size=60),
)
def test_any_signature_is_refused_and_explained(
    server: Running,
    as_get: bool,
    query: str,
    service: str,
    names: str,
    signature: str,
    content_type: str,
    body: bytes,
) -> None:
    now = datetime.now(UTC)
    scope = f"{now:%Y-%m-%d}/{service}/tc3_request"
    headers = {
        "Host": server.endpoint,
        "Content-Type": content_type,
        "X-TC-Action": "IDCardOCR",
        "X-TC-Version": "2018-11-19",
        "X-TC-Timestamp": str(int(now.timestamp())),
        "Authorization": f"TC3-HMAC-SHA256 Credential=AKIDMOCKOCR/{scope},"
        f" SignedHeaders=content-type;host;{names}, Signature={signature}",
        "Content-Length": "0" if as_get else str(len(body)),
    }
    method, target = ("GET", f"/?{query}") if as_get else ("POST", "/")

    received = exchange(server.endpoint, in_bytes(method, target, headers, b"" if as_get else body))

    assert_well_formed(received)


def test_after_all_this_the_next_good_call_is_answered(server: Running) -> None:
    assert_the_next_call_is_answered(server)


@pytest.mark.parametrize("fault", FAULTS, ids=ident)
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_each_fault_is_refused_over_a_real_socket(
    serve: Callable[..., Running], fault: Fault, language: str
) -> None:
    server = serve()
    draft = Draft()
    fault.apply(draft)
    now = int(datetime.now(UTC).timestamp())
    draft.account_words["clock"] = {"freeze": now}
    server.state.accounts.add(draft.account())
    server.state.rates.count("faulty", "IDCardOCR", now)
    request = draft.request(now, server.endpoint, language)
    body = b" " * (11 * 1024 * 1024) if draft.oversized else request.body
    headers = {**request.headers, "x-tc-traceid": "trace-1"}

    with closing(http.client.HTTPConnection(server.endpoint, timeout=SECONDS)) as connection:
        connection.request(request.method, "/", body, headers)
        reply = connection.getresponse()
        result = json.loads(reply.read())["Response"]
        connection.request("POST", "/", b"{}", {"Host": server.endpoint})
        next_told = json.loads(connection.getresponse().read())["Response"]

    assert result["Error"]["Code"] == fault.code
    assert (reply.status, reply.getheader("content-type")) == (200, "application/json")
    assert reply.getheader("x-tc-traceid") == "trace-1"
    assert result["RequestId"]
    if language == "en-US":
        assert result["Error"]["Message"].startswith(fault.words)
    assert next_told["Error"]["Code"] == "InvalidParameter"
