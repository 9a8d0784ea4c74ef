"""From a host to its addresses: asked for once, and all of them checked."""

import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread

from mockocr.downloads.addresses import Address, Kind, kind, unwrapped
from mockocr.downloads.deadline import Deadline, Slots
from mockocr.downloads.fetched import FetchError
from mockocr.downloads.policy import Reach, is_this_machine
from mockocr.downloads.urls import Host

Resolve = Callable[[str], Iterable[str]]
"""The addresses of a name. OSError: it has none. May take any time."""

_THIS_MACHINE = (ip_address("127.0.0.1"), ip_address("::1"))


def system_resolve(name: str) -> list[str]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Resolver:
    """The system cannot be told to stop looking for a name, so it looks in a thread that is left
    behind when the time is over. There are never more of these than slots."""

    def __init__(self, resolve: Resolve, slots: int) -> None:
        self._resolve = resolve
        self._slots = Slots(slots)

    def addresses(self, host: Host, deadline: Deadline) -> Sequence[Address]:
        """At least one. FetchError: there is none."""
        if not isinstance(host, str):
            return (host,)
        if is_this_machine(host):
            return _THIS_MACHINE
        try:
            # An interface (fe80::1%eth0) is nothing that an address is judged by.
            texts = [text.partition("%")[0] for text in self._ask(host, deadline)]
            found = tuple(dict.fromkeys(unwrapped(ip_address(text)) for text in texts))
        except TimeoutError:
            raise deadline.missed() from None
        except OSError as error:
            raise FetchError(f"{host} has no address: {error.strerror or error}") from None
        except ValueError as error:
            raise FetchError(f"{host} has no address: {error}") from None
        if not found:
            raise FetchError(f"{host} has no address")
        return found

    def _ask(self, host: str, deadline: Deadline) -> Iterable[str]:
        answer: Future[Iterable[str]] = Future()

        def ask() -> None:
            try:
                answer.set_result(list(self._resolve(host)))
            except Exception as error:  # whatever it is, it is raised where it is waited for
                answer.set_exception(error)
            finally:
                self._slots.give_back()

        self._slots.take(deadline)
        try:
            Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        except RuntimeError as error:  # the system has no more threads
            self._slots.give_back()
            raise FetchError(f"{host} cannot be looked up: {error}") from None
        return answer.result(deadline.left())


def check(host: Host, addresses: Iterable[Address], reach: Reach) -> None:
    """FetchError: an address is out of reach. Each counts: who answers for a name may put a good
    one beside another."""
    for address in addresses:
        found = kind(address)
        if found is Kind.RESERVED:
            raise FetchError(f"{host} has the address {address}, which is never connected to")
        if found not in reach:
            raise FetchError(
                f"{host} has the {found} address {address}, which --fetch does not let it have"
            )
