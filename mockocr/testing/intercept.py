"""The vendor's host names lead to a server of ours, in this process and while a block runs.

Two seams of Python's own, so that no client has to be known:

- `socket`: these names resolve to an address that nobody else has, and connecting to that address
  connects to the server. Who resolves with another library than Python's is not covered; uvloop is.
- `ssl`: in a handshake for one of these names the server's certificate is held against our CA, and
  against nothing else. Everything else is as the client's context says, and the context itself is
  left as it is: it trusts nobody more than before, neither meanwhile nor later.

A regional name that the certificate does not cover ends in a refused handshake.
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

from mockocr.tls.names import VENDOR_NAMES

_NAMES = re.compile(r"ocr(\.[a-z0-9-]+)*\.tencentcloudapi\.com")
"""That of no region, and regional ones: ocr.ap-beijing.tencentcloudapi.com."""

NOWHERE = "127.79.67.82"
"""Loopback, and not where anybody listens: what is not rerouted here goes nowhere."""


@contextmanager
def intercepted(url: str, https_url: str, ca: Path) -> Iterator[None]:
    """`ca`: the certificate (PEM) of who signed the server's. Connections that clients keep end
    with the block."""
    routes = {80: _address(url), 443: _address(https_url)}
    opened: WeakSet[socket.socket] = WeakSet()
    with ExitStack() as stack:
        stack.enter_context(_without_proxies())
        stack.enter_context(_resolving())
        stack.enter_context(_connecting(routes, opened))
        stack.enter_context(_trusting(ca, opened))
        yield
    for kept in opened:
        with suppress(OSError):
            # Of the socket itself: what TLS would say first is of no use to anybody.
            socket.socket.shutdown(kept, socket.SHUT_RDWR)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


def is_ours(host: object) -> bool:
    """Whether it is one of the names; as text or bytes, in any case, with a final dot or not."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", errors="replace")
    return isinstance(host, str) and bool(_NAMES.fullmatch(host.lower().removesuffix(".")))


@contextmanager
def _without_proxies() -> Iterator[None]:
    """Clients read either spelling; one that is there in lower case counts for both."""
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
            # By the real one: it knows which families, types and names of ports there are.
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
    """It resolves and connects below Python's sockets."""
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
    """A handshake takes from a context all that it needs when it is made, but whom to trust: that
    it asks of the context it has when the certificate comes."""
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
