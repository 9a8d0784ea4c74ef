"""Routes the vendor's host names to a mockocr server, or blocks them, in this process, while a
block runs.

It patches two modules of Python, so it works with every client built on them:

- `socket`: the names resolve to a reserved address, and a connection to that address connects to
  the server. Clients that resolve without Python's `socket` are not covered, except uvloop.
- `ssl`: in a handshake for one of the names, the certificate is verified with mockocr's CA only.
  All other settings of the client's context apply, and the context itself does not change: it
  never trusts the CA for anything else.

The handshake fails for a regional name that the certificate does not cover.
"""

import os
import re
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from weakref import WeakSet

from mockocr.testing.errors import RealHostError, is_for_the_user
from mockocr.tls.names import VENDOR_NAMES

__tracebackhide__ = is_for_the_user

_NAMES = re.compile(r"ocr(\.[a-z0-9-]+)*\.tencentcloudapi\.com")
"""The global name, and regional ones such as ocr.ap-beijing.tencentcloudapi.com."""

NOWHERE = "127.79.67.82"
"""A loopback address on which nothing listens: connections that are not rerouted fail."""


@contextmanager
def intercepted(url: str, https_url: str, ca: Path) -> Iterator[None]:
    """`ca`: the CA certificate (PEM) of the server. Closes the clients' connections at the end."""
    routes = {80: _address(url), 443: _address(https_url)}
    opened: WeakSet[socket.socket] = WeakSet()
    with ExitStack() as stack:
        stack.enter_context(_without_proxies())
        stack.enter_context(_resolving())
        stack.enter_context(_connecting(routes, opened))
        stack.enter_context(_trusting(ca, opened))
        yield
    for connection in opened:
        with suppress(OSError):
            # Shut down the socket itself: a TLS goodbye is not needed.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Block:
    """The vendor's names are blocked: connections to them raise RealHostError."""

    def __init__(self) -> None:
        self.attempts: list[str] = []
        """The names that were called."""
        self._is_lifted = False

    @contextmanager
    def lifted(self) -> Iterator[None]:
        self._is_lifted = True
        try:
            yield
        finally:
            self._is_lifted = False

    def check(self, host: Any) -> None:
        """Raises RealHostError if the host is one of the names."""
        if self._is_lifted or not is_ours(host):
            return
        name = host if isinstance(host, str) else bytes(host).decode()
        self.attempts.append(name)
        raise RealHostError(
            f"a test called {name}, the real service. To send such calls to mockocr, use the"
            " fixture mockocr_intercept, or give the client mockocr.endpoint as its endpoint. To"
            " allow them, set mockocr_block_real_host = false"
        )


@contextmanager
def blocked() -> Iterator[Block]:
    """Blocks the names where they are resolved, and in TLS handshakes, because a proxy resolves
    names itself."""
    block = Block()
    resolve = socket.getaddrinfo
    wrap_socket, wrap_bio = ssl.SSLContext.wrap_socket, ssl.SSLContext.wrap_bio

    def getaddrinfo(host: Any, *args: Any, **more: Any) -> Any:
        block.check(host)
        return resolve(host, *args, **more)

    def blocking_socket(self: ssl.SSLContext, *args: Any, **more: Any) -> ssl.SSLSocket:
        # A server never names a host here.
        block.check(more.get("server_hostname") or (args[4] if len(args) > 4 else None))
        return wrap_socket(self, *args, **more)

    def blocking_bio(self: ssl.SSLContext, *args: Any, **more: Any) -> ssl.SSLObject:
        block.check(more.get("server_hostname") or (args[3] if len(args) > 3 else None))
        return wrap_bio(self, *args, **more)

    with ExitStack() as stack:
        stack.enter_context(_without_proxies())
        stack.enter_context(mock.patch.object(socket, "getaddrinfo", getaddrinfo))
        stack.enter_context(mock.patch.object(ssl.SSLContext, "wrap_socket", blocking_socket))
        stack.enter_context(mock.patch.object(ssl.SSLContext, "wrap_bio", blocking_bio))
        if "uvloop" in sys.modules:
            stack.enter_context(_blocking_uvloop(block))
        yield block


@contextmanager
def _blocking_uvloop(block: Block) -> Iterator[None]:
    """uvloop resolves without Python's sockets."""
    from uvloop import Loop

    resolve, connect = Loop.getaddrinfo, Loop.create_connection

    async def getaddrinfo(self: Any, host: Any, *args: Any, **more: Any) -> Any:
        block.check(host)
        return await resolve(self, host, *args, **more)

    async def create_connection(
        self: Any, factory: Any, host: Any = None, port: Any = None, **more: Any
    ) -> Any:
        block.check(host)
        return await connect(self, factory, host, port, **more)

    with (
        mock.patch.object(Loop, "getaddrinfo", getaddrinfo),
        mock.patch.object(Loop, "create_connection", create_connection),
    ):
        yield


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


def is_ours(host: object) -> bool:
    """Whether a host is one of the names: text or bytes, any case, with or without final dot."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", errors="replace")
    return isinstance(host, str) and bool(_NAMES.fullmatch(host.lower().removesuffix(".")))


@contextmanager
def _without_proxies() -> Iterator[None]:
    """Sets both spellings, because clients read either. The lower-case one takes precedence."""
    before = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    extended = ",".join(filter(None, [before, *VENDOR_NAMES]))
    with mock.patch.dict(os.environ, {"no_proxy": extended, "NO_PROXY": extended}):
        yield


@contextmanager
def _resolving() -> Iterator[None]:
    resolve = socket.getaddrinfo

    def getaddrinfo(
        host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> Any:
        if is_ours(host):
            # The real function handles families, socket types and port names.
            host = NOWHERE
        return resolve(host, port, family, type, proto, flags)

    with mock.patch.object(socket, "getaddrinfo", getaddrinfo):
        yield


@contextmanager
def _connecting(
    routes: dict[int, tuple[str, int]], opened: "WeakSet[socket.socket]"
) -> Iterator[None]:
    def routed(address: Any) -> Any:
        if isinstance(address, tuple) and address[0] == NOWHERE:
            return routes.get(address[1], address)
        return address

    def rerouting(connect: Callable[..., Any]) -> Callable[..., Any]:
        def reroute(self: socket.socket, address: Any) -> Any:
            if routed(address) != address:
                opened.add(self)
            return connect(self, routed(address))

        return reroute

    with ExitStack() as stack:
        for name in ("connect", "connect_ex"):
            patched = rerouting(getattr(socket.socket, name))
            stack.enter_context(mock.patch.object(socket.socket, name, patched))
        if "uvloop" in sys.modules:
            stack.enter_context(_connecting_with_uvloop(routed))
        yield


@contextmanager
def _connecting_with_uvloop(routed: Callable[[Any], Any]) -> Iterator[None]:
    """uvloop resolves and connects without Python's sockets."""
    from uvloop import Loop

    resolve, connect = Loop.getaddrinfo, Loop.create_connection

    async def getaddrinfo(self: Any, host: Any, *args: Any, **more: Any) -> Any:
        return await resolve(self, NOWHERE if is_ours(host) else host, *args, **more)

    async def create_connection(
        self: Any, factory: Any, host: Any = None, port: Any = None, **more: Any
    ) -> Any:
        if is_ours(host) and more.get("ssl"):
            more.setdefault("server_hostname", host)
        if is_ours(host) or host == NOWHERE:
            host, port = routed((NOWHERE, port))
        return await connect(self, factory, host, port, **more)

    with (
        mock.patch.object(Loop, "getaddrinfo", getaddrinfo),
        mock.patch.object(Loop, "create_connection", create_connection),
    ):
        yield


@contextmanager
def _trusting(ca: Path, opened: "WeakSet[socket.socket]") -> Iterator[None]:
    """A TLS connection copies its settings from the context when it is created, but reads the
    trusted CAs from its context when the certificate arrives. So replacing the context of the
    connection in between replaces the trusted CAs only."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(ca)
    wrap_socket, wrap_bio = ssl.SSLContext.wrap_socket, ssl.SSLContext.wrap_bio

    def trusting_socket(
        self: ssl.SSLContext,
        sock: socket.socket,
        server_side: bool = False,
        do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True,
        server_hostname: Any = None,
        session: Any = None,
    ) -> ssl.SSLSocket:
        ours = is_ours(server_hostname) and not server_side
        wrapped = wrap_socket(
            self,
            sock,
            server_side,
            do_handshake_on_connect and not ours,
            suppress_ragged_eofs,
            server_hostname,
            session,
        )
        if ours:
            opened.add(wrapped)
            wrapped.context = trusting
            if do_handshake_on_connect:
                try:
                    wrapped.do_handshake()
                except BaseException:
                    wrapped.close()
                    raise
        return wrapped

    def trusting_bio(
        self: ssl.SSLContext,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: Any = None,
        session: Any = None,
    ) -> ssl.SSLObject:
        wrapped = wrap_bio(self, incoming, outgoing, server_side, server_hostname, session)
        if is_ours(server_hostname) and not server_side:
            wrapped.context = trusting
        return wrapped

    with (
        mock.patch.object(ssl.SSLContext, "wrap_socket", trusting_socket),
        mock.patch.object(ssl.SSLContext, "wrap_bio", trusting_bio),
    ):
        yield
