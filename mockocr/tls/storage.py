"""What is kept in the state directory, shared by all processes of an installation.

    STATE_DIR/ca/ca.pem            what clients have to trust
                 ca-key.pem        its key, mode 0600
                 permitted.txt     what it may sign (its name constraints), one a line
                 server-XXXX.pem   the second it ends (Unix time), certificate and key, mode 0600;
                                   XXXX is a digest of the CA and of the names it covers

The folder appears whole, by one rename, and the CA in it is never replaced: people trust it.
A process killed on the way leaves a folder mockocr-XXXX beside it, which nobody reads.
"""

import os
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from secrets import token_hex

from mockocr.tls.authority import Authority
from mockocr.tls.context import server_context
from mockocr.tls.errors import CertificateError, usable

MEMORY = "/dev/shm"  # noqa: S108 - the parent of a fresh private folder, not a fixed name
"""Where what is not kept is written for OpenSSL to read, if the system has such a place."""

_LEFT_AT_LEAST = timedelta(days=30)


def default_state_dir() -> Path:
    """The user's data directory for mockocr, by the custom of the platform."""
    # platformdirs takes 20 ms to import, and who gives --state-dir does not need it.
    from platformdirs import user_data_path

    return user_data_path("mockocr", appauthor=False)


def kept_authority(state_dir: Path, make: Callable[[], Authority]) -> Authority:
    """The CA of the state directory, made where there is none; OSError where that is impossible."""
    folder = state_dir / "ca"
    if not folder.is_dir():
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _private_folder(state_dir) as scratch:
            authority = make()
            made = scratch / "ca"
            made.mkdir(mode=0o755)
            _write(made / "ca.pem", authority.certificate, mode=0o644)
            _write(made / "ca-key.pem", authority.key, mode=0o600)
            permitted = "".join(f"{subtree}\n" for subtree in authority.permitted)
            _write(made / "permitted.txt", permitted, mode=0o644)
            try:
                made.rename(folder)
            except OSError:
                # Of many first starts at once one is first, and its CA is everybody's.
                if not folder.is_dir():
                    raise
    return _read_authority(folder)


def kept_context(file: Path, now: datetime) -> ssl.SSLContext | None:
    """None: there is no such file, it is damaged, or it ends too soon."""
    try:
        left_seconds = int(file.read_text("ascii").partition("\n")[0]) - now.timestamp()
        return server_context(file, file) if left_seconds > _LEFT_AT_LEAST.total_seconds() else None
    except (OSError, ValueError):
        return None


def new_context(text: str, file: Path | None) -> ssl.SSLContext:
    """OpenSSL loads from files only: from the one that is kept, else from one removed at once.

    CertificateError: there is room for neither.
    """
    if file is not None:
        with suppress(OSError), _private_folder(file.parent) as scratch:
            made = scratch / file.name
            _write(made, text, mode=0o600)
            made.replace(file)
            return server_context(file, file)
    parent = Path(MEMORY if os.access(MEMORY, os.W_OK) else tempfile.gettempdir())
    try:
        with _private_folder(parent) as scratch:
            made = scratch / "server.pem"
            _write(made, text, mode=0o600)
            return server_context(made, made)
    except OSError as error:
        raise CertificateError(
            f"no certificate can be written, not even for a moment, to {parent} ({error.strerror}):"
            " make room there, or do without https: --tls-port off"
        ) from error


def _read_authority(folder: Path) -> Authority:
    with usable(folder / "ca.pem") as path:
        certificate = path.read_text("ascii")
        ssl.PEM_cert_to_DER_cert(certificate)
    with usable(folder / "ca-key.pem") as path:
        key = path.read_text("ascii")
    with usable(folder / "permitted.txt") as path:
        lines = path.read_text("ascii").split()
        permitted = tuple(ip_network(line) if "/" in line else line for line in lines)
    return Authority(folder, certificate, key, permitted)


@contextmanager
def _private_folder(parent: Path) -> Iterator[Path]:
    """A folder for this process alone, removed with all that is left in it."""
    folder = parent / f"mockocr-{token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, text: str, *, mode: int) -> None:
    path.touch(mode, exist_ok=False)
    path.write_text(text)
