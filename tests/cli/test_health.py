import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockocr.server.ports import ListenError, bind
from mockocr.version import __version__
from tests.cli.calling import REFUSED
from tests.strangers import something_else

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_ready_server_exits_with_0(run: "Run", server: "Running", slash: str) -> None:
    done = run("health", "--server", server.url + slash)

    assert (done.code, done.stdout, done.stderr) == (0, f"{server.url} is healthy\n", "")


def test_https_accepts_any_certificate(run: "Run", server: "Running") -> None:
    assert run("health", "--server", server.https_url).code == 0


def test_a_given_ca_is_verified(run: "Run", server: "Running", tmp_path: Path) -> None:
    run("ca", "export", "--state-dir", "other")
    other = str(tmp_path / "other/ca/ca.pem")

    assert run("health", "--server", server.https_url, "--ca", str(server.ca)).code == 0
    refused = run("health", "--server", server.https_url, "--ca", other)
    assert (refused.code, "certificate verify failed" in refused.stderr) == (1, True)
    missing = run("health", "--server", server.https_url, "--ca", "missing.pem")
    assert (missing.code, "--ca: cannot read missing.pem" in missing.stderr) == (2, True)


def test_the_variable_sets_the_server(run: "Run", server: "Running", nowhere: str) -> None:
    assert run("health", MOCKOCR_URL=server.url).code == 0
    assert run("health", "--server", server.url, MOCKOCR_URL=nowhere).code == 0
    assert run("health", "--server", nowhere, MOCKOCR_URL=server.url).code == 1


def test_the_variables_of_serve_set_the_server(run: "Run", server: "Running") -> None:
    port, tls_port = (url.rpartition(":")[2] for url in (server.url, server.https_url))

    assert f"http://127.0.0.1:{port} is" in run("health", MOCKOCR_PORT=port).stdout
    everywhere = run("health", MOCKOCR_HOST="0.0.0.0", MOCKOCR_PORT=port)  # noqa: S104
    assert f"http://127.0.0.1:{port} is" in everywhere.stdout
    https = run("health", MOCKOCR_PORT="off", MOCKOCR_TLS_PORT=tls_port)
    assert f"https://127.0.0.1:{tls_port} is" in https.stdout


def test_an_ipv6_address_is_written_in_brackets(run: "Run", serve: "Serve") -> None:
    try:
        bind("::1", 0).close()
    except ListenError:
        pytest.skip("this machine has no ::1")
    port = serve(host="::1").url.rpartition(":")[2]

    assert run("health", MOCKOCR_HOST="::1", MOCKOCR_PORT=port).stdout == (
        f"http://[::1]:{port} is healthy\n"
    )


def test_the_proxy_is_not_used(run: "Run", server: "Running", nowhere: str) -> None:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), nowhere)

    assert run("health", "--server", server.url, **proxies).code == 0


def test_json_is_the_reply_of_the_health_route(run: "Run", server: "Running") -> None:
    result = json.loads(run("health", "--json", "--server", server.url).stdout)

    assert set(result) == {"status", "version", "uptime_seconds"}
    assert (result["status"], result["version"]) == ("healthy", __version__)


def test_a_refused_connection_exits_with_1(run: "Run", nowhere: str) -> None:
    done = run("health", "--server", nowhere)

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == (f"mockocr health: no server at {nowhere}: {REFUSED}\n")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no server"),
        (b"", "no server"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "no mockocr"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<html/>", "no mockocr"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "no mockocr"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"status": "up"}', "no mockocr"),
    ],
    ids=["ssh", "silence", "404", "html", "list", "other-status"],
)
def test_another_server_exits_with_1(run: "Run", answer: bytes, message: str) -> None:
    with something_else(answer) as url:
        done = run("health", "--server", url)

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"mockocr health: {message} at {url}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["127.0.0.1:8018", "http://", "file:///etc/passwd", "http://[::1"])
def test_an_invalid_url_exits_with_2(run: "Run", url: str) -> None:
    done = run("health", "--server", url)

    assert done.code == 2
    assert done.stderr == (
        f"mockocr health: --server: expected a URL such as http://127.0.0.1:8018, got {url!r}\n"
    )


def test_port_0_alone_exits_with_2(run: "Run") -> None:
    done = run("health", MOCKOCR_PORT="0", MOCKOCR_TLS_PORT="0")

    assert done.code == 2
    assert "name the port with --server" in done.stderr
