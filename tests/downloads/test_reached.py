"""Which URLs are downloaded: policies, names and addresses."""

import socket

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockocr.downloads.downloads import Downloads
from mockocr.downloads.fetched import Failure, NotFetched
from tests.downloads.downloading import MOST, downloads, needs_ipv6, resolving
from tests.downloads.servers import Host, ok, saying, serving, silent

ODD = [
    *("http://127.1/a", "http://2130706433/a", "http://0x7f.1/a", "http://0177.0.0.1/a"),
    *("http://127.0.0.1.1/a", "http://%31%32%37.0.0.1/a", "http://127.0.0.1\\@xx/a"),
    *("http:///127.0.0.1/a", "http:127.0.0.1/a", "http://a@127.0.0.1/a", "http://a:b@127.0.0.1/a"),
    *("http://127.0.0.1\t/a", "http://127.0.0.1/\r\nX: y", "\nhttp://127.0.0.1/a", "http://[::1"),
    *("http://[::1%25lo]/a", "http://127.0.0.1:0/a", "http://127.0.0.1:99999/a", "http://\ud800/a"),
]
"""Ambiguous URLs."""


@pytest.mark.usefixtures("no_sockets")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.from_regex(r"(?i)https?://\S{0,40}"))
@example("http://127.0.0.1/a.jpg")
@example("http:///")
@example("https://a:b@xx/a b.jpg")
def test_the_policy_none_fetches_nothing(url: str) -> None:
    found = Downloads().get(url, MOST)

    assert isinstance(found, Failure | NotFetched)
    assert isinstance(found, NotFetched) == url.lower().startswith(("http://", "https://"))


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("loopback", "http://cards.test/a?token=1"),
        ("loopback", "http://10.0.0.1/a"),
        ("loopback", "http://0.0.0.0/a"),
        ("loopback", "http://[::]/a"),
        ("*.example.com", "http://127.0.0.1/a"),
        ("*.example.com", "http://example.com/a"),
        ("cards.test", "http://cards.test:8080/a"),
    ],
)
def test_a_url_outside_the_policy_is_not_fetched(words: str, url: str) -> None:
    found = downloads(words).get(url, MOST)

    assert isinstance(found, NotFetched)
    assert found.reason == f"--fetch does not cover {url.partition('/a')[0]}"


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("words", ["loopback", "*:*"])
@pytest.mark.parametrize("url", [*ODD, "ftp://xx/a", "file:///etc/passwd", "gopher://xx/a", ""])
def test_an_ambiguous_url_is_a_failure(words: str, url: str) -> None:
    found = downloads(words).get(url, MOST)

    assert isinstance(found, Failure)
    assert "URL" in found.reason


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("user", ["", "a", "a:b", ":", "127.0.0.1:80"])
def test_credentials_are_not_sent(user: str) -> None:
    found = downloads().get(f"http://{user}@127.0.0.1/a", MOST)

    assert found == Failure("the URL contains a user name, but mockocr sends no credentials")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.from_regex(r"(?i)https?://\S{0,40}"), st.ip_addresses())
def test_any_text_gives_a_result_and_no_exception(
    connected: list[tuple[str, int]], url: str, address: object
) -> None:
    loads = downloads("loopback", "*:*", "cards.test", resolve=lambda _: [str(address)])

    assert isinstance(loads.get(url, MOST), Failure | NotFetched)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "fd00::1", "198.18.0.1"),
        *("169.254.169.254", "fd00:ec2::254", "0.1.2.3", "::", "224.0.0.1", "255.255.255.255"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("::127.0.0.1", "fe80::1", "fe80::1%eth0", "2001:db8::1", "192.0.2.1"),
    ],
)
def test_a_wildcard_reaches_public_addresses_only(address: str) -> None:
    loads = downloads("*.test", resolve=lambda _: ["1.1.1.1", address])

    found = loads.get("http://cards.test/a?token=1", MOST)

    assert isinstance(found, Failure)
    assert found.reason.startswith("cards.test has the ")


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[fd00:ec2::254]"]
)
def test_a_star_alone_covers_public_hosts_only(host: str) -> None:
    assert isinstance(downloads("*").get(f"http://{host}/a", MOST), Failure)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("address", ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "::"])
def test_a_named_host_must_not_be_a_metadata_service(address: str) -> None:
    shown = f"[{address}]" if ":" in address else address
    named = downloads(shown)
    resolved = downloads("cards.test", resolve=resolving(address))

    for found in (named.get(f"http://{shown}/a", MOST), resolved.get("http://cards.test/", MOST)):
        assert isinstance(found, Failure)
        assert "never connects to it" in found.reason


def test_the_address_that_was_checked_is_the_one_connected_to(
    connected: list[tuple[str, int]],
) -> None:
    loads = downloads("*.test", resolve=resolving("1.1.1.1", "127.0.0.1"))

    found = loads.get("https://cards.test/a", MOST)

    assert found == Failure("cards.test: Connection refused")
    assert connected == [("1.1.1.1", 443)]


@needs_ipv6
def test_a_name_that_changes_its_address_after_the_check_has_no_effect() -> None:
    with serving(saying(ok(b"good"))) as good, serving(silent, "::1", port=good.port) as evil:
        loads = downloads("cards.test:*", resolve=resolving("127.0.0.1", "::1"))

        assert loads.get(good.url(host="cards.test"), MOST) == b"good"

    assert (good.connections, evil.connections) == (1, 0)


def test_nothing_is_downloaded_from_the_server_itself(other: Host) -> None:
    ports: set[int] = set()
    loads = downloads("loopback", "cards.test:*", own_ports=ports, resolve=lambda _: ["127.0.0.1"])
    ports.add(other.port)

    for name in ("127.0.0.1", "localhost", "cards.test"):
        found = loads.get(other.url(host=name), MOST)
        assert isinstance(found, Failure)
    assert loads.get(other.url(), MOST) == Failure(f"127.0.0.1:{other.port} is mockocr itself")
    assert other.requests == []


def test_the_port_of_the_server_is_allowed_on_another_machine(
    monkeypatch: pytest.MonkeyPatch, other: Host
) -> None:
    loads = downloads(own_ports=[other.port])
    # As far as a socket tells; is_to_itself has tests of its own.
    monkeypatch.setattr(socket.socket, "getsockname", lambda _: ("10.0.0.7", 50000))
    monkeypatch.setattr(socket.socket, "getpeername", lambda _: ("10.0.0.8", other.port))

    assert loads.get(other.url(), MOST) == b"other"
