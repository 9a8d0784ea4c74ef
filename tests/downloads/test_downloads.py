"""Downloads from servers of this machine: pictures, and failures."""

import re
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mockocr.downloads.downloads import Limits
from mockocr.downloads.fetched import Failure, NotFetched, TooLarge, bytes_within
from tests.downloads.downloading import MOST, downloads, needs_ipv6, resolving
from tests.downloads.servers import (
    Host,
    Script,
    ok,
    resetting,
    saying,
    saying_and_waiting,
    saying_without_end,
    serving,
    silent,
)

# Pictures.


def test_a_picture_is_downloaded() -> None:
    with serving(saying(ok(b"picture"))) as host:
        assert downloads().get(host.url("/李.jpg?a=b#c"), MOST) == b"picture"

    assert host.requests[0].startswith(b"GET /%E6%9D%8E.jpg?a=b HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{host.port}\r\n".encode() in host.requests[0]


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST.", "cards.localhost", "127.0.0.1.", "[::ffff:127.0.0.1]"]
)
def test_this_machine_has_many_names(name: str) -> None:
    with serving(saying(ok(b"picture"))) as host:
        assert downloads().get(host.url(host=name), MOST) == b"picture"


@needs_ipv6
@pytest.mark.parametrize("name", ["[::1]", "localhost"])
def test_a_picture_is_downloaded_over_ipv6(name: str) -> None:
    with serving(saying(ok(b"picture")), "::1") as host:
        assert downloads().get(host.url(host=name), MOST) == b"picture"


def test_a_named_host_is_called_on_its_port_with_its_name() -> None:
    with serving(saying(ok(b"picture"))) as host:
        loads = downloads(f"cards.test:{host.port}", resolve=resolving("127.0.0.1"))

        assert loads.get(host.url(host="Cards.Test."), MOST) == b"picture"

    assert f"\r\nHost: cards.test:{host.port}\r\n".encode() in host.requests[0]


def test_each_address_of_a_name_is_tried() -> None:
    with serving(saying(ok(b"picture"))) as host:
        loads = downloads("cards.test:*", resolve=lambda _: ["::1", "127.0.0.1"])

        assert loads.get(host.url(host="cards.test"), MOST) == b"picture"


def test_pictures_are_downloaded_concurrently() -> None:
    with serving(saying(ok(b"picture"))) as host, ThreadPoolExecutor(20) as threads:
        loads = downloads(limits=Limits(at_once=2))
        found = threads.map(lambda n: loads.get(host.url(f"/{n}"), MOST), range(20))

        assert set(found) == {b"picture"}

    assert sorted(host.paths) == sorted(f"/{n}" for n in range(20))


# Failures.


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (saying(b"HTTP/1.1 404 Not Found\r\n\r\n"), "expected the status 200, got 404"),
        (saying(b"HTTP/1.1 500 Oh\r\n\r\npicture"), "expected the status 200, got 500"),
        (saying(ok(b"picture", "Content-Encoding: gzip")), "the reply is compressed"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npicture"), "ended before the reply"),
        (saying(b"SSH-2.0-OpenSSH\r\n"), "the reply is not HTTP/1.1"),
        (saying(b""), "the connection ended before the reply was complete"),
        (saying(b"HTTP/1.1 302 Found\r\n\r\n"), "one Location header, got 0"),
        (resetting(), "reset by peer"),
        (resetting(ok(b"picture")[:-1]), "(reset by peer|ended before the reply was complete)"),
        (saying_without_end(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 100), "headers of at most"),
    ],
)
def test_a_bad_answer_is_a_failure_that_names_host_and_reason(script: Script, words: str) -> None:
    with serving(script) as host:
        found = downloads().get(host.url("/a.jpg?token=secret"), MOST)

    assert isinstance(found, Failure)
    assert re.match(f"127.0.0.1:{host.port}: .*{words}", found.reason)
    assert "secret" not in found.reason


def test_a_length_that_is_too_short_is_the_length() -> None:
    with serving(saying(ok(b"picture") + b"more")) as host:
        assert downloads().get(host.url(), MOST) == b"picture"


def test_a_refused_connection_is_a_failure() -> None:
    with serving(silent) as host:
        pass

    assert downloads().get(host.url(), MOST) == Failure(
        f"127.0.0.1:{host.port}: Connection refused"
    )


def test_a_name_without_addresses_is_a_failure() -> None:
    def unknown(name: str) -> Iterable[str]:
        raise socket.gaierror(-2, "Name or service not known")

    found = downloads("*.test", resolve=unknown).get("http://cards.test/a", MOST)

    assert found == Failure("cards.test has no address: Name or service not known")


# Sizes.


def test_a_picture_is_limited_to_the_given_bytes() -> None:
    with serving(saying(ok(b"picture"))) as host:
        assert downloads().get(host.url(), 7) == b"picture"
        assert downloads().get(host.url(), 6) == TooLarge(
            "expected a picture of at most 6 bytes, got more"
        )


def test_a_declared_length_that_is_too_large_is_not_waited_for() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {MOST + 1}\r\n\r\n".encode()

    with serving(saying_and_waiting(head)) as host:
        assert isinstance(downloads().get(host.url(), MOST), TooLarge)


@pytest.mark.parametrize(
    ("head", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\nxx\r\n" * 1000),
    ],
)
def test_an_endless_body_is_too_large(head: bytes, more: bytes) -> None:
    with serving(saying_without_end(head, more)) as host:
        assert isinstance(downloads().get(host.url(), 100_000), TooLarge)


@pytest.mark.parametrize("size", [*range(12), 5_505_024])
def test_a_limit_of_base64_characters_is_converted_to_bytes(size: int) -> None:
    characters = 4 * -(-size // 3)

    assert bytes_within(characters) == 3 * -(-size // 3)
    assert bytes_within(characters + 3) == bytes_within(characters)


# The environment.


def test_no_proxy_and_no_credentials_of_the_environment_are_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other: Host
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://user:secret@127.0.0.1:{other.port}")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    with serving(saying(ok(b"picture", "Set-Cookie: a=b"))) as host:
        loads = downloads()
        assert [loads.get(host.url(), MOST) for _ in range(2)] == [b"picture"] * 2

    assert other.connections == 0
    assert host.requests[0] == host.requests[1]
    names = [line.partition(b":")[0] for line in host.requests[0].split(b"\r\n")[1:]]
    assert names == [b"Host", b"User-Agent", b"Accept", b"Accept-Encoding", b"Connection", b"", b""]


# The folder.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    (tmp_path / "李明.jpg").write_bytes(b"picture")
    return tmp_path


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("words", ["none", "loopback", "*"])
@pytest.mark.parametrize(
    "url",
    [
        *("http://xx/a.jpg", "https://127.0.0.1/b/a.jpg?token=1#d", "http://xx/%61.jpg"),
        *("http://xx/李明.jpg", "http://xx/%E6%9D%8E%E6%98%8E.jpg", "http://169.254.169.254/a.jpg"),
    ],
)
def test_a_file_of_the_folder_is_the_picture_without_the_network(
    folder: Path, words: str, url: str
) -> None:
    assert downloads(words, folder=folder).get(url, 7) == b"picture"


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize(
    "url",
    [
        *("http://xx/b.jpg", "http://xx/a.jpg/", "http://xx/?a.jpg", "http://xx/b?/a.jpg"),
        *("http://xx/%2561.jpg", "http://xx/..%2Fa.jpg", "http://xx/%2e%2e", "http://xx/%00a.jpg"),
        *("http://xx/b#/a.jpg", "http://a.jpg", "http://xx/%ff", "http://xx/.%2fa.jpg"),
    ],
)
def test_a_missing_file_of_the_folder_is_not_fetched(folder: Path, url: str) -> None:
    assert isinstance(downloads("none", folder=folder).get(url, MOST), NotFetched)


@pytest.mark.usefixtures("no_sockets")
def test_a_file_of_the_folder_is_used_for_http_urls_only(folder: Path) -> None:
    assert isinstance(downloads(folder=folder).get("ftp://xx/a.jpg", MOST), Failure)


@pytest.mark.usefixtures("no_sockets")
def test_a_file_that_is_too_large_or_not_a_file_is_a_failure(folder: Path) -> None:
    (folder / "b.jpg").symlink_to("/dev/null")
    loads = downloads("none", folder=folder)

    assert loads.get("http://xx/a.jpg", 6) == TooLarge(
        "expected a picture of at most 6 bytes, got more"
    )
    assert isinstance(loads.get("http://xx/b.jpg", 6), Failure)


def test_a_picture_missing_from_the_folder_is_downloaded(folder: Path) -> None:
    with serving(saying(ok(b"downloaded"))) as host:
        assert downloads(folder=folder).get(host.url("/b.jpg"), MOST) == b"downloaded"
