"""The bytes behind an ImageUrl: a file of --pictures, or what --fetch lets be downloaded.

Nothing else is ever sent out. A download is one GET without credentials, cookies or proxies; where
it leads is checked at every step, as if a stranger had chosen it, and it ends in time.
"""

import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mockocr.downloads.connection import client_tls, connect, is_to_itself, secured, words
from mockocr.downloads.deadline import Deadline, Slots
from mockocr.downloads.fetched import (
    Failure,
    Fetched,
    FetchError,
    NotFetched,
    TooLarge,
    TooLargeError,
)
from mockocr.downloads.folder import read_file
from mockocr.downloads.names import Resolve, Resolver, check, system_resolve
from mockocr.downloads.policy import NONE, Policy
from mockocr.downloads.reply import Redirect, Reply, request
from mockocr.downloads.urls import Url, read_url, redirected
from mockocr.images.image import is_http

_RECEIVED_AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = 5
    """For a picture in all: waiting for others, resolving, connecting, redirects, the last byte."""
    at_once: int = 8
    """Downloads; and names that are looked up, which may outlast theirs."""
    redirects: int = 3


LIMITS = Limits()


class Downloads:
    """Keeps nothing of what it has downloaded; holds the slots of downloads that are under way."""

    def __init__(
        self,
        policy: Policy = NONE,
        folder: Path | None = None,
        *,
        own_ports: Collection[int] = (),
        trusted: str | None = None,
        limits: Limits = LIMITS,
        resolve: Resolve = system_resolve,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """The server's own ports, on this machine, are not downloaded from; they are looked at
        with each download, so they may be filled in later. Trusted: PEM of further CAs."""
        self._policy = policy
        self._folder = folder
        self._own_ports = own_ports
        # Late: reading what the system trusts takes 20 ms.
        self._tls = cache(lambda: client_tls(trusted))
        self._limits = limits
        self._slots = Slots(limits.at_once)
        self._resolver = Resolver(resolve, limits.at_once)
        self._clock = clock

    def get(self, url: str, most_bytes: int) -> Fetched:
        """What is behind a URL, whatever text it is. Blocks, for `limits.seconds` at most.

        A file of the folder comes first. NotFetched: --fetch does not cover the URL (`none` covers
        nothing). TooLarge: more than most_bytes, of a file too. Failure: anything else, among it a
        URL that only guessing could read, and one that is neither of http nor of https; but under
        `none` no guess is needed, and every URL of http and https is just not fetched.
        """
        try:
            return self._get(url, most_bytes)
        except TooLargeError as error:
            return TooLarge(str(error))
        except FetchError as error:
            return Failure(str(error))

    def _get(self, text: str, most_bytes: int) -> bytes | NotFetched:
        try:
            url = read_url(text)
        except ValueError as error:
            if self._policy == NONE and is_http(text):
                return NotFetched("--fetch covers nothing")
            raise FetchError(str(error)) from None
        if self._folder and url.file_name:
            content = read_file(self._folder, url.file_name, most_bytes)
            if content is not None:
                return content
        if not self._policy.reach(url):
            return NotFetched(f"--fetch does not cover {url.scheme}://{url.authority}")
        deadline = Deadline(self._limits.seconds, self._clock)
        with self._slots.one(deadline):
            return self._follow(url, most_bytes, deadline)

    def _follow(self, url: Url, most_bytes: int, deadline: Deadline) -> bytes:
        for _ in range(self._limits.redirects + 1):
            try:
                found = self._exchange(url, most_bytes, deadline)
            except TimeoutError:
                raise deadline.missed() from None
            except OSError as error:
                raise FetchError(f"{url.authority}: {words(error)}") from None
            if isinstance(found, bytes):
                return found
            url = self._redirected(url, found)
        raise FetchError(f"there were more than {self._limits.redirects} redirects")

    def _redirected(self, url: Url, redirect: Redirect) -> Url:
        try:
            target = redirected(url, redirect.location)
        except ValueError as error:
            raise FetchError(f"{url.authority} redirects: {error}") from None
        if not self._policy.reach(target):
            raise FetchError(
                f"{url.authority} redirects to {target.scheme}://{target.authority}, which --fetch"
                " does not cover"
            )
        return target

    def _exchange(self, url: Url, most_bytes: int, deadline: Deadline) -> bytes | Redirect:
        addresses = self._resolver.addresses(url.host, deadline)
        check(url.host, addresses, self._policy.reach(url))
        with connect(addresses, url.port, deadline) as connection:
            if url.port in self._own_ports and is_to_itself(connection):
                raise FetchError(f"{url.authority} is mockocr itself")
            if url.scheme == "http":
                return _ask(url, connection, most_bytes, deadline)
            connection.settimeout(deadline.left())
            with secured(connection, url.host, self._tls()) as secure:
                return _ask(url, secure, most_bytes, deadline)


def _ask(
    url: Url, connection: socket.socket, most_bytes: int, deadline: Deadline
) -> bytes | Redirect:
    connection.settimeout(deadline.left())
    connection.sendall(request(url))
    reply = Reply(most_bytes)
    while reply.found is None:
        connection.settimeout(deadline.left())
        content = connection.recv(_RECEIVED_AT_ONCE)
        try:
            if content:
                reply.feed(content)
            else:
                reply.end()
        except TooLargeError:
            raise
        except FetchError as error:
            raise FetchError(f"{url.authority}: {error}") from None
    return reply.found
