"""Unmodified clients with the vendor's host name in their code and their usual trust."""

import asyncio
import http.client
import os
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import certifi
import httpx
import pytest
import requests
import trio
import urllib3
import uvloop
from tencentcloud.common.credential import Credential
from tencentcloud.ocr.v20181119.ocr_client import OcrClient
from tencentcloud.ocr.v20181119.ocr_client_async import OcrClient as AsyncOcrClient

from mockocr import Account
from mockocr.testing.errors import RealHostError
from mockocr.testing.intercept import NOWHERE, blocked, intercepted, is_ours
from mockocr.tls import server_tls
from mockocr.tls.names import VENDOR_NAMES
from tests.testing.calling import request_of

HOST = "ocr.tencentcloudapi.com"
URL = f"https://{HOST}/"


@pytest.fixture
def ocr(own: Account) -> Iterator[Account]:
    """An account, while the vendor's name leads to its server."""
    server = own.server
    assert server.ca is not None
    with intercepted(server.url, server.https_url, server.ca):
        yield own.account()


def with_http_client(url: str) -> bytes:
    connection = http.client.HTTPSConnection(url.split("/")[2], timeout=30)
    connection.request("GET", "/")
    with closing(connection):
        return connection.getresponse().read()


def with_urllib(url: str) -> bytes:
    opener = (
        urllib.request.build_opener()
    )  # `urlopen` keeps one, with the proxies of its first call
    with opener.open(url, timeout=30) as answer:
        return bytes(answer.read())


def with_urllib3(url: str) -> bytes:
    with urllib3.PoolManager(cert_reqs="CERT_REQUIRED", ca_certs=certifi.where()) as pool:
        return pool.request("GET", url).data


async def with_async_httpx(url: str) -> bytes:
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).content


async def with_streams(url: str) -> bytes:
    """A connection of asyncio, by host name."""
    host = url.split("/")[2]
    reader, writer = await asyncio.open_connection(host, 443, ssl=ssl.create_default_context())
    writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


CLIENTS: dict[str, Callable[[str], bytes]] = {
    "requests": lambda url: requests.get(url, timeout=30).content,
    "httpx": lambda url: httpx.get(url).content,
    "urllib3": with_urllib3,
    "urllib": with_urllib,
    "http.client": with_http_client,
    "httpx on asyncio": lambda url: asyncio.run(with_async_httpx(url)),
    "httpx on uvloop": lambda url: uvloop.run(with_async_httpx(url)),
    "httpx on trio": lambda url: trio.run(with_async_httpx, url),
    "httpx on anyio": lambda url: anyio.run(with_async_httpx, url),
    "asyncio": lambda url: asyncio.run(with_streams(url)),
    "uvloop": lambda url: uvloop.run(with_streams(url)),
}


@pytest.mark.usefixtures("ocr")
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("host", [HOST, "ocr.ap-guangzhou.tencentcloudapi.com", HOST.upper()])
def test_a_client_reaches_the_server_by_https(client: str, host: str) -> None:
    assert b'"RequestId"' in CLIENTS[client](f"https://{host}/")


@pytest.mark.usefixtures("ocr")
@pytest.mark.parametrize("client", ["requests", "httpx", "urllib3", "urllib", "httpx on uvloop"])
def test_a_client_reaches_the_server_by_http(client: str) -> None:
    assert b'"RequestId"' in CLIENTS[client](f"http://{HOST}/")


@pytest.mark.usefixtures("ocr")
def test_the_certificate_covers_the_international_name() -> None:
    assert b'"RequestId"' in with_http_client("https://ocr.intl.tencentcloudapi.com/")


def test_the_official_sdk_needs_no_endpoint(ocr: Account) -> None:
    credential = Credential(ocr.secret_id, ocr.secret_key)

    async def call() -> Any:
        async with AsyncOcrClient(credential, "ap-guangzhou") as client:
            return await client.IDCardOCR(request_of(CardSide="BACK"))

    sync = OcrClient(credential, "ap-guangzhou").IDCardOCR(request_of(CardSide="FRONT"))

    assert (bool(sync.Name), bool(asyncio.run(call()).Authority)) == (True, True)
    assert [each.details["headers"]["host"] for each in ocr.requests] == [HOST, HOST]


@pytest.mark.usefixtures("ocr")
@pytest.mark.parametrize("client", CLIENTS)
def test_variables_for_proxies_and_bundles_have_no_effect(
    client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, certifi.where())

    assert b'"RequestId"' in CLIENTS[client](URL)


@pytest.mark.parametrize("before", [None, "example.com"])
def test_the_variables_are_restored_afterwards(
    own: Account, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    if before:
        monkeypatch.setenv("NO_PROXY", before)
    environment = dict(os.environ)
    assert own.server.ca is not None

    with intercepted(own.url, own.https_url, own.server.ca):
        extended = os.environ["no_proxy"]

    assert extended == ",".join([*filter(None, [before]), *VENDOR_NAMES])
    assert dict(os.environ) == environment


@pytest.mark.usefixtures("ocr")
def test_no_other_host_is_trusted_by_the_same_context(own: Account) -> None:
    """A context must not continue to trust mockocr's CA, nor trust it for another name of the
    server."""
    trusting = ssl.create_default_context()
    with httpx.Client(verify=trusting, trust_env=False) as client:
        assert client.get(URL).status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            client.get(own.https_url)
    usual = {each["serialNumber"] for each in ssl.create_default_context().get_ca_certs()}
    assert {each["serialNumber"] for each in trusting.get_ca_certs()} == usual


def test_interception_does_not_relax_verification(own: Account, tmp_path: Path) -> None:
    """Verification is not weaker: with a certificate by another CA, the vendor's name is
    refused."""
    other = server_tls(tmp_path / "other").context
    assert own.server.ca is not None
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_shake_hands, args=(listener, other))
        thread.start()
        elsewhere = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with (
            intercepted(own.url, elsewhere, own.server.ca),
            pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            requests.get(URL, timeout=30)
        thread.join()


def _shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    try:
        context.wrap_socket(connection, server_side=True).close()
    except OSError:
        connection.close()


@pytest.mark.usefixtures("ocr")
@pytest.mark.parametrize("client", ["requests", "httpx", "httpx on asyncio"])
def test_an_unknown_regional_name_is_refused(client: str) -> None:
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        CLIENTS[client]("https://ocr.ap-nowhere.tencentcloudapi.com/")


@pytest.mark.usefixtures("ocr")
def test_server_contexts_and_other_names_are_not_changed(state_dir: Path) -> None:
    here, peer = socket.socketpair()
    serving = server_tls(state_dir).context
    wrapped = serving.wrap_socket(here, server_side=True, do_handshake_on_connect=False)
    with wrapped, peer:
        assert wrapped.context is serving
    assert serving.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True).context is serving
    assert socket.getaddrinfo("127.0.0.1", 443)[0][4] == ("127.0.0.1", 443)


@pytest.mark.usefixtures("ocr")
def test_another_port_of_the_vendors_host_is_refused() -> None:
    with pytest.raises(ConnectionRefusedError), socket.create_connection((HOST, 8443), 30):
        pass


@pytest.mark.usefixtures("ocr")
def test_connect_ex_is_rerouted() -> None:
    with closing(socket.socket()) as plain:
        assert plain.connect_ex((NOWHERE, 443)) == 0


def test_interception_and_its_connections_end_with_the_block(own: Account) -> None:
    seams = [
        (socket, "getaddrinfo"),
        (socket.socket, "connect"),
        (socket.socket, "connect_ex"),
        (ssl.SSLContext, "wrap_socket"),
        (ssl.SSLContext, "wrap_bio"),
        (uvloop.Loop, "getaddrinfo"),
        (uvloop.Loop, "create_connection"),
    ]
    before = [getattr(of, name) for of, name in seams]
    assert own.server.ca is not None
    with requests.Session() as session:
        with intercepted(own.url, own.https_url, own.server.ca):
            assert session.get(URL, timeout=30).status_code == 200
            plain = socket.create_connection((HOST, 80), 30)
            during = [getattr(of, name) for of, name in seams]

        (pool,) = [each for each in _pools(session) if each.pool.queue and each.pool.queue[-1]]
        with closing(plain):
            assert plain.recv(1) == b""
        assert pool.pool.queue[-1].is_connected is False

    assert [getattr(of, name) for of, name in seams] == before
    assert not set(map(id, during)) & set(map(id, before))
    assert "connect" not in vars(socket.socket)


def _pools(session: requests.Session) -> list[Any]:
    manager: Any = session.adapters["https://"]
    pools = manager.poolmanager.pools
    return [pools[key] for key in pools.keys()]  # noqa: SIM118 - no mapping


@pytest.mark.parametrize("client", CLIENTS)
def test_a_blocked_name_cannot_be_reached(client: str) -> None:
    with blocked() as block, pytest.raises(Exception, match="use the fixture mockocr_intercept"):
        CLIENTS[client](URL)

    assert set(block.attempts) == {HOST}


@pytest.mark.parametrize("host", [HOST, "ocr.ap-beijing.tencentcloudapi.com"])
def test_a_blocked_name_cannot_be_resolved(host: str) -> None:
    with blocked() as block:
        with pytest.raises(RealHostError, match=f"a test called {host}, the real service"):
            socket.create_connection((host, 80), 30)
        assert socket.getaddrinfo("127.0.0.1", 443)[0][4] == ("127.0.0.1", 443)

    assert block.attempts == [host]


def test_a_blocked_name_cannot_be_reached_through_a_proxy() -> None:
    def tunnel(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            assert connection.recv(65536) == b"", "a handshake reached the proxy"

    with closing(socket.create_server(("127.0.0.1", 0))) as listener, ThreadPoolExecutor() as pool:
        tunnelled = pool.submit(tunnel, listener)
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with blocked(), requests.Session() as session:
            session.trust_env = False
            session.proxies = {"https": proxy}
            with pytest.raises(requests.ConnectionError, match="the fixture mockocr_intercept"):
                session.get(URL, timeout=30)
        tunnelled.result()


def test_a_block_is_lifted_while_calls_are_intercepted(own: Account) -> None:
    assert own.server.ca is not None
    with blocked() as block:
        with block.lifted(), intercepted(own.url, own.https_url, own.server.ca):
            assert b'"RequestId"' in with_http_client(URL)
            assert b'"RequestId"' in asyncio.run(with_async_httpx(URL))
        with pytest.raises(RealHostError):
            with_http_client(URL)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (HOST, True),
        ("OCR.TencentCloudAPI.com.", True),
        (HOST.encode(), True),
        ("ocr.ap-beijing.tencentcloudapi.com", True),
        ("tencentcloudapi.com", False),
        ("cvm.tencentcloudapi.com", False),
        ("ocr.tencentcloudapi.com.evil.test", False),
        ("notocr.tencentcloudapi.com", False),
        (None, False),
    ],
)
def test_names_that_are_intercepted(name: Any, ours: bool) -> None:
    assert is_ours(name) is ours
