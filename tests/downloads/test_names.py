from collections.abc import Callable, Iterable
from ipaddress import ip_address
from threading import Event, Thread

import pytest

from mockocr.downloads.addresses import Kind
from mockocr.downloads.deadline import Deadline
from mockocr.downloads.fetched import FetchError
from mockocr.downloads.names import Resolver, check, system_resolve

ANYWHERE = frozenset({Kind.LOOPBACK, Kind.PRIVATE, Kind.PUBLIC})


def soon(seconds: float = 30) -> Deadline:
    return Deadline(seconds, lambda: 0)


def a_resolver(*addresses: str, slots: int = 1) -> Resolver:
    return Resolver(lambda _: addresses, slots)


def no_lookup(name: str) -> Iterable[str]:
    raise AssertionError(f"{name} was asked for")


def test_a_name_has_the_addresses_that_the_system_knows() -> None:
    resolver = a_resolver("10.0.0.1", "::ffff:10.0.0.1", "fd00::1", "10.0.0.1", "fe80::1%eth0")

    found = resolver.addresses("cards.test", soon())

    assert found == tuple(map(ip_address, ("10.0.0.1", "fd00::1", "fe80::1")))


def test_the_system_knows_this_machine() -> None:
    assert {"127.0.0.1", "::1"} & set(system_resolve("localhost"))


def test_an_address_is_not_looked_up() -> None:
    assert Resolver(no_lookup, 1).addresses(ip_address("10.0.0.1"), soon()) == (
        ip_address("10.0.0.1"),
    )


@pytest.mark.parametrize("name", ["localhost", "cards.localhost"])
def test_localhost_is_not_looked_up(name: str) -> None:
    found = Resolver(no_lookup, 1).addresses(name, soon())

    assert found == (ip_address("127.0.0.1"), ip_address("::1"))


def _raise(error: Exception) -> Callable[[str], Iterable[str]]:
    def resolve(name: str) -> Iterable[str]:
        raise error

    return resolve


@pytest.mark.parametrize(
    ("resolve", "words"),
    [
        (_raise(OSError(-2, "Name or service not known")), ": Name or service not known"),
        (_raise(UnicodeError("label too long")), ": label too long"),
        (lambda _: [], "$"),
        (lambda _: ["127.1"], ": '127.1' does not"),
        (lambda _: ["10.0.0.1", ""], ": '' does not"),
    ],
)
def test_a_name_without_addresses_is_an_error(
    resolve: Callable[[str], Iterable[str]], words: str
) -> None:
    with pytest.raises(FetchError, match=f"^cards.test has no address{words}"):
        Resolver(resolve, 1).addresses("cards.test", soon())


def test_a_slow_lookup_times_out_and_keeps_its_slot_until_it_ends() -> None:
    answer, answered = Event(), Event()

    def resolve(name: str) -> Iterable[str]:
        answer.wait(30)
        answered.set()
        return ["10.0.0.1"]

    resolver = Resolver(resolve, 1)
    with pytest.raises(FetchError, match=r"not complete after 0\.01 seconds"):
        resolver.addresses("slow.test", soon(0.01))
    with pytest.raises(FetchError, match=r"not complete after 0\.01 seconds"):
        resolver.addresses("other.test", soon(0.01))
    assert not answered.is_set()

    answer.set()

    assert resolver.addresses("other.test", soon())


def test_a_lookup_without_a_thread_fails_and_frees_its_slot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start(thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    resolver = a_resolver("10.0.0.1")
    with monkeypatch.context() as here:
        here.setattr(Thread, "start", start)
        with pytest.raises(FetchError, match=r"cannot look up .*: can't start new thread"):
            resolver.addresses("cards.test", soon())

    assert resolver.addresses("cards.test", soon())


def test_allowed_addresses_are_accepted() -> None:
    check("cards.test", map(ip_address, ("10.0.0.1", "1.1.1.1", "::1")), ANYWHERE)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.0.0.1", "cards.test has the private address 10.0.0.1, which --fetch does not allow"),
        ("::1", "cards.test has the loopback address ::1, which --fetch does not allow"),
        (
            "169.254.169.254",
            "cards.test has the address 169.254.169.254; mockocr never connects",
        ),
    ],
)
def test_one_forbidden_address_is_enough_to_refuse(address: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        check("cards.test", map(ip_address, ("1.1.1.1", address)), frozenset({Kind.PUBLIC}))


def test_no_policy_allows_a_metadata_service() -> None:
    with pytest.raises(FetchError, match="never connects to it"):
        check("cards.test", [ip_address("fd00:ec2::254")], frozenset(Kind))
