"""What the https port serves with, and what its clients have to trust.

The certificates are those the state directory keeps; making is imported only for what it lacks.
"""

import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from mockocr.tls.authority import Authority
from mockocr.tls.errors import CertificateError
from mockocr.tls.names import ALWAYS_COVERED, Name, given_name, machine_name
from mockocr.tls.storage import kept_authority, kept_context, new_context

_MACHINE = socket.gethostname()


@dataclass(frozen=True, slots=True)
class ServerTls:
    """What the https port serves with, and what its clients have to trust (PEM)."""

    context: ssl.SSLContext
    ca_certificate: str
    not_kept: OSError | None
    """Why the next start will have another CA; None: this one is kept in the state directory."""


def server_tls(
    state_dir: Path,
    names: Iterable[str] = (),
    *,
    host_name: str = _MACHINE,
    now: datetime | None = None,
) -> ServerTls:
    """TLS for the names of mockocr, the given ones, and this machine's where the CA permits it.

    Uses what state_dir keeps and makes what it lacks; where it cannot be read or written, in
    memory only. CertificateError: a given name is none or the kept CA does not permit it, or the
    kept CA is damaged or has ended.
    """
    now = now or datetime.now(UTC)
    given, machine = [given_name(name) for name in names], machine_name(host_name)
    make = partial(_new_authority, state_dir, [*given, *machine], host_name, now)
    not_kept = None
    try:
        authority = kept_authority(state_dir, make)
    except OSError as error:
        authority, not_kept = make(), error
    covered = authority.admit([*ALWAYS_COVERED, *given], machine)
    file = authority.server_file(covered)
    context = kept_context(file, now)
    if context is None:
        text = _new_server(authority, covered, now)
        context = new_context(text, file if not_kept is None else None)
    return ServerTls(context, authority.certificate, not_kept)


def ca_path(state_dir: Path, names: Iterable[str] = (), *, host_name: str = _MACHINE) -> Path:
    """The file of the CA's certificate; where there is no CA, one is made that permits the names.

    CertificateError: nothing can be kept in state_dir, the kept CA is damaged, or a name is none.
    """
    wanted = [*map(given_name, names), *machine_name(host_name)]
    make = partial(_new_authority, state_dir, wanted, host_name, datetime.now(UTC))
    try:
        authority = kept_authority(state_dir, make)
    except OSError as error:
        raise CertificateError(
            f"no CA can be kept in {state_dir} ({error}): choose another state directory"
        ) from error
    return authority.folder / "ca.pem"


# making imports cryptography, 74 ms, half a start: only who has to make something pays.


def _new_authority(state_dir: Path, names: list[Name], host_name: str, now: datetime) -> Authority:
    from mockocr.tls.issuing import new_authority

    return new_authority(state_dir / "ca", names, host_name, now)


def _new_server(authority: Authority, covered: list[Name], now: datetime) -> str:
    from mockocr.tls.issuing import new_server

    return new_server(authority, covered, now)
