"""Downloads over TLS: which certificates are trusted."""

import socket
from pathlib import Path

import pytest

from mockocr.downloads.fetched import Failure
from mockocr.tls import ServerTls, server_tls
from tests.downloads.downloading import MOST, downloads, resolving
from tests.downloads.servers import (
    Host,
    ok,
    read_request,
    redirect,
    saying,
    serving,
    silent,
)


def test_a_picture_is_downloaded_over_tls(tls: ServerTls) -> None:
    with serving(saying(ok(b"picture")), tls=tls.context) as host:
        loads = downloads(
            "cards.test:*", trusted=tls.ca_certificate, resolve=resolving("127.0.0.1")
        )

        assert loads.get(host.url(host="cards.test"), MOST) == b"picture"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_certificate_may_be_for_an_address(tls: ServerTls, name: str) -> None:
    with serving(saying(ok(b"picture")), tls=tls.context) as host:
        loads = downloads(trusted=tls.ca_certificate)

        assert loads.get(host.url(host=name), MOST) == b"picture"


def test_the_requested_name_is_sent_to_the_server(state_dir: Path) -> None:
    context, names = server_tls(state_dir, ["cards.test"]).context, []
    context.sni_callback = lambda _, name, __: names.append(name)
    ca = server_tls(state_dir).ca_certificate

    with serving(saying(ok(b"picture")), tls=context) as host:
        loads = downloads("cards.test:*", trusted=ca, resolve=resolving("127.0.0.1"))

        assert loads.get(host.url(host="CARDS.test."), MOST) == b"picture"

    assert names == ["cards.test"]


def test_a_ca_that_is_not_trusted_is_a_failure(tls: ServerTls) -> None:
    with serving(saying(ok(b"picture")), tls=tls.context) as host:
        found = downloads().get(host.url(), MOST)

    assert isinstance(found, Failure)
    assert "its certificate is not trusted: " in found.reason
    assert host.requests == []


def test_a_certificate_for_another_name_is_a_failure(tls: ServerTls) -> None:
    with serving(saying(ok(b"picture")), tls=tls.context) as host:
        loads = downloads(
            "other.test:*", trusted=tls.ca_certificate, resolve=resolving("127.0.0.1")
        )
        found = loads.get(host.url(host="other.test"), MOST)

    assert isinstance(found, Failure)
    assert "not valid for 'other.test'" in found.reason
    assert host.requests == []


def test_a_redirect_from_http_to_https_is_followed_and_verified(tls: ServerTls) -> None:
    with (
        serving(saying(ok(b"picture")), tls=tls.context) as secure,
        serving(saying(redirect(secure.url()))) as host,
    ):
        trusting = downloads(trusted=tls.ca_certificate).get(host.url(), MOST)
        doubting = downloads().get(host.url(), MOST)

    assert trusting == b"picture"
    assert isinstance(doubting, Failure)


def test_a_server_of_http_is_refused_over_https(tls: ServerTls) -> None:
    def refuse(connection: socket.socket, host: Host) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(silent, tls=tls.context) as secure, serving(refuse) as open_:
        plain = downloads().get(f"http://127.0.0.1:{secure.port}/a", MOST)
        coded = downloads().get(f"https://127.0.0.1:{open_.port}/a", MOST)

    assert isinstance(plain, Failure)
    assert isinstance(coded, Failure)
    assert "TLS failed: " in coded.reason
    assert "_ssl.c" not in coded.reason


def test_a_picture_of_unknown_length_is_complete_only_after_a_tls_close(tls: ServerTls) -> None:
    def cut(connection: socket.socket, host: Host) -> None:
        read_request(connection, host)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\npict")

    whole = saying(b"HTTP/1.1 200 OK\r\n\r\npicture")
    loads = downloads(trusted=tls.ca_certificate)
    with serving(whole, tls=tls.context) as host, serving(cut, tls=tls.context) as cutting:
        assert loads.get(host.url(), MOST) == b"picture"
        found = loads.get(cutting.url(), MOST)

    assert isinstance(found, Failure)
    assert "TLS failed: " in found.reason


def test_an_invalid_further_ca_is_refused_with_the_reason() -> None:
    with serving(silent) as host:
        found = downloads(trusted="none").get(f"https://127.0.0.1:{host.port}/a", MOST)

    assert isinstance(found, Failure)
