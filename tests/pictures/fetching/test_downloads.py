"""Downloads from servers of this machine. No test waits: what hangs is ended by tiny limits, and
time that has to pass passes on a clock of the test's own."""

import re
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockocr.certificates import ServerTls, server_tls
from mockocr.pictures.fetching.downloads import Downloads, Limits
from mockocr.pictures.fetching.fetched import Failure, NotFetched, TooLarge, bytes_within
from mockocr.pictures.fetching.policy import read_policy
from tests.pictures.fetching.servers import (
    Host,
    Script,
    has_ipv6,
    ok,
    read_request,
    redirect,
    resetting,
    saying,
    saying_and_waiting,
    saying_without_end,
    serving,
    silent,
)

MOST = 1000
TINY = Limits(seconds=0.05)
"""For servers that never answer."""

needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")

ODD = [
    *("http://127.1/a", "http://2130706433/a", "http://0x7f.1/a", "http://0177.0.0.1/a"),
    *("http://127.0.0.1.1/a", "http://%31%32%37.0.0.1/a", "http://127.0.0.1\\@xx/a"),
    *("http:///127.0.0.1/a", "http:127.0.0.1/a", "http://a@127.0.0.1/a", "http://a:b@127.0.0.1/a"),
    *("http://127.0.0.1\t/a", "http://127.0.0.1/\r\nX: y", "\nhttp://127.0.0.1/a", "http://[::1"),
    *("http://[::1%25lo]/a", "http://127.0.0.1:0/a", "http://127.0.0.1:99999/a", "http://\ud800/a"),
]
"""URLs that cannot be read without guessing."""


def nobody(name: str) -> Iterable[str]:
    raise AssertionError(f"{name} was asked for")


def downloads(*words: str, **more: Any) -> Downloads:
    """By default of whatever this machine serves; no name is resolved."""
    return Downloads(read_policy(words or ["loopback"]), **{"resolve": nobody, **more})


def resolving(*addresses: str) -> Any:
    """A name has the first of these addresses when first asked for, and so on."""
    left = list(addresses)
    return lambda _: [left.pop(0)]


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where sockets were connected to; none ever is."""
    targets: list[tuple[str, int]] = []

    def refuse(_: socket.socket, target: tuple[str, int]) -> None:
        targets.append(target)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return targets


@pytest.fixture(scope="module")
def tls(state_dir: Path) -> ServerTls:
    return server_tls(state_dir, ["cards.test"])


@pytest.fixture
def other() -> Iterator[Host]:
    with serving(saying(ok(b"other"))) as host:
        yield host


# What is had.


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
def test_this_machine_speaks_ipv6_too(name: str) -> None:
    with serving(saying(ok(b"picture")), "::1") as host:
        assert downloads().get(host.url(host=name), MOST) == b"picture"


def test_a_named_host_is_reached_on_its_port_and_is_asked_by_its_name() -> None:
    with serving(saying(ok(b"picture"))) as host:
        loads = downloads(f"cards.test:{host.port}", resolve=resolving("127.0.0.1"))

        assert loads.get(host.url(host="Cards.Test."), MOST) == b"picture"

    assert f"\r\nHost: cards.test:{host.port}\r\n".encode() in host.requests[0]


def test_each_address_of_a_name_is_tried() -> None:
    with serving(saying(ok(b"picture"))) as host:
        loads = downloads("cards.test:*", resolve=lambda _: ["::1", "127.0.0.1"])

        assert loads.get(host.url(host="cards.test"), MOST) == b"picture"


def test_many_are_downloaded_at_once() -> None:
    with serving(saying(ok(b"picture"))) as host, ThreadPoolExecutor(20) as threads:
        loads = downloads(limits=Limits(at_once=2))
        found = threads.map(lambda n: loads.get(host.url(f"/{n}"), MOST), range(20))

        assert set(found) == {b"picture"}

    assert sorted(host.paths) == sorted(f"/{n}" for n in range(20))


# What is not fetched.


@pytest.mark.usefixtures("no_sockets")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.from_regex(r"(?i)https?://\S{0,40}"))
@example("http://127.0.0.1/a.jpg")
@example("http:///")
@example("https://a:b@xx/a b.jpg")
def test_under_none_nothing_is_fetched_ever(url: str) -> None:
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
def test_what_the_policy_does_not_cover_is_not_fetched(words: str, url: str) -> None:
    found = downloads(words).get(url, MOST)

    assert isinstance(found, NotFetched)
    assert found.reason == f"--fetch does not cover {url.partition('/a')[0]}"


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("words", ["loopback", "*:*"])
@pytest.mark.parametrize("url", [*ODD, "ftp://xx/a", "file:///etc/passwd", "gopher://xx/a", ""])
def test_what_takes_guessing_is_a_failure(words: str, url: str) -> None:
    found = downloads(words).get(url, MOST)

    assert isinstance(found, Failure)
    assert "URL" in found.reason


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("user", ["", "a", "a:b", ":", "127.0.0.1:80"])
def test_credentials_are_not_sent(user: str) -> None:
    found = downloads().get(f"http://{user}@127.0.0.1/a", MOST)

    assert found == Failure("the URL has a user name in it: no credentials are sent")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.from_regex(r"(?i)https?://\S{0,40}"), st.ip_addresses())
def test_any_text_is_answered_by_a_value(
    connected: list[tuple[str, int]], url: str, address: object
) -> None:
    loads = downloads("loopback", "*:*", "cards.test", resolve=lambda _: [str(address)])

    assert isinstance(loads.get(url, MOST), Failure | NotFetched)


# Addresses.


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
def test_a_wildcard_never_reaches_what_is_not_public(address: str) -> None:
    loads = downloads("*.test", resolve=lambda _: ["1.1.1.1", address])

    found = loads.get("http://cards.test/a?token=1", MOST)

    assert isinstance(found, Failure)
    assert found.reason.startswith("cards.test has the ")


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[fd00:ec2::254]"]
)
def test_a_star_alone_is_for_public_hosts_only(host: str) -> None:
    assert isinstance(downloads("*").get(f"http://{host}/a", MOST), Failure)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("address", ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "::"])
def test_not_even_a_named_host_may_be_a_metadata_service(address: str) -> None:
    shown = f"[{address}]" if ":" in address else address
    named = downloads(shown)
    resolved = downloads("cards.test", resolve=resolving(address))

    for found in (named.get(f"http://{shown}/a", MOST), resolved.get("http://cards.test/", MOST)):
        assert isinstance(found, Failure)
        assert "never connected to" in found.reason


def test_the_address_that_was_checked_is_the_one_connected_to(
    connected: list[tuple[str, int]],
) -> None:
    loads = downloads("*.test", resolve=resolving("1.1.1.1", "127.0.0.1"))

    found = loads.get("https://cards.test/a", MOST)

    assert found == Failure("cards.test: Connection refused")
    assert connected == [("1.1.1.1", 443)]


@needs_ipv6
def test_a_name_that_changes_its_mind_changes_nothing() -> None:
    with serving(saying(ok(b"good"))) as good, serving(silent, "::1", port=good.port) as evil:
        loads = downloads("cards.test:*", resolve=resolving("127.0.0.1", "::1"))

        assert loads.get(good.url(host="cards.test"), MOST) == b"good"

    assert (good.connections, evil.connections) == (1, 0)


def test_the_server_itself_is_not_downloaded_from(other: Host) -> None:
    ports: set[int] = set()
    loads = downloads("loopback", "cards.test:*", own_ports=ports, resolve=lambda _: ["127.0.0.1"])
    ports.add(other.port)

    for name in ("127.0.0.1", "localhost", "cards.test"):
        found = loads.get(other.url(host=name), MOST)
        assert isinstance(found, Failure)
    assert loads.get(other.url(), MOST) == Failure(f"127.0.0.1:{other.port} is mockocr itself")
    assert other.requests == []


def test_a_port_of_the_server_may_be_anothers_on_another_machine(
    monkeypatch: pytest.MonkeyPatch, other: Host
) -> None:
    loads = downloads(own_ports=[other.port])
    # As far as a socket tells; is_to_itself has tests of its own.
    monkeypatch.setattr(socket.socket, "getsockname", lambda _: ("10.0.0.7", 50000))
    monkeypatch.setattr(socket.socket, "getpeername", lambda _: ("10.0.0.8", other.port))

    assert loads.get(other.url(), MOST) == b"other"


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["b.jpg", "/b.jpg", "//127.0.0.1:PORT/b.jpg", "http://localhost:PORT/b.jpg#c"]
)
def test_a_redirect_is_followed(location: str, status: int) -> None:
    with serving(saying(redirect(location, status), ok(b"picture"))) as host:
        assert downloads().get(host.url("/a.jpg?token=1"), MOST) == b"picture"

    assert host.paths == ["/a.jpg?token=1", "/b.jpg"]
    assert b"token" not in host.requests[1]


def test_three_redirects_are_followed() -> None:
    with serving(saying(redirect("/b"), redirect("/c"), redirect("/d"), ok(b"picture"))) as host:
        assert downloads().get(host.url("/a"), MOST) == b"picture"

    assert host.paths == ["/a", "/b", "/c", "/d"]


def test_four_redirects_are_too_many() -> None:
    with serving(saying(redirect("/a"))) as host:
        found = downloads().get(host.url("/a"), MOST)

    assert found == Failure("there were more than 3 redirects")
    assert host.paths == ["/a"] * 4


@pytest.mark.parametrize(
    "location",
    [
        *("file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/a", "data:,x", "x:y"),
        *("http://127.1/a", "http://0x7f.1/a", "http://2130706433/a", "//a@127.0.0.1/a"),
        *("http://a:b@localhost/a", "\\\\127.0.0.1\\a", "//[::1", "http://%6cocalhost/a"),
        *("http://localhost\t/a", "http://127.0.0.1:0/"),
    ],
)
def test_a_redirect_to_no_plain_url_is_a_failure(location: str) -> None:
    with serving(saying(redirect(location))) as host:
        found = downloads().get(host.url(), MOST)

    assert isinstance(found, Failure)
    assert found.reason.startswith(f"127.0.0.1:{host.port} redirects: ")
    assert host.connections == 1


@pytest.mark.parametrize(
    "place", ["http://cards.test", "http://10.0.0.1", "http://169.254.169.254", "http://0.0.0.0"]
)
def test_a_redirect_out_of_the_policy_is_a_failure(place: str) -> None:
    with serving(saying(redirect(f"{place}/a?token=1"))) as host:
        found = downloads().get(host.url(), MOST)

    assert found == Failure(
        f"127.0.0.1:{host.port} redirects to {place}, which --fetch does not cover"
    )


def test_a_redirect_to_another_port_is_checked(other: Host) -> None:
    with serving(saying(redirect(other.url(host="cards.test")))) as host:
        loads = downloads(f"cards.test:{host.port}", resolve=lambda _: ["127.0.0.1"])

        assert isinstance(loads.get(host.url(host="cards.test"), MOST), Failure)

    assert other.connections == 0


def test_the_addresses_are_checked_again_after_a_redirect() -> None:
    with serving(saying(redirect("http://inner.test/a"))) as host:
        addresses = {"cards.test": ["127.0.0.1"], "inner.test": ["10.0.0.1"]}
        loads = downloads("cards.test:*", "*.test", resolve=lambda name: addresses[name])

        found = loads.get(host.url(host="cards.test"), MOST)

    assert isinstance(found, Failure)
    assert found.reason.startswith("inner.test has the private address 10.0.0.1")


def test_a_name_may_have_changed_when_it_is_redirected_to() -> None:
    with serving(saying(redirect("/b"))) as host:
        loads = downloads("cards.test:*", resolve=resolving("127.0.0.1", "169.254.169.254"))

        found = loads.get(host.url(host="cards.test"), MOST)

    assert isinstance(found, Failure)
    assert "never connected to" in found.reason
    assert host.paths == ["/a.jpg"]


def test_a_redirect_to_the_server_itself_is_a_failure(other: Host) -> None:
    with serving(saying(redirect(other.url("/__admin/info")))) as host:
        found = downloads(own_ports=[other.port]).get(host.url(), MOST)

    assert found == Failure(f"127.0.0.1:{other.port} is mockocr itself")
    assert other.requests == []


# Answers that are none.


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (saying(b"HTTP/1.1 404 Not Found\r\n\r\n"), "the answer has the status 404"),
        (saying(b"HTTP/1.1 500 Oh\r\n\r\npicture"), "the answer has the status 500"),
        (saying(ok(b"picture", "Content-Encoding: gzip")), "the answer is compressed"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npicture"), "ended before the answer"),
        (saying(b"SSH-2.0-OpenSSH\r\n"), "the answer is not HTTP/1.1"),
        (saying(b""), "the connection ended before the answer did"),
        (saying(b"HTTP/1.1 302 Found\r\n\r\n"), "a redirect to 0 places"),
        (resetting(), "reset by peer"),
        (resetting(ok(b"picture")[:-1]), "(reset by peer|ended before the answer did)"),
        (saying_without_end(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 100), "headers have more than"),
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


def test_nobody_listens() -> None:
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


def test_a_picture_may_have_just_so_many_bytes() -> None:
    with serving(saying(ok(b"picture"))) as host:
        assert downloads().get(host.url(), 7) == b"picture"
        assert downloads().get(host.url(), 6) == TooLarge("the picture has more than 6 bytes")


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
def test_a_body_without_end_is_too_large(head: bytes, more: bytes) -> None:
    with serving(saying_without_end(head, more)) as host:
        assert isinstance(downloads().get(host.url(), 100_000), TooLarge)


@pytest.mark.parametrize("size", [*range(12), 5_505_024])
def test_so_many_bytes_are_within_so_many_base64_characters(size: int) -> None:
    characters = 4 * -(-size // 3)

    assert bytes_within(characters) == 3 * -(-size // 3)
    assert bytes_within(characters + 3) == bytes_within(characters)


# Time.


@pytest.mark.parametrize(
    "script",
    [
        silent,
        saying_and_waiting(b"HTTP/1.1 200 OK\r\n"),
        saying_and_waiting(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npict"),
        saying_and_waiting(b"HTTP/1.1 200 OK\r\n\r\npicture"),
        saying_and_waiting(b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_is_not_waited_for_longer_than_the_limit(script: Script, scheme: str) -> None:
    with serving(script) as host:
        url = f"{scheme}://127.0.0.1:{host.port}/"

        assert downloads(limits=TINY).get(url, MOST) == Failure(
            "there was no picture within 0.05 seconds"
        )


def test_the_time_limit_is_one_for_all_pieces_of_an_answer() -> None:
    seconds = iter(range(10**9))
    drip = saying_without_end(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", b"x")

    with serving(drip) as host:
        loads = downloads(limits=Limits(seconds=50), clock=lambda: next(seconds))
        found = loads.get(host.url(), 10**9)

    assert found == Failure("there was no picture within 50 seconds")


def test_the_time_limit_is_one_for_all_redirects() -> None:
    seconds = iter(range(10**9))

    with serving(saying(redirect("/a"))) as host:
        loads = downloads(limits=Limits(seconds=50, redirects=10**6), clock=lambda: next(seconds))

        assert loads.get(host.url(), MOST) == Failure("there was no picture within 50 seconds")


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[float | None] = []
    connect = socket.socket.connect

    def slow(made: socket.socket, target: Any) -> None:
        given.append(made.gettimeout())
        if target[0] == "127.0.0.2":
            raise TimeoutError("timed out")
        connect(made, target)

    monkeypatch.setattr(socket.socket, "connect", slow)
    with serving(saying(ok(b"picture"))) as host:
        loads = downloads(
            "cards.test:*",
            resolve=lambda _: ["127.0.0.2", "127.0.0.1"],
            limits=Limits(seconds=10),
            clock=lambda: 0,
        )

        assert loads.get(host.url(host="cards.test"), MOST) == b"picture"

    assert given[:2] == [5, 10]


def test_who_waits_for_a_slot_waits_on_his_own_time() -> None:
    ticks: deque[float] = deque()

    def clock() -> float:
        """For this thread time passes; for the other it stands still."""
        return ticks.popleft() if current_thread() is main_thread() else 0

    with serving(saying_and_waiting(b"")) as host, ThreadPoolExecutor(1) as threads:
        loads = downloads(limits=Limits(seconds=100, at_once=1), clock=clock)
        first = threads.submit(loads.get, host.url(), MOST)
        host.asked.acquire()
        ticks.extend([0, 99.99])

        second = loads.get(host.url(), MOST)

        host.over.set()
        assert second == Failure("there was no picture within 100 seconds")
        assert isinstance(first.result(), Failure)
        assert host.connections == 1


def test_a_slot_is_free_again_after_whatever_happened() -> None:
    loads = downloads(limits=Limits(at_once=1))

    with serving(saying(b"bad", ok(b"large" * MOST), redirect("x:y"), ok(b"picture"))) as host:
        found = [loads.get(host.url(), MOST) for _ in range(4)]

    assert [type(it) for it in found] == [Failure, TooLarge, Failure, bytes]


# TLS.


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


def test_the_server_is_told_which_name_is_wanted(state_dir: Path) -> None:
    context, told = server_tls(state_dir, ["cards.test"]).context, []
    context.sni_callback = lambda _, name, __: told.append(name)
    ca = server_tls(state_dir).ca_certificate

    with serving(saying(ok(b"picture")), tls=context) as host:
        loads = downloads("cards.test:*", trusted=ca, resolve=resolving("127.0.0.1"))

        assert loads.get(host.url(host="CARDS.test."), MOST) == b"picture"

    assert told == ["cards.test"]


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


def test_http_is_not_https(tls: ServerTls) -> None:
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


def test_a_picture_of_unknown_length_is_whole_only_if_tls_says_so(tls: ServerTls) -> None:
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


def test_further_cas_that_are_none_are_told_of() -> None:
    with serving(silent) as host:
        found = downloads(trusted="none").get(f"https://127.0.0.1:{host.port}/a", MOST)

    assert isinstance(found, Failure)


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
def test_what_is_no_file_of_the_folder_is_not_fetched(folder: Path, url: str) -> None:
    assert isinstance(downloads("none", folder=folder).get(url, MOST), NotFetched)


@pytest.mark.usefixtures("no_sockets")
def test_a_file_is_no_picture_of_another_scheme(folder: Path) -> None:
    assert isinstance(downloads(folder=folder).get("ftp://xx/a.jpg", MOST), Failure)


@pytest.mark.usefixtures("no_sockets")
def test_a_file_may_be_too_large_or_no_file(folder: Path) -> None:
    (folder / "b.jpg").symlink_to("/dev/null")
    loads = downloads("none", folder=folder)

    assert loads.get("http://xx/a.jpg", 6) == TooLarge("the picture has more than 6 bytes")
    assert isinstance(loads.get("http://xx/b.jpg", 6), Failure)


def test_what_is_not_in_the_folder_is_downloaded(folder: Path) -> None:
    with serving(saying(ok(b"downloaded"))) as host:
        assert downloads(folder=folder).get(host.url("/b.jpg"), MOST) == b"downloaded"
