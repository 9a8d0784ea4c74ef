"""Connects to checked addresses, with TLS as strict as the system's or stricter."""

import socket
import ssl
from collections.abc import Sequence
from ipaddress import ip_address

from mockocr.downloads.addresses import Address, Kind, kind
from mockocr.downloads.deadline import Deadline
from mockocr.downloads.urls import Host


def connect(addresses: Sequence[Address], port: int, deadline: Deadline) -> socket.socket:
    """Connects to the first address that accepts. Each gets an equal share of the time that is
    left.

    Raises OSError.
    """
    failed = OSError("no address")
    for index, address in enumerate(addresses):
        seconds = deadline.left() / (len(addresses) - index)
        try:
            return _connected(address, port, seconds)
        except OSError as error:
            failed = error
    raise failed


def is_to_itself(connection: socket.socket) -> bool:
    """Whether the peer is this machine, at any of its addresses."""
    other = ip_address(connection.getpeername()[0])
    return kind(other) is Kind.LOOPBACK or other == ip_address(connection.getsockname()[0])


def client_tls(trusted: str | None) -> ssl.SSLContext:
    """A TLS context that trusts the system's CAs and those in `trusted` (PEM).

    Raises ssl.SSLError if `trusted` has no certificate.
    """
    context = ssl.create_default_context()
    # Python 3.11.2 of Debian 12 accepts every TLS version of OpenSSL, and treats a connection that
    # was cut as one that ended normally (cpython issue 95494). Stricter system settings stay.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    context.set_alpn_protocols(["http/1.1"])
    if trusted is not None:
        context.load_verify_locations(cadata=trusted)
    return context


def secured(connection: socket.socket, host: Host, tls: ssl.SSLContext) -> ssl.SSLSocket:
    """Starts TLS; closing the result closes the connection. If the peer ends it without
    close_notify, reading raises an error: the picture may be incomplete. Raises OSError."""
    return tls.wrap_socket(connection, server_hostname=str(host), suppress_ragged_eofs=False)


def reason_of(error: OSError) -> str:
    """The reason of an error, without error numbers and source lines of OpenSSL."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        # Errors that OpenSSL did not raise have no reason.
        reason = getattr(error, "reason", None) or "unknown reason"
        return f"TLS failed: {reason.lower().replace('_', ' ')}"
    return error.strerror or str(error)


def _connected(address: Address, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((str(address), port))
    except OSError:
        connection.close()
        raise
    return connection
