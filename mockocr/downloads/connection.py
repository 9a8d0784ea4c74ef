"""A socket to an address that was checked; TLS by the rules of the system, never relaxed."""

import socket
import ssl
from collections.abc import Sequence
from ipaddress import ip_address

from mockocr.downloads.addresses import Address, Kind, kind
from mockocr.downloads.deadline import Deadline
from mockocr.downloads.urls import Host


def connect(addresses: Sequence[Address], port: int, deadline: Deadline) -> socket.socket:
    """To the first address that answers; each has its share of the time that is left. OSError."""
    failed = OSError("there is no address")
    for place, address in enumerate(addresses):
        seconds = deadline.left() / (len(addresses) - place)
        try:
            return _connected(address, port, seconds)
        except OSError as error:
            failed = error
    raise failed


def is_to_itself(connection: socket.socket) -> bool:
    """Whether this machine is at the other end, under whatever address of it."""
    other = ip_address(connection.getpeername()[0])
    return kind(other) is Kind.LOOPBACK or other == ip_address(connection.getsockname()[0])


def client_tls(trusted: str | None) -> ssl.SSLContext:
    """Trusts what the system does and, beside it, the given certificates (PEM).

    ssl.SSLError: these are none.
    """
    context = ssl.create_default_context()
    # Debian 12's Python 3.11.2 accepts every version that OpenSSL does, and takes a connection
    # that was cut for one that ended (cpython issue 95494). Stricter rules of the system stay.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    context.set_alpn_protocols(["http/1.1"])
    if trusted is not None:
        context.load_verify_locations(cadata=trusted)
    return context


def secured(connection: socket.socket, host: Host, tls: ssl.SSLContext) -> ssl.SSLSocket:
    """Owns the connection. Its end without goodbye is an error: a picture may have been cut short
    on the way. OSError."""
    return tls.wrap_socket(connection, server_hostname=str(host), suppress_ragged_eofs=False)


def words(error: OSError) -> str:
    """What happened, without error numbers and places in OpenSSL's source."""
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
