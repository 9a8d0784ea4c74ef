"""TLS for the https port, and the CA that its clients must trust.

Certificates are read from the state directory, and issued only if they are missing there.
"""

import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from mockocr.tls.authority import Authority
from mockocr.tls.errors import CertificateError
from mockocr.tls.names import ALWAYS_COVERED, Name, is_address, machine_name, parse_name
from mockocr.tls.storage import new_context, stored_authority, stored_context

_MACHINE = socket.gethostname()


@dataclass(frozen=True, slots=True)
class ServerTls:
    """TLS for the https port."""

    context: ssl.SSLContext
    ca_certificate: str
    """PEM; clients must trust it."""
    not_stored: OSError | None
    """Why the CA could not be stored, so that the next start will have another; None if it was."""


def server_tls(
    state_dir: Path,
    names: Iterable[str] = (),
    *,
    host_name: str = _MACHINE,
    now: datetime | None = None,
) -> ServerTls:
    """TLS for the names that mockocr always has, for `names`, and for this machine's name if the CA
    permits it.

    Reads the CA and the certificate from `state_dir`, and issues and stores what is missing. If the
    directory cannot be read or written, they stay in memory. Raises CertificateError if a name is
    invalid or not permitted to the stored CA, or if the stored CA is damaged or has expired.
    """
    now = now or datetime.now(UTC)
    required, machine = [parse_name(name) for name in names], machine_name(host_name)
    issue = partial(_new_authority, state_dir, [*required, *machine], host_name, now)
    not_stored = None
    try:
        authority = stored_authority(state_dir, issue)
    except OSError as error:
        authority, not_stored = issue(), error
    covered = authority.admit([*ALWAYS_COVERED, *required], machine)
    is_stored = not_stored is None
    context = _context(authority, covered, is_stored, now)
    names_only: list[Name] = [name for name in covered if isinstance(name, str)]
    context.sni_callback = _serving(_context(authority, names_only, is_stored, now))
    return ServerTls(context, authority.certificate, not_stored)


def _context(
    authority: Authority, covered: list[Name], is_stored: bool, now: datetime
) -> ssl.SSLContext:
    file = authority.server_file(covered)
    context = stored_context(file, now)
    if context is None:
        text = _new_server(authority, covered, now)
        context = new_context(text, file if is_stored else None)
    return context


def _serving(by_name: ssl.SSLContext) -> Callable[..., None]:
    """Chooses a certificate without addresses for clients that ask for a name. BoringSSL refuses
    an address in a certificate if the CA constrains addresses (docs/decisions/0013)."""

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name is not None and not is_address(name):
            connection.context = by_name

    return choose


def ca_path(state_dir: Path, names: Iterable[str] = (), *, host_name: str = _MACHINE) -> Path:
    """The file of the CA's certificate. If there is no CA, issues one that permits the names.

    Raises CertificateError if `state_dir` cannot be written, the stored CA is damaged, or a name is
    invalid.
    """
    permitted = [*map(parse_name, names), *machine_name(host_name)]
    issue = partial(_new_authority, state_dir, permitted, host_name, datetime.now(UTC))
    try:
        authority = stored_authority(state_dir, issue)
    except OSError as error:
        raise CertificateError(
            f"cannot store a CA in {state_dir} ({error}): choose another state directory"
        ) from error
    return authority.folder / "ca.pem"


# Imported late: `issuing` imports cryptography, which takes 74 ms, half of a start.


def _new_authority(state_dir: Path, names: list[Name], host_name: str, now: datetime) -> Authority:
    from mockocr.tls.issuing import new_authority

    return new_authority(state_dir / "ca", names, host_name, now)


def _new_server(authority: Authority, covered: list[Name], now: datetime) -> str:
    from mockocr.tls.issuing import new_server

    return new_server(authority, covered, now)
