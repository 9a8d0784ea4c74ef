"""Gets the picture at an ImageUrl: a file of --pictures, or a download that --fetch allows.

A download is one GET without credentials, cookies or proxies. URLs are not trusted: every address
and redirect is checked, and there is a time limit.
"""

import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mockocr.downloads import hints
from mockocr.downloads.connection import client_tls, connect, is_to_itself, reason_of, secured
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
    """For one picture, from the arrival of its call to the last byte."""
    at_once: int = 8
    """Concurrent downloads, and concurrent name lookups, which may take longer than their
    download."""
    redirects: int = 3


LIMITS = Limits()


class Downloads:
    """Downloads pictures. Its only state is the slots of running downloads: nothing is cached."""

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
        """`own_ports`: the ports of the server itself, which are never connected to; more may be
        added later. `trusted`: further CAs (PEM). `resolve` and `clock` are replaced only in
        tests."""
        self._policy = policy
        self._folder = folder
        self._own_ports = own_ports
        # Late: reading the system's CAs takes 20 ms.
        self._tls = cache(lambda: client_tls(trusted))
        self._limits = limits
        self._slots = Slots(limits.at_once)
        self._resolver = Resolver(resolve, limits.at_once)
        self._clock = clock

    def get(self, url: str, most_bytes: int, start: float | None = None) -> Fetched:
        """The picture at `url`, which may be any text. Blocks no longer than until `limits.seconds`
        after `start`, a clock time (None: now). A file in the folder has priority. Returns
        NotFetched if --fetch does not cover the URL, TooLarge if the file or download has more than
        `most_bytes`, and Failure for all other problems. An invalid or ambiguous URL is a Failure;
        but with `--fetch none`, any text that begins with http:// or https:// is NotFetched.
        """
        try:
            return self._get(url, most_bytes, start)
        except TooLargeError as error:
            return TooLarge(str(error), error.hint)
        except FetchError as error:
            return Failure(str(error), error.hint)

    def _get(self, text: str, most_bytes: int, start: float | None) -> bytes | NotFetched:
        try:
            url = read_url(text)
        except ValueError as error:
            if self._policy == NONE and is_http(text):
                return NotFetched("--fetch covers nothing")
            raise FetchError(str(error), hints.NOT_A_URL) from None
        if self._folder and url.file_name:
            content = read_file(self._folder, url.file_name, most_bytes)
            if content is not None:
                return content
        if not self._policy.reach(url):
            return NotFetched(f"--fetch does not cover {url.scheme}://{url.authority}")
        deadline = Deadline(self._limits.seconds, self._clock, start)
        with self._slots.one(deadline):
            return self._follow(url, most_bytes, deadline)

    def _follow(self, url: Url, most_bytes: int, deadline: Deadline) -> bytes:
        for _ in range(self._limits.redirects + 1):
            try:
                found = self._exchange(url, most_bytes, deadline)
            except TimeoutError:
                raise deadline.missed() from None
            except OSError as error:
                raise FetchError(f"{url.authority}: {reason_of(error)}") from None
            if isinstance(found, bytes):
                return found
            url = self._redirected(url, found)
        raise FetchError(f"expected at most {self._limits.redirects} redirects, got more")

    def _redirected(self, url: Url, redirect: Redirect) -> Url:
        try:
            target = redirected(url, redirect.location)
        except ValueError as error:
            raise FetchError(f"{url.authority} redirects: {error}") from None
        if not self._policy.reach(target):
            raise FetchError(
                f"{url.authority} redirects to {target.scheme}://{target.authority}, which --fetch"
                " does not cover",
                hints.NOT_ALLOWED,
            )
        return target

    def _exchange(self, url: Url, most_bytes: int, deadline: Deadline) -> bytes | Redirect:
        addresses = self._resolver.addresses(url.host, deadline)
        check(url.host, addresses, self._policy.reach(url))
        with connect(addresses, url.port, deadline) as connection:
            if url.port in self._own_ports and is_to_itself(connection):
                raise FetchError(f"{url.authority} is mockocr itself")
            if url.scheme == "http":
                return _send(url, connection, most_bytes, deadline)
            connection.settimeout(deadline.left())
            with secured(connection, url.host, self._tls()) as secure:
                return _send(url, secure, most_bytes, deadline)


def _send(
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
            raise FetchError(f"{url.authority}: {error}", error.hint) from None
    return reply.found
