"""The files of the state directory, shared by all processes of an installation.

    STATE_DIR/ca/ca.pem            the CA certificate, which clients must trust
                 ca-key.pem        its key, mode 0600; must belong to this user
                 permitted.txt     the names that it may sign (name constraints), one a line
                 server-XXXX.pem   when it ends (Unix time), certificate and key, mode 0600;
                                   XXXX is a digest of the CA and of the names it covers

One rename creates the complete folder. The CA in it is never replaced, because clients trust it.
A process that is killed before the rename leaves a folder STATE_DIR/mockocr-XXXX, which is unused.
"""

import os
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

from mockocr.tls.authority import Authority
from mockocr.tls.context import server_context
from mockocr.tls.errors import CertificateError, remedy, usable
from mockocr.tls.files import private_folder, temporary_file, write_file

_RENEWED_BEFORE_END_SECONDS = 30 * 24 * 60 * 60


def default_state_dir() -> Path:
    """The user's data directory for mockocr on this platform."""
    # Late: platformdirs takes 20 ms to import, and is not needed with --state-dir.
    from platformdirs import user_data_path

    return user_data_path("mockocr", appauthor=False)


def stored_authority(state_dir: Path, issue: Callable[[], Authority]) -> Authority:
    """The CA of the state directory; issues and stores one if there is none.

    Raises OSError if it cannot be stored, CertificateError if a file of it is damaged.
    """
    folder = state_dir / "ca"
    if not folder.is_dir():
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with private_folder(state_dir) as scratch:
            authority = issue()
            made = scratch / "ca"
            # As readable as the folder that the user chose, but never writable by others.
            made.mkdir(mode=0o700)
            made.chmod(state_dir.stat().st_mode & 0o755 | 0o700)
            write_file(made / "ca.pem", authority.certificate, mode=0o644)
            write_file(made / "ca-key.pem", authority.key, mode=0o600)
            permitted = "".join(f"{subtree}\n" for subtree in authority.permitted)
            write_file(made / "permitted.txt", permitted, mode=0o644)
            try:
                made.rename(folder)
            except OSError:
                # Another process may have created the folder meanwhile: its CA is used.
                if not folder.is_dir():
                    raise
    return _read_authority(folder)


def stored_context(file: Path, now: datetime) -> ssl.SSLContext | None:
    """None if there is no such file, if it is damaged, or if it ends within 30 days."""
    try:
        left_seconds = int(file.read_text("ascii").partition("\n")[0]) - now.timestamp()
        return server_context(file, file) if left_seconds > _RENEWED_BEFORE_END_SECONDS else None
    except (OSError, ValueError):
        return None


def new_context(text: str, file: Path | None) -> ssl.SSLContext:
    """TLS from the text of a server file, which is stored in `file`.

    If `file` is None or cannot be written, OpenSSL loads a temporary file. Raises CertificateError
    if that cannot be written either.
    """
    if file is not None:
        with suppress(OSError), private_folder(file.parent) as scratch:
            made = scratch / file.name
            write_file(made, text, mode=0o600)
            made.replace(file)
            return server_context(file, file)
    with temporary_file(text) as made:
        return server_context(made, made)


_MAX_MODES = {} if sys.platform == "win32" else {"": 0o755, "ca-key.pem": 0o600}
"""The greatest mode of the folder of the CA, and of its key. Windows has no such modes."""


def _check_owner_and_mode(folder: Path) -> None:
    """Another user who can write to the folder or read the key could sign for servers. Raises
    CertificateError."""
    for name, max_mode in _MAX_MODES.items():
        path = folder / name
        with usable(path):
            status = path.stat()
        if status.st_uid != os.geteuid():
            raise CertificateError(
                f"{path} belongs to another user (uid {status.st_uid}, not {os.geteuid()}): choose"
                " a folder of your own with --state-dir"
            )
        if status.st_mode & 0o777 & ~max_mode:
            raise CertificateError(
                f"{path} is open to others (mode {status.st_mode & 0o777:04o}, at most"
                f" {max_mode:04o}): {remedy(folder)}; or, if no other user can have used it,"
                f" chmod {max_mode:o} {path}"
            )


def _read_authority(folder: Path) -> Authority:
    _check_owner_and_mode(folder)
    with usable(folder / "ca.pem") as path:
        certificate = path.read_text("ascii")
        ssl.PEM_cert_to_DER_cert(certificate)
    with usable(folder / "ca-key.pem") as path:
        key = path.read_text("ascii")
    with usable(folder / "permitted.txt") as path:
        lines = path.read_text("ascii").split()
        permitted = tuple(ip_network(line) if "/" in line else line for line in lines)
    return Authority(folder, certificate, key, permitted)
