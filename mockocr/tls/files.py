"""Private files and folders, and files in memory for OpenSSL, which loads keys from files only."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from mockocr.tls.errors import CertificateError


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """A folder that only this user can read; removed at the end, with everything in it."""
    folder = parent / f"mockocr-{token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_file(path: Path, text: str, *, mode: int) -> None:
    path.touch(mode, exist_ok=False)
    path.write_text(text)


@contextmanager
def temporary_file(text: str) -> Iterator[Path]:
    """A file with this text until the block ends. On Linux it is in memory and needs no folder, so
    it works with a read-only root; elsewhere it is in a private folder.

    Raises CertificateError if it cannot be written.
    """
    with ExitStack() as stack:
        descriptor = _memory_file(text)
        if descriptor is not None:
            stack.callback(os.close, descriptor)
            path = _path_of(descriptor)
        else:
            path = _file_on_disk(text, stack)
        yield path


def _path_of(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}")


def _memory_file(text: str) -> int | None:
    """The descriptor of a file in memory; None if this system has no such files, or allows none of
    this size."""
    try:
        descriptor = os.memfd_create("mockocr")
    except (AttributeError, OSError):
        return None
    with suppress(OSError):
        os.write(descriptor, text.encode())
        # Without /proc it has no path.
        if os.access(_path_of(descriptor), os.R_OK):
            return descriptor
    os.close(descriptor)
    return None


def _file_on_disk(text: str, stack: ExitStack) -> Path:
    """Raises CertificateError."""
    try:
        path = stack.enter_context(private_folder(Path(tempfile.gettempdir()))) / "file.pem"
        write_file(path, text, mode=0o600)
    except OSError as error:
        raise CertificateError(
            f"cannot write a temporary certificate ({error.strerror}): set TMPDIR to a writable"
            " folder with free space, or turn https off with --tls-port off"
        ) from error
    return path
