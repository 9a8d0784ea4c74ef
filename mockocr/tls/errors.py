"""The error for certificates, keys and names that cannot be used, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CertificateError(Exception):
    """A certificate, key or name cannot be used. The message says which, why, and what to do."""


@contextmanager
def usable(path: Path) -> Iterator[Path]:
    """Turns an error while a file of the CA is read into CertificateError. A damaged file is never
    replaced: clients trust the CA."""
    try:
        yield path
    except (FileNotFoundError, TypeError, ValueError) as error:
        raise CertificateError(f"{path} is damaged ({error}): {remedy(path.parent)}") from error


def remedy(folder: Path) -> str:
    return f"delete the folder {folder}, start mockocr again, and trust the new CA"
