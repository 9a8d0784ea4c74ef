"""Which redirects are followed."""

import pytest

from mockocr.downloads.fetched import Failure
from tests.downloads.downloading import MOST, downloads, resolving
from tests.downloads.servers import Host, ok, redirect, saying, serving


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

    assert found == Failure("expected at most 3 redirects, got more")
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
def test_a_redirect_to_an_ambiguous_url_is_a_failure(location: str) -> None:
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


def test_a_redirect_looks_the_name_up_again() -> None:
    with serving(saying(redirect("/b"))) as host:
        loads = downloads("cards.test:*", resolve=resolving("127.0.0.1", "169.254.169.254"))

        found = loads.get(host.url(host="cards.test"), MOST)

    assert isinstance(found, Failure)
    assert "never connects to it" in found.reason
    assert host.paths == ["/a.jpg"]


def test_a_redirect_to_the_server_itself_is_a_failure(other: Host) -> None:
    with serving(saying(redirect(other.url("/__admin/info")))) as host:
        found = downloads(own_ports=[other.port]).get(host.url(), MOST)

    assert found == Failure(f"127.0.0.1:{other.port} is mockocr itself")
    assert other.requests == []
