"""Looks up the addresses of a host once, and checks all of them."""

import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread

from mockocr.downloads import hints
from mockocr.downloads.addresses import Address, Kind, kind, unwrapped
from mockocr.downloads.deadline import Deadline, Slots
from mockocr.downloads.fetched import FetchError
from mockocr.downloads.policy import Reach, is_this_machine
from mockocr.downloads.urls import Host

Resolve = Callable[[str], Iterable[str]]
"""Gives the addresses of a name. Raises OSError if there are none. It may block for any time."""

_THIS_MACHINE = (ip_address("127.0.0.1"), ip_address("::1"))


def system_resolve(name: str) -> list[str]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Resolver:
    """Looks up names in threads. A lookup cannot be cancelled, so at the deadline its thread is
    left running. The number of slots limits the threads."""

    def __init__(self, resolve: Resolve, slots: int) -> None:
        self._resolve = resolve
        self._slots = Slots(slots)

    def addresses(self, host: Host, deadline: Deadline) -> Sequence[Address]:
        """The addresses of a host, at least one. Raises FetchError if there are none."""
        if not isinstance(host, str):
            return (host,)
        if is_this_machine(host):
            return _THIS_MACHINE
        try:
            # The interface in fe80::1%eth0 does not matter for the check.
            texts = [text.partition("%")[0] for text in self._look_up(host, deadline)]
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

    def _look_up(self, host: str, deadline: Deadline) -> Iterable[str]:
        answer: Future[Iterable[str]] = Future()

        def look_up() -> None:
            try:
                answer.set_result(list(self._resolve(host)))
            except Exception as error:  # Raised by `result` below.
                answer.set_exception(error)
            finally:
                self._slots.give_back()

        self._slots.take(deadline)
        try:
            Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
        except RuntimeError as error:  # The system cannot create more threads.
            self._slots.give_back()
            raise FetchError(f"cannot look up {host}: {error}") from None
        return answer.result(deadline.left())


def check(host: Host, addresses: Iterable[Address], reach: Reach) -> None:
    """Raises FetchError if any address is not allowed. One allowed address is not enough: a
    malicious DNS server can add it to others."""
    for address in addresses:
        found = kind(address)
        if found is Kind.RESERVED:
            reason = f"{host} has the address {address}; mockocr never connects to it"
            raise FetchError(reason, hints.NOT_ALLOWED)
        if found not in reach:
            raise FetchError(
                f"{host} has the {found} address {address}, which --fetch does not allow",
                hints.NOT_ALLOWED,
            )
