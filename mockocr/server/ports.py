"""Sockets to listen on."""

import errno
import socket
import ssl
import sys
from dataclasses import dataclass

BACKLOG = 2048
_ADVICE = "set --host to one of its addresses, or to 0.0.0.0 for all of them"


class ListenError(Exception):
    """The server cannot listen on a port. The message says which, why, and what to do."""


class ForeignAddressError(ListenError):
    """The address is not one of this machine's: another port would not help."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket, and the TLS context if it is for https."""

    socket: socket.socket
    tls: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        port: int = self.socket.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """The URL for clients on this machine."""
        host, port = self.socket.getsockname()[:2]
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared
        shown = f"[{local}]" if ":" in local else local
        return f"{'https' if self.tls else 'http'}://{shown}:{port}"


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on an address; port 0 means any free port. Raises ListenError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ForeignAddressError(
            f"cannot listen on {host!r}: {_reason(error)}; {_ADVICE}"
        ) from None
    try:
        if sys.platform == "win32":
            # On Windows, SO_REUSEADDR would let two servers share a port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise ForeignAddressError(
                f"cannot listen on {host!r}: it is not an address of this machine; {_ADVICE}"
            ) from None
        raise ListenError(f"cannot listen on {host}:{port}: {_reason(error)}") from None
    return bound


def _reason(error: OSError) -> str:
    """The system's error message, to continue a sentence."""
    message = error.strerror or str(error)
    return message[:1].lower() + message[1:]
